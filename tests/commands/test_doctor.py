"""`doctor` as the installed command: each thing that can be wrong is said, with the one step that mends it."""

from __future__ import annotations

import json
import re
import shlex
import stat
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from support.console import moods
from support.handmade import readable_firefox

from codingplan_bar.bars.phrases import width
from codingplan_bar.browsers.verdicts import FULL_DISK_ACCESS, MEANINGS
from codingplan_bar.commands.doctor import AFTER, BEFORE, checks
from codingplan_bar.commands.doctor.report import MOST, OTHER, CheckContext, Line, next_step, shape
from codingplan_bar.commands.doctor.report import drawn as as_page
from codingplan_bar.commands.setup import RULE
from codingplan_bar.words.en.doctor import DOCTOR as ENGLISH
from codingplan_bar.words.en.errors import ERRORS, STORES
from codingplan_bar.words.zh.doctor import DOCTOR as CHINESE

TEXT = {"type": "string"}
CHECK = {
    "type": "object",
    "properties": {"name": TEXT, "verdict": {"enum": ["ok", "note", "bad"]}, "text": TEXT, "next": TEXT},
    "required": ["name", "verdict", "text", "next"],
    "additionalProperties": False,
}
ANSWER = {
    "type": "object",
    "properties": {"host": TEXT, "status": {"type": "integer"}, "shape": {}},
    "required": ["host", "status", "shape"],
    "additionalProperties": False,
}
REPORT = Draft202012Validator(
    {
        "type": "object",
        "properties": {
            "schema_version": {"const": 1},
            "checks": {"type": "array", "items": CHECK, "minItems": len(BEFORE + AFTER) - 4},
            "next": TEXT,
            "answers": {"type": "array", "items": ANSWER, "maxItems": MOST},
        },
        "required": ["schema_version", "checks", "next", "answers"],
        "additionalProperties": False,
    }
)


def report(user, *arguments, **more):
    """The report, whose exit code must be what it says."""
    done = user.run("doctor", "--json", *arguments, **more)
    found = json.loads(done.out)
    REPORT.validate(found)
    assert done.code == int(any(check["verdict"] == "bad" for check in found["checks"]))
    assert str(user.home) not in done.out
    return found


def line(found, name, verdict=None):
    """The one check of that name, or of that verdict among several."""
    lines = [each for each in found["checks"] if each["name"] == name and verdict in (None, each["verdict"])]
    assert len(lines) == 1, lines
    return lines[0]


def used(found):
    """What it says of the way in use, without the better one below it."""
    return next(each["text"] for each in found["checks"] if each["name"] == "in use")


def test_where_all_is_well_it_says_so_and_ends_with_0(visitor):
    done = visitor.run("doctor")
    assert (done.code, done.err) == (0, "")
    assert "✗" not in done.out
    assert "Coding Plan" in done.out
    assert "1,000" not in done.err


def test_a_pasted_header_is_not_called_a_browsers_session(visitor):
    assert "a pasted Cookie header" in used(report(visitor))
    del visitor.environ["ALIBABA_CODING_PLAN_COOKIE"]
    visitor.secrets |= {"ticket-secret", "pk-secret"}
    readable_firefox(visitor, *SIGNED_IN)
    assert "the browser's session" in used(report(visitor))


def test_it_asks_the_provider_once(visitor, console):
    report(visitor)
    assert [request.method for request in console.requests].count("POST") == 1


def test_nothing_to_ask_with_ends_with_how_to_get_it(user):
    found = report(user)
    assert "session was found" in line(found, "sign-in", "bad")["text"]
    assert found["next"].startswith("Run `codingplan-bar login`, or sign in in your browser: https://")


def test_a_session_that_is_over_is_the_next_step(visitor, console):
    console.answer_quota = moods.signed_out()
    found = report(visitor)
    assert line(found, "provider")["verdict"] == "bad"
    assert "Copy the Cookie header again" in found["next"]
    assert found["next"].endswith("codingplan-bar refresh")


