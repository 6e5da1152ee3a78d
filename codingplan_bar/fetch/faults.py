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

_CERTIFICATE = {9: "is not valid yet", 10: "has expired", 62: "is for another name", 64: "is for another name"}
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID, _CERT_HAS_EXPIRED, _HOSTNAME_MISMATCH, _IP_ADDRESS_MISMATCH."""

_FACTS: tuple[tuple[type[BaseException], str], ...] = (
    (gaierror, "could not resolve {host}"),
    (UnicodeError, "could not resolve {host}: it is no name of a host"),
    (ConnectionRefusedError, "{host} refused the connection"),
    (RemoteDisconnected, "{host} closed the connection without an answer"),
    (IncompleteRead, "the answer of {host} was cut off"),
    (TimeoutError, "{host} did not answer in time"),
    (ConnectionError, "{host} broke the connection off"),
    (ssl.SSLEOFError, "{host} broke the connection off"),  # also what Python makes of a reset in the midst of TLS
)
"""The first kind that is among the causes names the fault, so a kind stands before those that it is one of."""

_PROXY_REFUSAL = re.compile(r"Tunnel connection failed: (\d{3})\b")  # the words of http.client, in an OSError


def explain(error: BaseException, host: str) -> CodingPlanError:
    """The error as one of ours, whose message names `host` and nothing else of the request.

    The libraries wrap a fault several times over; the facts are the standard library's exceptions inside.
    """
    causes = tuple(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = _CERTIFICATE.get(cause.verify_code, "is not trusted")
            return NetworkFailure(f"the certificate of {host} {reason}")
    for kind, words in _FACTS:
        if any(isinstance(cause, kind) for cause in causes):
            return NetworkFailure(words.format(host=host))
    if any(isinstance(cause, HTTPException) for cause in causes):
        return BadResponse(f"what {host} sent cannot be read as HTTP")
    return NetworkFailure(_unreached(causes, host))


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


def _unreached(causes: tuple[BaseException, ...], host: str) -> str:
    """The words for what is left: a proxy that says no, TLS that fails, the machine's own network."""
    for cause in causes:
        if refusal := _PROXY_REFUSAL.match(str(cause)):
            return f"the proxy refuses to connect (HTTP status {refusal[1]})"
        if isinstance(cause, ssl.SSLError):
            return f"no TLS connection to {host}: {_plain(cause.reason)}"
        if isinstance(cause, OSError) and cause.errno:
            return f"{host} could not be reached: {os.strerror(cause.errno)}"
    return f"{host} could not be reached"


def _plain(reason: str | None) -> str:
    """OpenSSL's word for it, such as WRONG_VERSION_NUMBER."""
    return re.sub(r"[^A-Za-z0-9]+", " ", reason or "it failed").lower()
