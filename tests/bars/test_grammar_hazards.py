"""A template that escapes nothing, and one that follows the rules of every bar, against the whole hostile corpus."""

import hostile_characters
import hostile_tags
import pytest
from grammar.judge import Allowed, verdict
from hostile import HOSTILE, hostile_texts
from hostile_trial import BARS, careful, clean, naive
from hypothesis import given

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
        *((bar, hostile_tags.PANGO) for bar in sorted(MARKUP)),
        ("polybar", hostile_tags.POLYBAR),
        ("tmux", hostile_tags.TMUX),
        *((bar, hostile_tags.MENUS) for bar in sorted(MENUS)),
        *((bar, hostile_characters.CONTROLS) for bar in BARS),
        *((bar, hostile_characters.ILLEGAL) for bar in BARS),
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