def test_offline_nobody_is_asked_and_what_was_stored_is_told(visitor, console):
    console.answer_quota = moods.server_error(503)
    found = report(visitor, "--offline")
    assert line(found, "provider")["text"] == "no request has been sent yet"
    assert not (visitor.cache / "snapshot.json").exists()


def test_offline_the_last_answer_is_told_with_its_age(visitor):
    visitor.run("fetch")
    assert "just now" in line(report(visitor, "--offline"), "provider")["text"]


def test_a_wrong_setting_is_named_before_all_else(visitor):
    visitor.configure('regoin = "cn"\n')
    found = report(visitor)
    assert "config.toml" in line(found, "settings")["text"]
    assert line(found, "settings")["text"].endswith("there is no setting regoin. Did you mean region?")
    assert found["next"].endswith("Run: codingplan-bar config edit")


def test_the_settings_that_are_set_are_named_and_their_values_are_not(visitor):
    visitor.secrets.add("sk-secret-value")
    visitor.configure('thresholds = [50, 60]\napi_key = "sk-secret-value"\n')
    assert line(report(visitor), "settings")["text"].endswith("set: api_key, thresholds")


def test_an_unknown_placeholder_is_named(visitor):
    visitor.configure('format = "{plan} {weekly.usd}"\n')
    found = line(report(visitor), "settings", "bad")
    assert "{weekly.usd}" in found["text"]
    assert "format" in found["text"]
    assert found["text"].endswith("Did you mean {weekly.used}?")
    assert found["next"] == "Run: codingplan-bar config edit"


def test_variables_are_named_without_their_values(visitor):
    texts = [check["text"] for check in report(visitor)["checks"] if check["name"] == "variables"]
    assert "ALIBABA_CODING_PLAN_COOKIE" in texts[0]
    assert all("a bar that the desktop starts may not see them" in text for text in texts)


@pytest.mark.parametrize(
    ("variable", "setting"),
    [
        ("ALIBABA_CODING_PLAN_COOKIE", "cookie_header"),
        *((name, "api_key") for name in ("ALIBABA_CODING_PLAN_API_KEY", "ALIBABA_QWEN_API_KEY", "DASHSCOPE_API_KEY")),
        *((f"CODINGPLAN_BAR_{name}", name.lower()) for name in ("BL_PATH", "PROXY", "CA_BUNDLE", "BROWSERS", "REGION")),
    ],
)
def test_a_variable_that_only_the_shell_may_have_is_told_with_its_setting(variable, setting):
    assert checks.told_with_settings([variable], ENGLISH["with setting"]) == [f"{variable} ({setting})"]
    assert checks.told_with_settings([variable], CHINESE["with setting"]) == [f"{variable}（{setting}）"]


@pytest.mark.parametrize("variable", ["ALIBABA_CLOUD_ACCESS_KEY_ID", "BAILIAN_ACCESS_KEY_SECRET"])
def test_a_pair_that_only_the_shell_may_have_is_not_to_be_put_into_the_settings(user, variable):
    text = line(report(user, "--offline", env={variable: "made-up"}), "variables")["text"]
    assert variable in text
    assert "--with-access-key --keep" in text
    assert "config.toml" not in text


@pytest.mark.parametrize("variable", ["ALIBABA_CODING_PLAN_HOST", "DASHSCOPE_ACCESS_TOKEN"])
def test_a_variable_that_no_setting_holds_is_not_to_be_put_into_the_settings(user, variable):
    text = line(report(user, "--offline", env={variable: "x.alibabacloud.com"}), "variables")["text"]
    assert f"{variable}; " in text
    assert "config.toml" not in text


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"])
def test_certificates_that_only_the_shell_names_are_told_with_their_setting(user, variable):
    text = line(report(user, "--offline", env={variable: "/etc/made-up"}), "network")["text"]
    assert 'ca_bundle = "/etc/made-up"' in text


