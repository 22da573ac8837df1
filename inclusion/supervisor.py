"""Runs several programs as one: started together, restarted when they die, stopped together, none left over."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from types import FrameType

TICK = 0.1
PATIENCE = 5.0
"""Seconds that children have to stop in, before they are killed."""
QUICK = 10.0
"""A child that dies within so many seconds of its start never came up properly."""
QUICK_DEATHS_ALLOWED = 3

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when `parent`, which started it, is gone, however that went.

    Linux only: elsewhere a killed supervisor leaves its children running. The kernel watches the thread that
    started us, so a parent must start children from a thread that lives as long as itself.
    """
    if _libc:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # gone before we asked
            os._exit(1)


@dataclass
class Child:
    """One program, in a session of its own: the terminal's Ctrl-C reaches the supervisor alone."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    start_at: float = field(default=0.0, init=False)
    quick_deaths: int = field(default=0, init=False)

    def start(self) -> None:
        parent = os.getpid()
        self.start_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - commands are our own
            self.command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(parent),  # safe: the supervisor has one thread
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def terminate(self) -> None:
        """Ask the program to stop; it passes that on to processes of its own."""
        if self.process and self.is_running():
            self.process.terminate()

    def kill(self) -> None:
        """Kill the program and everything that it started."""
        if not self.process:
            return
        # macOS refuses permission to signal a group of zombies.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def note_death(self) -> float:
        """Count it, plan the next start and return the seconds until then: 1, 2, 4 after quick deaths."""
        now = time.monotonic()
        self.quick_deaths = self.quick_deaths + 1 if now - self.start_at < QUICK else 0
        self.kill()
        self.process = None
        wait = 2.0 ** max(self.quick_deaths - 1, 0)
        self.start_at = now + wait
        return wait


class Supervisor:
    """`run()` until a signal says stop, or a child cannot be kept alive."""

    def __init__(self, commands: Mapping[str, Sequence[str]], *, say: Callable[[str], None]) -> None:
        self.children = [Child(name, command) for name, command in commands.items()]
        self.say = say
        self.stop_signals = 0

    def run(self, *, is_up: Callable[[], bool], on_up: Callable[[], None]) -> int:
        """Returns the exit code: 0 after a signal, 1 when a child died too often. Calls `on_up` once."""
        self._listen()
        for child in self.children:
            child.start()
        announced, gave_up = False, False
        while not (gave_up or self.stop_signals):
            gave_up = False in list(map(self._look_after, self.children))
            if not announced and is_up():
                announced = True
                on_up()
            time.sleep(TICK)
        self._stop()
        return 1 if gave_up else 0

    def _listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # nohup
            signal.signal(signal.SIGHUP, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop_signals += 1

    def _look_after(self, child: Child) -> bool:
        """Restart a dead child when its time has come; False when it died quickly too often."""
        if child.is_running():
            return True
        if child.process is None:
            if time.monotonic() >= child.start_at:
                child.start()
            return True
        code = child.process.returncode
        wait = child.note_death()
        if child.quick_deaths >= QUICK_DEATHS_ALLOWED:
            self.say(f"{child.name} stopped {child.quick_deaths} times in a row (exit {code}): giving up")
            return False
        self.say(f"{child.name} stopped (exit {code}): starting it again in {wait:.0f} s")
        return True

    def _stop(self) -> None:
        """Ask all, wait, then kill what is left; a second signal ends the waiting."""
        self.say("Stopping")
        asked = self.stop_signals
        for child in self.children:
            child.terminate()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.stop_signals == asked:
            if not any(child.is_running() for child in self.children):
                break
            time.sleep(TICK)
        for child in self.children:
            child.kill()
