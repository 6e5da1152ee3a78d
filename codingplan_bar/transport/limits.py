"""The bounds of an answer, whatever the server does; and each failure of a connection as an error of ours."""

from __future__ import annotations

import os
import re
import ssl
import zlib
from http.client import HTTPException, HTTPResponse, IncompleteRead, RemoteDisconnected, parse_headers
from socket import gaierror
from typing import TYPE_CHECKING

from codingplan_bar.errors import BadResponse, CodingPlanError, NetworkFailure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


# What went wrong on the wire, in words: from the standard library's exceptions to ours.

_CERTIFICATE = {
    9: "host.certificate_early",
    10: "host.certificate_late",
    62: "host.certificate_name",
    64: "host.certificate_name",
}
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID, _CERT_HAS_EXPIRED, _HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH."""

_FACTS: tuple[tuple[type[BaseException], str], ...] = (
    (gaierror, "host.unresolved"),
    (UnicodeError, "host.no_name"),
    (ConnectionRefusedError, "host.refused"),
    (RemoteDisconnected, "host.closed"),
    (IncompleteRead, "host.cut"),
    (TimeoutError, "host.slow"),
    (ConnectionError, "host.reset"),
    (ssl.SSLEOFError, "host.reset"),  # also what Python makes of a reset in the midst of TLS
)
_NO_FAREWELL = "UNEXPECTED_EOF_WHILE_READING"
"""OpenSSL's reason for what is an `SSLEOFError` from Python 3.11.4 on, and any `SSLError` before."""
"""The first kind that is among the causes names the fault, so a kind stands before those that it is one of."""

_PROXY_REFUSAL = re.compile(r"Tunnel connection failed: (\d{3})\b")  # the words of http.client, in an OSError


_ANSWERS_OF_SOCKS = {"SOCKS5Error", "SOCKS4Error", "SOCKS5AuthError"}
"""PySocks' exceptions for what a proxy answers; its others are of the way to the proxy. The package may be missing."""
_BEYOND_THE_PROXY = re.compile(r"0x0[3-6]: ")
"""RFC 1928, section 6: no network, no host, refused by the host, too far. PySocks writes the reply's number so."""


def explain(error: BaseException, host: str, *, proxy: str = "the proxy", by_socks: bool = False) -> CodingPlanError:
    """The error as one of ours, whose message names `host`, or the `proxy`, and nothing else of the request.

    The libraries wrap a fault several times over; the facts are the standard library's exceptions inside. PySocks
    wraps what happens on the way to its proxy, and a look-up of `host`; the look-up of the proxy itself it does not.
    """
    causes = tuple(_causes(error))
    of_socks = [cause for cause in causes if type(cause).__module__ == "socks"]
    for cause in of_socks:
        if type(cause).__name__ in _ANSWERS_OF_SOCKS:
            return _said_by_socks(str(cause), host)
    unknown = by_socks and any(isinstance(cause, gaierror) for cause in causes)
    host = proxy if bool(of_socks) != unknown else host
    is_proxy = host == proxy
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NetworkFailure(_CERTIFICATE.get(cause.verify_code, "host.certificate"), host=host)
    for kind, key in _FACTS:
        if any(isinstance(cause, kind) for cause in causes):
            return _told(key, host, is_proxy=is_proxy)
    if any(isinstance(cause, ssl.SSLError) and cause.reason == _NO_FAREWELL for cause in causes):
        return _told("host.reset", host, is_proxy=is_proxy)
    if any(isinstance(cause, HTTPException) for cause in causes):
        return BadResponse("host.no_http", host=host)
    return _unreached(causes, host, is_proxy=is_proxy)


def _told(key: str, host: str, *, is_proxy: bool, reason: str = "") -> NetworkFailure:
    """A sentence about a host; of a proxy the step is another one."""
    return NetworkFailure(key, hint="proxy.hint" if is_proxy else None, host=host, reason=reason)


def _said_by_socks(reply: str, host: str) -> NetworkFailure:
    """A SOCKS proxy's answer, of which PySocks has the words: it cannot reach `host`, or does not want to."""
    reason = reply.rstrip(".")
    if _BEYOND_THE_PROXY.match(reason):
        return NetworkFailure("host.unreached_since", host=host, reason=reason.partition(": ")[2])
    return NetworkFailure("proxy.refused_by_socks", reason=reason)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it holds, from the outside in, each once."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop(0)
        if isinstance(cause, BaseException) and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            waiting += [*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__]


def _unreached(causes: tuple[BaseException, ...], host: str, *, is_proxy: bool) -> NetworkFailure:
    """The words for what is left: a proxy that says no, TLS that fails, the machine's own network."""
    for cause in causes:
        if refusal := _PROXY_REFUSAL.match(str(cause)):
            return NetworkFailure("proxy.refused", status=refusal[1])
        if isinstance(cause, ssl.SSLError):
            return NetworkFailure("host.tls", host=host, reason=_plain(cause.reason))
        if isinstance(cause, OSError) and cause.errno:
            return _told("host.unreached_since", host, is_proxy=is_proxy, reason=os.strerror(cause.errno))
    return _told("host.unreached", host, is_proxy=is_proxy)


def _plain(reason: str | None) -> str:
    """OpenSSL's word for it, such as WRONG_VERSION_NUMBER."""
    return re.sub(r"[^A-Za-z0-9]+", " ", reason or "it failed").lower()
