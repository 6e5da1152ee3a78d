"""A user who reads Chinese is told everything in Chinese, and a page is drawn to its end, whatever the width."""

from __future__ import annotations

import importlib
import json
import re
import sys
from pathlib import Path

import pytest
from support.rows import for_each

from codingplan_bar.bars import BARS
from codingplan_bar.bars.phrases import width
from codingplan_bar.commands import output
from codingplan_bar.commands.command_table import COMMANDS
from codingplan_bar.commands.demo import briefly
from codingplan_bar.commands.preview import PreviewLine, _told
from codingplan_bar.dispatch import run
from codingplan_bar.settings.settings import load
from codingplan_bar.words.en.commands import DEMO
from codingplan_bar.words.zh.help import HELP, METAVARS

CALLS = """
status
status --plan token-plan
status --watch
status --window
fetch --pretty --source web --region cn --plan coding-plan
fetch --interactive
refresh
refresh --plan team
refresh --background
refresh --click
preview
preview --demo
theme
theme nord
theme noord
history
history --json --plan coding-plan
history --csv
history --svg /nowhere/at/all.svg --days 3
history --windows
history --backtest
history --from /nowhere/at/all.json
guard
guard --window weekly --min-remaining 20 --outlook --plan coding-plan
config
config get region
config set region cn
config set region cm
config set regoin cn
config set api_key x
config set timeout
config unset region
config path
config edit
config edit too many
completion bash
manual
doctor
doctor --offline --plan coding-plan
doctor --json
doctor --all --offline
doctor --import
privacy
open
open --plan token-plan
setup
setup waybar
setup waybar --write
setup waybar --undo
setup polybar --bar main --file /nowhere/config.ini
setup tmux --write --undo
setup tmux --popup U
setup waybar --click page
uninstall
demo
demo waybar
demo json
preferences
copy
copy --plan coding-plan
login --site nowhere
login --no-browser --port 99999
login --token-stdin
login --with-access-key --profile aliyun:nobody --keep
login --browser --token-stdin
login stray
logout
logout --all
alert
"""
WRONG = """
fecth
--nope
fetch --regoin=cn
fetch --region us
fetch --region
fetch --pretty=yes
fetch now
demo wayber
history --days x
guard --min-remaining 101
completion
setup wayb
waybar --whatch
"""
NAMES = re.compile(
    r"/\*.*?\*/|`[^`\n]*`|\"[^\"\n]*\"|\bcodingplan-bar [\x21-\x7e ]*|https?://\S+|[\w-]+(?:\.[\w-]+){2,}"
    r"|~?/[\w./-]*|--?[\w-]+|\b[A-Z_]{2,}\b"
    r"|\b\w+ = \S+|pip uninstall \S+"
    r"|Alibaba Cloud|Coding Plan|Token Plan|Claude Code|Qwen Code|Bash|Cookie|Firefox|Chrome",
    re.DOTALL,
)
"""Remarks in a style sheet, commands, settings, options, paths and names; three words in a row beside them are not."""
SENTENCE = re.compile(
    r"[A-Za-z]{2,}(?:[ ,.]+[A-Za-z']{1,}){2,}|\b(?:ago|sign in|just now|resets?|used|left|out|updated)\b"
)
"""Three words in a row, or one of those that a bar's English line has."""


def lines(calls):
    return [line for line in calls.splitlines() if line]


def sentences(text):
    """The English sentences in a text; a document for programs has none."""
    try:
        json.loads(text)
    except ValueError:
        return SENTENCE.findall(NAMES.sub("·", text))
    return []


