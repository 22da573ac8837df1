"""Only the configured address is fetched: never a private network, never elsewhere, never for ever."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from time import monotonic

import pytest

from directory import fetching
from directory.fetching import NotFetched, fetch, is_public


def refusal(url):
    with pytest.raises(NotFetched) as refused:
        fetch(url)
    assert refused.value.words
    return refused.value.code


@pytest.fixture(autouse=True)
def no_connection(monkeypatch):
    """What is refused must be refused before anything is connected to."""

    def connect(address, *args, **kwargs):
        raise AssertionError(f"connected to {address}")

    monkeypatch.setattr(socket, "create_connection", connect)


# --- Where to ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "localhost",
        "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:10.0.0.1]", "[::127.0.0.1]",
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "192.0.0.1", "198.18.0.1",
        "169.254.169.254", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "224.0.0.1",
        "255.255.255.255", "240.0.0.1",
        "192.0.2.1", "203.0.113.5", "[2001:db8::1]", "[2002:7f00:1::]", "[2002:a00:1::]",
        "[64:ff9b::7f00:1]", "[2001:0:7f00:1::]", "[fec0::1]", "[feff::1]", "192.0.0.9", "[::ffff:192.0.0.10]",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_not_fetched_however_it_is_written(host):
    assert refusal(f"https://{host}/services") in {"not_public", "unreachable"}


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses_are(address):
    assert is_public(ip_address(address))


def answers(*addresses):
    def resolve(host, port, *args, **kwargs):
        family = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [(family[ip_address(one).version], socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    return resolve


@pytest.mark.parametrize("found", [["10.0.0.7"], ["93.184.215.14", "127.0.0.1"], ["::1"], ["fe80::1%eth0"], []])
def test_a_name_that_leads_into_a_private_network_is_not_fetched_even_if_not_only_there(found, monkeypatch):
    addresses = [one.partition("%")[0] for one in found]
    monkeypatch.setattr(socket, "getaddrinfo", answers(*addresses))
    assert refusal("https://directory.example.org/services") == "not_public"


def test_the_name_is_asked_for_once_and_the_connection_goes_to_the_very_answer(monkeypatch):
    """A name that answers otherwise the next time (DNS rebinding) gains nothing."""
    asked, reached = [], []

    def resolve(host, port, *args, **kwargs):
        asked.append(host)
        return answers("93.184.215.14" if len(asked) == 1 else "127.0.0.1")(host, port)

    def connect(address, *args, **kwargs):
        reached.append(address)
        raise OSError

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    assert refusal("https://directory.example.org/services") == "unreachable"
    assert (asked, reached) == (["directory.example.org"], [("93.184.215.14", 443)])


def test_a_connection_that_stands_elsewhere_than_it_should_is_dropped(monkeypatch):
    class Elsewhere:
        closed = False

        def getpeername(self):
            return ("127.0.0.1", 443)

        def close(self):
            self.closed = True

    connection = Elsewhere()
    monkeypatch.setattr(socket, "getaddrinfo", answers("93.184.215.14"))
    monkeypatch.setattr(socket, "create_connection", lambda *args, **kwargs: connection)
    assert refusal("https://directory.example.org/services") == "not_public"
    assert connection.closed


@pytest.mark.parametrize(
    "url",
    [
        "http://directory.example.org/", "ftp://directory.example.org/", "file:///etc/passwd", "gopher://x.org/",
        "https://", "https:///services", "//directory.example.org/", "https://user:secret@directory.example.org/",
        "https://directory.example.org:99999/", "https://directory.example.org/\r\nHost: x", "https://[::1/",
        "https://xn--\udcff.example.org/", "directory.example.org",
    ],
)  # fmt: skip
def test_only_https_to_a_plain_name_is_fetched(url):
    assert refusal(url) == "bad_address"


# --- What comes back --------------------------------------------------------------------------------------------


@contextmanager
def server(respond):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            respond(self)

        def log_message(self, *args):
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            pass  # the other side hung up, as it should

    running = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()
        running.server_close()
        thread.join()


@pytest.fixture
def local(settings, monkeypatch):
    """Loopback, as nobody but a test may."""
    settings.FEEDS_MAY_BE_LOCAL = True
    monkeypatch.undo()


def say(handler, status, body=b"", **headers):
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def test_a_plain_answer_is_the_body(local):
    with server(lambda handler: say(handler, 200, b'{"contents": []}')) as url:
        assert fetch(f"{url}/services?page=1") == b'{"contents": []}'


def test_a_redirect_within_the_server_is_followed(local):
    def respond(handler):
        if handler.path.endswith("/"):
            say(handler, 200, handler.path.encode())
        else:
            say(handler, 301, Location=f"{handler.path}/")

    with server(respond) as url:
        assert fetch(f"{url}/services") == b"/services/"


@pytest.mark.parametrize(
    "where", ["https://169.254.169.254/latest", "http://127.0.0.1:1/", "//elsewhere.example.org/", "https://[", ""]
)
def test_a_redirect_elsewhere_or_for_ever_is_not(local, where):
    with server(lambda handler: say(handler, 302, Location=where)) as url:
        assert refusal(f"{url}/services") in {"elsewhere", "bad_address"}


@pytest.mark.parametrize("status", [204, 400, 404, 500])
def test_an_error_is_told_with_its_status(local, status):
    with server(lambda handler: say(handler, status)) as url, pytest.raises(NotFetched) as refused:
        fetch(url)
    assert (refused.value.code, refused.value.status) == ("refused", status)


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65536)


def dripping(handler):
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        threading.Event().wait(0.05)


def never_done_with_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        threading.Event().wait(0.05)


def silent(handler):
    threading.Event().wait(3)


@pytest.mark.parametrize(
    ("respond", "code"),
    [
        (endless, "too_big"),
        (dripping, "too_slow"),
        (never_done_with_headers, "too_slow"),
        (silent, "too_slow"),
        (lambda handler: handler.wfile.write(b"SSH-2.0\r\n\r\n"), "unreachable"),
    ],
)
def test_an_answer_too_big_too_slow_or_none_at_all_ends_soon(local, monkeypatch, respond, code):
    monkeypatch.setattr(fetching, "DEADLINE", 0.6)
    monkeypatch.setattr(fetching, "PATIENCE", 1)
    begun = monotonic()
    with server(respond) as url:
        assert refusal(url) == code
        assert monotonic() - begun < 2.5
