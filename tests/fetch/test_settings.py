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

from codingplan_bar.errors import ConfigError
from codingplan_bar.fetch.settings import FILE_LIMIT, SETTINGS, Settings, load, read, template
from codingplan_bar.fetch.templates import compile_template

WHERE = "~/.config/codingplan-bar/config.toml"

BOTH_WAYS = {
    "source": ('"web"', "web", "web"),
    "region": ('"cn"', "cn", "cn"),
    "region_fallback": ("false", "off", False),
    "cookie_source": ('"manual"', "manual", "manual"),
    "cookie_header": ('"a=b; c=d"', "a=b; c=d", "a=b; c=d"),
    "api_key": ('"sk-1"', "sk-1", "sk-1"),
    "bl_path": ('"~/bin/bl"', "~/bin/bl", "~/bin/bl"),
    "browsers": ('["firefox", "chrome"]', "firefox, chrome", ("firefox", "chrome")),
    "refresh_interval": ("90", "90", 90),
    "timeout": ("2.5", "2.5", 2.5),
    "windows": ('["monthly", "weekly"]', "monthly,weekly", ("monthly", "weekly")),
    "show": ('"remaining"', "remaining", "remaining"),
    "format": ('"{plan}"', "{plan}", compile_template("{plan}")),
    "tooltip_format": ('"{plan}\\n{age}"', "{plan}\n{age}", compile_template("{plan}\n{age}")),
    "thresholds": ("[50, 60.5]", "50, 60.5", (50, 60.5)),
    "icons": ('"emoji"', "emoji", "emoji"),
    "language": ('"zh"', "zh", "zh"),
    "colors": (
        '{ok = "#98c379", error = "#E06C75"}',
        "ok=#98c379,error=#E06C75",
        {"ok": "#98c379", "error": "#E06C75"},
    ),
    "notifications": ("false", "off", False),
    "on_threshold": ('["notify", "a b"]', "notify 'a b'", ("notify", "a b")),
}
WRONG = {
    "source": ["browser", 5, True, ["web"], {}],
    "region": ["us", "INTL", 5],
    "region_fallback": ["perhaps", 1, 0.0],
    "cookie_source": ["browser"],
    "cookie_header": [5, ["a=b"], "x" * 100_000],
    "api_key": [5, False],
    "bl_path": [5, "bl", "./bl"],
    "browsers": [5, [5], {"a": 1}],
    "refresh_interval": [59, 86_401, "soon", True, float("nan"), float("inf"), [300]],
    "timeout": [0, 121, -5, "1 minute"],
    "windows": [[], ["daily"], ["weekly", "weekly"], 5],
    "show": ["left"],
    "format": ["{", "[", "a ] b", 5, "x" * 5_000],
    "tooltip_format": ["}"],
    "thresholds": [[90, 75], [75], [0, 50], [50, 101], "75", 5, ["a", "b"]],
    "icons": ["some"],
    "language": ["de"],
    "colors": [{"good": "#ffffff"}, {"ok": "red"}, {"ok": "#fff"}, {"ok": "#ffffff\n"}, 5, ["ok=#ffffff"]],
    "notifications": ["perhaps", 1, 0.0],
    "on_threshold": ["'unclosed", 5, [5], ["a\0b"], [""], [" ", "x"]],
}


def test_there_is_a_case_for_every_setting():
    assert set(BOTH_WAYS) == set(WRONG) == set(SETTINGS)


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_is_read_from_the_file_and_from_its_variable(name):
    written, said, value = BOTH_WAYS[name]
    assert load(f"{name} = {written}", {})[name] == value
    assert load(None, {f"CODINGPLAN_BAR_{name.upper()}": said})[name] == value


@pytest.mark.parametrize("name", SETTINGS)
def test_the_variable_wins_over_the_file(name):
    _, said, value = BOTH_WAYS[name]
    in_file = template().replace(f"#{name} =", f"{name} =")
    assert load(in_file, {})[name] == Settings({})[name] != value
    assert load(in_file, {f"CODINGPLAN_BAR_{name.upper()}": said})[name] == value


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_is_refused_by_a_message_that_does_not_hold_it(name, value):
    with pytest.raises(ValueError, match=r"\w") as refused:
        SETTINGS[name].read(value)
    assert not (isinstance(value, str) and len(value) > 8 and value in str(refused.value))


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in WRONG.items() for value in values])
def test_a_wrong_value_of_a_variable_names_the_variable(name, value):
    if isinstance(value, str):
        variable = f"CODINGPLAN_BAR_{name.upper()}"
        with pytest.raises(ConfigError, match=rf"^{variable}: {name}: .*\.$") as refused:
            load(None, {variable: value})
        assert refused.value.where == variable


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
    with pytest.raises(ConfigError, match=rf"^{re.escape(WHERE)} line {line}: (region|colors): .*\.$"):
        load(text, {}, where=WHERE)


