"""Numbers in words, and both languages say the same in every pair of the package."""

from __future__ import annotations

import plistlib
import re
import time
import unicodedata
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from support.rows import for_each
from support.scenes import Scene, failure
from support.staging import World

from codingplan_bar import bars
from codingplan_bar.bars import phrases, tooltip
from codingplan_bar.commands import preview
from codingplan_bar.environment import GLOBAL_PREFERENCES, PREFERENCES_LIMIT, locale_of_system, system_language
from codingplan_bar.errors import CODES, WITHOUT_SIGN_IN
from codingplan_bar.facts import STATES
from codingplan_bar.model import Problem
from codingplan_bar.plans import SPANS, UNITS
from codingplan_bar.refresh import refresh
from codingplan_bar.words.en import WORDS as ENGLISH
from codingplan_bar.words.en.commands import PREVIEW
from codingplan_bar.words.en.errors import ERRORS as FAULTS
from codingplan_bar.words.zh import WORDS as CHINESE
from codingplan_bar.words.zh.errors import ERRORS as FAULTS_IN_CHINESE

OF_TOMORROW = Problem("network", "What a later version says.", "What it advises.")
TABLES = {
    "": ("WORDS",),
    "errors": ("ERRORS", "STORES"),
    "commands": ("SAID", "STATUS", "HISTORY", "PREVIEW", "ALERTS", "LOGIN", "DEMO", "PAGE", "USAGE"),
    "doctor": ("DOCTOR",),
    "setup": ("SETUP",),
}
"""The tables of each language, by the file that they stand in; the bars' words are the package itself."""
BY_THE_ENGLISH = {"setup": {"STYLE", "PLUGIN"}, "commands": {"SYSTEM"}}
"""The Chinese of texts whose English stands in the shipped files, or comes from the system, keyed by that text."""
PAIRS = [f"{file}:{table}" for file, tables in TABLES.items() for table in tables]
ALIKE = {
    (":WORDS", "five_hour.short"): "5h",
    (":WORDS", "plan"): "Coding Plan",
    ("commands:USAGE", "said"): "{said}",
}
"""Names, and what is written the same in both; each by its table and key."""
GAPS = re.compile(r"\{[^{}]*\}")
LATIN = {"API", "CODINGPLAN", "Coding", "Cookie", "Credits", "JSON", "Key", "Plan", "REQUESTS", "CA", "BUNDLE", "bl"}
SHOWN = {":WORDS", "commands:PREVIEW"}
"""The tables whose Chinese is held to the rules of Chinese writing here."""


def words(pair: str, language: str) -> dict[str, str]:
    file, _, table = pair.partition(":")
    folder = {"english": "en", "chinese": "zh"}[language]
    return getattr(table_file(folder, file), table)


def table_file(folder: str, file: str) -> ModuleType:
    return import_module(f"codingplan_bar.words.{folder}" + (file and f".{file}"))


def texts() -> list[tuple[str, str]]:
    """Every text of both languages, as its table and its key."""
    return [(pair, key) for pair in PAIRS for key in {**words(pair, "english"), **words(pair, "chinese")}]


@pytest.mark.parametrize("file", TABLES)
def test_both_languages_have_the_same_tables(file):
    for folder in ("en", "zh"):
        module = vars(table_file(folder, file))
        found = {name for name, value in module.items() if name.isupper() and type(value) is dict}
        others = set() if file == "errors" else {"STORES"}
        others |= BY_THE_ENGLISH.get(file, set()) if folder == "zh" else set()
        assert found - others == set(TABLES[file])


@pytest.mark.parametrize("pair", PAIRS)
def test_every_text_has_its_twin_in_the_same_place(pair):
    assert list(words(pair, "chinese")) == list(words(pair, "english"))


@for_each(("pair", "key"), texts())
def test_twins_have_the_same_gaps(pair, key):
    english, chinese = (GAPS.findall(words(pair, language)[key]) for language in ("english", "chinese"))
    assert sorted(chinese) == sorted(english)
    assert chinese == english or "{}" not in english, "gaps without a name are filled in their order"


@for_each(("pair", "key"), texts())
def test_a_text_is_translated_but_for_those_that_are_listed(pair, key):
    english, chinese = words(pair, "english")[key], words(pair, "chinese")[key]
    assert (english == chinese) == ((pair, key) in ALIKE)
    assert english.strip()
    assert chinese.strip()


