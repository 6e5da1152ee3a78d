"""`fetch`: the provider is asked, the document is printed, the exit code says whether there is a plan."""

from __future__ import annotations

import json

import pytest
from support.console import moods
from support.machine import crowd


def outcomes(document):
    return [(each["source"], each["region"], each["outcome"]) for each in document["attempts"]]


def test_the_web_session_brings_the_windows_of_the_international_region(visitor, console):
    done = visitor.run("fetch")
    document = done.document
    assert (done.code, done.err, done.out.count("\n")) == (0, "", 1)
    assert visitor.stored == document
    assert (document["status"], document["source"], document["region"]) == ("ok", "web", "intl")
    assert list(document["windows"]) == ["five_hour", "weekly", "monthly"]
    assert document["plan"]["name"] == "Coding Plan Pro"
    assert outcomes(document) == [("web", "intl", "ok")]
    assert not console.refusals


def test_china_mainland_is_asked_where_the_user_says_so(visitor, console):
    visitor.configure('region = "cn"\n')
    done = visitor.run("fetch")
    assert (done.code, done.document["region"]) == (0, "cn")
    assert "bailian.console.aliyun.com" in done.document["dashboard_url"]
    assert not console.refusals


def test_the_variable_wins_over_the_file_and_the_option_over_both(visitor):
    visitor.configure('region = "cn"\n')
    environ = {"CODINGPLAN_BAR_REGION": "intl"}
    assert visitor.run("fetch", env=environ).document["region"] == "intl"
    assert visitor.run("fetch", "--region", "cn", env=environ).document["region"] == "cn"


def test_a_key_brings_the_windows_where_the_provider_lets_it(key_holder, console):
    done = key_holder.run("fetch", "--source", "api", "--region", "cn")
    document = done.document
    assert (done.code, document["source"], document["region"]) == (0, "api", "cn")
    assert outcomes(document) == [("api", "cn", "ok")]
    assert not console.refusals


def test_without_a_session_the_key_is_asked_with_and_the_missing_session_is_noted(key_holder):
    document = key_holder.run("fetch").document
    assert outcomes(document) == [("web", "intl", "missing_credentials"), ("api", "intl", "ok")]


def test_a_session_of_the_other_region_is_found_there_and_both_tries_are_told(visitor, console):
    console.answer_quota = moods.by_region(intl=moods.signed_out(), cn=moods.counters())
    done = visitor.run("fetch")
    assert (done.code, done.document["region"]) == (0, "cn")
    assert outcomes(done.document) == [("web", "intl", "login_required"), ("web", "cn", "ok")]


def test_the_other_region_is_left_alone_where_the_user_says_so(visitor, console):
    console.answer_quota = moods.by_region(intl=moods.signed_out(), cn=moods.counters())
    done = visitor.run("fetch", env={"CODINGPLAN_BAR_REGION_FALLBACK": "no"})
    assert (done.code, done.document["error"]["code"]) == (1, "login_required")
    assert outcomes(done.document) == [("web", "intl", "login_required"), ("api", "intl", "missing_credentials")]


def test_nothing_to_ask_with_is_an_error_document_that_says_what_to_do(user):
    done = user.run("fetch")
    error = done.document["error"]
    assert (done.code, done.err, error["code"]) == (1, "", "missing_credentials")
    assert "sign in" in error["hint"]


@pytest.mark.parametrize(
    ("mood", "code"),
    [
        (moods.no_plan(), "no_plan"),
        (moods.server_error(500), "api_error"),
    ],
)
def test_what_the_provider_answers_is_told_by_its_code(visitor, console, mood, code):
    console.answer_quota = mood
    done = visitor.run("fetch", "--source", "web")
    assert (done.code, done.document["error"]["code"]) == (1, code)
    assert done.document["error"]["hint"]


def test_a_wrong_key_is_invalid(key_holder):
    done = key_holder.run("fetch", "--source", "api", env={"ALIBABA_CODING_PLAN_API_KEY": "sk-made-up-and-wrong"})
    assert (done.code, done.document["error"]["code"]) == (1, "invalid_credentials")
    assert "sk-made-up" not in done.out


def test_a_key_that_cannot_read_the_quota_is_told_to_use_the_session(key_holder, console):
    console.answer_quota = moods.key_unavailable()
    error = key_holder.run("fetch", "--source", "api").document["error"]
    assert error["code"] == "api_key_unavailable"
    assert 'source = "web"' in error["hint"]