@pytest.mark.parametrize(
    "text", ["region = ", "[", "a = 1\na = 2", "region = 'x\n", "=", "{" * 10, "x = " + "[" * 9999]
)
def test_a_file_that_is_no_toml_says_where(text):
    with pytest.raises(ConfigError, match=rf"^{re.escape(WHERE)} is no TOML: "):
        load(text, {}, where=WHERE)


@pytest.mark.parametrize(
    ("text", "environ"), [('regoin = "cn"', {}), ('[regoin]\na = "cn"', {}), (None, {"CODINGPLAN_BAR_REGOIN": "cn"})]
)
def test_an_unknown_key_is_refused_with_the_nearest_one(text, environ):
    with pytest.raises(ConfigError, match="there is no setting 'regoin'") as refused:
        load(text, environ)
    assert refused.value.hint == "Did you mean 'region'?"


def test_a_key_like_no_other_is_answered_with_all_there_are():
    with pytest.raises(ConfigError) as refused:
        load("zzz = 1", {})
    assert all(name in refused.value.hint for name in SETTINGS)


def test_a_variable_in_small_letters_is_refused_as_the_bars_would_not_see_it():
    with pytest.raises(ConfigError) as refused:
        load(None, {"CODINGPLAN_BAR_format": "full"})
    assert "CODINGPLAN_BAR_FORMAT" in refused.value.hint


def test_nobody_elses_variables_are_looked_at():
    assert load(None, {"CODINGPLAN_BARS": "1", "XCODINGPLAN_BAR_REGION": "us"}).given == frozenset()


def test_without_a_word_every_setting_has_its_default_and_none_is_given():
    found = load(None, {})
    assert found.given == frozenset()
    assert (found["refresh_interval"], found["timeout"], found["thresholds"]) == (300, 20, (75, 90))
    assert found["region_fallback"] is True
    assert found["windows"] == ("five_hour", "weekly", "monthly")


def test_an_option_counts_as_given_and_wins():
    found = load('region = "intl"', {}).replaced(region="cn")
    assert (found["region"], found.given) == ("cn", {"region"})


def test_secrets_are_not_in_what_a_debugger_or_a_log_would_show():
    assert "canary" not in repr(load('api_key = "sk-canary"\ncookie_header = "a=canary"', {}))


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
def test_any_text_is_settings_or_an_error_of_ours_on_one_line(text):
    try:
        load(text, {}, where=WHERE)
    except ConfigError as error:
        assert error.message.startswith(WHERE)  # noqa: PT017 - either outcome is good


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
    def test_one_that_is_not_there_is_no_error(self, tmp_path):
        assert read(tmp_path / "config.toml", where=WHERE) is None
        assert read(tmp_path / "no folder/config.toml", where=WHERE) is None

    def test_its_text_is_utf_8_and_a_mark_at_its_beginning_is_no_part_of_it(self, tmp_path):
        path = tmp_path / "config.toml"
        path.write_bytes(b"\xef\xbb\xbf# \xe6\xb5\x8b")
        assert read(path, where=WHERE) == "# 测"

    @pytest.mark.parametrize(
        ("make", "reason"),
        [
            (lambda path: path.mkdir(), "no regular file"),
            (os.mkfifo, "no regular file"),
            (lambda path: path.symlink_to(path), "symbolic links"),
            (lambda path: path.symlink_to("/dev/zero"), "no regular file"),
            (lambda path: path.write_bytes(b"region = '\xff'"), "byte 11 is no UTF-8"),
            (lambda path: path.write_bytes(b"#" * (FILE_LIMIT + 1)), "longer than 256 KiB"),
            (lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_WRONLY), 1 << 40), "longer than 256 KiB"),
        ],
    )
    def test_one_that_cannot_be_read_is_an_error_that_says_why_and_takes_no_time(self, tmp_path, make, reason):
        path = tmp_path / "config.toml"
        make(path)
        with pytest.raises(ConfigError, match=reason) as refused:
            read(path, where=WHERE)
        assert refused.value.message.startswith(f"{WHERE} cannot be read: ")
