"""A page is drawn to its end, whatever the terminal or `COLUMNS` says of its width."""

from __future__ import annotations

import importlib
import re

import pytest

from codingplan_bar.bars.phrases import width
from codingplan_bar.commands import output
from codingplan_bar.commands.demo import briefly
from codingplan_bar.commands.preview import _told
from codingplan_bar.words.en.command_line import DEMO

ABSURD = ("0", "1", "12", "-5", "5000000", "9" * 5_000, "text", "")


@pytest.mark.parametrize("columns", ABSURD)
def test_a_page_is_never_too_narrow_to_be_read_nor_endless(columns, monkeypatch):
    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setenv("COLUMNS", columns)
    assert output.NARROWEST <= output.columns() <= output.WIDEST


@pytest.mark.parametrize("text", ["a sentence of some words " * 9, "没有任何状态栏含有 codingplan-bar 的内容。" * 9])
def test_in_a_terminal_a_sentence_is_broken_between_words(text, monkeypatch, capfd):
    monkeypatch.setattr("os.isatty", lambda _: True)
    monkeypatch.setenv("COLUMNS", "40")
    assert output.tell(text) == 0
    lines = capfd.readouterr().out.splitlines()
    assert all(width(line) <= 40 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("room", range(-3, 14))
@pytest.mark.parametrize("text", ["", "a", "abcdefghijkl", "额度额度额度", "…", "a…………"])
def test_a_text_is_cut_to_its_room_whatever_that_is(text, room):
    done = output.cut(text, room)
    assert width(done) <= max(room, 0)
    assert done == text if width(text) <= room else done in ("", "…") or text.startswith(done[:-1])


def test_a_long_line_is_cut_by_looking_at_each_character_twice_at_most(monkeypatch):
    measured = []
    monkeypatch.setattr(output, "width", lambda text: measured.append(len(text)) or width(text))
    assert output.cut("額" * 2_000, 80) == "額" * 39 + "…"
    assert sum(measured) <= 4_000


@pytest.mark.parametrize("columns", range(-3, 14))
def test_what_cuts_a_line_comes_to_an_end(columns):
    assert _told(("  signed out  ", "not signed in", ""), columns, colorful=False).startswith("  signed out  ")
    assert briefly("first\nsecond\nthird", columns, DEMO["more"]).endswith("  (and 2 lines of menu)")


COMMANDS = re.compile(r"`[^`]+`|\b(?:codingplan-bar|ssh) [a-z-]+(?: (?:-[\w-]+|<|\{\w*\}[:.\d{}]*|[A-Z]+\b))+")
"""In code marks, or a verb with options, names in capitals or gaps behind it."""


def sentences(language):
    """Each sentence with a command in it."""
    modules = ("commands", "command_line", "settings", "setup", "errors")
    tables = [vars(importlib.import_module(f"codingplan_bar.words.{language}.{name}")) for name in modules]
    texts = [text for names in tables for table in names.values() if isinstance(table, dict) for text in table.values()]
    return [line for text in texts if isinstance(text, str) for line in text.split("\n") if COMMANDS.search(line)]


@pytest.mark.parametrize("columns", [30, 40, 60, 80])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_command_is_never_broken_over_two_lines(language, columns):
    told = {line: output.wrapped(line.strip(), columns) for line in sentences(language)}
    assert len(told) > 60
    broken = [
        command
        for line, lines in told.items()
        for command in COMMANDS.findall(line)
        if not any(command in each for each in lines)
    ]
    assert broken == []


def test_a_frame_breaks_a_command_that_it_would_cut_off():
    told = "Run `codingplan-bar setup waybar --write` to add it."
    assert output.wrapped(told, 20) == ["Run", "`codingplan-bar setup waybar --write`", "to add it."]
    assert output.wrapped(told, 20, framed=True) == ["Run `codingplan-bar", "setup waybar", "--write` to add it."]
    assert output.wrapped(told, 44, framed=True) == ["Run `codingplan-bar setup waybar --write` to", "add it."]
