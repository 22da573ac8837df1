"""Starts the service as a newcomer would, twice on the same data: does it answer, and stop without a trace?

PYTHONPATH=. .venv/bin/python .ci/smoke.py      on the embedded default, or on DATABASE_URL and REDIS_URL
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.processes import descendants, free_port, parents, wait_until


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own address
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def expect(holds: bool, otherwise: str, out: Path) -> None:
    if not holds:
        sys.exit(f"{otherwise}\n{out.read_text()}")


def look_at(url: str, out: Path) -> None:
    expect(get(f"{url}/healthz") == (200, '{"status": "alive"}'), "/healthz does not say alive", out)
    expect(wait_until(lambda: get(f"{url}/readyz")[0] == 200, 60), f"never ready: {get(f'{url}/readyz')}", out)
    status, page = get(f"{url}/")
    expect(status == 200 and "nhsuk-frontend.min." in page, f"no sign-in page but {status}: {page}", out)


def start_and_stop(folder: Path, sign: signal.Signals) -> None:
    out, url = folder / f"{sign.name}.txt", f"http://127.0.0.1:{(port := free_port())}"
    environment = os.environ | {"PORT": str(port), "VAR_DIR": str(folder / "var")}
    started_at = time.monotonic()
    with out.open("wb") as file:
        server = subprocess.Popen(
            ["script/server"], env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
        )
    try:
        up = wait_until(lambda: f"Ready: {url}\n" in out.read_text() or server.poll() is not None, 600)
        expect(up and server.poll() is None, "the server did not come up", out)
        ready_after = time.monotonic() - started_at
        look_at(url, out)
        family = descendants(server.pid)
        asked_at = time.monotonic()
        server.send_signal(sign)
        expect(server.wait(timeout=10) == 0, f"exit {server.returncode} after {sign.name}", out)
        expect(not family & set(parents()), f"left over: {family & set(parents())}", out)
        print(f"Ready in {ready_after:.0f} s; stopped {time.monotonic() - asked_at:.1f} s after {sign.name}")
    finally:
        server.kill()  # nothing to do after a clean stop; its children go with it


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for sign in (signal.SIGTERM, signal.SIGINT):
            start_and_stop(Path(folder), sign)
