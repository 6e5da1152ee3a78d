"""What tells the two regions' consoles apart, written down a second time so that no error of the fetcher's hides."""

from __future__ import annotations

from dataclasses import dataclass

API_NAMES = (
    "zeldaEasy.broadscope-bailian.codingPlan.queryCodingPlanInstanceInfoV2",
    "zeldaEasy.bailian-commerce.codingPlan.queryCodingPlanInstanceInfoV2",
)
"""The names that the quota goes by; both are alive."""


PERSONAL = "zeldaHttp.apikeyMgr./tokenplan/personal/api/v2/"
PERSONAL_NAMES = tuple(PERSONAL + name for name in ("usage", "subscription", "quota-config", "addon/summary"))
"""What a personal Token Plan is asked for by."""
TEAM_ACTION = "GetSubscriptionSummary"
"""The billing service's, for a team's Token Plan."""


@dataclass(frozen=True, slots=True)
class Region:
    """One region's console. `rpc_hosts` are the hosts that take the web mode's POST."""

    gateway: str
    rpc_hosts: tuple[str, ...]
    action: str
    region_id: str
    commodity_code: str
    personal_code: str
    team_code: str
    console_site: str
    tab: str
    login_message: str

    @property
    def dashboard(self) -> str:
        """Path and query of the dashboard's page."""
        return f"/{self.region_id}/?tab={self.tab}"

    @property
    def plans(self) -> str:
        """The same of the Token Plan's page."""
        return f"/{self.region_id}/?tab=plan"


INTL = Region(
    gateway="modelstudio.console.alibabacloud.com",
    rpc_hosts=("bailian-singapore-cs.alibabacloud.com", "modelstudio.console.alibabacloud.com"),
    action="IntlBroadScopeAspnGateway",
    region_id="ap-southeast-1",
    commodity_code="sfm_codingplan_public_intl",
    personal_code="sfm_tokenplansolo_public_intl",
    team_code="sfm_tokenplanteams_dp_intl",
    console_site="MODELSTUDIO_ALBABACLOUD",  # the provider's own spelling
    tab="globalset",
    login_message="You need to log in.",
)
CN = Region(
    gateway="bailian.console.aliyun.com",
    rpc_hosts=("bailian-cs.console.aliyun.com",),
    action="BroadScopeAspnGateway",
    region_id="cn-beijing",
    commodity_code="sfm_codingplan_public_cn",
    personal_code="sfm_tokenplansolo_public_cn",
    team_code="sfm_tokenplanteams_dp_cn",
    console_site="BAILIAN_ALIYUN",
    tab="model",
    login_message="请登录",
)
REGIONS = (INTL, CN)

HOSTS = frozenset(host for region in REGIONS for host in (region.gateway, *region.rpc_hosts))
"""The provider's real hosts. A request to any other one went through the override."""
