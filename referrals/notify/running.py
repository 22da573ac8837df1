"""Runs the simulator as a server, and posts its receipts: once, twice, late or shuffled, as one likes."""

import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import requests

from referrals.notify.simulator import Simulator, stamp

log = logging.getLogger(__name__)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is nothing to report."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Its lines would hold references for nothing."""


def server_for(simulator: Simulator, port: int, host: str = "127.0.0.1") -> WSGIServer:
    """Port 0 chooses a free one: `server.server_port` says which."""
    return make_server(host, port, simulator, server_class=_Server, handler_class=_Quiet)


@contextmanager
def running(simulator: Simulator, port: int = 0) -> Iterator[str]:
    """The address of a server that runs in a thread of this process, for tests."""
    with server_for(simulator, port) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@dataclass
class Postman:
    """Takes receipts to where they are wanted. `times`: how often each; `late`: up to so many seconds more each.

    Before the end it tells of "sending" now and then too, and after it again: they come in any order.
    """

    to: str
    token: str
    times: int = 1
    late: float = 0.0
    shuffled: bool = False
    chance: random.Random = field(default_factory=random.Random)

    def __call__(self, message: dict[str, Any], status: str) -> None:
        told = [status] * self.times + (["sending"] if self.shuffled else [])
        self.chance.shuffle(told)
        for one in told:
            time.sleep(self.chance.uniform(0, self.late))
            self.post(self.to, receipt_of(message, one))

    def post(self, to: str, body: dict[str, Any]) -> int:
        """The status of the answer; 0 for none. Notify tries again later; here a look-up makes up for it."""
        try:
            headers = {"Authorization": f"Bearer {self.token}"}
            return requests.post(to, json=body, headers=headers, timeout=10).status_code
        except requests.RequestException as error:
            log.warning("a receipt could not be handed in: %s", type(error).__name__)
            return 0


def receipt_of(message: dict[str, Any], status: str) -> dict[str, Any]:
    """As Notify sends it for a text or an email."""
    return {
        "id": message["id"],
        "reference": message["reference"] or None,
        "to": message["recipient"],
        "status": status,
        "created_at": stamp(message["at"]),
        "completed_at": stamp(time.time()),
        "sent_at": stamp(message["at"]),
        "notification_type": message["kind"],
        "template_id": message["template"],
        "template_version": 1,
    }
