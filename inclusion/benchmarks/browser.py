"""A signed-in browser that calls the application as a server would, without a socket between."""

import io
import sys
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.wsgi import get_wsgi_application
from django.middleware.csrf import get_token
from django.test import RequestFactory
from django.utils.module_loading import import_string

from accounts.middleware import SESSION_KEY as HAT
from accounts.models import Membership


class Failed(Exception):
    """A page of a benchmark answered with an error: its time would say nothing."""


class Browser:
    def __init__(self, membership: Membership) -> None:
        self.application = get_wsgi_application()
        session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
        session[SESSION_KEY] = str(membership.user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = membership.user.get_session_auth_hash()
        session[HAT] = str(membership.pk)
        session.save()
        request = RequestFactory().get("/")
        self.token = get_token(request)
        cookies = SimpleCookie()
        cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        cookies[settings.CSRF_COOKIE_NAME] = request.META["CSRF_COOKIE"]
        self.cookies = cookies.output(header="", sep=";").strip()

    def get(self, path: str) -> bytes:
        return self._call("GET", path, b"")

    def post(self, path: str, fields: dict[str, Any]) -> bytes:
        body = urlencode({**fields, "csrfmiddlewaretoken": self.token}, doseq=True).encode()
        return self._call("POST", path, body)

    def _call(self, method: str, path: str, body: bytes) -> bytes:
        told: list[Any] = []
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "HTTP_COOKIE": self.cookies,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }

        def start_response(status: str, *_: object) -> Callable[[bytes], object]:
            told.append(status)
            return told.append  # WSGI's old way to write, which Django does not use

        response = self.application(environ, start_response)
        content = b"".join(response)
        response.close()
        if told[0][0] not in "23":
            raise Failed(f"{method} {path}: {told[0]}")
        return content
