"""What `doctor`, `status` and `guard` say of a failure: at its cause, once, also where files and folders are shut."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from support.console import moods
from support.handmade import readable_firefox

from codingplan_bar import paths, storage
from codingplan_bar.commands.doctor import bars, report
from codingplan_bar.commands.doctor.checks import place_of
from codingplan_bar.commands.doctor.report import Line
from codingplan_bar.dispatch import run
from codingplan_bar.errors import StorageFailure
from codingplan_bar.model import Problem
from codingplan_bar.refresh.schedule import Waiting, dumps, loads
from codingplan_bar.refresh.store import Files
from codingplan_bar.words.en.doctor import DOCTOR
from codingplan_bar.words.en.errors import ERRORS
from codingplan_bar.words.errors import english, in_a_row

CLOCK = r"(?:\w+ )?\d\d:\d\d"  # with the day, where that is not today: within the last hour before midnight


def checks(user, *arguments, **env):
    """The lines of a report, as name, verdict and text."""
    done = user.run("doctor", "--json", *arguments, env=env)
    return [(each["name"], each["verdict"], each["text"]) for each in json.loads(done.out)["checks"]]


def named(lines, name):
    return [(verdict, text) for each, verdict, text in lines if each == name]


@pytest.mark.parametrize(
    ("mood", "verdict", "came"),
    [
        (None, "ok", ""),
        (moods.signed_out(), "note", "; the server rejects it"),
        (moods.server_error(503), "note", "; tried, without an answer"),
    ],
)
def test_a_sign_in_is_ticked_only_where_the_provider_has_taken_it_in_this_run(visitor, console, mood, verdict, came):
    console.answer_quota = mood or console.answer_quota
    told = named(checks(visitor), "session")
    assert told == [(verdict, f"the Cookie header of ALIBABA_CODING_PLAN_COOKIE{came}")]


@pytest.mark.parametrize(
    ("variables", "verdict", "came"),
    [
        ({}, "ok", ""),
        ({"ALIBABA_CODING_PLAN_COOKIE": "of the console"}, "note", "; not tried"),
        ({"ALIBABA_CODING_PLAN_API_KEY": "sk-of-another"}, "note", "; the server rejects it"),
    ],
)
def test_a_key_that_is_not_tried_or_is_refused_is_not_ticked(key_holder, console, variables, verdict, came):
    env = {name: console.cookie_header if "COOKIE" in name else value for name, value in variables.items()}
    assert named(checks(key_holder, **env), "key") == [(verdict, f"from ALIBABA_CODING_PLAN_API_KEY{came}")]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("settings", ["", 'source = "api"'])
def test_the_step_after_a_refused_key_leads_to_the_key(key_holder, settings, language):
    key_holder.configure(settings)
    env = {"ALIBABA_CODING_PLAN_API_KEY": "sk-of-another", "CODINGPLAN_BAR_LANGUAGE": language}
    step = "codingplan-bar config set api_key < FILE"
    assert key_holder.run("doctor", env=env).out.splitlines()[-1].endswith(step)
    assert step in re.sub(r"\s+", " ", key_holder.run("status", env=env).out)


@pytest.mark.parametrize(("code", "argument"), [("", "waybar"), ("login_required", "--version")])
def test_after_a_failure_a_bars_command_is_only_started_since_it_would_ask_without_the_shells_variables(
    monkeypatch, code, argument
):
    ran = []
    monkeypatch.setattr(bars, "run", lambda command, _: ran.append(command))
    refresher = SimpleNamespace(held_back_by=lambda: Waiting(code=code))
    bars._tried(report.CheckContext({}, refresher, DOCTOR, {"language": "en"}), "/opt/codingplan-bar", "waybar")
    assert ran == [["/opt/codingplan-bar", argument]]


def test_a_command_that_the_system_cannot_start_is_not_run(monkeypatch, tmp_path):
    python, script = tmp_path / "a python", tmp_path / "codingplan-bar"
    python.touch()
    script.write_text(f"#!{python}\n")
    monkeypatch.setattr(bars, "run", lambda *_: pytest.fail("it was run"))
    told = bars._tried(report.CheckContext({}, None, DOCTOR, {"language": "en"}), str(script), "tmux")
    assert told.verdict == "bad"


WRONG = {"ALIBABA_CODING_PLAN_COOKIE": "foo"}


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_a_failure_by_other_credentials_is_not_told_of_those_that_hold_now(key_holder, command):
    key_holder.run("status", env={"ALIBABA_CODING_PLAN_API_KEY": None} | WRONG)
    told = key_holder.run(command).out
    assert "Coding Plan" in told
    assert "COOKIE" not in told
    key_holder.run("status", env={"ALIBABA_CODING_PLAN_API_KEY": None})
    assert "No API key" not in key_holder.run(command).out


@pytest.mark.parametrize(("language", "said"), [("en", "other settings or credentials"), ("zh", "其他设置或凭证")])
def test_offline_doctor_says_that_the_last_failure_was_of_other_credentials(visitor, language, said):
    visitor.run("status", env=WRONG)
    told = visitor.run("doctor", "--offline", env={"CODINGPLAN_BAR_LANGUAGE": language}).out
    assert said in told.replace("\n", "").replace("           ", " ")
    assert "name=value" not in told


@pytest.mark.parametrize("command", ["status", "guard"])
def test_numbers_that_another_key_has_brought_are_not_taken_for_those_of_the_key_that_is_set_now(
    key_holder, console, command
):
    del key_holder.environ["ALIBABA_CODING_PLAN_API_KEY"]
    key_holder.configure(f'source = "api"\napi_key = "{console.api_key}"\n')
    assert key_holder.run(command).code == 0
    console.answer_quota, console.api_key = moods.counters(weekly=(99, 100)), "sk-demo-of-another-account"
    key_holder.configure(f"source = 'api'\napi_key = '{console.api_key}'\n")
    asked = len(console.requests)
    assert key_holder.run(command).code == int(command == "guard")
    assert len(console.requests) == asked + 1
    key_holder.run(command)
    assert len(console.requests) == asked + 1


BY_VARIABLE = {
    "ALIBABA_CODING_PLAN_COOKIE": {},
    "CODINGPLAN_BAR_COOKIE_HEADER": {"ALIBABA_CODING_PLAN_COOKIE": None, "CODINGPLAN_BAR_COOKIE_SOURCE": "manual"},
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("variable", BY_VARIABLE)
def test_the_step_after_a_wrong_cookie_variable_is_the_variable_which_wins_over_the_file(visitor, variable, language):
    env = BY_VARIABLE[variable] | {variable: "foo", "CODINGPLAN_BAR_LANGUAGE": language}
    page, document = visitor.run("status", env=env).out, visitor.run("fetch", env=env).document
    seen = visitor.run("doctor", env=env).out
    for told in (page, seen, document["error"]["hint"]):
        assert "config set" not in told
        assert variable in told
    assert seen.splitlines()[-1].strip() == f"unset {variable}"
    assert f"{variable} (" not in seen
    assert f"{variable}（" not in seen


@pytest.mark.parametrize("variable", ["CODINGPLAN_BAR_REGION", "CODINGPLAN_BAR_REGOIN", "CODINGPLAN_BAR_THEME"])
def test_a_wrong_value_of_a_variable_is_not_to_be_kept_in_the_file(visitor, variable):
    told = [text for _, text in named(checks(visitor, "--offline", **{variable: "us"}), "variables")]
    assert not any(variable in text for text in told)
    assert any("ALIBABA_CODING_PLAN_COOKIE" in text for text in told)


LOCAL = [
    ("", {"HTTPS_PROXY": "http://:::", "NO_PROXY": "", "no_proxy": ""}, "network"),
    ('proxy = "http://[::"', {}, "network"),
    ('proxy = "http://127.0.0.1:1"', {}, "network"),
    ('ca_bundle = "/nope"', {}, "network"),
    ("", {"REQUESTS_CA_BUNDLE": "/nope"}, "network"),
    ('source = "wbe"', {}, "settings"),
    ('source = "cli"\nbl_path = "/nope"', {}, "tool"),
    ('source = "api"', {}, "key"),
    ("", {"ALIBABA_CODING_PLAN_HOST": "http://x"}, "endpoints"),
    ("", {"ALIBABA_CODING_PLAN_COOKIE": "nothing"}, "session"),
    ("", {"ALIBABA_CODING_PLAN_COOKIE": None}, "sign-in"),
]


@pytest.mark.parametrize(("settings", "variables", "name"), LOCAL)
def test_a_cause_on_this_machine_is_never_told_as_the_servers_and_once(visitor, settings, variables, name):
    visitor.configure(settings)
    bad = [(each, text) for each, verdict, text in checks(visitor, **variables) if verdict == "bad"]
    assert bad
    assert "provider" not in {each for each, _ in bad}
    assert len({text for _, text in bad}) == len(bad)
    assert {each for each, _ in bad} == {name}


OF_THE_SERVER = {"no_plan", "no_permission", "wait", "network", "quota", "error", "slow", "flood"}
FACTS = dict.fromkeys(("version", "reason", "seconds", "limit"), 1)


@pytest.mark.parametrize("key", [key for key in ERRORS if key.startswith("tool.") and not key.endswith(".hint")])
def test_what_is_wrong_with_the_tool_itself_is_told_there_and_what_the_server_says_is_not(key):
    place = place_of(Problem("api_error", english(key, FACTS), ""))
    assert (place == "tool") is (key.removeprefix("tool.") not in OF_THE_SERVER)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("said", ["no mark", "a mark.", "so!", "so?", "so…", "好。", "好！", "好？"])
def test_a_servers_text_is_ended_once_before_another_sentence(said, language):
    ends, gap = ("。", "") if language == "zh" else (".", " ")
    told = in_a_row((said, "", "Next."), language)
    assert re.fullmatch(re.escape(said) + r".?\s?Next\.", told)
    assert (said + ends + gap in told) is (said == "no mark")


@pytest.mark.parametrize(("language", "ends"), [("en", "NotAuthorised."), ("zh", "NotAuthorised。")])
def test_each_page_ends_a_servers_text_before_the_next_sentence(visitor, console, language, ends):
    console.answer_quota = moods.not_authorised()
    for command in ("doctor", "guard"):
        done = visitor.run(command, env={"CODINGPLAN_BAR_LANGUAGE": language})
        assert ends in done.out + done.err, command


def test_what_the_answer_has_found_wrong_is_not_ticked_beside_it():
    lines = [Line("clock", "ok", "05:00"), Line("clock", "bad", "15 minutes off"), Line("cache", "ok", "there")]
    assert [line.verdict for line in report.once(lines)] == ["note", "bad", "ok"]
    bars = [Line("bar", "ok", "waybar shows it"), Line("bar", "bad", "tmux does not")]
    assert report.once(bars) == bars


def drawn(*lines):
    return "\n".join(report.drawn(report.once(lines), DOCTOR, 80, colorful=False, everything=False))


def test_a_step_stands_once_on_the_page():
    lines = (
        Line("settings", "bad", "one", "Run: codingplan-bar config edit"),
        Line("alerts", "bad", "two", "Correct it. Run: codingplan-bar config edit"),
        Line("bar", "bad", "three", "Run `codingplan-bar setup waybar`."),
        Line("command", "bad", "four", "See `codingplan-bar setup waybar`."),
    )
    seen = drawn(*lines)
    assert seen.count("config edit") == 1
    assert seen.count("setup waybar") == 1
    better = Line("in use", "ok", "Better: codingplan-bar login --with-access-key")
    over = Line(
        "provider", "bad", "over", "Run `codingplan-bar login`, once: `codingplan-bar login --with-access-key`."
    )
    assert drawn(better, over).count("--with-access-key") == 1


def test_a_browsers_session_that_is_over_is_told_once(visitor, console):
    del visitor.environ["ALIBABA_CODING_PLAN_COOKIE"]
    readable_firefox(visitor, *(pair.split("=", 1) for pair in console.cookie_header.split("; ")))
    console.answer_quota = moods.signed_out()
    for _ in range(2):
        told = visitor.run("doctor", env={"CODINGPLAN_BAR_REGION": "cn"}).out
        assert len(re.findall("has ended|asks for a sign-in|rejects", told)) == 1
        assert told.count("Sign in to the console") == 1


@pytest.mark.parametrize(
    ("language", "told"), [("en", f"Next automatic try: from {CLOCK} on"), ("zh", f"下次自动尝试：{CLOCK} 起")]
)
def test_after_a_pause_that_the_server_asks_for_each_page_says_when_the_next_try_is(visitor, console, language, told):
    console.answer_quota = moods.rate_limited(3600)
    for command in ("status", "guard", "doctor"):
        done = visitor.run(command, env={"CODINGPLAN_BAR_LANGUAGE": language})
        assert re.search(told, re.sub(r"\s+", " ", done.out + done.err)), command
        assert "codingplan-bar refresh" not in done.out + done.err


def test_a_failure_of_before_has_its_age_and_the_next_try_is_the_stored_one(visitor, console):
    console.answer_quota = moods.server_error(503)
    visitor.run("fetch")
    path = Files(visitor.environ).waiting
    before = loads(path.read_text())
    waiting = Waiting(time.time() - 200, time.time() + 45, 3, before.code, circumstances=before.circumstances)
    path.write_text(dumps(waiting))
    asked = len(console.requests)
    assert re.search(r"Last try: 3 min ago\. Next automatic try: in 4\d s\.", visitor.run("status").out)
    assert len(console.requests) == asked


def test_status_asks_again_as_soon_as_the_settings_have_changed(visitor, console):
    visitor.configure('proxy = "http://127.0.0.1:1"')
    visitor.run("fetch")
    path = Files(visitor.environ).waiting
    before = loads(path.read_text())
    path.write_text(
        dumps(Waiting(before.asked_at - 9, before.until, 1, before.code, circumstances=before.circumstances))
    )
    visitor.configure("")
    done = visitor.run("status")
    assert (done.code, "127.0.0.1:1" in done.out) == (0, False)


def test_hosts_that_no_proxy_names_are_told_to_be_asked_without_one(visitor):
    told = [text for _, text in named(checks(visitor, "--offline", ALL_PROXY="http://127.0.0.1:9"), "network")]
    assert any(text.startswith("127.0.0.1 without a proxy, by no_proxy") for text in told)
    told = named(checks(visitor, "--offline"), "network")
    assert not any("without a proxy" in text for _, text in told)


@pytest.mark.parametrize(("language", "page"), [("en", "Open the console: https://"), ("zh", "打开控制台：https://")])
def test_the_address_below_status_says_what_it_is(visitor, language, page):
    rows = visitor.run("status", env={"CODINGPLAN_BAR_LANGUAGE": language}).out.splitlines()
    assert [row for row in rows if "https://" in row] == [row for row in rows if row.startswith(page)]


@pytest.mark.parametrize(("language", "told"), [("en", "ca_bundle names no"), ("zh", "ca_bundle 指定的证书")])
def test_status_and_doctor_tell_that_certificates_cannot_be_read_before_any_sign_in(user, language, told):
    user.configure('ca_bundle = "/nonexistent"')
    env = {"CODINGPLAN_BAR_LANGUAGE": language}
    assert told in user.run("status", env=env).out
    assert told in user.run("doctor", env=env).out


# Files and folders that are shut: what is not known is not told as known, and the step opens what is shut.


PLACE = ".config/codingplan-bar/config.toml"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """One with a file of settings, and without a program but our own."""
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "LANGUAGE", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / PLACE).parent.mkdir(parents=True)
    (tmp_path / PLACE).write_text('region = "cn"\n')
    return tmp_path


@pytest.fixture
def shut(home, monkeypatch):
    """The file cannot be read: its own mode is why, or that of a folder above it."""
    real = paths.content

    def refused(path, *arguments, **more):
        if Path(path).name == "config.toml":
            raise PermissionError(13, os.strerror(13), str(path))
        return real(path, *arguments, **more)

    monkeypatch.setattr(paths, "content", refused)
    return home


def closed(monkeypatch, folder):
    """Let a folder be neither entered nor written, whoever asks."""
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and real(path, mode))


def said(capfd, *arguments):
    code = run([*arguments])
    out, err = capfd.readouterr()
    return code, " ".join((out + err).split())


@pytest.mark.parametrize(("language", "unknown"), [("en", "is not known"), ("zh", "内容无法得知")])
def test_of_a_file_that_cannot_be_read_config_says_that_its_settings_are_not_known(
    shut, capfd, monkeypatch, language, unknown
):
    monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    told = said(capfd, "config")[1]
    assert unknown in told
    assert "valid" not in told.partition("✗")[0]
    assert f"chmod u+rw ~/{PLACE}" in told


@pytest.mark.parametrize("arguments", [("config", "set", "region", "intl"), ("doctor", "--offline"), ("refresh",)])
def test_each_command_names_the_same_step_that_opens_the_file(shut, capfd, arguments, programs):
    told = said(capfd, *arguments)[1]
    assert f"chmod u+rw ~/{PLACE}" in told
    assert "config edit" not in told
    assert "See:" not in told


def test_where_a_folder_is_shut_the_step_opens_that(shut, capfd, monkeypatch):
    closed(monkeypatch, shut / ".config")
    assert "chmod u+rwx ~/.config" in said(capfd, "config", "set", "region", "intl")[1]


def test_a_file_of_another_user_is_not_said_to_be_opened_by_a_command_that_would_fail(shut, capfd, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    told = said(capfd, "config", "set", "region", "intl")[1]
    assert "chmod" not in told
    assert "cannot be read" in told


@pytest.mark.parametrize(("language", "says"), [("en", "is read-only"), ("zh", "只读")])
def test_doctor_says_that_the_folder_of_the_settings_is_read_only(home, capfd, monkeypatch, language, says, programs):
    monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    (home / PLACE).unlink()
    folder = (home / PLACE).parent
    closed(monkeypatch, folder)
    told = said(capfd, "doctor", "--offline")[1]
    assert f"~/{folder.relative_to(home)} {says}" in told


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_home_that_cannot_be_written_is_one_cause_and_doctor_gives_it_one_step(
    home, capfd, monkeypatch, language, programs
):
    monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    shutil.rmtree(home / ".config")
    closed(monkeypatch, home)
    monkeypatch.setattr(storage, "replace", lambda path, *_, **__: fails(path))
    code, told = said(capfd, "doctor")
    assert code == 1
    assert "`chmod u+rwx ~`" in told
    assert ("XDG_CACHE_HOME" in told, os.strerror(errno.EACCES) in told) == (False, False)


@pytest.mark.parametrize(
    ("language", "says"), [("en", "Cannot write session.json: Permission"), ("zh", "无法写入 session.json：权限不足")]
)
def test_login_says_before_anybody_signs_in_that_no_sign_in_can_be_kept(home, capfd, monkeypatch, language, says):
    monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    shutil.rmtree(home / ".config")
    closed(monkeypatch, home)
    code, told = said(capfd, "login", "--site", "intl", "--no-browser")
    assert code == 1
    assert says in told
    assert "http" not in told


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", ["status", "refresh", "guard", "login --no-browser", "config set theme dark"])
def test_each_command_has_the_step_of_doctors_for_a_home_that_cannot_be_written(
    home, capfd, monkeypatch, command, language
):
    monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    shutil.rmtree(home / ".config")
    closed(monkeypatch, home)
    monkeypatch.setattr(storage, "make_folder", shut_out)
    monkeypatch.setattr(Path, "mkdir", shut_out)
    code, told = said(capfd, *command.split())
    assert code == 1 or command == "guard"
    assert "`chmod u+rwx ~`" in told
    assert "XDG_" not in told


def shut_out(path, *_, **__):
    raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def fails(path):
    raise StorageFailure("storage", where=str(path), file=Path(path).name, reason=os.strerror(errno.EACCES))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_doctor_says_once_that_home_is_no_folder_and_advises_no_other_mode_for_it(
    capfd, monkeypatch, language, programs
):
    monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    monkeypatch.setenv("HOME", "/nope")
    told = said(capfd, "doctor", "--all")[1]
    assert (told.count("/nope"), "chmod" in told) == (1, False)


WAYS = {
    "api": ("no API key", "config set api_key < FILE"),
    "cli": ("bl missing", "npm install -g bailian-cli"),
    "token": ("sign in", "codingplan-bar login"),
    "web": ("sign in", "codingplan-bar login"),
    "auto": ("sign in", "codingplan-bar login"),
}


@pytest.mark.parametrize("source", WAYS)
def test_without_anything_to_ask_with_a_sign_in_is_advised_only_where_the_way_that_is_set_has_one(
    home, capfd, monkeypatch, source, programs
):
    (home / PLACE).write_text(f'source = "{source}"\n')
    word, step = WAYS[source]
    assert said(capfd, "text") == (0, f"? {word}")
    for command in ("status", "doctor"):
        told = said(capfd, command)[1]
        assert step in told
        assert ("Sign in to the console" in told) == (word == "sign in" and command == "status")
        assert told.count("is not installed") == (source == "cli")


@pytest.mark.parametrize(("language", "step"), [("en", "then this command again"), ("zh", "然后再次运行此命令")])
def test_logout_all_does_what_it_can_and_says_what_stays_and_what_lets_it_go(home, capfd, monkeypatch, language, step):
    monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    cache, state = home / ".cache/codingplan-bar", home / ".local/state/codingplan-bar"
    for path in (cache / "snapshot.json", state / "session.json", state / "history.db"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    real = Path.unlink

    def unlink(path, *arguments, **more):
        if path.parent == cache:
            raise PermissionError(13, os.strerror(13), str(path))
        real(path, *arguments, **more)

    monkeypatch.setattr(Path, "unlink", unlink)
    code, told = said(capfd, "logout", "--all")
    assert code == 1
    assert [path.name for path in state.iterdir() if path.name in ("session.json", "history.db")] == []
    assert 'cookie_source = "off"' in (home / PLACE).read_text()
    assert 'cookie_source = "off"' in told
    assert "~/.cache/codingplan-bar/snapshot.json" in told
    assert "`chmod u+rwx ~/.cache/codingplan-bar`" in told
    assert step in told
    assert "any longer" not in told
