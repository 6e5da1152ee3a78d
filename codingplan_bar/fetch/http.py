"""The network: one request sent and its answer read, over verified TLS and under a deadline."""

from __future__ import annotations

import logging
import os
import re
from contextlib import closing
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3.util import create_urllib3_context

from codingplan_bar.errors import BadResponse, CodingPlanError, ConfigError, NetworkFailure
from codingplan_bar.fetch import bodies, faults, outgoing, redirects, trust
from codingplan_bar.fetch.deadline import Deadline, run_within
from codingplan_bar.fetch.request import Answer, Request
from codingplan_bar.fetch.wire import Meter, metered

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

CONNECT_TIMEOUT = 6.0
"""Seconds that each address of a host has for the connection and the TLS handshake."""
READ_TIMEOUT = 12.0
"""Seconds for which a server may be silent."""
MOST_OF_A_HEAD = 256 * 1024
"""Bytes of status line and headers, those of interim answers (1xx) included."""

_LENGTH = re.compile(r"(\d{1,18})(?:, ?\1)*", re.ASCII)  # said twice, it counts where it is the same
_CHUNK = 64 * 1024
_NO_ADDRESS = (
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,  # SOCKS without the package that speaks it
    urllib3.exceptions.LocationValueError,
)
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException, OSError, ValueError)

urllib3.disable_warnings()  # a clock that is far off is told by the certificate; stderr may be a bar's
logging.getLogger("urllib3").propagate = False  # its lines hold the query


class Transport:
    """Sends the few requests of one refresh; it is a `Send`.

    There is no `requests.Session` in it, so there is none of what a session does unasked: no .netrc, no memory for
    cookies, no redirects, no connection kept for a later request. The proxy variables and the variables of the CA
    bundle are those of this process, as requests reads them.
    """

    def __init__(
        self, deadline: Deadline, *, connect_timeout: float = CONNECT_TIMEOUT, read_timeout: float = READ_TIMEOUT
    ) -> None:
        """All requests share the deadline; the two time-outs, in seconds, hold for each."""
        self._deadline = deadline
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout

    def __call__(self, request: Request) -> Answer:
        """The answer, whatever its status; at the deadline at the latest.

        A GET is redirected within its origin (scheme, host and port) and never beyond it, a POST never: such a
        redirect is itself the answer. Raises `ConfigError` for a request that must not be sent and for variables
        that cannot be used, `NetworkFailure` for what happens on the way, `BadResponse` for an answer that is no
        HTTP, longer than 4 MiB or in an unknown encoding. No message holds more of the request than its host.
        """
        return run_within(self._deadline, lambda: self._followed(request))

    def _followed(self, request: Request) -> Answer:
        prepared = _prepared(request)
        for _ in range(redirects.MOST):
            answer = self._exchange(prepared)
            onward = redirects.onward(request, prepared.url or "", answer)
            following = onward and _at_same_origin(onward, prepared)
            if not following:
                return answer
            prepared = following
        return self._exchange(prepared)

    def _exchange(self, prepared: requests.PreparedRequest) -> Answer:
        try:
            return self._talk(prepared)
        except _NO_ADDRESS:
            failure: CodingPlanError = _unusable_proxy()  # the request's own address has been judged before
        except requests.exceptions.ProxyError as error:
            failure = faults.explain(error, "the proxy")
        except requests.exceptions.InvalidHeader:
            failure = _bad_length()
        except _FAILURES as error:
            failure = faults.explain(error, outgoing.spoken_host(prepared.url or ""))
        raise failure  # out here, or it would carry along the libraries' exceptions, which quote the whole address

    def _talk(self, prepared: requests.PreparedRequest) -> Answer:
        meter = Meter(self._deadline, MOST_OF_A_HEAD)
        with closing(_Wire(meter)) as wire:
            response = wire.send(
                prepared,
                stream=True,
                timeout=self._timeouts(),
                verify=trust.ca_bundle(os.environ) or True,
                proxies=get_environ_proxies(prepared.url or "", no_proxy=None),
            )
            with closing(response.raw) as raw:
                meter.allow(2 * bodies.LIMIT)  # a body in small chunks may bring as much again in their frames
                body = bodies.joined(_chunks(raw))
        headers = {name.lower(): raw.headers[name] for name in raw.headers}
        if not _LENGTH.fullmatch(headers.get("content-length", "0")):
            raise _bad_length()
        return Answer(raw.status, headers, bodies.decoded(body, headers.get("content-encoding", "")))

    def _timeouts(self) -> tuple[float, float]:
        left = self._deadline.remaining()
        if not left:
            raise self._deadline.missed()
        return min(self._connect_timeout, left), min(self._read_timeout, left)


class _Wire(HTTPAdapter):
    """The part of requests that connects, verifies and asks."""

    def __init__(self, by: Meter) -> None:
        """What arrives is counted `by` the meter."""
        self._meter = by
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Straight to the server."""
        super().init_poolmanager(*args, ssl_context=self._context(), **kwargs)

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        """Through a proxy."""
        return super().proxy_manager_for(proxy, ssl_context=self._context(), **kwargs)

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:  # noqa: ARG002
        """Only what the caller reads: the server's cookies are not even parsed."""
        response = requests.Response()
        response.raw = resp
        return response

    def _context(self) -> ssl.SSLContext:
        return metered(create_urllib3_context(), self._meter)


def _chunks(raw: Any) -> Iterator[bytes]:
    """Give what has come, as it comes; `read` would wait for a whole chunk, for ever where its size is -1."""
    while chunk := raw.read1(_CHUNK, decode_content=False):
        yield chunk


def _prepared(request: Request) -> requests.PreparedRequest:
    """The request in the shape that `_Wire` takes; the steps for authentication and cookies are left out."""
    prepared = requests.PreparedRequest()
    prepared.prepare_method(request.method)
    try:
        prepared.prepare_url(outgoing.secure_url(request), outgoing.query(request))
        (urlsplit(prepared.url or "").hostname or "").encode("idna")  # as the look-up of the name will do
    except ValueError:
        raise NetworkFailure(f"{outgoing.spoken_host(request.url)} is no name of a host") from None
    prepared.prepare_headers(outgoing.headers(request))
    prepared.prepare_body(outgoing.body(request), None)
    return prepared


def _at_same_origin(request: Request, sent: requests.PreparedRequest) -> requests.PreparedRequest | None:
    """The request, prepared, if it goes to where `sent` went; judged after requests has read the address."""
    try:
        prepared = _prepared(request)
    except CodingPlanError:
        return None
    return prepared if redirects.origin(prepared.url or "") == redirects.origin(sent.url or "") else None


def _bad_length() -> BadResponse:
    """An end that nobody can tell: what is there may be half of it (RFC 9112, section 6.3)."""
    return BadResponse("the answer gives no length that can be understood")


def _unusable_proxy() -> ConfigError:
    return ConfigError(
        "the proxy that the environment names cannot be used", hint="Correct or unset HTTPS_PROXY and ALL_PROXY."
    )
