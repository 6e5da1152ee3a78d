import hostile_characters
import hostile_tags
import pytest
from hostile import HOSTILE, SPECIAL, hostile_texts
from hypothesis import find, given, settings

GROUPS = [
    hostile_tags.PANGO,
    hostile_tags.POLYBAR,
    hostile_tags.TMUX,
    hostile_tags.MENUS,
    hostile_tags.LANGUAGES,
    hostile_characters.CONTROLS,
    hostile_characters.DIRECTION,
    hostile_characters.INVISIBLE,
    hostile_characters.WIDTH,
    hostile_characters.ILLEGAL,
]


def test_the_corpus_holds_each_text_of_each_group_once():
    assert len(HOSTILE) == sum(map(len, GROUPS)) >= 270
    assert len(set(HOSTILE.values())) == len(HOSTILE)


def test_the_corpus_holds_an_empty_a_blank_and_a_huge_text():
    assert {HOSTILE["empty"], HOSTILE["spaces"].strip()} == {""}
    assert max(map(len, HOSTILE.values())) >= 1_000_000


@pytest.mark.parametrize("character", SPECIAL, ids=lambda character: f"U+{ord(character):04X}")
def test_every_special_character_is_somewhere_in_the_corpus(character):
    assert any(character in text for text in HOSTILE.values())


@given(hostile_texts(max_size=50))
def test_the_strategy_keeps_to_its_size(text):
    assert len(text) <= 50


@pytest.mark.parametrize("piece", ["%{A1:", "#(", "<span", "|bash=", "\ud800", "\u2028", "\0"])
def test_the_strategy_reaches_what_hurts(piece):
    found = find(
        hostile_texts(), lambda text: piece in text and len(text) > len(piece), settings=settings(max_examples=20_000)
    )
    assert piece in found
