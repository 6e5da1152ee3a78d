"""Both languages say the same, in every pair of the package."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from scenes import OFFLINE, Scene, failure

import codingplan_bar
from codingplan_bar import errors, show
from codingplan_bar.commands import preview
from codingplan_bar.errors import CODES, CodingPlanError
from codingplan_bar.fetch.setting_values import STATES
from codingplan_bar.model import Problem
from codingplan_bar.show import faults
from codingplan_bar.show.chinese import WORDS as CHINESE
from codingplan_bar.show.english import WORDS as ENGLISH
from codingplan_bar.show.faults.chinese import WORDS as FAULTS_IN_CHINESE
from codingplan_bar.show.faults.english import WORDS as FAULTS

PACKAGE = Path(codingplan_bar.__file__).parent
FOLDERS = sorted(path.parent for path in PACKAGE.rglob("*.py") if path.stem in {"english", "chinese"})
PAIRS = sorted({".".join(("codingplan_bar", *folder.relative_to(PACKAGE).parts)) for folder in FOLDERS})
ALIKE = {
    ("codingplan_bar.show", "five_hour.short"): "5h",
    ("codingplan_bar.show", "plan"): "Coding Plan",
}
"""Names, and what is written the same in both; each by its pair and key."""
GAPS = re.compile(r"\{[^{}]*\}")
LATIN = {"API", "CODINGPLAN", "Coding", "Cookie", "JSON", "Key", "Plan", "REQUESTS", "CA", "BUNDLE"}
SHOWN = {"codingplan_bar.show", "codingplan_bar.show.faults", "codingplan_bar.commands.preview"}
"""The pairs whose Chinese is held to the rules of Chinese writing here."""


def words(pair: str, language: str) -> dict[str, str]:
    return import_module(f"{pair}.{language}").WORDS


def texts() -> list[tuple[str, str]]:
    """Every text of both languages, as its pair and its key."""
    return [(pair, key) for pair in PAIRS for key in {**words(pair, "english"), **words(pair, "chinese")}]


def test_the_pairs_that_there_must_be_are_found():
    assert set(PAIRS) >= SHOWN


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
    text = re.sub(r"\{\w*\}|format = \"compact\"|docs/templates\.md|source|web|5h", "", words(pair, "chinese")[key])
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
    ("folder", "pair"), [(Path(show.__file__).parent, ENGLISH), (Path(preview.__file__).parent, preview.ENGLISH)]
)
def test_no_word_is_there_that_nothing_says(folder, pair):
    sources = [path for path in folder.rglob("*.py") if path.stem not in {"english", "chinese"}]
    named = set(re.findall(r"[\"']([a-z_.]+)[\"']", "".join(path.read_text("utf-8") for path in sources)))
    parts = {"five_hour.short", "weekly.short", "monthly.short", "lasts", "used_up"}
    assert set(pair) - named - set(STATES) - set(CODES) - parts == set()


def test_every_error_has_a_general_text_and_a_hint():
    keys = {"detailed", *CODES, *(f"{code}.hint" for code in CODES)}
    assert set(FAULTS) == set(FAULTS_IN_CHINESE) == keys


def leaves(tree: type[CodingPlanError] = CodingPlanError) -> list[type[CodingPlanError]]:
    return [each for branch in tree.__subclasses__() for each in (branch, *leaves(branch))]


def test_the_general_hints_in_english_are_the_errors_own():
    own = {each.code: each.default_hint for each in leaves() if each in CodingPlanError.__subclasses__()}
    assert {code: FAULTS[f"{code}.hint"] for code in CODES} == own
    assert errors.ConfigError.default_hint == "Correct the setting."


@pytest.mark.parametrize("code", CODES)
def test_in_english_what_was_said_stays_and_in_chinese_the_code_speaks(code):
    english = Scene(failure(Problem(code, "What was said.", "What to do."))).view()
    assert english.notes == ["What was said.", "What to do."]
    chinese = Scene(failure(Problem(code, "What was said.", "What to do.")), settings='language = "zh"').view()
    assert chinese.problem[0].startswith(FAULTS_IN_CHINESE[code].rstrip("。"))
    assert chinese.problem[1].startswith(FAULTS_IN_CHINESE[f"{code}.hint"].rstrip("。"))
    assert ("What was said." in chinese.problem[0]) == (code in faults.SPECIFIC)


def test_the_key_of_a_wrong_setting_is_said_in_chinese_too():
    problem = Problem("config", "config.toml line 3: there is no setting 'formt'.", "Did you mean 'format'?")
    assert Scene(failure(problem), settings='language = "zh"').view().notes == [
        "设置有误：config.toml line 3: there is no setting 'formt'.",
        "请更正该设置：Did you mean 'format'?",
    ]


def test_a_hint_that_says_no_more_than_the_usual_is_not_repeated_in_english():
    usual = Problem("config", "config.toml line 3: windows: must be a list.", "Correct the setting.")
    assert Scene(failure(usual), settings='language = "zh"').view().problem[1] == "请更正该设置。"


def test_a_code_of_tomorrow_is_told_as_it_was_said():
    view = Scene(failure(OFFLINE), settings='language = "zh"').view(**{"problem.code": "of_tomorrow"})
    assert view.problem == (OFFLINE.message, OFFLINE.hint)


@pytest.mark.parametrize("code", CODES)
def test_an_error_of_which_nothing_was_said_is_told_by_its_code(code):
    view = Scene(failure(Problem(code, ""))).view()
    assert view.notes == [FAULTS[code]]