def test_a_folder_that_only_the_shell_names_is_told(visitor):
    found = report(visitor, "--offline", env={"XDG_CONFIG_HOME": str(visitor.home / "elsewhere")})
    [text] = [each["text"] for each in found["checks"] if "XDG_CONFIG_HOME" in each["text"]]
    assert "other folders" in text


def test_an_override_that_is_refused_is_bad_and_one_that_holds_is_noted(visitor, console):
    assert line(report(visitor), "endpoints")["verdict"] == "note"
    refused = report(visitor, env={"ALIBABA_CODING_PLAN_HOST": "user@evil-aliyun.com"})
    assert line(refused, "endpoints")["verdict"] == "bad"
    assert "evil" not in json.dumps(refused)


def test_a_proxy_and_a_bundle_are_named_without_the_proxys_password(visitor):
    visitor.secrets.add("hunter2")
    env = {"HTTPS_PROXY": "http://me:hunter2@127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
    found = report(visitor, env=env)
    texts = [check["text"] for check in found["checks"] if check["name"] == "network"]
    assert texts[0].startswith("by the proxy of HTTPS_PROXY")
    assert texts[1] == "127.0.0.1 without a proxy, by no_proxy"
    assert len(texts) == 3


def test_what_only_a_shell_has_is_named_with_the_setting_to_write(visitor):
    """Certificates, a proxy and a tool that come from the shell's environment are missing in a bar's bare one."""
    tool, bundle = visitor.home / "versions/bl", visitor.home / "ca.pem"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\nexit 1\n")
    tool.chmod(0o755)
    bundle.write_bytes(Path(visitor.environ["REQUESTS_CA_BUNDLE"]).read_bytes())
    env = {"PATH": f"{tool.parent}:/usr/bin:/bin", "REQUESTS_CA_BUNDLE": str(bundle), "ALL_PROXY": "http://127.0.0.1:9"}
    steps = {check["text"] for check in report(visitor, "--offline", env=env)["checks"]}
    written = ("`proxy` into", 'ca_bundle = "~/ca.pem" into', 'bl_path = "~/versions/bl" into')
    assert all(any(words in step and "config.toml" in step for step in steps) for words in written)
    visitor.configure('proxy = "http://127.0.0.1:9"\nca_bundle = "~/ca.pem"\nbl_path = "~/versions/bl"\n')
    found = report(visitor, "--offline", env=env)
    told = [line for line in found["checks"] if line["name"] in ("network", "tool")]
    assert not any("config.toml" in line["text"] for line in told)
    assert {line["verdict"] for line in told if line["name"] == "network"} == {"ok"}


def test_a_bundle_that_cannot_be_read_is_bad(visitor):
    found = report(visitor, "--offline", env={"REQUESTS_CA_BUNDLE": "/nonexistent.pem"})
    assert line(found, "network")["verdict"] == "bad"


def test_the_key_is_told_by_where_it_is_from(key_holder):
    assert line(report(key_holder), "key")["text"] == "from ALIBABA_CODING_PLAN_API_KEY"


def test_codexbars_file_is_named_where_it_fills_in(visitor):
    path = visitor.home / ".codexbar/config.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"providers": [{"id": "alibaba", "region": "cn"}]}))
    assert line(report(visitor, "--offline"), "codexbar")["text"] == "~/.codexbar/config.json provides: region"


def test_the_tool_is_found_on_the_path(visitor):
    tool = visitor.home / "bl"
    tool.write_text("#!/bin/sh\nexit 1\n")
    tool.chmod(0o755)
    found = report(visitor, "--offline", env={"PATH": f"{visitor.home}:/usr/bin:/bin"})
    assert line(found, "tool")["text"].startswith("~/bl, on this shell's PATH")


def test_a_tool_that_is_wanted_and_not_there_is_bad(visitor):
    visitor.configure('source = "cli"\n')
    found = report(visitor, "--offline")
    assert line(found, "tool")["verdict"] == "bad"
    assert line(found, "browser")["text"] == "not read: source is cli"


def test_a_cache_that_cannot_be_written_is_told_with_the_place_that_is_used(visitor):
    (visitor.home / ".cache").write_text("no folder")
    found = report(visitor, "--offline")
    assert line(found, "cache")["verdict"] == "note"
    assert ".local/state" in line(found, "cache")["text"]


def test_what_was_put_aside_is_told(visitor):
    visitor.run("fetch")
    (visitor.cache / "snapshot.json").write_text("garbage")
    visitor.run("fetch")
    assert line(report(visitor), "cache", "note")["text"].endswith(
        "snapshot.json.unreadable could not be read and was renamed"
    )


def test_numbers_from_the_future_mean_a_wrong_clock(visitor):
    visitor.run("fetch")
    stored = visitor.stored
    stored["fetched_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 7200))
    (visitor.cache / "snapshot.json").write_text(json.dumps(stored))
    told = report(visitor, "--offline")
    assert line(told, "clock")["verdict"] == "bad"
    assert ", the clock went back (source web" in line(told, "provider")["text"]


def test_the_record_is_counted(visitor):
    visitor.run("fetch")
    assert line(report(visitor, "--offline"), "history")["text"].startswith("1 entries since ")


def test_a_command_for_alerts_that_is_not_there_is_bad(visitor):
    visitor.configure('on_threshold = ["~/no/such", "secret-argument"]\n')
    found = line(report(visitor, "--offline"), "alerts", "bad")
    assert "~/no/such" in found["text"]


@pytest.mark.parametrize(("name", "said"), [("none", "does not exist"), ("plain", "is not executable")])
def test_a_whole_path_of_a_command_for_alerts_is_not_asked_for_again(visitor, name, said):
    (visitor.home / "plain").write_text("")
    visitor.configure(f'on_threshold = ["{visitor.home}/{name}"]\n')
    found = line(report(visitor, "--offline"), "alerts", "bad")
    assert found["text"].endswith(said)
    assert "path" not in found["next"]


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_a_path_in_a_step_is_one_word_of_a_shell_and_in_a_text_as_it_is_read(words):
    visit = CheckContext({"HOME": "/home/me"}, None, words, {"language": "en"})
    odd = visit.bad("alerts", "alerts.not executable", visit.typed("/home/me/a b;reboot"))
    assert "~/a b;reboot" in odd.text
    assert odd.next.endswith("chmod +x ~/'a b;reboot'")
    assert visit.bad("alerts", "alerts.not executable", visit.typed("/home/me/a")).next.endswith("chmod +x ~/a")


@pytest.mark.parametrize("name", ["a b;reboot", "$(reboot)"])
def test_the_command_of_a_step_takes_an_odd_path_as_one_word(visitor, name):
    (visitor.home / name).write_text("")
    visitor.configure(f'on_threshold = ["{visitor.home}/{name}"]\n')
    step = line(report(visitor, "--offline"), "alerts", "bad")["next"]
    assert step.endswith(f"chmod +x ~/{shlex.quote(name)}")


def waybar(user, command):
    path = user.home / ".config/waybar/config"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"modules-right": ["custom/c"], "custom/c": {"exec": command}}))


