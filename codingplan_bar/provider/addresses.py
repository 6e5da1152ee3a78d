"""Where the provider is asked: its own addresses, or the owner's overrides, judged before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import IPv6Address
from types import MappingProxyType
from typing import NamedTuple

from codingplan_bar.environment import OVERRIDES
from codingplan_bar.environment import STRICT as ONLY_THE_PROVIDERS
from codingplan_bar.errors import EndpointRejected
from codingplan_bar.plans import CODING_PLAN, Product
from codingplan_bar.regions import (
    ACTIONS,
    BROADSCOPE,
    CONSOLE_HOSTS,
    GATEWAYS,
    HOSTS,
    ConsoleToken,
    Region,
    Shape,
    Site,
)
from codingplan_bar.words.errors import english

# The address that an override names, read so strictly that no two readers of URLs could see two hosts in it.

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_BRACKETED = re.compile(r"\[([0-9a-f:.]*)\]")
_PORT = re.compile(r"[0-9]{1,5}")
_LONGEST_NAME = 253  # RFC 1035, section 2.3.4, without the root's dot
_HTTPS_PORT = 443


class Address(NamedTuple):
    """An https address: `netloc` is the host, with its port where that is not 443; there is no fragment."""

    host: str
    netloc: str
    path: str
    query: str

    @property
    def url(self) -> str:
        """The whole of it."""
        return f"https://{self.netloc}{self.path}" + (f"?{self.query}" if self.query else "")


def address_in(text: str) -> Address:
    """The address; a missing scheme means https.

    Raises `ValueError` with the reason, which holds nothing of the text, for whatever is refused: any other scheme,
    user info, an empty host, a percent sign in host or port (however often the delimiter behind it is encoded),
    brackets that hold no IPv6 address, a port outside 1 to 65535, a name that DNS could not carry; and anywhere
    white space, control characters, back-slashes and all that is not ASCII.
    """
    _raise_for_characters(text)
    authority, path, query = _split(_without_scheme(text))
    _raise_for_tricks(authority)
    host, port = _host_and_port(authority.lower())
    return Address(host, host if port == _HTTPS_PORT else f"{host}:{port}", path or "/", query)


def _raise_for_characters(text: str) -> None:
    if not text.isascii():
        raise ValueError("endpoint.ascii")
    if re.search(r"[\x00-\x20\x7f]", text):
        raise ValueError("endpoint.space")
    if "\\" in text:
        raise ValueError("endpoint.back_slash")


def _without_scheme(text: str) -> str:
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() != "https":
        raise ValueError("endpoint.scheme")
    return text[scheme.end() :] if scheme else text


def _split(text: str) -> tuple[str, str, str]:
    """Authority, path and query."""
    end = re.search(r"[/?#]|$", text)
    start = end.start() if end else len(text)
    path, _, query = text[start:].partition("#")[0].partition("?")
    return text[:start], path, query


def _raise_for_tricks(authority: str) -> None:
    if "@" in authority:
        raise ValueError("endpoint.user")
    if "%" in authority:
        raise ValueError("endpoint.percent")


def _host_and_port(authority: str) -> tuple[str, int]:
    host, colon, port = authority.partition(":")
    if authority.startswith("["):
        inside, bracket, behind = authority.partition("]")
        host, (_, colon, port) = inside + bracket, behind.partition(":")
        if behind and not behind.startswith(":"):
            raise ValueError("endpoint.brackets")
    return _host(host), _port(port) if colon else _HTTPS_PORT


def _host(host: str) -> str:
    if not host:
        raise ValueError("endpoint.no_host")
    if host.startswith("["):
        return _bracketed(host)
    if len(host) > _LONGEST_NAME or not _NAME.fullmatch(host):
        raise ValueError("endpoint.host")
    return host


def _bracketed(host: str) -> str:
    inside = _BRACKETED.fullmatch(host)
    try:
        return f"[{IPv6Address(inside[1] if inside else '')}]"
    except ValueError:
        raise ValueError("endpoint.ipv6") from None


def _port(digits: str) -> int:
    if not _PORT.fullmatch(digits) or not 0 < int(digits) < 1 << 16:
        raise ValueError("endpoint.port")
    return int(digits)


# Where the provider is asked: its own addresses, or the owner's overrides, judged before anything is sent.

HOST, QUOTA_URL = OVERRIDES

PROVIDERS_HOSTS = CONSOLE_HOSTS | HOSTS
"""The hosts that an override may name where only the provider's own are allowed."""

MODEL_STUDIO, BILLING = "sfm_bailian", "BssOpenAPI-V3"
_API_NAME = BROADSCOPE.rpartition(".")[2]
_YES = frozenset(("1", "true", "yes", "on"))
_QUOTA_PATH = "/data/api.json"
_USER_INFO_PATH = "/tool/user/info.json"


class Target(NamedTuple):
    """What one request is sent to.

    `host` and `path` are the provider's own, also where an override replaces them: a session gives the request the
    cookies that a browser would send there.
    """

    url: str
    host: str
    path: str
    query: Mapping[str, str] = MappingProxyType({})


