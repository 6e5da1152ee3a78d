"""The provider's two regions and two sites as data: names, hosts, codes, the shapes that the quota request may take.

It also says which domains are the provider's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from codingplan_bar.model import RegionName
from codingplan_bar.plans import CODING_PLAN

USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
"""The console answers browsers, so every request looks like one."""

ROOT_DOMAINS = ("alibabacloud.com", "aliyun.com")
"""The provider's own domains; every other one that it uses, but SINGLE_HOST, is below them."""

SINGLE_HOST = "bailian-beijing-cs.aliyuncs.com"
"""The rest of aliyuncs.com does not belong to the provider: its customers run their own hosts there."""

BROADSCOPE, COMMERCE = CODING_PLAN.apis


class Shape(NamedTuple):
    """One way of putting the quota request: the API's name, and which of the region's hosts takes it."""

    name: str
    api: str
    base: Literal["rpc", "gateway"]


class Hosts(NamedTuple):
    """The hosts that a session of a region is shown to: the console's own, and the one beside it."""

    gateway: str
    rpc: str


class Region(NamedTuple):
    """One region's constants."""

    name: RegionName
    title: str
    hosts: Hosts
    action: str
    id: str
    commodity_code: str
    console_site: str
    tab: str
    shapes: tuple[Shape, ...]
    works_without_token: bool


REFERENCE = Shape("reference", BROADSCOPE, "rpc")
"""What CodexBar and the provider's own tool send."""
NEWER = Shape("commerce", COMMERCE, "rpc")
"""Seen live since July 2026."""
GATEWAY = Shape("gateway", BROADSCOPE, "gateway")
"""Seen live."""

INTL = Region(
    name="intl",
    title="International (Model Studio)",
    hosts=Hosts(
        gateway="modelstudio.console.alibabacloud.com",
        rpc="bailian-singapore-cs.alibabacloud.com",
    ),
    action="IntlBroadScopeAspnGateway",
    id="ap-southeast-1",
    commodity_code=CODING_PLAN.commodity_codes["intl"],
    console_site="MODELSTUDIO_ALBABACLOUD",  # so misspelt by the console itself, seen live
    tab="globalset",
    shapes=(REFERENCE, NEWER, GATEWAY),
    works_without_token=True,
)
CN = Region(
    name="cn",
    title="China mainland (Bailian)",
    hosts=Hosts(
        gateway="bailian.console.aliyun.com",
        rpc="bailian-cs.console.aliyun.com",
    ),
    action="BroadScopeAspnGateway",
    id="cn-beijing",
    commodity_code=CODING_PLAN.commodity_codes["cn"],
    console_site="BAILIAN_ALIYUN",
    tab="model",
    shapes=(REFERENCE, NEWER),
    works_without_token=False,
)

REGIONS: dict[RegionName, Region] = {"intl": INTL, "cn": CN}

CONSOLE_HOSTS = frozenset((*INTL.hosts, *CN.hosts, SINGLE_HOST))
"""The five hosts of the console."""


def is_provider_domain(domain: str) -> bool:
    """Whether a host or a cookie's domain is the provider's: matched on whole labels, any case, no dot in front."""
    name = domain.lower()
    return name == SINGLE_HOST or any(name == root or name.endswith("." + root) for root in ROOT_DOMAINS)


# The provider's two sites, and the hosts that take a token of either, by the region of its sign-in.

SiteName: TypeAlias = Literal["domestic", "international"]


class Site(NamedTuple):
    """Where an account was opened. `region` gives the snapshot's word, the dashboard and the commodity code."""

    name: SiteName
    region: Region
    openapi: str

    @property
    def console(self) -> str:
        """The host whose page signs in."""
        return self.region.hosts.gateway


DOMESTIC = Site("domestic", CN, "modelstudio.cn-beijing.aliyuncs.com")
INTERNATIONAL = Site("international", INTL, "modelstudio.ap-southeast-1.aliyuncs.com")
SITES: dict[str, Site] = {"domestic": DOMESTIC, "international": INTERNATIONAL}
NAMES: dict[str, Site] = {**SITES, CN.name: DOMESTIC, INTL.name: INTERNATIONAL}
"""What people may call them: the regions' names are taken, too."""

ACTIONS = {region.id: region.action for region in (CN, INTL)}
"""The action goes by the region of the sign-in, whatever the site."""

GATEWAYS: dict[tuple[str, str], str] = {
    ("cn-beijing", "domestic"): "bailian-cs.console.aliyun.com",
    ("cn-beijing", "international"): "bailian-cs.console.alibabacloud.com",
    ("ap-southeast-1", "domestic"): "modelstudio-cs.console.aliyun.com",
    ("ap-southeast-1", "international"): "bailian-singapore-cs.alibabacloud.com",
}
"""The host that takes a bearer token, by the region and the site of the sign-in."""

HOSTS = frozenset((*GATEWAYS.values(), *(site.openapi for site in SITES.values())))
"""The four gateways and the two hosts of the minting call."""


@dataclass(frozen=True, slots=True)
class ConsoleToken:
    """A bearer token with the site and the region of its sign-in.

    `switch_agent` is the number that the sign-in itself brought, None where it brought none: any other number is
    another user's account.
    """

    value: str = field(repr=False)
    site: Site
    region_id: str
    switch_agent: int | None = None


def region_of(site: Site, named: object = None) -> str:
    """The region that a sign-in names, else that of the site."""
    return named if isinstance(named, str) and named in ACTIONS else site.region.id
