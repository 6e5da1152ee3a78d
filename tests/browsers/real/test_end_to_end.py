"""From the browser to the quota: a sign-in in a real browser, the search, the real requests to the same console."""

from __future__ import annotations

import time

import pytest

from codingplan_bar.provider.addresses import Endpoints
from codingplan_bar.provider.web import WebSource
from codingplan_bar.regions import CN, INTL
from codingplan_bar.transport.http import Transport
from codingplan_bar.transport.request import Deadline


@pytest.fixture
def online(world, monkeypatch):
    """The provider's real names lead to the console of the tests, whose certificate is trusted."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://{world.proxy.address}")
    for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", world.console.ca_file)
    world.console.forget()
    return world


@pytest.mark.parametrize("region", [INTL, CN], ids=["intl", "cn"])
@pytest.mark.parametrize(
    "browser", ["chromium_closed", "chromium_running", "chromium_keyring", "firefox_running", "firefox_closed"]
)
def test_the_session_of_a_browser_gets_the_quota(online, of, request, browser, region):
    home = of(request.getfixturevalue(browser))
    found = home.search(region=region, now=time.time())
    source = WebSource(Transport(Deadline(20)), Endpoints(), found.jar)
    reading = source.ask(region)
    assert reading.plan.name.startswith("Coding Plan")
    assert {window.name for window in reading.windows} == {"five_hour", "weekly", "monthly"}
    assert online.console.refusals == []
    assert {asked.host for asked in online.console.requests} == set(region.hosts)