def test_a_bar_without_the_module_is_told_how_to_get_it(visitor):
    waybar(visitor, "date")
    found = report(visitor)
    assert line(found, "bar")["text"] == "waybar is not set up yet: `codingplan-bar setup waybar --write`"
    assert found["next"] == "Run `codingplan-bar setup waybar --write` to add it to waybar."


def test_a_command_that_only_a_login_shell_would_find_is_bad(visitor):
    waybar(visitor, "codingplan-bar waybar")
    found = report(visitor)
    assert line(found, "bar")["verdict"] == "ok"
    assert line(found, "command")["verdict"] == "bad"
    assert "full path" in found["next"]


def test_a_module_that_setup_has_written_runs_in_a_bare_environment(visitor):
    waybar(visitor, "date")
    assert visitor.run("setup", "waybar", "--write").code == 0
    found = report(visitor)
    assert line(found, "command")["verdict"] == "ok"
    assert found["next"] == ""


@pytest.mark.parametrize(
    ("script", "what"),
    [("exit 3", "fails"), ("echo x; echo y >&2", "fails"), ("sleep 6; echo x", "took"), ("true", "fails")],
)
def test_a_bars_command_that_would_show_nothing_is_bad(visitor, script, what):
    program = visitor.home / "codingplan-bar"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    waybar(visitor, f"{program} waybar")
    assert what in line(report(visitor), "command")["text"]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ('"exec": "codingplan-bar waybar"', [("codingplan-bar", "waybar")]),
        ("exec = /opt/a/codingplan-bar polybar --watch", [("/opt/a/codingplan-bar", "polybar")]),
        ("set -g status-right '#(~/.local/bin/codingplan-bar tmux)'", [("~/.local/bin/codingplan-bar", "tmux")]),
        ("exec '/opt/my tools/codingplan-bar' waybar", [("/opt/my tools/codingplan-bar", "waybar")]),
        ("codingplan-bar refresh; codingplan-bar open", []),
        ("x=$(codingplan-bar text) && codingplan-bar text", [("codingplan-bar", "text")]),
    ],
)
def test_the_commands_in_a_configuration_are_found(text, calls):
    assert RULE.configured(text) == calls