@for_each(("pair", "key"), [text for text in texts() if text[0] in SHOWN and text[1] != "language"])
def test_a_chinese_text_is_chinese_but_for_names_and_what_is_typed(pair, key):
    text = re.sub(
        r"\{\w*\}|format = \"compact\"|data/api\.json|source|web|5h|codingplan-bar doctor"
        r"|codingplan-bar theme|codingplan-bar config set format compact",
        "",
        words(pair, "chinese")[key],
    )
    assert set(re.findall("[A-Za-z]+", text)) <= LATIN
    assert not set(text) & set(",;:!?()"), "half-width punctuation in a Chinese sentence"


@pytest.mark.parametrize("words_of_one", [ENGLISH, CHINESE])
def test_weekdays_and_months_are_all_there(words_of_one):
    assert len(words_of_one["weekdays"].split()) == 7
    assert len(words_of_one["months"].split()) == 12


@pytest.mark.parametrize("words_of_one", [ENGLISH, CHINESE])
def test_every_state_and_every_error_has_its_words(words_of_one):
    assert {*STATES, *CODES} <= set(words_of_one)


@pytest.mark.parametrize(
    ("folder", "pair"), [(Path(bars.__file__).parent, ENGLISH), (Path(preview.__file__).parent, PREVIEW)]
)
def test_no_word_is_there_that_nothing_says(folder, pair):
    sources = [path for path in folder.rglob("*.py") if path.stem not in {"english", "chinese"}]
    named = set(re.findall(r"[\"']([a-z_.]+)[\"']", "".join(path.read_text("utf-8") for path in sources)))
    windows = {name + ending for name in SPANS for ending in ("", ".short")}
    parts = {*windows, *(f"unit.{unit}" for unit in UNITS), "lasts", "used_up", *WITHOUT_SIGN_IN.values()}
    assert set(pair) - named - set(STATES) - set(CODES) - parts == set()


def test_every_error_has_a_general_text_and_a_hint():
    assert {*CODES, *(f"{code}.hint" for code in CODES)} <= set(FAULTS)


@pytest.mark.parametrize(
    ("message", "chinese"),
    [
        ("The plan ended on Nov 26.", "套餐已于11月26日到期。"),
        ("The plan ended on Jan 1, 2025.", "套餐已于2025年1月1日到期。"),
        ("The plan has ended.", "套餐已到期。"),
        ("This account has no Coding Plan.", FAULTS_IN_CHINESE["no_plan"]),
        ("The plan ended some day.", FAULTS_IN_CHINESE["no_plan"]),
    ],
)
def test_when_a_plan_ended_is_told_in_both_languages(message, chinese):
    scene = failure(Problem("no_plan", message))
    assert Scene(scene).view().problem[0] == message
    assert Scene(scene, settings='language = "zh"').view().problem[0] == chinese


def test_a_code_of_tomorrow_is_told_as_it_was_said():
    view = Scene(failure(OF_TOMORROW._replace(code="of_tomorrow")), settings='language = "zh"').view()
    assert view.problem == (OF_TOMORROW.message, OF_TOMORROW.hint)


@pytest.mark.parametrize("code", CODES)
def test_an_error_of_which_nothing_was_said_is_told_by_its_code(code):
    view = Scene(failure(Problem(code, ""))).view()
    assert tooltip.note_lines(view) == [FAULTS[code]]


# Numbers in words.


MINUTE, HOUR, DAY = 60, 3_600, 86_400


def china(text: str) -> float:
    """The instant of a date and time of day in China, where these tests are."""
    return time.mktime(time.strptime(text, "%Y-%m-%d %H:%M"))


