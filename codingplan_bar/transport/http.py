"""One HTTPS request, sent and its answer read: verified TLS, a deadline, bounds. Nothing else imports requests."""

from __future__ import annotations

import logging
import os
import re
import ssl
from contextlib import closing
from dataclasses import replace
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies, select_proxy
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool
from urllib3.util import create_urllib3_context

from codingplan_bar import __version__
from codingplan_bar.errors import BadResponse, CodingPlanError, ConfigError, NetworkFailure
from codingplan_bar.paths import NAME
from codingplan_bar.transport import bounded_body
from codingplan_bar.transport.bounded_body import FinalResponse, Meter, metered
from codingplan_bar.transport.failures import explain
from codingplan_bar.transport.request import Answer, Deadline, Request, run_within
from codingplan_bar.words.errors import english

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


# A request as it goes onto the wire: judged and encoded before anything is sent, with no library in it.

DEFAULT_HEADERS = {"User-Agent": f"{NAME}/{__version__}", "Accept-Encoding": "gzip, deflate"}
"""What is sent unless the request says otherwise. Beyond it, only `Host` and what frames the body are added."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # the name of a header: RFC 9110, section 5.6.2
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HALF_A_PAIR = re.compile(r"[\ud800-\udfff]")  # a lone surrogate, which UTF-8 cannot carry
_LONGEST_HOST = 80
PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
"""The variables that lead a request through a proxy, in the order of urllib."""
NO_PROXIES = ("no_proxy", "NO_PROXY")
"""Those that name the hosts to be reached without one; where both are set, the first is heard."""


def secure_url(request: Request) -> str:
    """The request's address. Raises `ConfigError` where it is not one of https."""
    if not request.url.lower().startswith("https://"):
        raise ConfigError("request.no_https")
    return request.url


def query(request: Request) -> str:
    """The query, form-encoded. Raises `ConfigError` for text that UTF-8 cannot carry."""
    return _form_encoded(request.query)


def headers(request: Request) -> dict[str, bytes]:
    """The headers, their values as UTF-8. Raises `ConfigError`, which names the header and never its value."""
    chosen = {name.lower() for name in request.headers}
    defaults = {name: value for name, value in DEFAULT_HEADERS.items() if name.lower() not in chosen}
    if request.form is not None and "content-type" not in chosen:
        defaults["Content-Type"] = "application/x-www-form-urlencoded"
    return {name: _header_value(name, value) for name, value in {**defaults, **request.headers}.items()}


def body(request: Request) -> bytes | None:
    """The body: the form, encoded so that `+`, `/` and `=` of a token survive, else the bytes as they are."""
    return request.body if request.form is None else _form_encoded(request.form).encode("ascii")


def spoken_host(url: str) -> str:
    """The host of an address as a message may name it: plain and bounded."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return re.sub(r"[^0-9a-z.:_-]", "?", host)[:_LONGEST_HOST] or english("name.host")


def _proxies(url: str, setting: str) -> Mapping[str, str]:
    """The proxies of a request by scheme: the setting's for all, else those of this process' variables.

    GNOME writes `socks://` into them, and browsers read version 5.
    """
    if setting:
        return {"all": setting}
    found = get_environ_proxies(url, no_proxy=None)
    return {kind: re.sub(r"(?i)\Asocks://", "socks5h://", proxy) for kind, proxy in found.items()}


def _proxy_for(url: str, setting: str) -> str:
    """The proxy that a request goes through; empty for none."""
    return select_proxy(url, _proxies(url, setting)) or ""


def proxy_named(url: str, setting: str) -> str:
    """The proxy that a request goes through, as a message names it: its setting or variable, host and port alone."""
    proxy = _proxy_for(url, setting)
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    try:
        address = f"{spoken_host(parts.geturl())}:{parts.port}" if parts.port else spoken_host(parts.geturl())
    except ValueError:  # no port, which is told elsewhere
        address = spoken_host(parts.geturl())
    variable = "`proxy`" if setting else next((name for name in PROXIES if os.environ.get(name)), "")
    return english("name.proxy_at" if variable else "name.proxy_alone", {"variable": variable, "address": address})


def proxy_host(url: str, setting: str) -> str:
    """The host of the proxy that a request goes through, as a message may name it; empty for none."""
    proxy = _proxy_for(url, setting)
    return spoken_host(proxy if "://" in proxy else f"http://{proxy}") if proxy else ""


def past_the_proxy(url: str, setting: str) -> str:
    """The variable by which a request goes past the proxy of the variables; empty where it does not."""
    if setting or _proxy_for(url, setting) or not any(os.environ.get(name) for name in PROXIES):
        return ""
    return next((name for name in NO_PROXIES if os.environ.get(name)), "")


def _header_value(name: str, value: str) -> bytes:
    if not _TOKEN.fullmatch(name):
        raise ConfigError("request.header_name")
    if _CONTROL.search(value) or _HALF_A_PAIR.search(value):
        raise ConfigError("request.header_value", name=name)
    return value.strip(" ").encode()


def _form_encoded(fields: Mapping[str, str]) -> str:
    if any(_HALF_A_PAIR.search(name + value) for name, value in fields.items()):
        raise ConfigError("request.field")
    return urlencode(fields)


# Where a redirect leads, and whether that is still the same origin: the rule that keeps credentials at home.

MOST = 3
"""Redirects that are followed one after another; the next one is the answer."""

_STATUSES = frozenset((301, 302, 303, 307, 308))
_LONGEST_LOCATION = 4096


def redirect_target(request: Request, url: str, answer: Answer) -> Request | None:
    """The request that the answer to a GET of `url` asks for; None if it asks for none, and always for a POST."""
    location = answer.headers.get("location", "")
    if request.method != "GET" or answer.status not in _STATUSES or not 0 < len(location) <= _LONGEST_LOCATION:
        return None
    try:
        target = urljoin(url, location.encode("latin-1").decode("utf-8", "replace"))
    except ValueError:
        return None
    return replace(request, url=target, query={})


def origin(url: str) -> tuple[str, str | None, int]:
    """Scheme, host and port. To be asked of the very text that a connection is made from."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or 443