@pytest.mark.parametrize(
    ("bar", "name", "text"),
    [
        ("i3blocks", ".config/i3blocks/config", "[power]\ncommand=touch {}\n"),
        (
            "kde",
            ".config/plasma-org.kde.plasma.desktop-appletsrc",
            "plugin=com.github.zren.commandoutput\ncommand=touch {}\n",
        ),
        ("xbar", "Library/Application Support/xbar/plugins/codingplan.1m.sh", "#!/bin/sh\ncommand='touch {}'\n"),
    ],
)
def test_a_command_of_the_users_own_is_never_run(visitor, bar, name, text):
    mark = visitor.home / "was run"
    path = visitor.home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.format(mark))
    commands = [line["text"] for line in report(visitor, "--offline")["checks"] if line["name"] == "command"]
    assert not [told for told in commands if "codingplan-bar" not in told]
    assert not mark.exists()


def test_a_bars_command_is_run_without_a_shell(visitor):
    waybar(visitor, "$(touch ~/ran)codingplan-bar waybar; touch ~/ran")
    report(visitor)
    assert not (visitor.home / "ran").exists()


SIGNED_IN = (("login_aliyunid_ticket", "ticket-secret"), ("login_aliyunid_pk", "pk-secret"))


def test_each_profile_has_its_line_and_in_a_report_no_persons_name(visitor):
    del visitor.environ["ALIBABA_CODING_PLAN_COOKIE"]
    visitor.secrets |= {"ticket-secret", "pk-secret"}
    readable_firefox(visitor, *SIGNED_IN)
    assert "Firefox (Jane Doe): signed in" in visitor.run("doctor", "--offline", "--all").out
    found = report(visitor, "--offline")
    assert "Jane" not in json.dumps(found)
    assert line(found, "browser")["text"] == "Firefox (abcd1234.default): signed in; not tried"


def test_a_profile_that_lacks_something_says_what(visitor):
    readable_firefox(visitor, ("cna", "x"))
    found = line(report(visitor, "--offline"), "browser")
    assert "not signed in: login_aliyunid_ticket" in found["text"]
    assert "Sign in" in found["next"]


def test_a_folder_of_the_setting_in_which_no_browser_is_is_named(visitor):
    del visitor.environ["ALIBABA_CODING_PLAN_COOKIE"]
    visitor.configure('browsers = ["~/.config/helum", "firefox"]')
    found = line(report(visitor, "--offline"), "browser")
    assert "~/.config/helum" in found["text"]
    assert "config edit" in found["next"]


