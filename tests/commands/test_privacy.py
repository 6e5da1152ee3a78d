"""`privacy`: what it says of this machine is what a refresh then reads, keeps and asks; and there is no key log."""

from __future__ import annotations

import json
import re
import time

import pytest

from codingplan_bar.bars.phrases import width
from codingplan_bar.commands.privacy import PrivacyOf
from codingplan_bar.environment import KEY_LOG, without_secrets
from codingplan_bar.regions import CONSOLE_HOSTS, HOSTS
from codingplan_bar.words.en.settings import PRIVACY as ENGLISH
from codingplan_bar.words.zh.settings import PRIVACY as CHINESE


def machine(tmp_path, settings="", **variables):
    (tmp_path / ".config/codingplan-bar").mkdir(parents=True)
    (tmp_path / ".config/codingplan-bar/config.toml").write_text(settings)
    return PrivacyOf({"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", **variables})


def first(rows):
    return [what for what, _ in rows]


def test_the_hosts_are_those_of_the_region_and_of_the_other_one_that_is_tried(tmp_path):
    both = set(first(machine(tmp_path).sent()))
    assert both < CONSOLE_HOSTS | HOSTS
    alone = set(first(PrivacyOf({"HOME": str(tmp_path), "CODINGPLAN_BAR_REGION": "cn"}).sent()))
    assert alone == {"bailian.console.aliyun.com", "bailian-cs.console.aliyun.com"}
    assert alone < both


@pytest.mark.parametrize(
    ("settings", "variables"),
    [('source = "wbe"', {}), ("", {"ALIBABA_CODING_PLAN_HOST": "http://plain.example"}), ('source = "cli"', {})],
)
def test_where_no_request_is_sent_no_host_is_named(tmp_path, settings, variables):
    assert first(machine(tmp_path, settings, **variables).sent()) == []


def test_an_override_is_the_host_that_is_asked(tmp_path):
    assert {*first(machine(tmp_path, ALIBABA_CODING_PLAN_HOST="own.example").sent())} == {"own.example"}


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_each_variable_of_a_proxy_that_a_request_goes_through_names_it(tmp_path, monkeypatch, variable):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "http://me:canary@proxy.example:8080")
    told = machine(tmp_path)
    assert ("proxy.example", ENGLISH["proxy"]) in list(told.sent())
    monkeypatch.setenv("NO_PROXY", "*")
    assert "proxy.example" not in first(told.sent())


def test_the_setting_of_a_proxy_names_it(tmp_path):
    assert "127.0.0.1" in first(machine(tmp_path, 'proxy = "socks5h://127.0.0.1:1080"').sent())


@pytest.mark.parametrize("place", [".config/codexbar", ".codexbar"])
def test_what_codexbar_says_counts_as_it_does_in_a_refresh(tmp_path, place):
    (tmp_path / place).mkdir(parents=True)
    entry = {"id": "alibaba", "region": "cn", "cookieSource": "off"}
    (tmp_path / place / "config.json").write_text(json.dumps({"providers": [entry]}))
    told = machine(tmp_path)
    assert f"~/{place}/config.json" in first(told.read())
    assert {*first(told.sent())} == {"bailian.console.aliyun.com"}


@pytest.mark.parametrize(("source", "asked"), [("web", True), ("api", False), ("token", False)])
def test_a_source_that_is_not_asked_names_no_host(tmp_path, source, asked):
    hosts = first(machine(tmp_path, f'source = "{source}"\nregion = "cn"').sent())
    assert ("bailian-cs.console.aliyun.com" in hosts) == asked


def test_the_host_that_takes_the_token_of_bl_is_named(tmp_path):
    token = {"DASHSCOPE_ACCESS_TOKEN": "canary"}
    assert ENGLISH["token of bl"] in dict(machine(tmp_path, 'source = "token"', **token).sent()).values()


def test_each_browser_that_is_read_is_named_and_none_where_none_is(tmp_path):
    store = tmp_path / ".mozilla/firefox/x.default"
    store.mkdir(parents=True)
    (store / "cookies.sqlite").write_bytes(b"")
    assert "~/.mozilla/firefox/x.default/cookies.sqlite" in first(machine(tmp_path).read())
    off = PrivacyOf({"HOME": str(tmp_path), "CODINGPLAN_BAR_COOKIE_SOURCE": "off"})
    assert not any("mozilla" in what for what in first(off.read()))


def test_each_file_that_is_kept_is_named_and_the_secret_one_says_so(visitor):
    visitor.run("fetch")
    done = visitor.run("privacy")
    assert (done.code, done.err) == (0, "")
    kept = {path.name for folder in (visitor.cache, visitor.state) for path in folder.iterdir()}
    assert kept
    assert all(name in done.out for name in kept)
    assert "a variable that is set here" in done.out


