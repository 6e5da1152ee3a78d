"""Every hostile text, wherever it may come in, is text in every bar: nothing runs, expands, is styled or goes blank."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from grammar.characters import is_harmful
from hostile import HOSTILE
from judging import MENUS, faults, texts
from scenes import Scene, answer

from codingplan_bar.fetch.compiling import NAME_LIMIT
from codingplan_bar.fetch.templates import compile_template
from codingplan_bar.model import Plan, Problem
from codingplan_bar.show import BARS
from codingplan_bar.text import clean

ONE_WINDOW = 'windows = ["five_hour"]\n'
LONGEST = 300
TWINS = str.maketrans({"\uff5c": "|", "\uff3c": "\\", "\u223c": "~", "\u2010": "-"})
HARMLESS = "harmless"


def from_outside(text: str) -> Scene:
    """The text as a plan's name, as what went wrong and as what to do about it."""
    snapshot = replace(answer(), plan=Plan(text))
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
        assert first == alike(bar, view.text), name
        assert alike(bar, view.facts["plan"]) in first, name


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