def test_import_keeps_the_browsers_session_in_a_file_for_the_user_alone(visitor):
    del visitor.environ["ALIBABA_CODING_PLAN_COOKIE"]
    visitor.secrets |= {"ticket-secret", "pk-secret"}
    readable_firefox(visitor, *SIGNED_IN)
    done = visitor.run("doctor", "--import", "--offline")
    assert "imported again: Firefox, Jane Doe" in done.out
    kept = visitor.state / "session.json"
    assert "ticket-secret" in kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert re.search(r"session +imported from Firefox, Jane Doe; ends in (59|60) min|1 h", done.out)


def test_an_import_that_finds_nothing_leaves_the_kept_session_alone(visitor):
    del visitor.environ["ALIBABA_CODING_PLAN_COOKIE"]
    readable_firefox(visitor, *SIGNED_IN)
    visitor.run("doctor", "--import", "--offline")
    before = (visitor.state / "session.json").read_text()
    (visitor.home / ".mozilla/firefox/abcd1234.default/cookies.sqlite").unlink()
    visitor.run("doctor", "--import", "--offline")
    assert (visitor.state / "session.json").read_text() == before


def test_it_speaks_chinese_in_80_columns(visitor, in_a_terminal):
    done, seen = in_a_terminal(visitor, 80, "doctor", LANG="zh_CN.UTF-8")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", seen).splitlines()
    assert done.code == 0
    assert "一切正常，无需操作。" in plain or any(line.startswith("下一步：") for line in plain)
    assert all(width(each) <= 80 for each in plain if "/" not in each)


def test_a_report_is_in_english_whatever_the_language(visitor):
    found = report(visitor, "--offline", env={"LANG": "zh_CN.UTF-8"})
    assert json.dumps(found, ensure_ascii=False).isascii() or "登" not in json.dumps(found, ensure_ascii=False)


def test_every_verdict_on_a_store_has_its_words_in_both_languages():
    for verdict, meaning in MEANINGS.items():
        assert {f"browser.{verdict}"} <= set(ENGLISH) & set(CHINESE)
        assert (f"browser.{verdict}.next" in CHINESE) == bool(meaning.hint)
    assert FULL_DISK_ACCESS in ENGLISH.values()


def test_the_next_step_is_that_of_the_first_bad_line_before_that_of_any_note():
    lines = [Line("bar", "note", "a", "later"), Line("key", "bad", "b"), Line("clock", "bad", "c", "now")]
    assert next_step(lines) == "now"
    assert next_step(lines[:2]) == "later"
    assert next_step([]) == ""
    assert next_step([*lines, Line("network", "bad", "d", "first", stops=True)]) == "first"


@pytest.mark.parametrize(("verdict", "step"), [("ok", ""), ("bad", "allow it")])
def test_what_would_open_a_browsers_store_is_a_step_until_the_provider_answers(verdict, step):
    lines = [Line("clock", "ok", "a"), Line("browser", "note", "b", "allow it"), Line("provider", verdict, "c")]
    assert next_step(lines) == step


def test_what_is_missing_is_never_ticked(user):
    ticked = [each["name"] for each in report(user, "--offline")["checks"] if each["verdict"] == "ok"]
    assert {"sign-in", "browser", "session", "key", "tool", "in use", "history"}.isdisjoint(ticked)


def drawn(*lines, everything=False, words=ENGLISH):
    return as_page(lines, words, 80, colorful=False, everything=everything)


def test_rows_that_say_nothing_are_folded_and_all_shows_them():
    lines = [
        Line("version", "ok", "1"),
        Line("cache", "ok", "there"),
        Line("key", "note", "none", fold="absent"),
        Line("session", "note", "none", fold="absent"),
        Line("provider", "ok", "the answer"),
        Line("attempt", "note", "the same again", fold="echo"),
        Line("browser", "ok", "imported", fold="news"),
    ]
    short = drawn(*lines)
    assert short[:4] == [
        "✓ server    the answer",
        "✓ browsers  imported",
        "· not there: API key, session",
        "✓ 2 checks passed. To see each one: codingplan-bar doctor --all",
    ]
    assert not any("again" in row for row in short)
    whole = "\n".join(drawn(*lines, everything=True))
    assert all(line.text in whole for line in lines)
    assert "checks passed" not in whole


