"""A TLS server on loopback that behaves as badly as it is told to, what it may do, and proxies."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self


@dataclass
class Talk:
    """One connection whose request has been read: what came, and the way to answer."""

    sock: socket.socket
    head: str
    body: bytes
    over: threading.Event

    @property
    def path(self) -> str:
        return self.head.split(" ")[1]

    @property
    def headers(self) -> dict[str, str]:
        """Names in lower case; the values as UTF-8."""
        lines = self.head.split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def send_for_ever(self, block: bytes) -> None:
        while not self.over.is_set():
            self.sock.sendall(block)

    def trickle(self, data: bytes, pause: float = 0.02) -> None:
        """A byte at a time."""
        for byte in data:
            self.sock.sendall(bytes([byte]))
            if self.over.wait(pause):
                return

    def wait(self) -> None:
        """Say nothing until the test is over."""
        self.over.wait(30)

    def finish(self) -> None:
        """Say good-bye as TLS wants it."""
        with contextlib.suppress(OSError):
            if isinstance(self.sock, ssl.SSLSocket):
                self.sock.unwrap()
            self.sock.shutdown(socket.SHUT_WR)

    def drop(self) -> None:
        """End it without a good-bye."""
        self.sock.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End it with a RST."""
        reset(self.sock)


Answering = Callable[[Talk], None]
Greeting = Callable[["Server", socket.socket], socket.socket]


@dataclass
class Server:
    """Listens while the `with` lasts. `greeting` makes a connection of what was accepted, `answering` does the rest."""

    answering: Answering
    context: ssl.SSLContext | None = None
    greeting: Greeting | None = None
    talks: list[Talk] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        for sock in list(self._open):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(5)
            assert not thread.is_alive()
        self._listener.close()

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    def url(self, path: str = "/") -> str:
        return f"https://localhost:{self.port}{path}"

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                accepted, _ = self._listener.accept()
                self.connections += 1
                self._open.append(accepted)
                self._threads.append(threading.Thread(target=self._serve, args=(accepted,)))
                self._threads[-1].start()

    def _serve(self, accepted: socket.socket) -> None:
        accepted.settimeout(10)
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each answer takes 40 ms
        sock = accepted
        try:
            sock = self.greeting(self, accepted) if self.greeting else self._handshake(accepted)
            talk = Talk(sock, *_read_request(sock), self.over)
            self.talks.append(talk)
            self.answering(talk)
            talk.finish()
        except (OSError, ValueError):
            pass  # the client has had enough, or the behaviour was to break off
        finally:
            sock.close()
            accepted.close()

    def _handshake(self, accepted: socket.socket) -> socket.socket:
        if self.context is None:
            return accepted
        sock = self.context.wrap_socket(accepted, server_side=True)
        self._open.append(sock)
        return sock


def _read_request(sock: socket.socket) -> tuple[str, bytes]:
    received = b""
    while b"\r\n\r\n" not in received:
        if not (more := sock.recv(65536)):
            raise ConnectionError
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    text = head.decode()
    length = next((int(line[15:]) for line in text.split("\r\n") if line.lower().startswith("content-length:")), 0)
    while len(body) < length:
        body += sock.recv(65536)
    return text, body


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    raw = socket.socket(fileno=sock.detach())  # a TLS socket would say good-bye first
    raw.close()


# What a server may do to whoever asks it, one function or one constant each.

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def framed(body: bytes, *, status: str = "200 OK", headers: tuple[str, ...] = ()) -> bytes:
    """A whole answer of known length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def saying(data: bytes) -> Answering:
    return lambda talk: talk.send(data)


def saying_for_ever(head: bytes, block: bytes) -> Answering:
    def answer(talk: Talk) -> None:
        talk.send(head)
        talk.send_for_ever(block)

    return answer


def trickling(head: bytes, rest: bytes) -> Answering:
    def answer(talk: Talk) -> None:
        talk.send(head)
        talk.trickle(rest)

    return answer


def dropping(head: bytes) -> Answering:
    def answer(talk: Talk) -> None:
        talk.send(head)
        talk.drop()

    return answer


def resetting(head: bytes) -> Answering:
    def answer(talk: Talk) -> None:
        talk.send(head)
        talk.reset()

    return answer


def stalling(head: bytes = b"") -> Answering:
    def answer(talk: Talk) -> None:
        talk.send(head)
        talk.wait()

    return answer


def choosing(choose: Callable[[Talk], Answering]) -> Answering:
    """Decides what to do when somebody has asked."""
    return lambda talk: choose(talk)(talk)


def redirecting(location: str, status: int = 302) -> Answering:
    return saying(framed(b"elsewhere", status=f"{status} Go", headers=(f"Location: {location}",)))


def bomb(mebibytes: int, window_bits: int = 31) -> bytes:
    """A stream that unpacks to so many MiB of zeros: one block, flushed in full, may be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, window_bits)
    start = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + again * (mebibytes - 1)


def refuse_after_accept(_: Server, accepted: socket.socket) -> socket.socket:
    reset(accepted)
    raise ConnectionError


def refuse_after_hello(_: Server, accepted: socket.socket) -> socket.socket:
    accepted.recv(65536)
    return refuse_after_accept(_, accepted)


def stall_in_handshake(server: Server, accepted: socket.socket) -> socket.socket:
    accepted.recv(65536)
    server.over.wait(30)
    raise ConnectionError


def trickle_in_handshake(server: Server, accepted: socket.socket) -> socket.socket:
    """The header of a TLS record that promises 16 KiB, then a byte now and then."""
    accepted.recv(65536)
    accepted.sendall(b"\x16\x03\x03\x40\x00")
    while not server.over.wait(0.02):
        accepted.sendall(b"\x02")
    raise ConnectionError


def speak_plain_http(_: Server, accepted: socket.socket) -> socket.socket:
    accepted.recv(65536)
    accepted.sendall(framed(b"no TLS here", status="400 Bad Request"))
    raise ConnectionError


@dataclass
class Proxy:
    """It knows CONNECT, and writes down whom it was asked for; `refusal` is said instead of a tunnel."""

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