NOW = 1_795_537_800  # 2026-11-25 00:30


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0%"),
        (0.001, "<1%"),
        (0.999, "<1%"),
        (1, "1%"),
        (5.2, "5%"),
        (56.99999999999999, "57%"),
        (99, "99%"),
        (99.4, "99%"),
        (99.999, "99%"),
        (100, "100%"),
    ],
)
def test_a_percentage_is_nothing_or_all_only_where_it_is(value, text):
    assert phrases.percent(value) == text


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (790, "790"),
        (1_000, "1,000"),
        (90_000.0, "90,000"),
        (999.96, "999.96"),
        (0.04, "0.04"),
        (1_000 - 999.99, "0.01"),
        (10**15 - 1, "999,999,999,999,999"),
        (10**15, "1e+15"),
    ],
)
def test_requests_are_counted_with_their_thousands_apart_and_parts_are_not_rounded_away(number, text):
    assert phrases.count(number) == text


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (0, "<1 min", "<1 分钟"),
        (59.9, "<1 min", "<1 分钟"),
        (MINUTE, "1 min", "1 分钟"),
        (HOUR - 1, "59 min", "59 分钟"),
        (HOUR, "1 h", "1 小时"),
        (2 * HOUR + 5 * MINUTE, "2 h 5 min", "2 小时 5 分钟"),
        (DAY - 1, "23 h 59 min", "23 小时 59 分钟"),
        (DAY, "1 d", "1 天"),
        (DAY + 59 * MINUTE, "1 d", "1 天"),
        (4 * DAY + 23 * HOUR + 59 * MINUTE, "4 d 23 h", "4 天 23 小时"),
        (400 * DAY, "400 d", "400 天"),
    ],
)
def test_a_time_span_is_told_in_its_two_largest_units_and_never_as_longer_than_it_is(seconds, english, chinese):
    assert phrases.duration(seconds, ENGLISH) == english
    assert phrases.duration(seconds, CHINESE) == chinese


@pytest.mark.parametrize(
    ("instant", "english", "chinese"),
    [
        ("2026-11-25 23:59", "23:59", "23:59"),
        ("2026-11-25 00:00", "00:00", "00:00"),
        ("2026-11-24 23:59", "Tue 23:59", "周二 23:59"),
        ("2026-11-26 00:00", "Thu 00:00", "周四 00:00"),
        ("2026-12-01 00:29", "Tue 00:29", "周二 00:29"),
        ("2026-12-01 00:30", "Dec 1 00:30", "12月1日 00:30"),
        ("2026-11-19 00:30", "Nov 19 00:30", "11月19日 00:30"),
        ("2027-01-02 08:05", "Jan 2, 2027 08:05", "2027年1月2日 08:05"),
    ],
)
def test_a_time_of_day_has_its_day_where_that_is_not_today_and_no_weekday_could_be_that_of_another_week(
    instant, english, chinese
):
    assert phrases.clock(china(instant), NOW, ENGLISH) == english
    assert phrases.clock(china(instant), NOW, CHINESE) == chinese


def test_a_date_has_its_year_where_that_is_another_one():
    assert phrases.day(china("2026-02-11 00:00"), NOW, ENGLISH) == "Feb 11"
    assert phrases.day(china("2025-02-11 00:00"), NOW, ENGLISH) == "Feb 11, 2025"


@pytest.mark.parametrize(
    ("share", "cells", "text"),
    [
        (0, 5, "▱▱▱▱▱"),
        (0.0001, 5, "▰▱▱▱▱"),
        (0.2, 5, "▰▱▱▱▱"),
        (0.39, 5, "▰▱▱▱▱"),
        (0.999, 5, "▰▰▰▰▱"),
        (1, 5, "▰▰▰▰▰"),
        (0.001, 1, "▰"),
    ],
)
def test_a_bar_is_empty_only_with_no_use_and_full_only_with_full_use(share, cells, text):
    assert phrases.bar(share, cells) == text


def test_a_bar_of_which_nothing_is_known_is_no_bar_of_nothing_used():
    assert len(phrases.unknown_bar(7)) == 7
    assert not set(phrases.unknown_bar(7)) & set(phrases.bar(0, 7) + phrases.bar(1, 7))


@pytest.mark.parametrize(
    ("text", "columns"), [("", 0), ("5 hours", 7), ("5 小时", 6), ("（周一）", 8), ("▰▱·–", 4), ("Größe", 5), ("🟢", 2)]
)
def test_wide_characters_take_two_columns(text, columns):
    assert phrases.width(text) == columns


def test_every_word_of_ours_is_as_wide_as_unicode_says():
    for words in (ENGLISH, CHINESE):
        for text in words.values():
            wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
            assert phrases.width(text) == len(text) + wide, text


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({}, ENGLISH),
        ({"LANG": "zh_CN.UTF-8"}, CHINESE),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, ENGLISH),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_CN"}, CHINESE),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB", "LC_ALL": ""}, ENGLISH),
        ({"LANG": "fr_FR.UTF-8"}, ENGLISH),
    ],
)
def test_the_language_is_the_locales_where_none_is_set(environ, words):
    assert phrases.words_for("auto", environ) is words
    assert phrases.words_for("en", environ) is ENGLISH
    assert phrases.words_for("zh", environ) is CHINESE


