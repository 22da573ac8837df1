"""Another organisation's system on loopback, which keeps what it got; and how docs/webhooks.md checks it."""

import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.conf import settings

EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)


def documented_verify():
    """The very example of the page."""
    page = Path(settings.BASE_DIR) / "docs" / "webhooks.md"
    names = {}
    exec(EXAMPLE.search(page.read_text())[1], names)  # noqa: S102 - our own documentation
    return names["verify"]


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body, self.path))
        mood = self.server.moods.pop(0) if self.server.moods else self.server.mood
        if mood == "cuts":
            return
        if mood == "hangs":
            time.sleep(self.server.hangs_for)
        self.send_response(mood if isinstance(mood, int) else 200)
        if mood == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b"words that nobody keeps")

    def log_message(self, *args):
        pass


class Receiver(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.got, self.moods, self.mood, self.hangs_for = [], [], 200, 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/hook?from=us"

    def handle_error(self, request, client_address):
        pass

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.shutdown()
        self.server_close()
