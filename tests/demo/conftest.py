"""The console under test, and a browser's page that asks it as the provider's own page does."""

from __future__ import annotations

import gc
import http.client
import json
import ssl
import time
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from support.console.certificate import issue
from support.console.console import Console

NOW = 1_795_400_131.5  # Monday 2026-11-23 10:15:31 in China

# Written out here once more, from the protocol's own tables: a slip in the console's tables must not go unseen.
OLD_NAME = "zeldaEasy.broadscope-bailian.codingPlan.queryCodingPlanInstanceInfoV2"
REGIONS = {
    "intl": {
        "gateway": "modelstudio.console.alibabacloud.com",
        "rpc": "bailian-singapore-cs.alibabacloud.com",
        "action": "IntlBroadScopeAspnGateway",
        "id": "ap-southeast-1",
        "commodity": "sfm_codingplan_public_intl",
        "site": "MODELSTUDIO_ALBABACLOUD",
        "dashboard": "/ap-southeast-1/?tab=globalset",
    },
    "cn": {
        "gateway": "bailian.console.aliyun.com",
        "rpc": "bailian-cs.console.aliyun.com",
        "action": "BroadScopeAspnGateway",
        "id": "cn-beijing",
        "commodity": "sfm_codingplan_public_cn",
        "site": "BAILIAN_ALIYUN",
        "dashboard": "/cn-beijing/?tab=model",
    },
}
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def instances(self) -> list[dict[str, Any]]:
        return self.json["data"]["DataV2"]["data"]["data"]["codingPlanInstanceInfos"]


@dataclass
class Page:
    """Sends what is right, but for what a test changes: a name with None is left out."""

    console: Console
    origin: str = ""
    cookies: str = ""
    timeout: float = 10
    trusts: str = ""
    host_header: str = ""
    limit: int | None = None

    def __post_init__(self) -> None:
        self.origin = self.origin or f"https://{self.console.host}"
        self.cookies = self.cookies or self.console.cookie_header
        self.trusts = self.trusts or self.console.ca_file

    def connect(self) -> http.client.HTTPSConnection:
        context = ssl.create_default_context(cafile=self.trusts)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return http.client.HTTPSConnection(self.console.host, context=context, timeout=self.timeout)

    def send(self, method: str, target: str, headers: dict[str, Any], body: bytes | None = None) -> Reply:
        sent = {name: value for name, value in headers.items() if value is not None}
        if self.host_header:
            sent["Host"] = self.host_header
        with closing(self.connect()) as connection:
            connection.request(method, target, body, sent)
            with connection.getresponse() as answer:
                return Reply(answer.status, {n.lower(): v for n, v in answer.getheaders()}, answer.read(self.limit))

    def open_dashboard(self, region: str = "intl", *, headers: dict[str, Any] | None = None) -> Reply:
        navigation = {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "en-US,en;q=0.9",
            "Referer": f"{self.origin}/",
            "Sec-Fetch-Site": "same-origin",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Dest": "document",
            "Cookie": self.cookies,
        }
        return self.send("GET", REGIONS[region]["dashboard"], navigation | (headers or {}))

    def user_info(self, *, headers: dict[str, Any] | None = None) -> Reply:
        ordinary = {"Cookie": self.cookies, "Referer": f"{self.origin}/"}
        return self.send("GET", "/tool/user/info.json", ordinary | (headers or {}))

    def ask(self, region: str = "intl", *, api: str = OLD_NAME, **changes: dict[str, Any]) -> Reply:
        """The quota in web mode. `changes`: query, headers, form, params (dotted names)."""
        facts = REGIONS[region]
        query = {"action": facts["action"], "product": "sfm_bailian", "api": api, "_v": "undefined"}
        params = changed(self._params(region, api), changes.get("params", {}))
        form = {"params": json.dumps(params), "region": facts["id"], "sec_token": self.console.sec_token}
        headers = self._web_headers(region) | changes.get("headers", {})
        body = urlencode(changed(form, changes.get("form", {}))).encode()
        return self.send("POST", f"/data/api.json?{urlencode(changed(query, changes.get('query', {})))}", headers, body)

    def ask_with_key(self, region: str = "intl", **changes: Any) -> Reply:
        """The quota in API-key mode. `changes`: query, headers, body."""
        facts, key = REGIONS[region], self.console.api_key
        query = {
            "action": OLD_NAME,
            "product": "broadscope-bailian",
            "api": "queryCodingPlanInstanceInfoV2",
            "currentRegionId": facts["id"],
        }
        headers = {
            "Authorization": f"Bearer {key}",
            "x-api-key": key,
            "X-DashScope-API-Key": key,
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Origin": self.origin,
            "Referer": self.origin + facts["dashboard"],
            "User-Agent": BROWSER,
        }
        body = {"queryCodingPlanInstanceInfoRequest": {"commodityCode": facts["commodity"]}}
        target = f"/data/api.json?{urlencode(changed(query, changes.get('query', {})))}"
        return self.send(
            "POST", target, headers | changes.get("headers", {}), changes.get("body", json.dumps(body).encode())
        )

    def _web_headers(self, region: str) -> dict[str, Any]:
        csrf = dict(c.split("=", 1) for c in self.cookies.split("; ")).get("login_aliyunid_csrf")
        return {
            "Accept": "*/*",
            "Cookie": self.cookies,
            "X-Requested-With": "XMLHttpRequest",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.origin,
            "Referer": self.origin + REGIONS[region]["dashboard"],
            "User-Agent": BROWSER,
            "x-xsrf-token": csrf,
            "x-csrf-token": csrf,
        }

    def _params(self, region: str, api: str) -> dict[str, Any]:
        facts = REGIONS[region]
        cornerstone = {
            "feTraceId": "0f8b6a52-8b7e-4c1d-9a53-6f2f0c9b1d7e",
            "feURL": f"{self.origin}{facts['dashboard']}#/efm/coding_plan",
            "protocol": "V2",
            "console": "ONE_CONSOLE",
            "productCode": "p_efm",
            "domain": facts["gateway"],
            "consoleSite": facts["site"],
            "userNickName": "",
            "userPrincipalName": "",
            "xsp_lang": "en-US",
            "X-Anonymous-Id": dict(c.split("=", 1) for c in self.cookies.split("; ")).get("cna"),
        }
        ask = {"commodityCode": facts["commodity"], "onlyLatestOne": True}
        data = {"queryCodingPlanInstanceInfoRequest": ask, "cornerstoneParam": changed(cornerstone, {})}
        return {"Api": api, "V": "1.0", "Data": data}


def changed(original: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with some values replaced or, by None, left out; a dotted name reaches into the depth."""
    copy = {name: value for name, value in original.items() if value is not None}
    for dotted, value in changes.items():
        name, _, rest = dotted.partition(".")
        if rest:
            copy[name] = changed(copy[name], {rest: value})
        elif value is None:
            del copy[name]
        else:
            copy[name] = value
    return copy


@pytest.fixture(scope="session")
def certificate():
    return issue(now=time.time())


@pytest.fixture
def console(certificate):
    with Console(certificate=certificate, clock=lambda: NOW) as console:
        yield console


@pytest.fixture
def page(console):
    return Page(console)


@pytest.fixture
def now():
    return NOW


@pytest.fixture(autouse=True, scope="module")
def no_socket_left_behind():
    """A socket that nobody closed warns when it is collected, and a warning is an error."""
    yield
    gc.collect()
