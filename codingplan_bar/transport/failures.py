"""What went wrong on the wire, in words: from the standard library's exceptions to ours."""

from __future__ import annotations

import os
import re
import ssl
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from socket import gaierror
from typing import TYPE_CHECKING

from codingplan_bar.errors import BadResponse, CodingPlanError, NetworkFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

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
"""The first kind that is among the causes names the fault, so a kind stands before those that it is one of."""
_NO_FAREWELL = "UNEXPECTED_EOF_WHILE_READING"
"""OpenSSL's reason for what is an `SSLEOFError` from Python 3.11.4 on, and any `SSLError` before."""

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
