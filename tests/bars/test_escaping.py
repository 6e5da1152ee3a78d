"""Every hostile text, wherever it may come in, is text in every bar: nothing runs, expands, is styled or goes blank."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from support.grammar.oneline import is_harmful
from support.hostile import HOSTILE, hostile_texts
from support.judging import MENUS, faults, texts
from support.rows import for_each
from support.scenes import Scene, answer

from codingplan_bar.bars import BARS
from codingplan_bar.model import Plan, Problem
from codingplan_bar.refresh.snapshot_to_facts import NAME_LIMIT
from codingplan_bar.settings.templates import compile_template
from codingplan_bar.text import clean

ONE_WINDOW = 'windows = ["five_hour"]\n'
LONGEST = 300
TWINS = str.maketrans({"\uff5c": "|", "\uff3c": "\\", "\u223c": "~", "\u2010": "-"})
HARMLESS = "harmless"
LINES = ("text", "ansi")
"""What any program may read, with rules of its own."""
SIGNS = " .,+-()·"
EVERYWHERE = "@{plan}@{message}@{hint}@{source}@{region}@"
INTERPRETED = {
    "lemonbar": "%{A:touch pwned:}Pro%{A}",
    "KDE": "<img src=pwned>Pro",
    "KDE by an entity": "&lt;img src=pwned&gt;",
    "xmobar": "<action=`touch pwned`>Pro</action>",
    "xmobar, coloured": "<fc=#ff0000>Pro</fc>",
    "yambar": "Pro\ntext|string|pwned",
    "dzen2": "^ca(1, touch pwned)Pro^ca()",
    "dwm with status2d": "^c#ff0000^Pro^d^",
    "conky": "${exec touch pwned}",
    "Genmon": "<txtclick>touch pwned</txtclick>",
    "eww": "${'pwned'}",
    "zjstatus": "#[fg=red]Pro",
    "a shell's prompt": "$(touch pwned)`touch pwned`\\w",
    "Markdown": "[Pro](http://127.0.0.1/pwned)_*Pro*_",
}


@cache
def from_outside(text: str) -> Scene:
    """The text as a plan's name, as what went wrong and as what to do about it."""
    snapshot = answer()._replace(plan=Plan(text))
    return Scene(snapshot, Problem("network", text, text), ONE_WINDOW + 'format = "full"', later=3_600)


def template(text: str) -> str:
    """The compiled template that says this text: its brackets and braces were doubled."""
    return compile_template(re.sub(r"[\[\]{}]", lambda match: match[0] * 2, text))


def alike(bar: str, text: str) -> str:
    """A text without what a bar's spelling changes in it (look-alikes, `% {`, a row of `#`) or does not draw."""
    text = text.translate(TWINS) if bar in MENUS else text
    text = text.replace("% {", "%{") if bar == "polybar" else text
    text = re.sub("#+", "#", text) if bar == "tmux" else text
    return " ".join(drawn(text).split())


def as_letters(text: str) -> str:
    """What is left of a text from outside where the program that reads it is not known."""
    kept = (char if unicodedata.category(char)[0] in "LN" or char in SIGNS else " " for char in text)
    return " ".join("".join(kept).split())


def drawn(text: str) -> str:
    """A text without the characters that no bar should be given."""
    return "".join(char for char in text if not is_harmful(char))


@pytest.mark.parametrize("bar", BARS)
def test_a_hostile_text_from_outside_changes_nothing_but_the_text_and_is_shown_by_its_cleaned_form(bar):
    harmless = from_outside(HARMLESS).view()
    for name, text in HOSTILE.items():
        view = from_outside(text).view()
        if view.facts["plan"]:
            assert faults(bar, view, like=harmless) == [], name
        first = alike(bar, texts(bar, view)[0])
        expected = view.changed(outside=as_letters if bar in LINES else str)
        assert first == alike(bar, expected.text), name
        assert alike(bar, expected.outside(view.facts["plan"])) in first, name


@pytest.mark.parametrize("bar", BARS)
def test_an_adapter_needs_no_cleaning_but_that_of_control_characters(bar):
    harmless = from_outside(HARMLESS).view()
    for name, raw in {name: drawn(text[:LONGEST]) for name, text in HOSTILE.items()}.items():
        if raw == clean(raw, NAME_LIMIT):
            continue  # seen above
        view = from_outside(HARMLESS).view(plan=raw, **{"problem.message": raw + "x", "problem.hint": "x" + raw})
        assert faults(bar, view, like=harmless) == [], name


@pytest.mark.parametrize("bar", BARS)
def test_a_hostile_text_in_the_users_own_template_is_shown_as_it_was_written(bar):
    for text in HOSTILE.values():
        view = from_outside(HARMLESS).view(format=template(text[:LONGEST]))
        assert alike(bar, texts(bar, view)[0]) == alike(bar, view.text)


@pytest.mark.parametrize("bar", LINES)
@given(text=hostile_texts())
def test_a_program_that_is_not_known_is_given_letters_digits_and_a_few_signs_of_a_text_from_outside(bar, text):
    view = from_outside(text).view(format=compile_template(EVERYWHERE), source=text, region=text)
    _, *pieces, _ = texts(bar, view)[0].split("@")
    assert pieces == [as_letters(piece) for piece in pieces]


@for_each("name", INTERPRETED)
@for_each("bar", LINES)
def test_what_one_of_them_would_run_load_or_expand_is_taken_apart(bar, name):
    hostile, harmless = (texts(bar, from_outside(text).view())[0] for text in (INTERPRETED[name], HARMLESS))
    assert set(hostile) <= set(harmless) | set(as_letters(INTERPRETED[name]))
    assert "pwned" in hostile or "Pro" in hostile


def test_a_name_in_any_script_stays_readable():
    name = "编程 Pro+ (Größe 2), ½ ·プ"
    for bar in LINES:
        assert name in texts(bar, from_outside(name).view(format=compile_template("{plan}")))[0]


@pytest.mark.parametrize(
    ("program", "command"),
    [("lemonbar", "codingplan-bar polybar"), ("yambar", "text\\|string\\|"), ("xmobar", "codingplan-bar text")],
)
def test_the_page_names_each_programs_own_form(program, command):
    page = (Path(__file__).parents[2] / "integrations/text/README.md").read_text("utf-8")
    row = next(line for line in page.splitlines() if program in line and line.startswith("|"))
    assert command in row
