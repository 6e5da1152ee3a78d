"""Where the provider is asked: its own addresses, or the owner's overrides, judged before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from codingplan_bar.errors import EndpointRejected
from codingplan_bar.fetch.override import Address, address_in
from codingplan_bar.fetch.regions import BROADSCOPE, CONSOLE_HOSTS, Region, Shape

HOST = "ALIBABA_CODING_PLAN_HOST"
QUOTA_URL = "ALIBABA_CODING_PLAN_QUOTA_URL"
ONLY_THE_PROVIDERS = "ALIBABA_CODING_PLAN_REQUIRE_PROVIDER_ENDPOINT_OVERRIDES"

_API_NAME = BROADSCOPE.rpartition(".")[2]
_YES = frozenset(("1", "true", "yes", "on"))
_QUOTA_PATH = "/data/api.json"
_USER_INFO_PATH = "/tool/user/info.json"
_DASHBOARD_FRAGMENT = "#/efm/coding_plan"


@dataclass(frozen=True, slots=True)
class Target:
    """What one request is sent to.

    `host` and `path` are the provider's own, also where an override replaces them: a session gives the request the
    cookies that a browser would send there.
    """

    url: str
    host: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of both regions. `override` replaces host and port of all, `quota` the whole quota URL."""

    override: Address | None = None
    quota: Address | None = None

    def gateway(self, region: Region) -> str:
        """The console's origin, as in the header `Origin`."""
        return self._origin(region.gateway)

    def page(self, region: Region) -> str:
        """The dashboard without its fragment, as in the header `Referer`."""
        return self.gateway(region) + region.dashboard

    def dashboard(self, region: Region) -> str:
        """The dashboard for people."""
        return self.page(region) + _DASHBOARD_FRAGMENT

    def dashboard_page(self, region: Region) -> Target:
        """Where the page with the `sec_token` lies."""
        return Target(self.page(region), region.gateway, f"/{region.id}/")

    def user_info(self, region: Region) -> Target:
        """Where the signed-in user is described."""
        return Target(self.gateway(region) + _USER_INFO_PATH, region.gateway, _USER_INFO_PATH)

    def rpc(self, region: Region, shape: Shape) -> Target:
        """Where the web mode asks for the quota, in one of the region's shapes."""
        host = region.rpc if shape.base == "rpc" else region.gateway
        query = {"action": region.action, "product": "sfm_bailian", "api": shape.api, "_v": "undefined"}
        return self._quota(host, query)

    def api(self, region: Region) -> Target:
        """Where the API-key mode asks for the quota."""
        query = {"action": BROADSCOPE, "product": "broadscope-bailian", "api": _API_NAME, "currentRegionId": region.id}
        return self._quota(region.gateway, query)

    def _origin(self, host: str) -> str:
        return f"https://{self.override.netloc if self.override else host}"

    def _quota(self, host: str, query: Mapping[str, str]) -> Target:
        """A quota URL of the owner's that has a query of its own is asked with that query alone."""
        if self.quota:
            return Target(self.quota.url, host, _QUOTA_PATH, {} if self.quota.query else query)
        return Target(self._origin(host) + _QUOTA_PATH, host, _QUOTA_PATH, query)


def judge(environ: Mapping[str, str]) -> Endpoints:
    """The addresses to ask, with the overrides of the environment; an empty variable is none.

    Of `ALIBABA_CODING_PLAN_HOST` only host and port count, whatever follows them. Raises `EndpointRejected` for an
    override that `address_in` refuses, or that is none of the provider's five hosts where only those are allowed;
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
        raise EndpointRejected(f"{variable} is refused: {refusal}.", where=variable) from None
    if only_the_providers and address.host not in CONSOLE_HOSTS:
        raise EndpointRejected(f"{variable} is refused: it names none of the provider's hosts.", where=variable)
    return address


PROVIDERS_OWN = Endpoints()
"""The addresses without any override."""