# Whose certificates are trusted: those that the user names, else the system's and those that come with requests.

_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # in the order of requests, whose variables they are


def ca_bundle(environ: Mapping[str, str], named: str = "") -> str | None:
    """The file or folder that the setting names, else the first variable that is set; None without any of them.

    Raises `ConfigError`, which names the setting or the variable, where no certificate can be read there.
    """
    setting = os.path.expanduser(named)  # noqa: PTH111 - does not raise where there is no home
    for place, path in (("ca_bundle", setting), *((variable, environ.get(variable)) for variable in _VARIABLES)):
        if path:
            _check(place, path)
            return path
    return None


def _check(variable: str, path: str) -> None:
    """A folder is taken as it is: OpenSSL looks into it when it meets an issuer. A pipe would have it wait."""
    if os.path.isdir(path):
        return
    try:
        if not os.path.isfile(path):
            raise FileNotFoundError(path)
        ssl.create_default_context(cafile=path)
    except (OSError, ValueError):
        raise ConfigError("certificates.unreadable", hint="variable.hint", where=variable, variable=variable) from None


# The network: one request sent and its answer read, over verified TLS and under a deadline.

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
        self, deadline: Deadline, *, bundle: str = "", proxy: str = "", read_timeout: float = READ_TIMEOUT
    ) -> None:
        """All requests share the deadline; the time-out, in seconds, holds for each.

        `bundle` and `proxy` are the settings, which win over the variables.
        """
        self._deadline = deadline
        self._bundle, self._proxy = bundle, proxy
        self._read_timeout = read_timeout

    def __call__(self, request: Request) -> Answer:
        """The answer, whatever its status; at the deadline at the latest.

        A GET is redirected within its origin (scheme, host and port) and never beyond it, a POST never: such a
        redirect is itself the answer. Raises `ConfigError` for a request that must not be sent and for variables
        that cannot be used, `NetworkFailure` for what happens on the way, `BadResponse` for an answer that is not
        HTTP, longer than 4 MiB or in an unknown encoding. No message holds more of the request than its host.
        """
        return run_within(self._deadline, lambda: self._followed(request))

    def _followed(self, request: Request) -> Answer:
        prepared = _prepared(request)
        for _ in range(MOST):
            answer = self._exchange(prepared)
            onward = redirect_target(request, prepared.url or "", answer)
            following = onward and _at_same_origin(onward, prepared)
            if not following:
                return answer
            prepared = following
        return self._exchange(prepared)

    def _exchange(self, prepared: requests.PreparedRequest) -> Answer:
        try:
            return self._talk(prepared)
        except requests.exceptions.InvalidSchema:
            failure: CodingPlanError = ConfigError("proxy.no_socks")
        except _NO_ADDRESS:  # the request's own address has been judged before
            failure = _unusable_proxy(of_the_settings=bool(self._proxy))
        except requests.exceptions.ProxyError as error:
            proxy = proxy_named(prepared.url or "", self._proxy)
            failure = explain(error, proxy, proxy=proxy)
        except requests.exceptions.InvalidHeader:
            failure = _bad_length()
        except _FAILURES as error:
            failure = self._on_the_way(error, prepared.url or "")
        raise failure  # out here, or it would carry along the libraries' exceptions, which quote the whole address

    def _on_the_way(self, error: Exception, url: str) -> CodingPlanError:
        if not self._deadline.remaining():  # a socket's time-out and the deadline's end are one instant
            return self._deadline.missed()
        proxy = _proxy_for(url, self._proxy)
        named = proxy_named(url, self._proxy)
        return explain(error, spoken_host(url), proxy=named, by_socks=proxy.lower().startswith("socks"))

    def _talk(self, prepared: requests.PreparedRequest) -> Answer:
        meter = Meter(self._deadline, MOST_OF_A_HEAD)
        bundle = ca_bundle(os.environ, self._bundle)
        with closing(_Wire(meter, with_the_systems=bundle is None)) as wire:
            response = wire.send(
                prepared,
                stream=True,
                timeout=self._timeouts(),
                verify=bundle or True,
                proxies=_proxies(prepared.url or "", self._proxy),
            )
            with closing(response.raw) as raw:
                meter.allow(2 * bounded_body.LIMIT)  # a body in small chunks may bring as much again in their frames
                body = bounded_body.joined(_chunks(raw))
        headers = {name.lower(): raw.headers[name] for name in raw.headers}
        if not _LENGTH.fullmatch(headers.get("content-length", "0")):
            raise _bad_length()
        return Answer(raw.status, headers, bounded_body.decoded(body, headers.get("content-encoding", "")))

    def _timeouts(self) -> tuple[float, float]:
        left = self._deadline.remaining()
        if not left:
            raise self._deadline.missed()
        return min(CONNECT_TIMEOUT, left), min(self._read_timeout, left)


