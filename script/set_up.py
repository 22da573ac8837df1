"""Makes .venv, installs the pinned requirements, builds the static assets; then runs a command with that Python.

    python3 script/set_up.py [--dev] [-- ARGUMENT…]

What is already there is left alone: with nothing to do it takes a fraction of a second and no network.
Standard library only, since it runs before anything is installed.
"""

import argparse
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import build_assets

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = "uv==0.13.9"  # installs in half of pip's time; pip does the same where it cannot be had


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def stop(line: str) -> NoReturn:
    say(line)
    sys.exit(1)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two set-ups of one folder take turns; the second then finds everything done."""
    lock = ROOT / "var" / "setup.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up of this folder to end")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def succeeds(*command: str | Path) -> bool:
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def make_venv() -> None:
    """Makes .venv; one that was left half made, or whose Python is gone or too old, is made anew."""
    if PYTHON.exists() and succeeds(PYTHON, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"):
        return
    say("Making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    if not succeeds(sys.executable, "-m", "venv", VENV):
        shutil.rmtree(VENV, ignore_errors=True)
        stop("Python's venv module does not work here. On Debian and Ubuntu: apt-get install python3-venv")


def install(files: list[str]) -> None:
    """Install requirement files that changed since the last time, as a stamp in .venv for each remembers."""
    wanted = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in files}
    stamps = {name: VENV / f"installed-{name}" for name in files}
    changed = [name for name in files if not _says(stamps[name], wanted[name])]
    if not changed:
        return
    say(f"Installing {' and '.join(changed)}")
    arguments = [word for name in changed for word in ("-r", name)]
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    has_uv = succeeds(*pip, "install", UV)
    if not (has_uv and succeeds(PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, *arguments)):
        done = subprocess.run([*pip, "install", *arguments], stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            stop("The requirements could not be installed. Is a Python package registry within reach?")
    for name in changed:
        stamps[name].write_text(wanted[name])


def _says(stamp: Path, text: str) -> bool:
    return stamp.exists() and stamp.read_text() == text


def set_up(*, dev: bool) -> None:
    os.chdir(ROOT)
    with one_at_a_time():
        make_venv()
        install(["requirements.txt", *(["requirements-dev.txt"] if dev else [])])
        if not build_assets.is_built():
            say("Building the static assets")
            build_assets.build()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dev", action="store_true", help="what tests and checks need, too")
    parser.add_argument("command", nargs="*", metavar="ARGUMENT", help="run .venv's Python with these")
    wanted = parser.parse_args()
    # A plain SIGTERM would leave the installer running: as an exception it ends the child with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        set_up(dev=wanted.dev)
    except KeyboardInterrupt:
        sys.exit(130)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if wanted.command:
        os.execv(PYTHON, [PYTHON, *wanted.command])


if __name__ == "__main__":
    main()
