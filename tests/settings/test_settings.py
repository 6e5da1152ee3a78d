"""The settings: what the file and the environment say, which of them counts, and how an error names its place."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.rows import for_each
from support.wrong_settings import CASES, LIMITING, WRONG, misspelt, toml

from codingplan_bar import facts
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands.config import config
from codingplan_bar.environment import PROVIDERS
from codingplan_bar.settings.settings import FILE_LIMIT, SETTINGS, THE_TESTS_OWN, Settings, load, of_user, template
from codingplan_bar.settings.templates import compile_template
from codingplan_bar.words import table_for, table_of
from codingplan_bar.words.errors import error_text

WHERE = "~/.config/codingplan-bar/config.toml"

BOTH_WAYS = {
    "plan": ('"team"', "token-plan-team", "token-plan-team"),
    "source": ('"web"', "web", "web"),
    "region": ('"cn"', "cn", "cn"),
    "region_fallback": ("false", "off", False),
    "cookie_source": ('"manual"', "manual", "manual"),
    "cookie_header": ('"a=b; c=d"', "a=b; c=d", "a=b; c=d"),
    "api_key": ('"sk-1"', "sk-1", "sk-1"),
    "bl_path": ('"~/bin/bl"', "~/bin/bl", "~/bin/bl"),
    "browsers": ('["firefox", "chrome"]', "firefox, chrome", ("firefox", "chrome")),
    "ca_bundle": ('"/etc/ca.pem"', "/etc/ca.pem", "/etc/ca.pem"),
    "proxy": ('"socks5h://localhost:1080"', "socks5h://localhost:1080", "socks5h://localhost:1080"),
    "refresh_interval": ("90", "90", 90),
    "timeout": ("2.5", "2.5", 2.5),
    "windows": ('["monthly", "weekly"]', "monthly,weekly", ("monthly", "weekly")),
    "show": ('"remaining"', "remaining", "remaining"),
    "format": ('"{plan}"', "{plan}", compile_template("{plan}")),
    "tooltip_format": ('"{plan}\\n{age}"', "{plan}\n{age}", compile_template("{plan}\n{age}")),
    "thresholds": ("[50, 60.5]", "50, 60.5", (50, 60.5)),
    "icons": ('"emoji"', "emoji", "emoji"),
    "language": ('"zh"', "zh", "zh"),
    "polybar_language": ('"en"', "en", "en"),
    "theme": ('"light"', "light", "light"),
    "colors": (
        '{ok = "#98c379", error = "#E06C75"}',
        "ok=#98c379,error=#E06C75",
        {"ok": "#98c379", "error": "#E06C75"},
    ),
    "notifications": ("false", "off", False),
    "session_alert": ("12", "12", 12),
    "lapse_alert": ("12.5", "12.5", 12.5),
    "plan_alert": ("[1, 14.5]", "1, 14.5", (14.5, 1)),
    "on_threshold": ('["notify", "a b"]', "notify 'a b'", ("notify", "a b")),
}
GUESSES = {
    "plan": ("tokenplan", "token-plan"),
    "source": ("wbe", "web"),
    "region": ("CN", "cn"),
    "region_fallback": ("ture", "true"),
    "cookie_source": ("manuel", "manual"),
    "browsers": (["chrome", "firefx"], "firefox"),
    "windows": (["five-hour"], "five_hour"),
    "show": ("remainig", "remaining"),
    "format": ("compat", "compact"),
    "icons": ("emojis", "emoji"),
    "language": ("atuo", "auto"),
    "polybar_language": ("atuo", "auto"),
    "colors": ({"critcal": "#ffffff"}, "critical"),
    "notifications": ("flase", "false"),
}


def test_the_bars_know_the_name_of_every_setting():
    assert {*map(str.upper, SETTINGS), THE_TESTS_OWN.removeprefix("CODINGPLAN_BAR_")} == facts.KNOWN


def test_there_is_a_case_for_every_setting():
    assert set(BOTH_WAYS) == set(WRONG) == set(SETTINGS)
    assert {name for name, row in SETTINGS.items() if row.limits} == LIMITING


@for_each("name", SETTINGS)
def test_each_setting_is_read_from_the_file_and_from_its_variable(name):
    written, said, value = BOTH_WAYS[name]
    assert getattr(load(f"{name} = {written}", {}), name) == value
    assert getattr(load("", {f"CODINGPLAN_BAR_{name.upper()}": said}), name) == value


@for_each("name", SETTINGS)
def test_the_variable_wins_over_the_file(name):
    _, said, value = BOTH_WAYS[name]
    in_file = template().replace(f"#{name} =", f"{name} =")
    assert getattr(load(in_file, {}), name) == getattr(Settings(), name) != value
    assert getattr(load(in_file, {f"CODINGPLAN_BAR_{name.upper()}": said}), name) == value


@for_each(("name", "value"), CASES)
def test_a_wrong_value_is_refused_by_a_message_that_does_not_hold_it(name, value):
    with pytest.raises(ValueError, match=r"\w") as refused:
        SETTINGS[name].read(value)
    assert not (isinstance(value, str) and len(value) > 8 and value in str(refused.value))


@for_each(("name", "value"), CASES)
def test_a_wrong_value_in_the_file_costs_its_own_setting_alone(name, value):
    found = load(f"# first\n{name} = {toml(value)}\n", {}, where=WHERE)
    [fault] = found.faults
    assert (fault.name, fault.where, fault.limits) == (name, f"{WHERE} line 2", name in LIMITING)
    if name not in ("region", "language"):  # these two are read as far as they can be
        assert getattr(found, name) == getattr(Settings(), name)
    message, hint = fault.said("en")
    assert message.startswith(f"{WHERE} line 2: {name} ")
    assert fault.said("zh")[0].startswith(f"{WHERE} 第 2 行：{name} ")
    assert ("No request is sent" in hint) == (name in LIMITING)


@for_each(("name", "value"), [case for case in CASES if isinstance(case[1], str) and "\0" not in case[1]])
def test_a_wrong_value_of_a_variable_names_the_variable_and_the_rest_counts(name, value):
    variable, other = f"CODINGPLAN_BAR_{name.upper()}", "icons" if name != "icons" else "show"
    written, _, right = BOTH_WAYS[other]
    found = load(f"{other} = {written}", {variable: value})
    [fault] = found.faults
    assert (fault.where, fault.limits, getattr(found, other)) == (variable, name in LIMITING, right)
    assert fault.said("en")[0].startswith(f"{variable}: {name} ")


@pytest.mark.parametrize("name", GUESSES)
def test_the_nearest_choice_is_guessed(name):
    value, guess = GUESSES[name]
    [fault] = load(f"{name} = {toml(value)}", {}).faults
    assert fault.guess == guess
    assert fault.said("en")[0].endswith(f" Did you mean {guess}?")
    assert guess in fault.said("zh")[0]
    assert not any("?" in fault.said(language)[1] for language in ("en", "zh"))


@pytest.mark.parametrize("name", ["format", "tooltip_format"])
def test_a_placeholder_that_no_bar_knows_costs_its_template_alone_and_the_nearest_is_guessed(name):
    for found in (
        load(f'{name} = "{{wekly.bar:4}}"\nshow = "remaining"', {}),
        load("", {f"CODINGPLAN_BAR_{name.upper()}": "{wekly.bar:4}", "CODINGPLAN_BAR_SHOW": "remaining"}),
    ):
        [fault] = found.faults
        assert (fault.limits, fault.guess, found.show) == (False, "{weekly.bar}", "remaining")
        assert getattr(found, name) == getattr(load("", {}), name)
        assert "{wekly.bar:4}" in fault.told("zh")


@for_each(("name", "wrong"), [(name, wrong) for name in SETTINGS for wrong in misspelt(name)])
def test_a_misspelt_name_is_answered_with_the_nearest_and_weighs_as_much(name, wrong):
    variable = f"CODINGPLAN_BAR_{wrong.upper()}"
    [in_file] = load(f"{wrong} = 1", {}, where=WHERE).faults
    [said] = load("", {variable: "1"}).faults
    assert (in_file.guess, in_file.limits, in_file.where) == (name, name in LIMITING, f"{WHERE} line 1")
    assert (said.guess, said.limits) == (f"CODINGPLAN_BAR_{name.upper()}", name in LIMITING)
    assert facts.bar_environment({variable: "1"}) != facts.bar_environment({})


@for_each("name", SETTINGS)
def test_a_variable_in_small_letters_is_wrong_as_the_bars_would_not_see_it(name):
    for variable in (f"CODINGPLAN_BAR_{name}", f"codingplan_bar_{name}"):
        [fault] = load("", {variable: BOTH_WAYS[name][1]}).faults
        assert (fault.guess, fault.limits) == (f"CODINGPLAN_BAR_{name.upper()}", name in LIMITING)


@pytest.mark.parametrize(
    ("variable", "guess", "limits"),
    [
        ("ALIBABA_CODING_PLAN_HOTS", "ALIBABA_CODING_PLAN_HOST", True),
        ("ALIBABA_CODING_PLAN_QOUTA_URL", "ALIBABA_CODING_PLAN_QUOTA_URL", True),
        ("ALIBABA_CODING_PLAN_COOKEI", "ALIBABA_CODING_PLAN_COOKIE", False),
    ],
)
def test_a_misspelt_override_lets_nothing_be_asked(variable, guess, limits):
    [fault] = load("", {variable: "console.example"}).faults
    assert (fault.guess, fault.limits) == (guess, limits)
    assert load("", dict.fromkeys(PROVIDERS, "x")).faults == ()


def test_a_name_like_no_other_costs_nothing_and_is_answered_with_all_there_are():
    [fault] = load("zzz = 1", {}).faults
    assert not fault.limits
    assert all(name in fault.said("en")[0] for name in SETTINGS)
    [fault] = load("", {"CODINGPLAN_BAR_ZZZ": "1"}).faults
    assert not fault.limits


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("region = 5", 1),
        ('# first\n\nsource = "web"\n  region= 5', 4),
        ("'region' = 5", 1),
        ('cookie_header = "a"\n[region]\nok = 1', 2),
        ('region.name = "cn"', 1),
        ('[colors]\nok = "#98c379"\nregion = "#ffffff"', 1),
        ('[colors]\nok = "red"', 1),
    ],
)
def test_a_wrong_value_in_the_file_names_the_file_the_line_and_the_key(text, line):
    [fault] = load(text, {}, where=WHERE).faults
    assert re.match(rf"{re.escape(WHERE)} line {line}: (region|colors) .*[.?]$", fault.said("en")[0])


def wrong_settings():
    """Each wrong value by file and by variable, misspelt names, and files that are not TOML."""
    for name, values in WRONG.items():
        for value in values:
            yield load(f"{name} = {json.dumps(value)}" if value != {} else f"[{name}]", {}, where=WHERE)
            yield load("", {f"CODINGPLAN_BAR_{name.upper()}": str(value)})
        yield load(f'{name}x = "1"', {}, where=WHERE)
        yield load("", {f"CODINGPLAN_BAR_{name}": "1"})
    yield from (
        load(text, {}, where=WHERE)
        for text in ("region = ", "[", "region = “cn”", "a = 1\na = 2", "=", 'x = "a', "zzzzz = 1")
    )


def test_what_a_refresh_keeps_of_a_wrong_setting_is_told_in_chinese_as_doctor_tells_it():
    """A stored snapshot has the English sentence: its facts are found in it again."""
    faults = [fault for found in wrong_settings() for fault in found.faults if fault.limits]
    assert {fault.key for fault in faults} >= {"wrong", "unknown", "capitals", "toml"}
    for fault in faults:
        kept, told = fault.as_error(), fault.said("zh")
        assert error_text("config", kept.message, kept.hint, words_for("zh", {})) == told
        own = told[0].replace(WHERE, "").replace(fault.name, "")
        assert re.search("[\u4e00-\u9fff]", own)
        assert not re.search(r"[A-Za-z]{2,} [a-z]{2,}", own)


@pytest.mark.parametrize(
    "text", ["region = ", "[", "a = 1\na = 2", "region = 'x\n", "=", "{" * 10, "x = " + "[" * 9999]
)
def test_a_file_that_is_not_toml_lets_nothing_be_asked(text):
    found = load(text, {"CODINGPLAN_BAR_ICONS": "nerd"}, where=WHERE)
    assert found.limiting is found.faults[0]
    assert found.faults[0].said("en")[0].startswith(f"{WHERE} is not valid TOML: ")
    assert found.icons == "nerd"


@pytest.mark.parametrize(
    ("text", "language", "region"),
    [
        ('region = "cn"\nlanguage = "zh"\ntimeout = 500', "zh", "cn"),
        ('region = "CN"\nlanguage = "zh_XX_YY"\nshow = 5', "zh", "cn"),
        ('region = "cn-beijing"\nlanguage = "zhh"', "zh", "cn"),
        ('language = "zh"\nregion = "cn"\nformat = "', "zh", "cn"),
        ("language = zh\nregion=cn\n", "zh", "cn"),
        ("  language = 'zh-TW' # mine\n[", "en", "intl"),
        ('region = "domestic"\nlanguage = "zh"\n[', "zh", "cn"),
        ("language = 5\nregion = []", "auto", "intl"),
    ],
)
def test_language_and_region_are_read_whatever_else_is_wrong(text, language, region):
    found = load(text, {})
    assert (found.language, found.region) == (language, region)
    assert found.faults


@pytest.mark.parametrize(("site", "region"), [("international", "intl"), ("domestic", "cn"), ("cn", "cn")])
def test_a_region_may_be_called_as_the_sites_of_login_are(site, region):
    by_file, by_variable = load(f'region = "{site}"', {}), load("", {"CODINGPLAN_BAR_REGION": site})
    assert [(found.region, found.faults) for found in (by_file, by_variable)] == [(region, ())] * 2


@pytest.mark.parametrize(
    ("tags", "table"),
    [
        ("zh zh-CN zh_CN zh-Hans zh_CN.UTF-8 zh-Hans-TW zh_SG ZH_cn", "zh"),
        ("zh-TW zh_TW zh-Hant zh_HK.UTF-8 zh_MO zh-Hant-HK en en_GB.UTF-8 en@euro", "en"),
        ("de fr_FR.UTF-8 C zhx", ""),
    ],
)
def test_a_language_tag_leads_to_its_table(tags, table):
    assert {table_of(tag) for tag in tags.split()} == {table}
    for tag in tags.split():
        if "@" not in tag:  # a locale's modifier is no part of a tag
            found = load("", {"CODINGPLAN_BAR_LANGUAGE": tag})
            assert (found.language if table else "", bool(found.faults)) == (table, not table)


@pytest.mark.parametrize(
    ("environ", "table"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN:zh"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "fr:zh_CN"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C", "LANGUAGE": "zh_CN"}, "en"),
        ({"LANGUAGE": "zh_CN"}, "en"),
        ({"LANG": "zh_TW.UTF-8", "LANGUAGE": "zh_TW:zh"}, "en"),
        ({"LANG": "zh_HK.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({}, "en"),
    ],
)
def test_language_counts_first_unless_the_locale_is_c(environ, table):
    assert table_for(environ) == table


def test_other_programs_variables_are_left_alone():
    found = load(
        "", {"CODINGPLAN_BARS": "1", "XCODINGPLAN_BAR_REGION": "us", "ALIBABA_CODING_PLAN_X": "1", THE_TESTS_OWN: "1"}
    )
    assert (found.given, found.faults) == (frozenset(), ())


def test_without_a_word_every_setting_has_its_default_and_none_is_given():
    found = load("", {})
    assert (found.given, found.faults) == (frozenset(), ())
    assert {name: getattr(found, name) for name in SETTINGS} == {
        name: row.read(row.unset) for name, row in SETTINGS.items()
    }


def test_an_option_counts_as_given_and_wins():
    found = load('region = "intl"', {}).replaced(region="cn")
    assert (found.region, found.given) == ("cn", {"region"})


def test_secrets_are_not_in_what_a_debugger_or_a_log_would_show():
    assert "canary" not in repr(load('api_key = "sk-canary"\ncookie_header = "a=canary"', {}))


@pytest.mark.parametrize(
    "text", ['"a\\u001b[31m" = 1', 'show = "\\u001b[31m"', f'"{"x" * 100_000}" = 1', f"x = {'9' * 5000}"]
)
def test_what_is_said_of_a_fault_is_short_and_sends_no_escape(text):
    faults = load(text, {"CODINGPLAN_BAR_\x1b[31m" + "Y" * 100_000: "1"}).faults
    assert len(faults) == 2
    for fault in faults:
        for language in ("en", "zh"):
            assert "\x1b" not in "".join(fault.said(language))
            assert len("".join(fault.said(language))) < 800


def test_the_template_is_good_toml_that_says_nothing_yet():
    assert tomllib.loads(template()) == {}
    assert template().count("\n#") == 2 * len(SETTINGS)


def test_the_readme_tells_each_setting_in_the_same_words():
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", readme)
    told = re.findall(r"^\| `(\w+)` \| `(.*)` \| (.*) \|$", plain.partition("\n## Settings\n")[2], re.MULTILINE)
    assert told[: len(SETTINGS)] == [(name, json.dumps(row.unset), row.means) for name, row in SETTINGS.items()]


@settings(max_examples=60)
@given(st.text(max_size=100))
def test_any_text_is_settings(text):
    found = load(text, {}, where=WHERE)
    assert all(fault.where.startswith(WHERE) for fault in found.faults)
    assert all(getattr(found, name) is not None for name in SETTINGS)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(SETTINGS)), JSON)
def test_any_value_is_read_or_refused_by_a_value_error(name, value):
    with contextlib.suppress(ValueError):
        SETTINGS[name].read(value)


class TestTheFile:
    @pytest.fixture
    def path(self, tmp_path, monkeypatch):
        monkeypatch.setenv("HOME", str(tmp_path))
        path = tmp_path / "codingplan-bar/config.toml"
        path.parent.mkdir()
        return path

    def found(self, path):
        return of_user({"HOME": str(path.parents[1]), "XDG_CONFIG_HOME": str(path.parents[1])})

    def test_one_that_is_not_there_is_no_error(self, path):
        assert self.found(path) == Settings()
        path.parent.rmdir()
        assert self.found(path) == Settings()

    def test_its_text_is_utf_8_and_a_mark_at_its_beginning_is_no_part_of_it(self, path):
        path.write_bytes(b"\xef\xbb\xbfformat = '\xe6\xb5\x8b'")
        assert self.found(path).format == "测"

    @pytest.mark.parametrize(
        ("make", "reason"),
        [
            (lambda path: path.mkdir(), "no regular file"),
            (os.mkfifo, "no regular file"),
            (lambda path: path.symlink_to(path), "symbolic links"),
            (lambda path: path.symlink_to("/dev/zero"), "no regular file"),
            (lambda path: path.write_bytes(b"region = '\xff'"), "byte 11 is not UTF-8"),
            (lambda path: path.write_bytes(b"#" * (FILE_LIMIT + 1)), "longer than 256 KiB"),
            (lambda path: (path.touch(), os.truncate(path, 1 << 40)), "longer than 256 KiB"),
        ],
    )
    def test_one_that_cannot_be_read_lets_nothing_be_asked_says_why_and_is_not_waited_for(self, path, make, reason):
        make(path)
        [fault] = self.found(path).faults
        message, _ = fault.said("en")
        assert fault.limits
        assert message.startswith("~/codingplan-bar/config.toml cannot be read: ")
        assert reason in message


TOMLS_OWN = "6_00"
"""Six hundred, as TOML may write it: right as an argument, wrong as a variable."""
TYPED = [(name, value) for name, value in CASES if isinstance(value, str) and value != TOMLS_OWN and "\0" not in value]
TYPED = [(name, value) for name, value in TYPED if not SETTINGS[name].secret]


@for_each(("name", "value"), TYPED)
def test_config_refuses_a_wrong_value_of_each_setting_and_changes_nothing(name, value, tmp_path, capfd):
    assert config(action="set", key=name, value=value, environ={"HOME": str(tmp_path)}) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n"), name in err) == ("", 1, True)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("name", [name for name in BOTH_WAYS if not SETTINGS[name].secret])
def test_config_writes_each_setting_as_its_variable_reads_and_tells_it_again(name, tmp_path, capfd):
    environ, (_, said, value) = {"HOME": str(tmp_path)}, BOTH_WAYS[name]
    assert config(action="set", key=name, value=said, environ=environ) == 0
    found = of_user(environ)
    assert (getattr(found, name), found.given, found.faults) == (value, {name}, ())
    capfd.readouterr()
    assert config(action="get", key=name, value=None, environ=environ) == 0
    told = capfd.readouterr().out.removesuffix("\n")
    assert config(action="set", key=name, value=told, environ=environ) == 0
    assert getattr(of_user(environ), name) == value


@for_each(("name", "wrong"), [(name, misspelt(name)[0]) for name in SETTINGS])
def test_config_answers_a_misspelt_name_with_the_nearest(name, wrong, tmp_path, capfd):
    assert config(action="set", key=wrong, value="1", environ={"HOME": str(tmp_path)}) == 2
    assert f"Did you mean {name}?" in capfd.readouterr().err


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_only_what_ends_a_line_in_toml_counts_as_a_line(sign):
    settings = load(f"# one{sign}comment\r\ntimeout = 0\n", {}, where=WHERE)
    assert [fault.where for fault in settings.faults] == [f"{WHERE} line 2"]


@pytest.mark.parametrize(
    ("variable", "value", "command"),
    [
        ("CODINGPLAN_BAR_REGION", "chn", "export CODINGPLAN_BAR_REGION=cn"),
        ("CODINGPLAN_BAR_NOTIFICATIONS", "ture", "export CODINGPLAN_BAR_NOTIFICATIONS=true"),
        ("CODINGPLAN_BAR_TIMEOUT", "x", "unset CODINGPLAN_BAR_TIMEOUT"),
        ("CODINGPLAN_BAR_WINDOWS", "weekly,fivehour", "unset CODINGPLAN_BAR_WINDOWS"),
        (
            "CODINGPLAN_BAR_REGON",
            "cn",
            'export CODINGPLAN_BAR_REGION="$CODINGPLAN_BAR_REGON"; unset CODINGPLAN_BAR_REGON',
        ),
        (
            "codingplan_bar_region",
            "cn",
            'export CODINGPLAN_BAR_REGION="$codingplan_bar_region"; unset codingplan_bar_region',
        ),
        ("CODINGPLAN_BAR_REGION;id", "cn", "unset 'CODINGPLAN_BAR_REGION;id'"),
    ],
)
def test_the_step_for_a_variable_sets_right_what_was_meant_and_else_takes_it_away(variable, value, command):
    faults = load("", {variable: value}).faults
    assert [fault.mends for fault in faults] == [command]
