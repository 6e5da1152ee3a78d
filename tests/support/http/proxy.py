"""A proxy on loopback that knows CONNECT, and writes down whom it was asked for."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from dataclasses import dataclass, field

from support.http.replies import saying
from support.http.server import Server, Talk


@dataclass
class Proxy:
    """`refusal` is said instead of a tunnel."""

    refusal: bytes = b""
    asked: list[str] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)

    def server(self) -> Server:
        return Server(self.answer)

    def answer(self, talk: Talk) -> None:
        self.asked.append(talk.path)
        self.authorizations.append(talk.headers.get("proxy-authorization"))
        (saying(self.refusal) if self.refusal else tunnel)(talk)


def tunnel(talk: Talk) -> None:
    host, _, port = talk.path.rpartition(":")
    with socket.create_connection((host, int(port)), 5) as target:
        talk.send(b"HTTP/1.1 200 Go on\r\n\r\n")
        relay(talk.sock, target)


def relay(client: socket.socket, target: socket.socket) -> None:
    """What each says to the other, until one of them has ended.

    In one thread: OpenSSL lets no two use a connection at once, and what they make of it is a broken handshake.
    """
    with contextlib.suppress(OSError):
        while True:
            ready = [client] if isinstance(client, ssl.SSLSocket) and client.pending() else []
            for source in ready or select.select([client, target], [], [])[0]:
                data = source.recv(65536)
                if not data:
                    return
                (target if source is client else client).sendall(data)


def _exactly(source: socket.socket, count: int) -> bytes:
    """So many bytes, in however many pieces they come. Raises OSError where whoever sends has gone."""
    read = b""
    while len(read) < count:
        piece = source.recv(count - len(read))
        if not piece:
            raise ConnectionAbortedError
        read += piece
    return read


class SocksProxy:
    """A SOCKS5 proxy (RFC 1928) without a password on loopback, for one connection after another; `asked` is who."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"socks5h://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                with client, contextlib.suppress(ConnectionError):
                    self._carry(client)

    def _carry(self, client: socket.socket) -> None:
        _, ways = _exactly(client, 2)
        _exactly(client, ways)
        client.sendall(b"\x05\x00")
        *_, letters = _exactly(client, 5)  # version, CONNECT, reserved, a name's kind and length
        name, port = _exactly(client, letters).decode(), int.from_bytes(_exactly(client, 2), "big")
        self.asked.append(f"{name}:{port}")
        with socket.create_connection((name, port), 5) as target:
            client.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
            relay(client, target)
