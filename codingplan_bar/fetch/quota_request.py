"""The web mode's quota request, put together as the console's own page does it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from codingplan_bar.fetch.request import Request

if TYPE_CHECKING:
    from codingplan_bar.fetch.console import Console
    from codingplan_bar.fetch.regions import Shape


def quota_request(console: Console, shape: Shape, *, token: str, trace_id: str) -> Request:
    """The POST in one shape; `token` may be empty, `trace_id` is a new lower-case UUID4."""
    target = console.endpoints.rpc(console.region, shape)
    form = {"params": _params(console, shape, trace_id), "region": console.region.id, "sec_token": token}
    return Request("POST", target.url, console.headers(target, _headers(console)), target.query, form)


def _headers(console: Console) -> dict[str, str]:
    csrf = console.cookie("login_aliyunid_csrf", "csrf")
    return {
        "Accept": "*/*",
        "X-Requested-With": "XMLHttpRequest",
        "Origin": console.endpoints.gateway(console.region),
        "Referer": console.endpoints.page(console.region),
        **({"x-xsrf-token": csrf, "x-csrf-token": csrf} if csrf else {}),
    }


def _params(console: Console, shape: Shape, trace_id: str) -> str:
    query = {"commodityCode": console.region.commodity_code, "onlyLatestOne": True}
    data = {"queryCodingPlanInstanceInfoRequest": query, "cornerstoneParam": _cornerstone(console, trace_id)}
    return json.dumps({"Api": shape.api, "V": "1.0", "Data": data}, separators=(",", ":"))


def _cornerstone(console: Console, trace_id: str) -> dict[str, str]:
    """What the console says about itself. Never a `switchAgent`: a fixed one is somebody else's account."""
    visitor = console.cookie("cna")
    return {
        "feTraceId": trace_id,
        "feURL": console.endpoints.dashboard(console.region),
        "protocol": "V2",
        "console": "ONE_CONSOLE",
        "productCode": "p_efm",
        "domain": console.region.gateway,
        "consoleSite": console.region.console_site,
        "userNickName": "",
        "userPrincipalName": "",
        "xsp_lang": "en-US",
        **({"X-Anonymous-Id": visitor} if visitor else {}),
    }
