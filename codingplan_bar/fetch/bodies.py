"""The body of an answer, from the bytes on the wire to the bytes that were meant, in bounded memory."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from codingplan_bar.errors import BadResponse, NetworkFailure

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    raise BadResponse("the answer came in a content encoding that was not asked for")


def _inflated(raw: bytes, window_bits: int) -> bytes:
    """The stream's content; what stands behind its end is left alone, as browsers do."""
    stream = zlib.decompressobj(window_bits)
    try:
        body = stream.decompress(raw, LIMIT + 1)
    except zlib.error:
        raise BadResponse("the compressed answer is damaged") from None
    if len(body) > LIMIT:
        raise _too_long()
    if not stream.eof:
        raise NetworkFailure("the compressed answer was cut off")
    return body


def _has_zlib_header(raw: bytes) -> bool:
    """Some servers send `deflate` without the wrapper that the standard asks for (header check: RFC 1950, 2.2)."""
    return raw[0] & 0x0F == zlib.DEFLATED and int.from_bytes(raw[:2], "big") % 31 == 0


def _too_long() -> BadResponse:
    return BadResponse(f"the answer is longer than {LIMIT // 1024 // 1024} MiB")
