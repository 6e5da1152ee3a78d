"""From a sign-in in a real browser to the quota: the search, the real requests, and the installed command."""

from __future__ import annotations

import json
import subprocess
import sysconfig
import time
from pathlib import Path

import pytest
from support.realbrowsers.household import Household

from codingplan_bar.provider.addresses import Endpoints
from codingplan_bar.provider.web import WebSource
from codingplan_bar.regions import CN, INTL
from codingplan_bar.transport.http import Transport
from codingplan_bar.transport.request import Deadline

COMMAND = Path(sysconfig.get_path("scripts")) / "codingplan-bar"
BROWSERS = {
    "chromium_closed": "Chromium",
    "chromium_running": "Chromium",
    "chromium_keyring": "Chromium",
    "firefox_running": "Firefox",
    "firefox_closed": "Firefox",
}


class Command:
    """The command in a user's environment, with cache and state of its own; the provider's names lead to the world."""

    def __init__(self, user, world, folder):
        world.console.forget()
        self.world = world
        self.environ = {
            **user.environ,
            "PATH": "/usr/bin:/bin",
            "XDG_CACHE_HOME": str(folder / "cache"),
            "XDG_STATE_HOME": str(folder / "state"),
            "HTTPS_PROXY": f"http://{world.proxy.address}",
            "REQUESTS_CA_BUNDLE": world.console.ca_file,
            "CODINGPLAN_BAR_REGION_FALLBACK": "false",
        }
        self.session = folder / "state/codingplan-bar/session.json"

    def fetch(self, **more):
        """The document, which is that of the real command."""
        return self.run("fetch", "--source", "web", **more)

    def run(self, *arguments, **more):
        """What the command prints as JSON."""
        command = [str(COMMAND), *arguments]
        done = subprocess.run(
            command, env={**self.environ, **more}, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.stderr == ""
        return json.loads(done.stdout)

    def asked(self):
        return [request.method for request in self.world.console.requests]


@pytest.fixture
def command_of(world, tmp_path):
    """command_of(user) -> Command."""
    world.console.sign_in()
    yield lambda user: Command(user, world, tmp_path)
    world.console.sign_in()


@pytest.mark.parametrize("browser", BROWSERS)
def test_signed_in_in_the_browser_and_nothing_else(command_of, request, browser, programs):
    command = command_of(request.getfixturevalue(browser))
    document = command.fetch()
    assert (document["status"], document["source"], document["region"]) == ("ok", "web", "intl")
    assert set(document["windows"]) == {"five_hour", "weekly", "monthly"}
    assert command.world.console.refusals == []
    assert command.session.stat().st_mode & 0o777 == 0o600
    assert json.loads(command.session.read_text())["origin"].startswith(BROWSERS[browser])


def test_the_next_refresh_is_one_request_and_needs_no_browser(command_of, chromium_closed):
    command = command_of(chromium_closed)
    command.fetch()
    command.world.console.forget()
    assert command.fetch(HOME="/proc/nowhere")["status"] == "ok"
    assert command.asked() == ["POST"]


def test_once_the_session_is_over_the_provider_is_asked_no_more_and_the_browser_is_named(command_of, chromium_closed):
    command = command_of(chromium_closed)
    command.fetch()
    command.world.console.sign_out()
    assert command.fetch()["error"]["code"] == "login_required"
    command.world.console.forget()
    document = command.fetch()
    assert document["error"]["code"] == "login_required"
    assert "Chromium" in document["error"]["message"]
    assert command.asked() == []


@pytest.mark.parametrize("browser", BROWSERS)
def test_the_doctor_imports_the_session_anew_and_names_the_browser_it_is_from(command_of, request, browser, programs):
    command = command_of(request.getfixturevalue(browser))
    report = command.run("doctor", "--json", "--import")
    told = [check["text"] for check in report["checks"] if check["name"] == "browser"]
    assert f"imported again: {BROWSERS[browser]}" in told
    assert [text.startswith(BROWSERS[browser]) for text in told if text.endswith(": signed in")] == [True]
    assert "ticket" in command.session.read_text()
    assert [check["verdict"] for check in report["checks"] if check["name"] == "provider"] == ["ok"]


def test_a_copy_of_a_store_stays_nowhere(command_of, firefox_running, tmp_path):
    command = command_of(firefox_running)
    command.environ["XDG_RUNTIME_DIR"] = str(tmp_path / "run")
    (tmp_path / "run").mkdir(mode=0o700)
    command.fetch()
    assert list((tmp_path / "run").iterdir()) == []


def test_somebody_who_has_never_signed_in_is_told_what_to_do(command_of, programs):
    nobody = Household()
    try:
        document = command_of(nobody).fetch()
    finally:
        nobody.close()
    assert document["error"]["code"] == "missing_credentials"
    assert "codingplan-bar login" in document["error"]["hint"]


# From the browser to the quota: a sign-in in a real browser, the search, the real requests to the same console.


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
