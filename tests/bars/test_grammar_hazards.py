"""A template that escapes nothing, and one that follows the rules of every bar, against the whole hostile corpus."""

from __future__ import annotations

import pytest
from hypothesis import find, given, settings
from support import hostile
from support.grammar.judge import Allowed, verdict
from support.hostile import HOSTILE, SPECIAL, hostile_texts
from support.hostile_trial import BARS, careful, clean, naive

MENUS = {"swiftbar", "xbar", "argos"}
MARKUP = {"waybar", "i3status-rust", "argos"}
SEVEN = {"waybar", "polybar", "i3status-rust", "tmux", *MENUS}
every_bar = pytest.mark.parametrize("bar", BARS)

HARMED = {
    "ampersand": MARKUP,
    "span": MARKUP,
    "polybar action": {"polybar"},
    "polybar colour": {"polybar"},
    "polybar unknown tag": {"polybar"},
    "tmux job": {"tmux"},
    "tmux format": {"tmux"},
    "tmux style": {"tmux"},
    "tmux hash at the end": {"tmux"},
    "pipe": MENUS,
    "pipe eval": MENUS,
    "pipe word": MENUS,
    "pipe equals": MENUS,
    "LF": SEVEN,
    "LS": SEVEN,
    "VT": SEVEN,
    "FF": SEVEN,
    "NEL": SEVEN,
    "separator": MENUS,
    "submenu": MENUS,
    "long": SEVEN,
    "emoji joined": set(),
    "emoji code": MENUS,
    "RLO unclosed": SEVEN,
    "ESC and BEL": SEVEN,
    "NUL": SEVEN,
    "backslashes": MENUS,
    "percent": set(),
    "format of waybar": set(),
    "quotes": set(),
    "high surrogate": SEVEN,
}


def judged(bar, template, text, shows=()):
    return verdict(bar, template(bar, text), Allowed(styles=("*=false",), like=template(bar, "Pro"), shows=shows))


@pytest.mark.parametrize("name", HARMED)
def test_a_naive_template_is_caught_in_exactly_the_bars_that_the_text_harms(name):
    assert {bar for bar in SEVEN if judged(bar, naive, HOSTILE[name])} == HARMED[name]


@pytest.mark.parametrize(
    ("bar", "name", "found"),
    [
        ("polybar", "polybar action", "an action: touch pwned"),
        ("tmux", "tmux job", "an expansion: #(touch pwned)"),
        ("tmux", "tmux format", "an expansion: #{pid}"),
        ("tmux", "tmux style", "a style: fg=red"),
        ("waybar", "span", "a style: size=xx-large"),
        ("i3status-rust", "span", "a style: size=xx-large"),
        ("waybar", "LF", "the text is several lines high"),
        ("xbar", "pipe", "the plugin is dead"),
        ("swiftbar", "pipe", "an action: /usr/bin/touch pwned"),
        ("argos", "pipe eval", "an action: global.quit()"),
        ("xbar", "pipe word", "the plugin is dead"),
        ("xbar", "pipe equals", "panic: index out of range"),
        ("starship", "shell substitution", "an expansion: $(touch pwned)"),
        ("statusline", "OSC link", "an action: https://example.invalid/"),
    ],
)
def test_what_a_hostile_text_does_is_named(bar, name, found):
    assert found in judged(bar, naive, HOSTILE[name])


HARMLESS = {
    "entity",
    "entity twice",
    "entity numeric",
    "entity hexadecimal",
    "greater than",
    "attribute break-out",
    "attribute break-out with double quotes",
    "quotes with combining",
    "percent",
    "percent at the end",
    "strftime",
    "colon escape",
    "tmux hash before combining",
    "pipe wide",
    "quote unbalanced",
    "parameters without pipe",
    "stream separator",
    "markdown",
    "metadata",
    "dash",
    "submenu indented",
    "separator indented",
    "private use",
}


@pytest.mark.parametrize(
    ("bar", "group"),
    [
        *((bar, hostile.PANGO) for bar in sorted(MARKUP)),
        ("polybar", hostile.POLYBAR),
        ("tmux", hostile.TMUX),
        *((bar, hostile.MENUS) for bar in sorted(MENUS)),
        *((bar, hostile.CONTROLS) for bar in BARS),
        *((bar, hostile.ILLEGAL) for bar in BARS),
    ],
)
def test_each_text_made_for_a_bar_is_caught_there(bar, group):
    missed = {name for name, text in group.items() if not judged(bar, naive, text)}
    assert missed <= HARMLESS


@every_bar
def test_a_careful_template_shows_every_hostile_text_as_text(bar):
    blamed = {name: judged(bar, careful, text, (clean(text),)) for name, text in HOSTILE.items()}
    assert {name: found for name, found in blamed.items() if found} == {}


@every_bar
@given(text=hostile_texts())
def test_a_careful_template_holds_against_anything(bar, text):
    assert judged(bar, careful, text, (clean(text),)) == []


GROUPS = [
    hostile.PANGO,
    hostile.POLYBAR,
    hostile.TMUX,
    hostile.MENUS,
    hostile.LANGUAGES,
    hostile.CONTROLS,
    hostile.DIRECTION,
    hostile.INVISIBLE,
    hostile.WIDTH,
    hostile.ILLEGAL,
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
