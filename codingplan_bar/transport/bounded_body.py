"""The body of an answer in bounded memory, and a connection whose arrivals are counted, whatever the server does."""

from __future__ import annotations

import ssl
import zlib
from http.client import HTTPResponse, parse_headers
from typing import TYPE_CHECKING

from codingplan_bar.errors import BadResponse, NetworkFailure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codingplan_bar.transport.request import Deadline


# The body of an answer, from the bytes on the wire to the bytes that were meant, in bounded memory.

LIMIT = 4 * 1024 * 1024
"""The most bytes of one answer, on the wire as well as decoded."""

_GZIP = zlib.MAX_WBITS | 16
_ZLIB = zlib.MAX_WBITS
_BARE = -zlib.MAX_WBITS


def joined(chunks: Iterable[bytes]) -> bytes:
    """The chunks as one. Raises `BadResponse` as soon as there are more than `LIMIT` bytes of them."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > LIMIT:
            raise _too_long()
    return bytes(body)


def decoded(raw: bytes, content_encoding: str) -> bytes:
    """Undo the `Content-Encoding` of a whole body: none, gzip or deflate (RFC 9110, section 8.4.1).

    Raises `BadResponse` for another encoding, bytes that are not what they are called, or a result of more than
    `LIMIT` bytes; `NetworkFailure` where the end is missing. An empty body is empty in any encoding.
    """
    coding = content_encoding.strip(" \t").lower()
    if not raw or coding in ("", "identity"):
        return raw
    if coding in ("gzip", "x-gzip"):
        return _inflated(raw, _GZIP)
    if coding == "deflate":
        return _inflated(raw, _ZLIB if _has_zlib_header(raw) else _BARE)
    raise BadResponse("answer.encoding")


def _inflated(raw: bytes, window_bits: int) -> bytes:
    """The stream's content; what stands behind its end is left alone, as browsers do."""
    stream = zlib.decompressobj(window_bits)
    try:
        body = stream.decompress(raw, LIMIT + 1)
    except zlib.error:
        raise BadResponse("answer.damaged") from None
    if len(body) > LIMIT:
        raise _too_long()
    if not stream.eof:
        raise NetworkFailure("answer.cut")
    return body


def _has_zlib_header(raw: bytes) -> bool:
    """Some servers send `deflate` without the wrapper that the standard asks for (header check: RFC 1950, 2.2)."""
    return raw[0] & 0x0F == zlib.DEFLATED and int.from_bytes(raw[:2], "big") % 31 == 0


def _too_long() -> BadResponse:
    return BadResponse("answer.long", limit=LIMIT // 1024 // 1024)


# A TLS connection whose every arrival is counted and timed, so that no header, chunk or trickle goes on for ever.


class Meter:
    """How many bytes may still come, and until when."""

    def __init__(self, deadline: Deadline, allowance: int) -> None:
        """`allowance` in bytes, after the decryption; `deadline` is that of the whole refresh."""
        self._deadline = deadline
        self._allowance = allowance

    def allow(self, more: int) -> None:
        """Let `more` bytes come."""
        self._allowance += more

    def count(self, arrived: int) -> int:
        """Give `arrived` back. Raises `BadResponse` where too much has come, `NetworkFailure` where it is too late."""
        self._allowance -= arrived
        if self._allowance < 0:
            raise BadResponse("answer.too_long")
        if not self._deadline.remaining():
            raise self._deadline.missed()
        return arrived


class FinalResponse(HTTPResponse):
    """The answer itself: `http.client` passes over a 100 alone, and takes a 103 for it (RFC 9110, section 15.2)."""

    def _read_status(self) -> tuple[str, int, str]:
        version, status, reason = super()._read_status()  # type: ignore[misc]
        while 100 < status < 200 and status != 101:
            parse_headers(self.fp)
            version, status, reason = super()._read_status()  # type: ignore[misc]
        return version, status, reason


def metered(context: ssl.SSLContext, by: Meter) -> ssl.SSLContext:
    """Have all that arrives on the context's connections counted; the context is given back.

    `http.client` bounds a line and the number of lines, which still allows for 6 MB of headers, and leaves interim
    answers and trailers unbounded; a time-out of the socket begins again with each byte.
    """

    class MeteredSocket(ssl.SSLSocket):
        def recv_into(self, buffer, nbytes=None, flags=0):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            self.suppress_ragged_eofs = False  # else a broken connection looks like the end of a body without a length
            return by.count(super().recv_into(buffer, nbytes, flags))

    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF  # set by Python up to 3.11.3: a broken connection is no farewell
    context.sslsocket_class = MeteredSocket
    return context