@pytest.fixture
def reader(tmp_path, monkeypatch, programs):
    """An empty home, no program but our own, and nothing on standard input."""
    for name in ("LC_ALL", "LC_MESSAGES", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    for name, value in (("HOME", str(tmp_path)), ("PATH", str(tmp_path)), ("LANG", "zh_CN.UTF-8")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LANGUAGE", "zh_CN")
    with Path("/dev/null").open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        yield tmp_path


def test_the_calls_have_every_command_and_every_option():
    calls = [line.split(" ") for line in lines(CALLS)]
    wanted = {(row.name, option.name) for row in COMMANDS for option in row.options}
    assert {(words[0], word) for words in calls for word in words if word.startswith("--")} >= wanted
    assert {words[0] for words in calls} == {row.name for row in COMMANDS}


@pytest.mark.parametrize("call", [*lines(CALLS), *lines(WRONG), *BARS])
def test_no_command_says_an_english_sentence(capfd, reader, call):
    run(call.split(" "))
    out, err = capfd.readouterr()
    printed = err if call.startswith("completion bash") else out + err
    assert [each for text in (out, err) if text in printed for each in sentences(text)] == []


@pytest.mark.parametrize("name", ["", *(row.name for row in COMMANDS), *BARS])
def test_help_has_no_english_sentence(capfd, reader, name):
    assert run([*filter(None, [name]), "--help"]) == 0
    out, err = capfd.readouterr()
    assert (sentences(out), err) == ([], "")
    assert re.search(r"^选项：$", out, re.MULTILINE)
    assert out.startswith("用法：codingplan-bar")


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_help_breaks_no_name(capfd, reader, monkeypatch, language):
    monkeypatch.setenv("LANGUAGE", language)
    for columns in range(40, 100, 7):
        monkeypatch.setenv("COLUMNS", str(columns))
        run(["--help"])
        printed = re.split(r"[\s、,]+", capfd.readouterr().out)
        assert [bar for bar in BARS if bar not in printed] == []


def test_where_a_setting_was_set_is_said_in_chinese(capfd, reader):
    path = reader / ".config/codingplan-bar/config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('icons = "nerd"\n')
    run(["config"])
    assert '"nerd"（config.toml 第 1 行）' in capfd.readouterr().out


@pytest.mark.parametrize("call", lines(WRONG))
def test_an_error_of_use_is_one_chinese_line_with_the_command_that_helps(capfd, reader, call):
    assert run(call.split(" ")) == 2
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert re.search(r"。用法：codingplan-bar [a-z -]*--help$|？用法：codingplan-bar [a-z -]*--help$", err.strip())


def test_every_command_and_option_has_its_chinese_text():
    wanted = {row.name for row in COMMANDS} | {
        f"{row.name} {option.name}" for row in COMMANDS for option in row.options if option.name != "--plan"
    }
    own = {"", "BAR", "BAR --watch", "--plan", "--help", "--version", "Usage: ", "one of", "Options"}
    assert set(HELP) - {"[OPTIONS]", "[COMMAND] [ARGS]..."} == wanted | own


def test_help_and_manual_have_a_chinese_word_for_each_that_stands_for_one_to_be_typed(capfd, reader):
    rows = [row for row in COMMANDS if not row.hidden]
    words = {option.metavar for row in rows for option in row.options if option.metavar}
    words |= {argument.name.upper() for row in rows for argument in row.arguments}
    assert words == {word.rpartition(" ")[2] for word in METAVARS}
    in_english = re.compile(rf"(?<![\w.-])(?:{'|'.join(sorted(words))})(?![\w.-])")
    told = [(Path(__file__).parents[2] / "docs/codingplan-bar.zh.1").read_text("utf-8")]
    for name in (*(row.name for row in rows), "waybar"):
        assert run([name, "--help"]) == 0
        told.append(capfd.readouterr().out)
    assert [found for text in told for found in in_english.findall(text)] == []


def test_a_new_file_of_settings_is_explained_in_chinese(reader):
    run(["preferences"])
    text = (reader / ".config/codingplan-bar/config.toml").read_text("utf-8")
    assert text.startswith("# codingplan-bar 的设置")
    assert sentences(text) == []


# A page is drawn to its end, whatever the terminal or `COLUMNS` says of its width.


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


@for_each("room", range(-3, 14))
@for_each("text", ["", "a", "abcdefghijkl", "额度额度额度", "…", "a…………"])
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
    assert _told(PreviewLine("not signed in", "  signed out  "), columns, colorful=False).startswith("  signed out  ")
    assert briefly("first\nsecond\nthird", columns, DEMO["more"]).endswith("(and 2 lines of menu)")


NAMED = re.compile(r"`[^`]+`|\b(?:codingplan-bar|ssh) [a-z-]+(?: (?:-[\w-]+|<|\{\w*\}[:.\d{}]*|[A-Z]+\b))+")
"""In code marks, or a verb with options, names in capitals or gaps behind it."""


def sentences_with_a_command(language):
    """Each sentence with a command in it."""
    modules = ("commands", "doctor", "settings", "setup", "errors")
    tables = [vars(importlib.import_module(f"codingplan_bar.words.{language}.{name}")) for name in modules]
    texts = [text for names in tables for table in names.values() if isinstance(table, dict) for text in table.values()]
    return [line for text in texts if isinstance(text, str) for line in text.split("\n") if NAMED.search(line)]


@pytest.mark.parametrize("columns", [30, 40, 60, 80])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_command_is_never_broken_over_two_lines(language, columns):
    told = {line: output.wrapped(line.strip(), columns) for line in sentences_with_a_command(language)}
    assert len(told) > 60
    broken = [
        command
        for line, lines in told.items()
        for command in NAMED.findall(line)
        if not any(command in each for each in lines)
    ]
    assert broken == []


@pytest.mark.parametrize("columns", [30, 60, 80])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("environ", "command"),
    [
        (
            {"CODINGPLAN_BAR_REGON": "cn"},
            'export CODINGPLAN_BAR_REGION="$CODINGPLAN_BAR_REGON"; unset CODINGPLAN_BAR_REGON',
        ),
        ({"CODINGPLAN_BAR_SHOW": "remaning"}, "export CODINGPLAN_BAR_SHOW=remaining"),
        ({"CODINGPLAN_BAR_A B": "1"}, "unset CODINGPLAN_BAR_A B"),
    ],
)
def test_the_command_that_mends_a_variable_is_never_broken_over_two_lines(environ, command, language, columns):
    [fault] = load("", environ).faults
    assert output.wrapped(fault.told(language), columns)[-1].replace("'", "").endswith(command)


def test_a_frame_breaks_a_command_that_it_would_cut_off():
    told = "Run `codingplan-bar setup waybar --write` to add it."
    assert output.wrapped(told, 20) == ["Run", "`codingplan-bar setup waybar --write`", "to add it."]
    assert output.wrapped(told, 20, framed=True) == ["Run `codingplan-bar", "setup waybar", "--write` to add it."]
    assert output.wrapped(told, 44, framed=True) == ["Run `codingplan-bar setup waybar --write` to", "add it."]
