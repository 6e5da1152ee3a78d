"""The provider's two regions as data: hosts, names, and the shapes that the quota request is known to take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from codingplan_bar.model import RegionName

USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
"""The console answers browsers, so every request looks like one."""

ROOT_DOMAINS = ("alibabacloud.com", "aliyun.com")
"""The provider's own domains; every other one that it uses, but SINGLE_HOST, is below them."""

SINGLE_HOST = "bailian-beijing-cs.aliyuncs.com"
"""The rest of aliyuncs.com is no domain of the provider's: its customers run their own hosts there."""

BROADSCOPE = "zeldaEasy.broadscope-bailian.codingPlan.queryCodingPlanInstanceInfoV2"
COMMERCE = "zeldaEasy.bailian-commerce.codingPlan.queryCodingPlanInstanceInfoV2"


@dataclass(frozen=True, slots=True)
class Shape:
    """One way of putting the quota request: the API's name, and which of the region's hosts takes it."""

    name: str
    api: str
    base: Literal["rpc", "gateway"]


@dataclass(frozen=True, slots=True)
class Region:
    """One region's constants. `gateway` (the console's own host) and `rpc` are host names."""

    name: RegionName
    title: str
    gateway: str
    rpc: str
    action: str
    id: str
    commodity_code: str
    console_site: str
    tab: str
    shapes: tuple[Shape, ...]
    works_without_token: bool

    @property
    def hosts(self) -> tuple[str, str]:
        """The hosts that a session of this region is shown to."""
        return self.gateway, self.rpc

    @property
    def dashboard(self) -> str:
        """Path and query of the dashboard's page."""
        return f"/{self.id}/?tab={self.tab}"


REFERENCE = Shape("reference", BROADSCOPE, "rpc")
"""What CodexBar and the provider's own tool send."""
NEWER = Shape("commerce", COMMERCE, "rpc")
"""Seen live since July 2026."""
GATEWAY = Shape("gateway", BROADSCOPE, "gateway")
"""Seen live."""

INTL = Region(
    name="intl",
    title="International (Model Studio)",
    gateway="modelstudio.console.alibabacloud.com",
    rpc="bailian-singapore-cs.alibabacloud.com",
    action="IntlBroadScopeAspnGateway",
    id="ap-southeast-1",
    commodity_code="sfm_codingplan_public_intl",
    console_site="MODELSTUDIO_ALBABACLOUD",  # so misspelt by the console itself, seen live
    tab="globalset",
    shapes=(REFERENCE, NEWER, GATEWAY),
    works_without_token=True,
)
CN = Region(
    name="cn",
    title="China mainland (Bailian)",
    gateway="bailian.console.aliyun.com",
    rpc="bailian-cs.console.aliyun.com",
    action="BroadScopeAspnGateway",
    id="cn-beijing",
    commodity_code="sfm_codingplan_public_cn",
    console_site="BAILIAN_ALIYUN",
    tab="model",
    shapes=(REFERENCE, NEWER),
    works_without_token=False,
)

REGIONS: dict[RegionName, Region] = {"intl": INTL, "cn": CN}

CONSOLE_HOSTS = frozenset((*INTL.hosts, *CN.hosts, SINGLE_HOST))
"""The five hosts that an override may name where only the provider's own are allowed."""


def is_provider_domain(domain: str) -> bool:
    """Whether a host or a cookie's domain is the provider's: matched on whole labels, any case, no dot in front."""
    name = domain.lower()
    return name == SINGLE_HOST or any(name == root or name.endswith("." + root) for root in ROOT_DOMAINS)