@pytest.mark.parametrize(
    ("settings", "cause"),
    [
        ('source = "wbe"', "source must be one of"),
        ("timeout = 1\nwndows = 1", "no setting wndows"),
        ("", "session was found"),
    ],
)
def test_one_cause_is_said_once(user, settings, cause):
    user.configure(settings)
    assert user.run("doctor").out.replace("\n", " ").count(cause) == 1


@pytest.mark.parametrize(
    ("settings", "command"),
    [
        ('source = "wbe"', "codingplan-bar config set source web"),
        ("refresh_interval = 5", "codingplan-bar config edit"),
        ("region = ", "codingplan-bar config edit"),
        ("", "codingplan-bar login"),
    ],
)
def test_the_next_step_ends_with_a_command_in_a_line_of_its_own(user, settings, command):
    user.configure(settings)
    last = user.run("doctor").out.splitlines()[-1]
    assert last.startswith("    ")
    assert last.endswith(f"/{command}")  # by its path: the PATH of this user does not lead to it


MENDED = [
    ('cookie_source = "off"', {}, "codingplan-bar login"),
    ('source = "api"', {}, "codingplan-bar config set api_key < FILE"),
    ("", {"ALIBABA_CODING_PLAN_COOKIE": "nothing"}, "unset ALIBABA_CODING_PLAN_COOKIE"),
    ('ca_bundle = "/nope"', {}, "codingplan-bar config unset ca_bundle"),
    ('ca_bundle = "/nope"\nformat = "{a"', {}, "codingplan-bar config unset ca_bundle"),
    ("", {"CODINGPLAN_BAR_CA_BUNDLE": "/nope"}, "unset CODINGPLAN_BAR_CA_BUNDLE"),
    ("", {"REQUESTS_CA_BUNDLE": "/nope"}, "unset REQUESTS_CA_BUNDLE"),
]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("settings", "variables", "command"), MENDED)
def test_the_command_below_a_step_does_what_the_step_says(user, settings, variables, command, language):
    user.configure(settings)
    done = user.run("doctor", env={**variables, "CODINGPLAN_BAR_LANGUAGE": language})
    assert done.out.splitlines()[-1].endswith(command)


@pytest.mark.parametrize(
    ("code", "key", "command"),
    [
        ("api_key_unavailable", "api_key_unavailable", "codingplan-bar config set source web"),
        ("network", "network", "codingplan-bar status"),
        ("api_error", "api_error", "codingplan-bar status"),
        ("invalid_credentials", "mint.clock", "timedatectl set-ntp true"),
        ("invalid_credentials", "mint.signature", "codingplan-bar login --with-access-key"),
        ("invalid_credentials", "mint.ended", "codingplan-bar login --with-access-key"),
        ("missing_credentials", "tool.other", "bl --version"),
        ("missing_credentials", "tool.no_node", "codingplan-bar config edit"),
        ("api_error", "tool.update", "npm install -g bailian-cli"),
    ],
)
def test_the_command_of_an_error_does_what_its_step_says(code, key, command):
    visit = CheckContext({}, None, ENGLISH, {"language": "en"})
    assert visit.problem("provider", code, ERRORS.get(key, ""), ERRORS[f"{key}.hint"]).next.endswith(command)


def test_a_wrong_variable_is_taken_away_by_unset(user):
    done = user.run("doctor", "--offline", env={"CODINGPLAN_BAR_TIMEOUT": "soon"})
    assert done.out.splitlines()[-1] == "    unset CODINGPLAN_BAR_TIMEOUT"


def test_the_name_of_a_variable_is_one_word_of_a_shell(user):
    done = user.run("doctor", "--offline", env={"CODINGPLAN_BAR_A;reboot": "1"})
    assert done.out.splitlines()[-1] == "    unset 'CODINGPLAN_BAR_A;reboot'"


