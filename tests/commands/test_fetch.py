"""What a command asks, reads and imports: `fetch` the provider, a bar what is stored, and no more than that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest
from support.console import moods
from support.machine import crowd
from support.sitecustomize import driven

from codingplan_bar import storage
from codingplan_bar.bars import BARS
from codingplan_bar.refresh import schedule


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


# The quick ways: a bar's line at once from what is stored, and which modules a command does not import.


ASKED_FOR_BY_A_REFRESH = {
    "codingplan_bar.refresh.sources",
    "codingplan_bar.refresh.session",
    "codingplan_bar.browsers.search",
    "codingplan_bar.browsers.stores",
    "codingplan_bar.provider.web",
    "codingplan_bar.commands.refresh",
    "jsonschema",
    "requests",
}
SCRIPT = "import sys; from codingplan_bar.dispatch import run; run(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
COMMANDS = [
    ["setup"],
    ["setup", "tmux"],
    ["setup", "tmux", "--write"],
    ["history"],
    ["history", "--json"],
    ["open"],
    ["preview", "--demo"],
]
WITH_NUMBERS = [["preview"], ["guard"], ["status"]]
OF_STATUS = {
    *("dispatch", "commands.command_table", "commands.output", "commands.status", "plans", "environment"),
    *("text", "words", "words.en", "facts", "paths", "bars"),
    *("bars.tooltip", "bars.view", "bars.windows", "bars.phrases", "bars.template"),
    *("bars.signs_and_colors", "bars.plan_notes"),
}
"""What stored numbers are shown with: all that `status` may import of ours where nothing is to be asked or said."""
DEAR = {"click", "dataclasses", "inspect", "pathlib", "requests", "jsonschema", "sqlite3", "tomllib", "urllib"}
"""What costs as much as Python's own start, or half of it."""


def imported(home, *command, **environ):
    environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", **environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *command], check=False, env=environ, capture_output=True, text=True, timeout=60
    )
    return set(done.stderr.split())


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_command_that_needs_one_setting_builds_no_refresh(tmp_path, programs, command):
    modules = imported(tmp_path, *command)
    assert "codingplan_bar.settings.settings" in modules
    assert modules & ASKED_FOR_BY_A_REFRESH == set()


@pytest.mark.parametrize("command", WITH_NUMBERS, ids=" ".join)
def test_a_command_that_shows_fresh_numbers_builds_no_refresh(visitor, programs, command):
    visitor.run("fetch")
    visitor.run("text")
    modules = imported(visitor.home, *command, **visitor.environ)
    assert "codingplan_bar.bars.view" in modules
    assert modules & ASKED_FOR_BY_A_REFRESH == set()


def test_status_of_fresh_numbers_imports_what_draws_them_and_nothing_else(visitor, programs):
    visitor.run("fetch")
    visitor.run("status")
    modules = imported(visitor.home, "status", **visitor.environ)
    ours = {module.removeprefix("codingplan_bar.") for module in modules if module.startswith("codingplan_bar.")}
    assert ours - {"commands"} <= OF_STATUS
    assert "bars.tooltip" in ours
    assert modules & DEAR == set()


# The bars' commands as they are installed: a line at once from what is stored, and never blank.


def test_each_bar_prints_what_is_stored_and_asks_nobody(visitor, console):
    document = visitor.run("fetch").document
    console.forget()
    for bar in BARS:
        done = visitor.run(bar)
        assert (done.code, done.err) == (0, "")
        assert "21%" in done.out
    assert json.loads(done.out)["snapshot"] == document  # the last one is `json`
    assert not console.requests


def test_both_roads_print_the_same(visitor):
    visitor.run("fetch")
    visitor.environ |= driven(visitor.home / "clock", at=time.time() + 1)
    for bar in ("waybar", "json"):
        warm = visitor.run(bar)
        visitor.facts.unlink()  # the warm road's own file, which the cold one makes again
        assert warm.out == visitor.run(bar).out


def test_with_nothing_stored_the_provider_is_asked_first(visitor):
    done = visitor.run("waybar")
    assert (done.code, done.err) == (0, "")
    assert "21%" in done.out


@pytest.mark.parametrize(
    ("bar", "trouble"), [("waybar", "nothing to ask with"), ("polybar", "settings"), ("xbar", "refused")]
)
def test_no_trouble_makes_a_bar_blank_or_fail_or_write_to_stderr(visitor, console, bar, trouble):
    if trouble == "settings":
        visitor.configure("region = 5")
    if trouble == "refused":
        console.answer_quota = moods.not_authorised()
    done = visitor.run(bar, env={"ALIBABA_CODING_PLAN_COOKIE": None} if trouble == "nothing to ask with" else {})
    assert (done.code, done.err) == (0, "")
    assert done.out.strip()


def test_refresh_prints_nothing_and_two_within_five_seconds_are_one(visitor, console):
    first = visitor.run("refresh")
    assert (first.code, first.out, first.err) == (0, "", "")
    console.forget()
    second = visitor.run("refresh")
    assert (second.code, second.out) == (0, "")
    assert "a moment ago" in second.err
    assert not console.requests


def test_a_refresh_by_a_click_ends_well_though_it_brings_nothing(visitor, console):
    console.answer_quota = moods.not_authorised()
    assert visitor.run("refresh", "--click").code == 0
    assert console.requests


def test_the_asking_survives_its_bar(visitor, console):
    """A status line may kill its command after a third of a second."""
    console.answer_quota = moods.slow(moods.counters(weekly=(9, 10)), seconds=1)
    with visitor.start("waybar") as process:
        while not console.requests and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    end = time.monotonic() + 20
    while not (visitor.cache / "snapshot.json").exists() and time.monotonic() < end:
        time.sleep(0.05)
    console.forget()
    assert "90%" in visitor.run("tmux").out
    assert not console.requests


@pytest.mark.parametrize(("language", "word"), [("en", "not asked yet"), ("zh", "尚未查询")])
@pytest.mark.parametrize("bar", BARS)
def test_that_nobody_has_asked_yet_is_a_word_of_its_own_in_each_bar(visitor, console, bar, language, word):
    """Whoever asked was killed with this machine, so that nothing is known and it is not yet time to ask again."""
    begun = schedule.Waiting().begun(time.time())
    storage.replace(visitor.state / "waiting.json", schedule.dumps(begun))
    done = visitor.run(bar, env={"CODINGPLAN_BAR_LANGUAGE": language})
    assert word in done.out
    assert not any(wrong in done.out for wrong in ("offline", "连接失败", "x not", "❌"))
    assert not console.requests
