"""Stands in for GOV.UK Notify in tests and in the demo: a small WSGI app that speaks what our client asks of it.

It sends nothing to anybody. Tokens are checked as Notify does; test recipients end as documented (recipients.py);
faults are drawn by chance, or laid down one by one. `manage.py notify_simulator` runs it.
"""

import json
import random
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

from notifications_python_client.authentication import decode_jwt_token, get_token_issuer
from notifications_python_client.errors import TokenError

from referrals.notify.recipients import is_smoke_test, outcome, why_invalid
from referrals.notify.record import Record

Answer = tuple[int, dict[str, Any]]
StartResponse = Callable[..., Any]

NAMES = {200: "OK", 201: "Created", 400: "Bad Request", 403: "Forbidden", 404: "Not Found"}
ERRORS = {
    "busy": (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
    "limit": (429, "TooManyRequestsError", "Exceeded send limits (250000) for today"),
    "error": (500, "Exception", "Internal server error"),
    "down": (503, "Exception", "Service unavailable"),
    "trial": (400, "BadRequestError", "Can't send to this recipient when service is in trial mode"),
    "key": (403, "AuthError", "Invalid token: API key not found"),
}
"""Faults that are an answer. Beside them: "cut" and "hang" (taken in, then the line is cut or stays silent),
"lost" (cut before it is taken in) and "odd" (taken in, and answered with something that is not JSON)."""
UNTAKEN = {*ERRORS, "lost"}


@dataclass
class Faults:
    """Shares of the messages that meet each fault, 0 to 1; `delay` and `hang_for` in seconds."""

    shares: dict[str, float] = field(default_factory=dict)
    delay: float = 0.0
    hang_for: float = 20.0
    chance: random.Random = field(default_factory=random.Random)

    def draw(self) -> str:
        """The name of a fault, or "" for none."""
        drawn = self.chance.random()
        for name, share in self.shares.items():
            if drawn < share:
                return name
            drawn -= share
        return ""


class Simulator:
    """One service of Notify's, with one key. `settle_after`: seconds from taking a message in until its end.

    `on_end(message, status)` is called then, from a thread of its own, for what Notify would send a receipt of.
    """

    def __init__(
        self,
        *,
        api_key: str,
        templates: dict[str, str],
        record: Record | None = None,
        faults: Faults | None = None,
        settle_after: float = 1.0,
        on_end: Callable[[dict[str, Any], str], None] | None = None,
    ) -> None:
        self.service, self.secret = api_key[-73:-37], api_key[-36:]
        self.kinds = {{"text": "sms"}.get(channel, channel): pk for channel, pk in templates.items()}
        self.record = record or Record()
        self.faults = faults or Faults()
        self.settle_after = settle_after
        self.on_end = on_end
        self.next: deque[str] = deque()
        self.look_ups_fail = False

    # The app

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        time.sleep(self.faults.delay)
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if refusal := self._check_token(environ.get("HTTP_AUTHORIZATION", "")):
            return _say(start_response, *refusal)
        if method == "POST" and (found := re.fullmatch(r"/v2/notifications/(sms|email|letter)", path)):
            return self._post(found[1], environ, start_response)
        if method == "GET" and path == "/v2/notifications":
            return _say(start_response, *self._list(parse_qs(environ.get("QUERY_STRING", ""))))
        if method == "GET" and (found := re.fullmatch(r"/v2/notifications/([^/]+)", path)):
            return _say(start_response, *self._one(found[1]))
        return _say(start_response, *_error(404, "NoResultFound", "No result found"))

    def _check_token(self, header: str) -> Answer | None:
        token = header.removeprefix("Bearer ")
        try:
            if get_token_issuer(token) != self.service:
                return _error(403, "AuthError", "Invalid token: service not found")
            decode_jwt_token(token, self.secret)
        except TokenError as error:
            return _error(403, "AuthError", str(error.message))
        return None

    def _post(self, kind: str, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        asked = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        reference = str(asked.get("reference") or "")
        fault = self.next.popleft() if self.next else self.faults.draw()
        status, answer = _error(*ERRORS[fault]) if fault in ERRORS else (0, {})
        if fault not in UNTAKEN:
            status, answer = self._refuse(kind, asked) or self._take(kind, asked, reference)
        self.record.ask(f"POST {kind}", reference, fault or str(status))
        if fault == "hang":
            time.sleep(self.faults.hang_for)
        if fault in ("cut", "lost", "hang"):
            start_response("201 Created", [("Content-Type", "application/json"), ("Content-Length", "999")])
            return [b"{"]
        return _say(start_response, status, answer, odd=fault == "odd")

    # What it is asked for

    def _refuse(self, kind: str, asked: dict[str, Any]) -> Answer | None:
        personalisation = asked.get("personalisation") or {}
        if asked.get("template_id") != self.kinds.get(kind):
            return _error(400, "BadRequestError", "Template not found")
        needed = {"body"} if kind == "sms" else {"subject", "body"}
        if missing := needed - set(personalisation):
            return _error(400, "BadRequestError", f"Missing personalisation: {', '.join(sorted(missing))}")
        why = why_invalid(kind, asked, _address(personalisation))
        return _error(400, "ValidationError", why) if why else None

    def _take(self, kind: str, asked: dict[str, Any], reference: str) -> Answer:
        personalisation = asked["personalisation"]
        recipient = {"sms": "phone_number", "email": "email_address"}.get(kind)
        to = asked[recipient] if recipient else "\n".join(_address(personalisation))
        message = {
            "id": str(uuid4()),
            "reference": reference,
            "kind": kind,
            "recipient": to,
            "template": asked["template_id"],
            "subject": personalisation.get("subject", ""),
            "body": personalisation["body"],
            "at": time.time(),
            "outcome": outcome(kind, to),
        }
        if not is_smoke_test(kind, to):
            self.record.take(**message)
            self._tell_later(message)
        content = {"subject": message["subject"], "body": message["body"]}
        template = {"id": message["template"], "version": 1, "uri": f"/v2/template/{message['template']}"}
        uri = f"/v2/notifications/{message['id']}"
        return 201, {
            "id": message["id"],
            "reference": reference or None,
            "content": content,
            "uri": uri,
            "template": template,
        }

    def _tell_later(self, message: dict[str, Any]) -> None:
        """Notify sends receipts of texts and emails; what became of a letter has to be asked for."""
        if self.on_end and message["kind"] != "letter":
            timer = threading.Timer(self.settle_after, self.on_end, (message, message["outcome"]))
            timer.daemon = True
            timer.start()

    def _list(self, query: dict[str, list[str]]) -> Answer:
        reference = query.get("reference", [""])[0]
        if self.look_ups_fail:
            return _error(*ERRORS["error"])
        found = self.record.by_reference(reference) if reference else self.record.latest()
        self.record.ask("GET", reference, "200")
        return 200, {"notifications": [self._shown(one) for one in found], "links": {"current": "/notifications"}}

    def _one(self, pk: str) -> Answer:
        try:
            found = self.record.by_id(str(UUID(pk)))
        except ValueError:
            return _error(400, "ValidationError", "id is not a valid UUID")
        return (200, self._shown(found)) if found else _error(404, "NoResultFound", "No result found")

    def _shown(self, message: dict[str, Any]) -> dict[str, Any]:
        status = self.status_of(message)
        ended = status == message["outcome"]
        return {
            "id": message["id"],
            "reference": message["reference"] or None,
            "type": message["kind"],
            "status": status,
            "template": {"id": message["template"], "version": 1, "uri": ""},
            "body": message["body"],
            "subject": message["subject"],
            "created_at": stamp(message["at"]),
            "sent_at": stamp(message["at"]),
            "completed_at": stamp(message["at"] + self.settle_after) if ended else None,
        }

    def status_of(self, message: dict[str, Any]) -> str:
        """By age alone, so that nothing is forgotten when the simulator is killed."""
        if time.time() - message["at"] >= self.settle_after:
            return str(message["outcome"])
        return "accepted" if message["kind"] == "letter" else "sending"


def stamp(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1_000_000):06d}Z"


def _address(personalisation: dict[str, Any]) -> list[str]:
    lines = [str(personalisation.get(f"address_line_{number}", "")) for number in range(1, 8)]
    return [line for line in lines if line.strip()]


def _error(status: int, kind: str, message: str) -> Answer:
    return status, {"status_code": status, "errors": [{"error": kind, "message": message}]}


def _say(start_response: StartResponse, status: int, body: dict[str, Any], *, odd: bool = False) -> list[bytes]:
    said = b"<html>Gateway</html>" if odd else json.dumps(body).encode()
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(said)))]
    start_response(f"{status} {NAMES.get(status, 'Error')}", headers)
    return [said]