def test_what_the_provider_asks_to_wait_is_kept_by_a_users_refresh(visitor, console):
    console.answer_quota = moods.rate_limited(600)
    visitor.run("fetch")
    console.forget()
    assert visitor.run("refresh").code == 1
    assert not console.requests


def test_an_answer_that_never_comes_ends_at_the_time_of_the_settings(visitor, console):
    console.answer_quota = moods.slow(moods.counters(), seconds=30)
    done = visitor.run("fetch", "--source", "web", env={"CODINGPLAN_BAR_TIMEOUT": "1.5"})
    assert done.document["error"]["code"] == "network"
    assert "1.5 s" in done.document["error"]["message"]
    assert done.seconds < 10 * crowd()


@pytest.mark.parametrize("override", ["http://127.0.0.1", "https://127.0.0.1%252f.example"])
def test_an_override_that_is_no_plain_https_address_is_refused_by_its_name_before_anything_is_sent(
    visitor, console, override
):
    done = visitor.run("fetch", env={"ALIBABA_CODING_PLAN_HOST": override})
    error = done.document["error"]
    assert (done.code, error["code"]) == (1, "endpoint_rejected")
    assert "ALIBABA_CODING_PLAN_HOST" in error["message"]
    assert not console.requests


def test_the_quota_url_beats_the_host_and_is_judged_too(visitor, console):
    whole = {"ALIBABA_CODING_PLAN_QUOTA_URL": f"http://{console.host}/data/api.json"}
    assert "ALIBABA_CODING_PLAN_QUOTA_URL" in visitor.run("fetch", env=whole).document["error"]["message"]
    assert not console.requests
    elsewhere = {"ALIBABA_CODING_PLAN_QUOTA_URL": f"{console.host}/other", "CODINGPLAN_BAR_REGION_FALLBACK": "no"}
    visitor.run("fetch", "--source", "web", env=elsewhere)
    assert {request.path for request in console.requests if request.method == "POST"} == {"/other"}


def test_only_the_providers_hosts_are_taken_where_the_user_wants_no_others(visitor, console):
    done = visitor.run("fetch", env={"ALIBABA_CODING_PLAN_REQUIRE_PROVIDER_ENDPOINT_OVERRIDES": "yes"})
    assert done.document["error"]["code"] == "endpoint_rejected"
    assert not console.requests


def test_a_console_that_nobody_vouches_for_is_not_told_any_secret(visitor, console):
    done = visitor.run("fetch", "--source", "web", env={"REQUESTS_CA_BUNDLE": None})
    error = done.document["error"]
    assert (done.code, error["code"]) == (1, "network")
    assert "certificate" in error["message"]
    assert not console.requests


def test_a_bundle_that_is_not_there_is_named(visitor):
    done = visitor.run("fetch", env={"REQUESTS_CA_BUNDLE": "/nonexistent/bundle.pem"})
    assert done.document["error"]["code"] == "config"
    assert "REQUESTS_CA_BUNDLE" in done.document["error"]["message"]


def test_a_second_fetch_asks_once_since_the_token_is_kept_and_pretty_indents_what_is_stored(visitor, console):
    visitor.run("fetch")
    console.forget()
    done = visitor.run("fetch", "--pretty")
    assert done.out.startswith('{\n  "schema_version": 2')
    assert visitor.stored == done.document
    assert [request.method for request in console.requests] == ["POST"]
    kept = visitor.state / "session.json"
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert json.loads(kept.read_text())["cookies"] is None  # a pasted header itself is not kept


PRINTS = """#!/bin/sh
printf '%s %s\\n' "$HTTPS_PROXY" "$NODE_EXTRA_CA_CERTS" > "$HOME/seen"
echo 'bl 2.1.0'
"""


def test_the_tool_gets_the_proxy_and_the_certificates_of_the_settings(user):
    """A bar has no shell's variables, and it is told to put them into the settings."""
    tool, bundle = user.home / "bl", user.home / "ca.pem"
    tool.write_text(PRINTS)
    tool.chmod(0o755)
    bundle.touch()
    user.configure(f'source = "cli"\nbl_path = "{tool}"\nproxy = "http://127.0.0.1:9"\nca_bundle = "~/ca.pem"\n')
    user.run("fetch")
    assert (user.home / "seen").read_text() == f"http://127.0.0.1:9 {bundle}\n"