@pytest.mark.parametrize("instant", [1e17, -1e18, 10**25])
def test_what_is_beyond_every_calendar_is_a_fact_that_is_not_as_it_should_be(instant):
    for calendar in (phrases.local, phrases.utc):
        with pytest.raises((ValueError, OverflowError)):
            calendar(instant)


@pytest.mark.parametrize(
    ("percent", "whole"),
    [(0, 0), (0.4, 0), (0.6, 1), (74.4, 74), (74.6, 75), (99.4, 99), (99.6, 99), (99.999_999, 99), (100, 100)],
)
def test_a_whole_percentage_is_the_nearest_one_and_all_only_where_it_is_all(percent, whole):
    assert phrases.whole_percent(percent) == whole


# On macOS what the desktop starts has no locale: the language is that of the system's list, read without a program.

MACS_LIST = ["zh-Hans-CN", "en-CN"]
LISTS_OF_A_MAC = {
    "Chinese first": (MACS_LIST, "zh"),
    "English first": (["en-GB", "zh-Hans-GB"], "en"),
    "a language without a table, then Chinese": (["fr-FR", "zh-Hans-FR"], "zh"),
    "Traditional Chinese": (["zh-Hant-TW"], "en"),
    "languages without a table": (["fr-FR", "de-DE"], ""),
    "an empty list": ([], ""),
    "no list": ("zh-Hans", ""),
    "numbers and nothing else": ([1, 2.5], ""),
}
DAMAGED_LISTS = {
    "nothing": b"",
    "half a file": plistlib.dumps({"AppleLanguages": MACS_LIST}, fmt=plistlib.FMT_BINARY)[:40],
    "no property list": b"AppleLanguages = (zh)",
    "a list in its place": plistlib.dumps(["zh-Hans"]),
    "entities": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "zh">]><plist><dict/></plist>',
    "a reference to itself": b"bplist00\xa1\x00\x08" + bytes(6) + b"\x01\x01" + bytes(7) + b"\x01" + bytes(15) + b"\n",
    "longer than any": b"x" * (PREFERENCES_LIMIT + 1),
}


@pytest.fixture
def home(tmp_path):
    (tmp_path / GLOBAL_PREFERENCES).parent.mkdir(parents=True)
    return {"HOME": str(tmp_path)}


def write(home, content):
    (Path(home["HOME"]) / GLOBAL_PREFERENCES).write_bytes(content)


def has(home, languages, form=plistlib.FMT_BINARY):
    write(home, plistlib.dumps({"AppleLocale": "en_US", "AppleLanguages": languages}, fmt=form))


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML], ids=["binary", "XML"])
@pytest.mark.parametrize("name", LISTS_OF_A_MAC)
def test_the_first_language_that_has_a_table_counts(home, name, form):
    languages, table = LISTS_OF_A_MAC[name]
    has(home, languages, form)
    assert system_language(home, "darwin") == table
    assert system_language(home, "linux") == ""


@pytest.mark.parametrize("name", DAMAGED_LISTS)
def test_whatever_stands_in_the_file_is_read_or_says_nothing(home, name):
    write(home, DAMAGED_LISTS[name])
    assert system_language(home, "darwin") == ""


@pytest.mark.parametrize("has_a_home", [True, False])
def test_without_the_file_or_a_home_to_look_in_nothing_is_known(home, has_a_home):
    assert system_language(home if has_a_home else {"HOME": "nowhere"}, "darwin") == ""


def test_a_locale_goes_before_the_system(home):
    has(home, MACS_LIST)
    assert locale_of_system(home, "darwin") == {"LANG": "zh_CN.UTF-8"}
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        assert locale_of_system({**home, name: "C"}, "darwin") == {}
    assert locale_of_system(home, "linux") == {}


def test_the_refresh_tells_the_bars(tmp_path, monkeypatch):
    """They read their facts alone: the language stands there."""
    monkeypatch.setattr(refresh, "system_language", lambda _: "zh")
    world = World(tmp_path)
    world.refresh()
    assert world.facts["language.system"] == "zh"


@pytest.mark.parametrize(
    ("environ", "language", "shown"),
    [({}, "auto", "zh"), ({"LANG": "en_US.UTF-8"}, "auto", "en"), ({"LANG": "C"}, "auto", "en"), ({}, "en", "en")],
)
def test_a_bar_speaks_it_where_neither_its_locale_nor_the_settings_say_otherwise(environ, language, shown):
    view = Scene(settings=f'language = "{language}"', environ=environ).view(**{"language.system": "zh"})
    assert view.words["language"] == shown