@pytest.mark.parametrize("words", [ENGLISH, CHINESE], ids=["en", "zh"])
def test_every_step_of_doctors_own_has_a_command(words):
    own = {key: text for key, text in words.items() if key.endswith(".next") and key not in STORES}
    command = re.compile(
        r"(?:`|: ?|：|Run |请?运行 ?)(?:codingplan-bar|npm|pipx|chmod|timedatectl|uv|df|fuser|mv|env|export|\{\})\b"
    )
    assert {key: text for key, text in own.items() if not (command.search(text) or "`{}`" in text)} == {}
    assert len(own) > 15


VALUE = "canary-of-a-value"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"data": {"used": 5, "name": VALUE, "on": True, "none": None, "share": 0.5}}, None),
        ({"a": [{"b": VALUE}, {"b": VALUE}, {"c": 1}]}, {"a": [{"b": "text"}, {"c": "number"}]}),
        ({"body": json.dumps({"used": VALUE})}, {"body": {"text of": {"used": "text"}}}),
        ({"1234567890123456": 1, "me@example.org": 1, "a" * 41: 1, "a1b2c3d4e5": 1}, {OTHER: OTHER}),
        ({"canary of a value": 1, "\x1b[31m": 1, "ok": []}, {"ok": [], OTHER: OTHER}),
        (VALUE, "text"),
        ("{" + VALUE, "text"),
    ],
)
def test_a_shape_has_names_and_types_and_never_a_value(answer, told):
    found = shape(answer)
    if told is None:
        told = {"data": {"used": "number", "name": "text", "on": "switch", "none": "null", "share": "number"}}
    assert found == told
    assert "canary" not in json.dumps(found)


def test_a_shape_is_bounded_whatever_was_sent():
    deep = wide = {f"f{letter}{n}": VALUE for letter in "abcdefghij" for n in range(100)}
    for _ in range(50):
        deep = {"in": deep}
    assert len(json.dumps(shape(deep))) < 300
    assert len(shape(wide)) <= 81


def test_a_report_has_the_shape_of_the_last_answer_and_offline_none(visitor):
    answers = report(visitor)["answers"]
    assert answers
    assert any("per5HourUsedQuota" in json.dumps(answer["shape"]) for answer in answers)
    assert {answer["status"] for answer in answers} == {200}
    assert report(visitor, "--offline")["answers"] == []


def folder_line(home, monkeypatch, **more):
    """What is said of the cache in a home that cannot be written."""
    monkeypatch.setattr("codingplan_bar.paths.is_usable", lambda _: False)
    visit = CheckContext({"HOME": str(home), **more}, None, ENGLISH, {"language": "en"})
    return next(checks.folders(visit))


def test_the_step_for_a_read_only_home_names_a_folder_that_is_there(tmp_path, monkeypatch):
    home = tmp_path / "my home"
    home.mkdir()
    assert "`chmod u+rwx ~`" in folder_line(home, monkeypatch).next
    (home / ".cache").mkdir()
    assert "`chmod u+rwx ~/.cache`" in folder_line(home, monkeypatch).next
    folder = tmp_path / "a cache"
    folder.mkdir()
    step = folder_line(home, monkeypatch, XDG_CACHE_HOME=str(folder)).next
    assert f"`chmod u+rwx {shlex.quote(str(folder))}`" in step


def test_a_file_in_the_place_of_a_folder_is_told_and_no_mode_is_advised(tmp_path, monkeypatch):
    (tmp_path / ".cache").touch()
    told = folder_line(tmp_path, monkeypatch)
    assert "~/.cache is a file" in told.text
    assert told.next.startswith("Run `mv ~/.cache ~/.cache.old`.")


def test_of_a_folder_of_somebody_else_no_mode_is_advised(tmp_path, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    told = folder_line(tmp_path, monkeypatch)
    assert "chmod" not in told.next
    assert "XDG_CACHE_HOME" in told.next
