"""Gets one answer from a configured address and from nowhere else: checked, bounded, and never led elsewhere.

The name is resolved once, every address behind it must be public, the connection goes to the very address that was
checked and is checked again when it stands. A name that later answers otherwise gains nothing.
"""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from typing import TypeVar
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 8 * 1024 * 1024
PATIENCE = 10  # seconds for each piece
DEADLINE = 30  # seconds for the whole answer
MOST_REDIRECTS = 3
AGENT = "getting-online directory import"

T = TypeVar("T")
Address = IPv4Address | IPv6Address
NEVER = [ip_network("fec0::/10"), ip_network("192.0.0.0/24")]
"""Networks within a site, and of protocols' own: Python takes them, or some of them, for global."""

WORDS = {
    "bad_address": _("The address is not one that can be read: it must start with https:// and name a server."),
    "not_public": _("The address leads into a private network, so it is not read."),
    "unreachable": _("The other directory could not be reached."),
    "not_secure": _("The other directory could not show that it is who it says."),
    "elsewhere": _("The other directory sends us to another address, which is not followed."),
    "refused": _("The other directory answered with an error."),
    "too_big": _("The answer is larger than is read."),
    "too_slow": _("The answer took too long."),
}


class NotFetched(Exception):
    """`code` is one of WORDS; `status` the other side's, where it answered."""

    def __init__(self, code: str, status: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.status = status

    @property
    def words(self) -> str:
        return str(WORDS[self.code])


def origin(url: str, local: bool | None = None) -> tuple[str, str, int]:
    """(scheme, host, port); NotFetched for what may not be reached at all. `local`: this machine may, without TLS;
    left out, it is as the settings say for feeds."""
    local = settings.FEEDS_MAY_BE_LOCAL if local is None else local
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotFetched("bad_address") from error
    schemes = {"https": 443, "http": 80} if local else {"https": 443}
    odd = any(sign.isspace() or not sign.isprintable() for sign in url) or not url.isascii()
    if parts.scheme not in schemes or not host or parts.username or parts.password or odd:
        raise NotFetched("bad_address")
    return parts.scheme, host, port or schemes[parts.scheme]


def is_public(address: Address) -> bool:
    """Whether everybody on the internet reaches it: also what it carries inside, where IPv6 wraps IPv4."""
    inner: list[Address] = [address]
    if isinstance(address, IPv6Address):
        inner += filter(None, [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())])
    return all(
        one.is_global and not one.is_multicast and not one.is_reserved and not any(one in net for net in NEVER)
        for one in inner
    )


def _may_be_reached(address: Address, local: bool) -> bool:
    return is_public(address) or (local and address.is_loopback)


def checked_socket(host: str, port: int, local: bool) -> socket.socket:
    """A connection to an address of `host`, all of which may be reached."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotFetched("unreachable") from error
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not addresses or not all(_may_be_reached(ip_address(one), local) for one in addresses):
        raise NotFetched("not_public")
    for one in addresses:
        try:
            connection = socket.create_connection((one, port), timeout=PATIENCE)
        except OSError:
            continue
        if _may_be_reached(ip_address(connection.getpeername()[0]), local):
            return connection
        connection.close()
        raise NotFetched("not_public")
    raise NotFetched("unreachable")


class _Plain(HTTPConnection):
    """`line` outlives `sock`, which http.client lets go of while the body is still to be read."""

    line: socket.socket | None = None
    local = False

    def connect(self) -> None:
        self.line = self.sock = checked_socket(self.host, self.port, self.local)


class _Secure(HTTPSConnection):
    line: socket.socket | None = None
    local = False

    def connect(self) -> None:
        raw, context = checked_socket(self.host, self.port, self.local), ssl.create_default_context()
        secure = context.wrap_socket(raw, server_hostname=self.host, do_handshake_on_connect=False)
        self.line = self.sock = secure
        secure.do_handshake()


def fetch(url: str) -> bytes:
    """The body of the answer to a GET. Redirects are followed within the same origin only."""
    home = origin(url)
    for _attempt in range(MOST_REDIRECTS + 1):
        status, answer = _get(url, home)
        if status == 200:
            return answer
        url = _led_to(url, answer.decode("latin-1"))
        if origin(url) != home:
            raise NotFetched("elsewhere")
    raise NotFetched("elsewhere")


def _led_to(url: str, where: str) -> str:
    try:
        return urljoin(url, where)
    except ValueError as error:
        raise NotFetched("bad_address") from error


def _get(url: str, home: tuple[str, str, int]) -> tuple[int, bytes]:
    """(200, body), or (a redirect's status, where it leads)."""
    return _within(DEADLINE, home, settings.FEEDS_MAY_BE_LOCAL, lambda connection: _answer(connection, url))


def may_be_posted_to(url: str) -> tuple[str, str, int]:
    """Its origin; NotFetched for what is refused by its looks. Where a name leads is seen at each post."""
    home = origin(url, settings.HOOKS_MAY_BE_LOCAL)
    with suppress(ValueError):
        if not _may_be_reached(ip_address(home[1]), settings.HOOKS_MAY_BE_LOCAL):
            raise NotFetched("not_public")
    return home


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer, whatever it is; its body is not read and a redirect not followed."""
    home = may_be_posted_to(url)
    return _within(PATIENCE, home, settings.HOOKS_MAY_BE_LOCAL, lambda line: _posted(line, url, body, headers))


def _within(seconds: int, home: tuple[str, str, int], local: bool, talk: Callable[[_Plain | _Secure], T]) -> T:
    """What `talk` gave over a checked connection, all of it within that time."""
    scheme, host, port = home
    connection = (_Secure if scheme == "https" else _Plain)(host, port, timeout=PATIENCE)
    connection.local = local
    late: list[bool] = []
    watch = Timer(seconds, _cut_off, (connection, late))
    watch.daemon = True
    watch.start()
    try:
        answer = talk(connection)
        if late:
            raise NotFetched("too_slow")
        return answer
    except ssl.SSLError as error:
        raise NotFetched("too_slow" if late else "not_secure") from error
    except TimeoutError as error:
        raise NotFetched("too_slow") from error
    except (OSError, HTTPException, ValueError) as error:
        raise NotFetched("too_slow" if late else "unreachable") from error
    finally:
        watch.cancel()
        connection.close()


def _cut_off(connection: _Plain | _Secure, late: list[bool]) -> None:
    """A server that sends a byte now and then would keep us for ever: each piece is in time, the whole is not."""
    late.append(True)
    if connection.line:
        with suppress(OSError):  # it has just ended by itself
            connection.line.shutdown(socket.SHUT_RDWR)


def _posted(connection: HTTPConnection, url: str, body: bytes, headers: dict[str, str]) -> int:
    connection.request("POST", _path(url), body=body, headers={**headers, "User-Agent": "getting-online webhooks"})
    with connection.getresponse() as response:
        return response.status


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _answer(connection: HTTPConnection, url: str) -> tuple[int, bytes]:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": AGENT}
    connection.request("GET", _path(url), headers=headers)
    with connection.getresponse() as response:
        if response.status in (301, 302, 303, 307, 308):
            return response.status, (response.getheader("Location") or "").encode("latin-1", "replace")
        if response.status != 200:
            raise NotFetched("refused", response.status)
        body = response.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise NotFetched("too_big")
    return 200, body
