"""All of the internet that the browsers of the tests see: the console, and the proxy that leads only there."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer

from support.console.demands import HOSTS
from support.realbrowsers.console import CHAIN, SignInConsole


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
