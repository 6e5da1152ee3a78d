"""All of the internet that the browsers of the tests see: the console, and the proxy that leads only there."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, suppress
from itertools import pairwise
from socketserver import StreamRequestHandler, ThreadingTCPServer

from support.console.answers import Answer
from support.console.certificate import issue
from support.console.console import Console
from support.console.demands import HOSTS

# The provider's console under its real host names, with a page that signs a browser in as the provider does.


INTL, CN = "modelstudio.console.alibabacloud.com", "bailian.console.aliyun.com"
EVIL = ("evil-aliyun.com", "aliyun.com.evil.net", "notalibabacloud.com")
"""None of the provider's, though each name holds one of its domains."""
FILLERS = tuple(f"filler{number}.example" for number in range(4))
"""Hosts that set as many cookies as a browser keeps of one domain. Chromium writes its store every 30 s, or at once
as soon as 512 changes have come together."""
CHAIN = (INTL, CN, *EVIL, *FILLERS)
"""The hosts that one journey goes through, each setting its cookies before it sends the browser on."""
DAY = 86_400


class SignInConsole(Console):
    """`/sign-in` signs in, `/sign-in?life=session` until the browser ends, `/visit` only looks."""

    def __init__(self):
        super().__init__(certificate=issue([*sorted({*HOSTS, *CHAIN})], now=time.time()))

    def answer(self, request):
        """The provider's own pages for whatever is not about signing in."""
        if request.path == "/favicon.ico":
            return Answer(204, {}, b"")
        if request.path not in ("/sign-in", "/visit"):
            return super().answer(request)
        life = request.query.get("life", "dated")
        cookies = cookies_of(request.host, "" if life == "session" else f"; Max-Age={2 * DAY}")
        if request.path == "/visit":
            cookies = visitor_cookies(request.host)
        headers = {spelled("set-cookie", at): cookie for at, cookie in enumerate(cookies)}
        onward = dict(pairwise(CHAIN)).get(request.host)
        if not onward:
            return Answer(200, {**headers, "Content-Type": "text/html"}, b"<title>arrived</title>")
        return Answer(302, {**headers, "Location": f"https://{onward}{request.path}?life={life}"}, b"")


def cookies_of(host, life):
    """What a host sets on a sign-in: ticket and account for the whole domain, some for itself, some that run out."""
    domain = ".".join(host.split(".")[-2:])
    shared = f"; Domain=.{domain}; Path=/; Secure"
    if host in FILLERS:
        return visitor_cookies(host)
    if host in EVIL:
        return [f"login_aliyunid_ticket=FOREIGN{shared}{life}", f"login_aliyunid_pk=666{shared}{life}"]
    owner = domain.partition(".")[0]
    return [
        f"login_aliyunid_ticket=ticket-of-{owner}.{'x' * 180}*$; HttpOnly; SameSite=None{shared}{life}",
        f"login_aliyunid_pk=1000-{owner}{shared}{life}",
        f"login_current_pk=1000-{owner}{shared}{life}",
        f'login_aliyunid="demo @ {owner}.invalid"{shared}{life}',
        f"login_aliyunid_csrf=_csrf_tk_{owner}{shared}{life}",
        f"only-here=of-{host}; Path=/; Secure; Max-Age={DAY}",
        f"below=of-{owner}; Domain=.{domain}; Path=/data; Secure; Max-Age={DAY}",
        f"JSESSIONID=session-of-{host}; Path=/; Secure; HttpOnly",
        f"short=gone; Max-Age=2{shared}",
        f"latin=café{shared}; Max-Age={DAY}",
        *visitor_cookies(host),
    ]


def visitor_cookies(host):
    """What anybody gets."""
    if host in FILLERS:
        return [f"filler{number}=x; Path=/; Secure; Max-Age={DAY}" for number in range(170)]
    domain = ".".join(host.split(".")[-2:])
    return [f"cna=visitor-of-{domain}; Domain=.{domain}; Path=/; Max-Age=31536000"]


def spelled(name, number):
    """A header's name in the nth mixture of small and capital letters: an answer holds each spelling once."""
    capitals = {at for bit, at in enumerate(at for at, sign in enumerate(name) if sign.isalpha()) if number >> bit & 1}
    return "".join(sign.upper() if at in capitals else sign for at, sign in enumerate(name))


class Proxy(ThreadingTCPServer):
    """Understands CONNECT. `with Proxy(names, port) as proxy:`, then its `address` is where it listens."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, names, port):
        super().__init__(("127.0.0.1", 0), _Tunnel)
        self.names = frozenset(names)
        self.port = port
        self.connected, self.refused = [], []

    @property
    def address(self):
        return f"127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A browser hangs up whenever it likes."""


class _Tunnel(StreamRequestHandler):
    def handle(self):
        method, _, rest = self.rfile.readline().decode("latin-1").partition(" ")
        while self.rfile.readline().strip():
            pass
        name = rest.partition(":")[0]
        if method != "CONNECT" or name not in self.server.names:
            self.server.refused.append(name)
            self.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        self.server.connected.append(name)
        with socket.create_connection(("127.0.0.1", self.server.port)) as console:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pump, args=(console, self.connection), daemon=True)
            back.start()
            _pump(self.connection, console)
            back.join(5)


def _pump(source, sink):
    with suppress(OSError):
        while data := source.recv(65_536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


class World:
    """`with World() as world:`; `console` and `proxy` are up inside."""

    def __enter__(self):
        with ExitStack() as stack:
            self.console = stack.enter_context(SignInConsole())
            port = int(self.console.host.partition(":")[2])
            self.proxy = stack.enter_context(Proxy({*HOSTS, *CHAIN}, port))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()