def test_the_host_that_a_fetch_asks_is_named_and_privacy_asks_nobody(visitor, console):
    before = len(console.requests)
    done = visitor.run("privacy")
    assert len(console.requests) == before
    host = visitor.environ["ALIBABA_CODING_PLAN_HOST"].removeprefix("https://").rpartition(":")[0]
    assert re.search(rf"^  {re.escape(host)}", done.out, re.MULTILINE)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_fits_80_columns_in_both_languages(tmp_path, language):
    page = [*machine(tmp_path, CODINGPLAN_BAR_LANGUAGE=language, DASHSCOPE_API_KEY="sk-canary").page(80)]
    assert max(map(width, page)) <= 80
    assert not any("canary" in line for line in page)
    assert {key: text.count("{") for key, text in ENGLISH.items()} == {key: t.count("{") for key, t in CHINESE.items()}


def test_the_other_regions_hosts_are_named_with_when_they_are_asked_and_what_switches_that_off(tmp_path):
    told = dict(machine(tmp_path).sent())
    assert told["bailian.console.aliyun.com"] == ENGLISH["session elsewhere"]
    assert told["modelstudio.console.alibabacloud.com"] == ENGLISH["session"]
    for words in (ENGLISH, CHINESE):
        assert "codingplan-bar config set region_fallback false" in words["session elsewhere"]
    off = PrivacyOf({"HOME": str(tmp_path), "CODINGPLAN_BAR_REGION_FALLBACK": "false"})
    assert not any(host.endswith("aliyun.com") for host in first(off.sent()))


@pytest.mark.parametrize(("settings", "ends"), [("", {"com", "aliyun.com"}), ('region = "cn"', {"aliyun.com"})])
def test_the_hosts_that_login_sends_to_are_named_with_what_they_are_shown(tmp_path, settings, ends):
    told = [*machine(tmp_path, settings).login()]
    pairs = [host for host, why in told if why == ENGLISH["pair"]]
    assert all(host.endswith("aliyuncs.com") for host in pairs)
    assert len(pairs) == len(ends)
    assert ENGLISH["token"] in dict(told).values()
    assert not settings or not any("alibabacloud" in host for host in first(told))


def test_where_no_request_is_sent_login_sends_none(tmp_path):
    assert [*machine(tmp_path, 'source = "wbe"').login()] == []


@pytest.mark.parametrize(
    ("text", "kind"), [("{}", "file.forgotten"), ('{"cookies": null}', "file.session"), ("", "file.session")]
)
def test_the_file_of_a_forgotten_sign_in_is_no_secret(tmp_path, text, kind):
    told = machine(tmp_path)
    told.files.session.parent.mkdir(parents=True)
    told.files.session.write_text(text)
    assert dict(told.kept())["~/.local/state/codingplan-bar/session.json"] == ENGLISH[kind]


# SSLKEYLOGFILE would let whoever reads that file decrypt what we say: nothing of ours, nor what we start, obeys it.


@pytest.fixture
def log(visitor, tmp_path):
    visitor.environ[KEY_LOG] = str(tmp_path / "keys.log")
    return tmp_path / "keys.log"


@pytest.mark.parametrize(
    "command", [["fetch"], ["fetch", "--source", "web"], ["refresh"], ["doctor"], ["status"]], ids=" ".join
)
def test_no_connection_is_read_along(visitor, console, log, command):
    visitor.run(*command)
    assert console.requests or command == ["status"]
    assert not log.exists()


def test_nor_one_by_a_key(key_holder, console, tmp_path):
    key_holder.environ[KEY_LOG] = str(tmp_path / "keys.log")
    key_holder.run("fetch")
    assert console.requests
    assert not (tmp_path / "keys.log").exists()


def test_nor_one_of_the_refresh_that_a_bar_starts(visitor, console, log):
    visitor.run("text")
    end = time.monotonic() + 30
    while not (visitor.cache / "snapshot.json").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    assert not log.exists()


def test_no_program_that_we_start_is_told_of_it(visitor, log, tmp_path):
    """The provider's tool speaks TLS itself."""
    tool, told = tmp_path / "bl", tmp_path / "told"
    tool.write_text(f"#!/bin/sh\nenv > {told}\n")
    tool.chmod(0o755)
    visitor.run("fetch", "--source", "cli", env={"CODINGPLAN_BAR_BL_PATH": str(tool)})
    assert "HOME=" in told.read_text()
    assert KEY_LOG not in told.read_text()
    assert KEY_LOG not in without_secrets(visitor.environ)
