"""Both languages say the same, in every pair of the package."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from support.scenes import Scene, failure

from codingplan_bar import bars
from codingplan_bar.bars import tooltip
from codingplan_bar.commands import preview
from codingplan_bar.errors import CODES
from codingplan_bar.facts import STATES
from codingplan_bar.model import Problem
from codingplan_bar.plans import SPANS, UNITS
from codingplan_bar.words.en import WORDS as ENGLISH
from codingplan_bar.words.en.commands import PREVIEW
from codingplan_bar.words.en.errors import ERRORS as FAULTS
from codingplan_bar.words.zh import WORDS as CHINESE
from codingplan_bar.words.zh.errors import ERRORS as FAULTS_IN_CHINESE

OF_TOMORROW = Problem("network", "What a later version says.", "What it advises.")
TABLES = {
    "": ("WORDS",),
    "errors": ("ERRORS", "STORES"),
    "commands": ("DOCTOR", "HISTORY", "PREVIEW", "ALERTS", "LOGIN", "STATUS"),
    "setup": ("SETUP",),
}
"""The tables of each language, by the file that they stand in; the bars' words are the package itself."""
BY_THE_ENGLISH = {"setup": {"STYLE", "PLUGIN"}}
"""The Chinese of texts whose English stands in the shipped files, keyed by that text."""
PAIRS = [f"{file}:{table}" for file, tables in TABLES.items() for table in tables]
ALIKE = {
    (":WORDS", "five_hour.short"): "5h",
    (":WORDS", "plan"): "Coding Plan",
}
"""Names, and what is written the same in both; each by its table and key."""
GAPS = re.compile(r"\{[^{}]*\}")
LATIN = {"API", "CODINGPLAN", "Coding", "Cookie", "Credits", "JSON", "Key", "Plan", "REQUESTS", "CA", "BUNDLE"}
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


@pytest.mark.parametrize(("pair", "key"), texts())
def test_twins_have_the_same_gaps(pair, key):
    english, chinese = (GAPS.findall(words(pair, language)[key]) for language in ("english", "chinese"))
    assert sorted(chinese) == sorted(english)
    assert chinese == english or "{}" not in english, "gaps without a name are filled in their order"


@pytest.mark.parametrize(("pair", "key"), texts())
def test_a_text_is_translated_but_for_those_that_are_listed(pair, key):
    english, chinese = words(pair, "english")[key], words(pair, "chinese")[key]
    assert (english == chinese) == ((pair, key) in ALIKE)
    assert english.strip()
    assert chinese.strip()


@pytest.mark.parametrize(("pair", "key"), [text for text in texts() if text[0] in SHOWN and text[1] != "language"])
def test_a_chinese_text_is_chinese_but_for_names_and_what_is_typed(pair, key):
    text = re.sub(
        r"\{\w*\}|format = \"compact\"|data/api\.json|source|web|5h|codingplan-bar doctor"
        r"|codingplan-bar theme NAME|codingplan-bar config set format compact",
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
    parts = {*windows, *(f"unit.{unit}" for unit in UNITS), "lasts", "used_up"}
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
    view = Scene(failure(replace(OF_TOMORROW, code="of_tomorrow")), settings='language = "zh"').view()
    assert view.problem == (OF_TOMORROW.message, OF_TOMORROW.hint)


@pytest.mark.parametrize("code", CODES)
def test_an_error_of_which_nothing_was_said_is_told_by_its_code(code):
    view = Scene(failure(Problem(code, ""))).view()
    assert tooltip.note_lines(view) == [FAULTS[code]]
