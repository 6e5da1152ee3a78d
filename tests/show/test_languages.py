"""Both languages say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from codingplan_bar import show
from codingplan_bar.errors import CODES
from codingplan_bar.fetch.setting_values import STATES
from codingplan_bar.show.chinese import WORDS as CHINESE
from codingplan_bar.show.english import WORDS as ENGLISH

SOURCES = Path(show.__file__).parent.rglob("*.py")


def test_every_english_text_has_its_chinese_twin():
    assert list(CHINESE) == list(ENGLISH)


@pytest.mark.parametrize("key", ENGLISH)
def test_twins_have_the_same_gaps(key):
    gaps = re.compile(r"\{\w*\}")
    assert sorted(gaps.findall(CHINESE[key])) == sorted(gaps.findall(ENGLISH[key]))


@pytest.mark.parametrize("key", ENGLISH)
def test_a_chinese_text_is_chinese_but_for_names(key):
    latin = set(re.findall("[A-Za-z]+", re.sub(r"\{\w*\}", "", CHINESE[key])))
    assert latin <= {"Coding", "Plan", "JSON", "Cookie", "h"}
    assert not set(CHINESE[key]) & set(",;:!?()"), "half-width punctuation in a Chinese sentence"


@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
def test_weekdays_and_months_are_all_there(words):
    assert len(words["weekdays"].split()) == 7
    assert len(words["months"].split()) == 12


@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
def test_every_state_and_every_error_has_its_words(words):
    assert {*STATES, *CODES} <= set(words)


def test_no_word_is_there_that_nothing_says():
    source = "".join(path.read_text("utf-8") for path in SOURCES if path.stem not in {"english", "chinese"})
    named = set(re.findall(r"[\"']([a-z_.]+)[\"']", source))
    parts = {"five_hour.short", "weekly.short", "monthly.short"}
    assert set(ENGLISH) - named - set(STATES) - set(CODES) - parts == set()
