"""One command starts the service, one signal stops all of it; and what set-up installs is accounted for."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from inclusion import starting
from inclusion.management.commands.serve import answers
from tests.processes import descendants, free_port, parents, wait_until

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "static" / "vendor" / "nhsuk"
SERVE = [sys.executable, "manage.py", "serve"]
EVERYBODY = 7  # web and its two workers, worker and its two, scheduler

sys.path.insert(0, str(ROOT / "script"))

import build_assets  # noqa: E402 - found by the line above

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def start(tmp_path):
    """Starts a command of ours, on data of its own, and sees to it that nothing of it outlives the test."""
    started = []

    def run(command, **environment):
        out = tmp_path / f"out{len(started)}.txt"
        inherited = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL", "HOST"}}
        with out.open("wb") as file:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=inherited | {"VAR_DIR": str(tmp_path / "var"), "WEB_CONCURRENCY": "2"} | environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )
        process.said = out.read_text
        started.append(process)
        return process

    yield run
    for process in started:
        family = {process.pid, *descendants(process.pid)} if process.poll() is None else set()
        for pid in family & set(parents()):
            os.kill(pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def server(start):
    port = free_port()
    process = start(SERVE, PORT=str(port))
    assert wait_until(lambda: f"Ready: http://127.0.0.1:{port}\n" in process.said(), 120), process.said()
    process.health = f"http://127.0.0.1:{port}/healthz"
    return process


@pytest.mark.slow
@linux_only
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=lambda sign: sign.name)
def test_server_stops_within_ten_seconds_of_a_signal_and_leaves_nothing(server, sign):
    assert wait_until(lambda: len(descendants(server.pid)) >= EVERYBODY, 30), server.said()
    family = descendants(server.pid)
    asked_at = time.monotonic()
    server.send_signal(sign)
    assert server.wait(timeout=10) == 0
    assert time.monotonic() - asked_at < 10
    assert not family & set(parents())


@pytest.mark.slow
@linux_only
def test_killed_server_leaves_no_orphan(server):
    family = descendants(server.pid)
    server.kill()
    assert wait_until(lambda: not family & set(parents()), 5), family & set(parents())


@pytest.mark.slow
@linux_only
def test_killed_web_process_comes_back(server):
    children = [child for child, parent in parents().items() if parent == server.pid]
    web = next(pid for pid in children if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(web, signal.SIGKILL)
    assert wait_until(lambda: "web stopped (exit -9): starting it again" in server.said(), 5), server.said()
    assert wait_until(lambda: answers(server.health), 30), server.said()


@pytest.mark.parametrize("port", ["eighty", "0", "70000", "-1", "8000.0"])
def test_port_that_is_none_is_refused(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(ImproperlyConfigured, match=f"PORT must be a whole number from 1 to 65535, not '{port}'"):
        starting.address()


@pytest.mark.parametrize("host", ["192.0.2.1", "not a host", "x" * 70])
def test_host_that_is_not_this_machine_is_refused(host):
    with pytest.raises(ImproperlyConfigured, match="HOST must be an address of this machine"):
        starting.check_address_is_free(host, free_port())


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "http://127.0.0.1/"])
def test_redis_that_does_not_answer_is_refused(settings, url):
    settings.REDIS_URL = url
    with pytest.raises(ImproperlyConfigured, match="Redis cannot be used"):
        starting.check_redis()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://localhost/x", "DATABASE_URL must begin with sqlite:/// or postgres://"),
        ("postgres://someone:a-secret@127.0.0.1:1/x", "The database cannot be used: connection to server at"),
    ],
)
def test_database_that_does_not_answer_is_said_in_one_line_without_its_password(start, url, sentence):
    process = start(SERVE, PORT=str(free_port()), DATABASE_URL=url)
    assert process.wait(timeout=60) == 1
    assert process.said().startswith(sentence)
    assert process.said().count("\n") == 1
    assert "a-secret" not in process.said()


def test_busy_port_is_said_in_one_line(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(SERVE, PORT=str(port))
        assert process.wait(timeout=60) == 1
    assert process.said() == (
        f"Port {port} is in use. Stop what uses it, or choose another with PORT, for example PORT=8001.\n"
    )


def test_python_that_is_too_old_is_said_in_one_line(start, tmp_path):
    old = tmp_path / "bin"
    old.mkdir()
    for name in ("python3", "python3.13", "python3.12", "python3.11"):
        (old / name).write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 || exit 1\n')
        (old / name).chmod(0o755)
    process = start([str(ROOT / "script" / "server")], PATH=f"{old}{os.pathsep}{os.environ['PATH']}")
    assert process.wait(timeout=10) == 1
    assert process.said() == "Python 3.11 or newer is needed; this machine has Python 3.9.2.\n"


SUPERVISE = """
import sys
from inclusion.supervisor import Supervisor
children = {f"child {number}": [sys.executable, "-c", code] for number, code in enumerate(sys.argv[1:], 1)}
say = lambda line: print(line, flush=True)
sys.exit(Supervisor(children, say=say).run(is_up=lambda: True, on_up=lambda: say("up")))
"""
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


def test_child_that_never_comes_up_ends_everything(start):
    process = start([sys.executable, "-c", SUPERVISE, "import sys; sys.exit(3)", "import time; time.sleep(60)"])
    assert process.wait(timeout=20) == 1
    assert [line for line in process.said().splitlines() if line.startswith("child")] == [
        "child 1 stopped (exit 3): starting it again in 1 s",
        "child 1 stopped (exit 3): starting it again in 2 s",
        "child 1 stopped 3 times in a row (exit 3): giving up",
    ]


@pytest.mark.slow
@linux_only
def test_child_that_will_not_stop_is_killed_in_time(start):
    process = start([sys.executable, "-c", SUPERVISE, DEAF])
    assert wait_until(lambda: descendants(process.pid), 5)
    family = descendants(process.pid)
    time.sleep(0.5)  # until the child is deaf
    process.terminate()
    assert process.wait(timeout=8) == 0
    assert not family & set(parents())


def test_second_signal_ends_the_waiting(start):
    process = start([sys.executable, "-c", SUPERVISE, DEAF])
    assert wait_until(lambda: "up" in process.said(), 5)
    time.sleep(0.5)  # until the child is deaf
    process.send_signal(signal.SIGINT)
    assert wait_until(lambda: "Stopping" in process.said(), 2)
    asked_at = time.monotonic()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=3) == 0
    assert time.monotonic() - asked_at < 2


def test_css_keeps_its_icons_and_loses_font_map_and_far_hosts():
    css = build_assets.css_for_here(
        "a{background:url(/assets/images/tick.svg)}"
        "@font-face{font-family:Frutiger W01;src:url(https://fonts.example.org/f.woff)}"
        "b{font-family:Frutiger W01,arial,sans-serif}/*# sourceMappingURL=x.css.map */"
    )
    assert css == "a{background:url(assets/images/tick.svg)}b{font-family:arial,sans-serif}"
    assert build_assets.files_named_in(css) == {"assets/images/tick.svg"}


@pytest.mark.parametrize(
    "css", ["a{background:url(https://example.org/a.svg)}", "@import url(//example.org/a.css)"]
)
def test_css_that_would_load_from_another_host_is_refused(css):
    with pytest.raises(ValueError, match="names another host"):
        build_assets.css_for_here(css)


def test_built_css_finds_all_it_names_beside_itself():
    css = (BUILT / "nhsuk-frontend.min.css").read_text()
    named = re.findall(r"url\(([^)]+)\)", css)
    assert len(css) > 200_000
    assert named
    assert [name for name in named if not (BUILT / name).is_file()] == []
    assert "//" not in css
    assert "Frutiger" not in css


def test_built_javascript_is_whole_and_names_no_map():
    javascript = (BUILT / "nhsuk-frontend.min.js").read_text()
    assert "initAll" in javascript
    assert "sourceMappingURL" not in javascript


def test_lock_file_names_hashes_and_no_address():
    lock = (ROOT / "package-lock.json").read_text()
    assert '"integrity": "sha512-' in lock
    assert "://" not in lock


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_and_every_direct_one_has_its_reason(name):
    direct, transitive = (ROOT / name).read_text().split("\n# needed by the above\n")
    pins = [line for line in direct.splitlines() if line and not line.startswith(("#", "-r "))]
    assert [line for line in pins if not re.fullmatch(r"[a-z0-9-]+(\[[a-z,]+\])?==[\d.]+ +# \w.+", line)] == []
    assert [line for line in transitive.splitlines() if not re.fullmatch(r"[a-z0-9-]+==\S+( ; .+)?", line)] == []
