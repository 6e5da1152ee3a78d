"""What a server may do to whoever asks it, one function or one constant each."""

from __future__ import annotations

import socket
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

from support.http.server import Answering, Server, Talk, reset

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