class _Pool(HTTPSConnectionPool):
    class ConnectionCls(HTTPSConnection):
        response_class = FinalResponse


_POOLS = {"https": _Pool}


def _socks_pools() -> dict[str, Any]:
    """The same through a SOCKS proxy; only called where PySocks is there."""
    from urllib3.contrib.socks import SOCKSHTTPSConnection, SOCKSHTTPSConnectionPool

    connection = type("_SocksConnection", (SOCKSHTTPSConnection,), {"response_class": FinalResponse})
    return {"https": type("_SocksPool", (SOCKSHTTPSConnectionPool,), {"ConnectionCls": connection})}


class _Wire(HTTPAdapter):
    """The part of requests that connects, verifies and asks."""

    def __init__(self, by: Meter, *, with_the_systems: bool) -> None:
        """What arrives is counted `by` the meter; the system's certificates are trusted, too, where that is said."""
        self._meter, self._with_the_systems = by, with_the_systems
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Straight to the server."""
        super().init_poolmanager(*args, ssl_context=self._context(), **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        """Through a proxy."""
        manager = super().proxy_manager_for(proxy, ssl_context=self._context(), **kwargs)
        manager.pool_classes_by_scheme = _socks_pools() if proxy.lower().startswith("socks") else _POOLS
        return manager

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:  # noqa: ARG002
        """Only what the caller reads: the server's cookies are not even parsed."""
        response = requests.Response()
        response.raw = resp
        return response

    def _context(self) -> ssl.SSLContext:
        context = create_urllib3_context()
        if self._with_the_systems:
            context.load_default_certs()
        return metered(context, self._meter)


def _chunks(raw: Any) -> Iterator[bytes]:
    """Give what has come, as it comes; `read` would wait for a whole chunk, for ever where its size is -1."""
    while chunk := raw.read1(_CHUNK, decode_content=False):
        yield chunk


def _prepared(request: Request) -> requests.PreparedRequest:
    """The request in the shape that `_Wire` takes; the steps for authentication and cookies are left out."""
    prepared = requests.PreparedRequest()
    prepared.prepare_method(request.method)
    try:
        prepared.prepare_url(secure_url(request), query(request))
        (urlsplit(prepared.url or "").hostname or "").encode("idna")  # as the look-up of the name will do
    except ValueError:
        raise NetworkFailure("host.no_name", host=spoken_host(request.url)) from None
    prepared.prepare_headers(headers(request))
    prepared.prepare_body(body(request), None)
    return prepared


def _at_same_origin(request: Request, sent: requests.PreparedRequest) -> requests.PreparedRequest | None:
    """The request, prepared, if it goes to where `sent` went; judged after requests has read the address."""
    try:
        prepared = _prepared(request)
    except CodingPlanError:
        return None
    return prepared if origin(prepared.url or "") == origin(sent.url or "") else None


def _bad_length() -> BadResponse:
    """An end that cannot be told: what is there may be half of it (RFC 9112, section 6.3)."""
    return BadResponse("answer.no_length")


def _unusable_proxy(*, of_the_settings: bool) -> ConfigError:
    return ConfigError("proxy.wrong_setting" if of_the_settings else "proxy.unusable")