class Endpoints(NamedTuple):
    """The addresses of both regions. `override` replaces host and port of all, `quota` the whole quota URL."""

    override: Address | None = None
    quota: Address | None = None

    def gateway(self, region: Region) -> str:
        """The console's origin, as in the header `Origin`."""
        return self._origin(region.hosts.gateway)

    def page(self, region: Region, product: Product = CODING_PLAN) -> str:
        """The dashboard without its fragment, as in the header `Referer`."""
        return f"{self.gateway(region)}/{region.id}/?tab={product.tab or region.tab}"

    def dashboard(self, region: Region, product: Product = CODING_PLAN) -> str:
        """The dashboard of a plan, for people."""
        return self.page(region, product) + product.fragment

    def dashboard_page(self, region: Region) -> Target:
        """Where the page with the `sec_token` lies."""
        return Target(self.page(region), region.hosts.gateway, f"/{region.id}/")

    def user_info(self, region: Region) -> Target:
        """Where the signed-in user is described."""
        return Target(self.gateway(region) + _USER_INFO_PATH, region.hosts.gateway, _USER_INFO_PATH)

    def rpc(self, region: Region, shape: Shape) -> Target:
        """Where the web mode asks for the quota, in one of the region's shapes."""
        host = region.hosts.rpc if shape.base == "rpc" else region.hosts.gateway
        return self._quota(host, _model_studio(region, shape.api))

    def call(self, region: Region, api: str) -> Target:
        """Where the web mode asks for what is about another plan than the Coding Plan."""
        return self._console(region.hosts.rpc, _model_studio(region, api))

    def billing(self, region: Region, action: str) -> Target:
        """Where the web mode asks the billing service; the console's own host takes that."""
        return self._console(region.hosts.gateway, {"action": action, "product": BILLING, "_tag": ""})

    def api(self, region: Region) -> Target:
        """Where the API-key mode asks for the quota."""
        query = {"action": BROADSCOPE, "product": "broadscope-bailian", "api": _API_NAME, "currentRegionId": region.id}
        return self._quota(region.hosts.gateway, query)

    def netloc(self, host: str) -> str:
        """Host and port of a request that belongs to `host`."""
        return self.override.netloc if self.override else host

    def _origin(self, host: str) -> str:
        return f"https://{self.netloc(host)}"

    def _quota(self, host: str, query: Mapping[str, str]) -> Target:
        """A quota URL of the owner's that has a query of its own is asked with that query alone."""
        if self.quota:
            return Target(self.quota.url, host, _QUOTA_PATH, {} if self.quota.query else query)
        return self._console(host, query)

    def _console(self, host: str, query: Mapping[str, str]) -> Target:
        """Where a console's host takes calls, whatever they are about."""
        return Target(self._origin(host) + _QUOTA_PATH, host, _QUOTA_PATH, query)


def _model_studio(region: Region, api: str) -> dict[str, str]:
    """The query of one of Model Studio's APIs, as the console's own page writes it."""
    return {"action": region.action, "product": MODEL_STUDIO, "api": api, "_v": "undefined"}


def judge(environ: Mapping[str, str]) -> Endpoints:
    """The addresses to ask, with the overrides of the environment. An empty variable overrides nothing.

    Of `ALIBABA_CODING_PLAN_HOST` only host and port count, whatever follows them. Raises `EndpointRejected` for an
    override that `address_in` refuses, or that is not a host of the provider's where only those are allowed;
    message and `where` name the variable and hold nothing of its value.
    """
    only_the_providers = environ.get(ONLY_THE_PROVIDERS, "").strip().lower() in _YES
    host, quota = (_judged(environ, name, only_the_providers=only_the_providers) for name in (HOST, QUOTA_URL))
    return Endpoints(host, quota)


def _judged(environ: Mapping[str, str], variable: str, *, only_the_providers: bool) -> Address | None:
    text = environ.get(variable, "").strip(" ")
    if not text:
        return None
    try:
        address = address_in(text)
    except ValueError as refusal:
        raise EndpointRejected(
            "endpoint.refused", where=variable, variable=variable, reason=english(str(refusal))
        ) from None
    if only_the_providers and address.host not in PROVIDERS_HOSTS:
        raise EndpointRejected("endpoint.strange", where=variable, variable=variable)
    return address


PROVIDERS_OWN = Endpoints()
"""The addresses without any override."""


# Where a token is asked with, made and signed in for: the provider's own addresses, or the owner's overrides.

GATEWAY_PATH = "/cli/api.json"
MINTING_PATH = "/modelstudio/cli/generateAccessToken"
SEATS_PATH = "/tokenplan/subscription/stats"


def token_gateway(endpoints: Endpoints, token: ConsoleToken, api: str = BROADSCOPE) -> Target:
    """Where an API is asked with a token; the overrides count as they do for web mode."""
    host = GATEWAYS[token.region_id, token.site.name]
    query = {"action": ACTIONS[token.region_id], "product": MODEL_STUDIO, "api": api}
    if endpoints.quota and api == BROADSCOPE:
        return Target(endpoints.quota.url, host, GATEWAY_PATH, {} if endpoints.quota.query else query)
    return Target(f"https://{endpoints.netloc(host)}{GATEWAY_PATH}", host, GATEWAY_PATH, query)


def minting(endpoints: Endpoints, site: Site) -> Target:
    """Where a new token is made."""
    return Target(f"https://{endpoints.netloc(site.openapi)}{MINTING_PATH}", site.openapi, MINTING_PATH)


def seats(endpoints: Endpoints, site: Site) -> Target:
    """Where a team's seats are counted."""
    return Target(f"https://{endpoints.netloc(site.openapi)}{SEATS_PATH}", site.openapi, SEATS_PATH)


def sign_in_page(endpoints: Endpoints, site: Site, *, port: int, state: str) -> str:
    """The address that a person opens to sign in. It has two question marks: the console's page reads it so."""
    return f"https://{endpoints.netloc(site.console)}/console-login?notice=127.0.0.1:{port}?state={state}"
