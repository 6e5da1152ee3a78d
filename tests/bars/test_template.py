"""The user's own line: how a template is compiled, and how it is filled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support.rows import for_each
from support.scenes import Scene, answer, running_out

from codingplan_bar.bars.template import NAMED, fill, names
from codingplan_bar.bars.windows import is_fact
from codingplan_bar.plans import SPANS
from codingplan_bar.settings import templates
from codingplan_bar.settings.templates import LENGTH_LIMIT, PRESETS, compile_template, placeholders, unknown

FACTS = {"a": "1", "b": "2", "none": "", "brace": "{a}[x]"}


def filled(template: str) -> str:
    return fill(compile_template(template), FACTS.__getitem__)


@for_each(
    ("template", "text"),
    [
        ("", ""),
        ("plain text, 42%", "plain text, 42%"),
        ("{a}", "1"),
        ("{a}{b}", "12"),
        ("{ a }", "1"),
        ("x {a} y {none} z", "x 1 y  z"),
        ("{nonsense} {a.b} {}", "{nonsense} {a.b} {}"),
        ("{brace}", "{a}[x]"),
        ("{{a}} {{{a}}}", "{a} {1}"),
        ("[[{a}]]", "[1]"),
        ("[{a} of {b}]", "1 of 2"),
        ("x[ and {none}]", "x"),
        ("[{a} {none}] y", " y"),
        ("[no fact at all]", "no fact at all"),
        ("[{nonsense} {none}]{a}", "1"),
        ("[x {a}[ y {none}] z]", "x 1 z"),
        ("[x {none}[ y {a}] z]", ""),
        ("[x {a}[ y {none}]]!", "x 1!"),
        ("[x {a}[ y {b}]]!", "x 1 y 2!"),
        ("[x {none}[ y {b}]]!", "!"),
        ("[a[b[c {none}]]]", "ab"),
        ("[a]] {a}]", "a] 1"),
        ("one\ntwo", "one\ntwo"),
        ("one\r\ntwo", "one\ntwo"),
        ("[one\n{none}]two", "two"),
        ("{a}\n[{none}\n]{b}", "1\n2"),
    ],
)
def test_a_template_is_filled_as_it_reads(template, text):
    assert filled(template) == text


@pytest.mark.parametrize("template", ["{", "}", "{a", "a}", "[", "]", "[{a}", "{a}]", "{[}", "[{a]}", "{a[b]}", "]["])
def test_brackets_without_a_partner_are_refused_with_what_to_do(template):
    with pytest.raises(ValueError, match=r"without a partner; write it twice|never closed"):
        compile_template(template)


@pytest.mark.parametrize("value", [None, 1, True, ["{a}"], {"a": 1}, "x" * (LENGTH_LIMIT + 1)])
def test_what_is_no_text_or_endless_is_refused(value):
    with pytest.raises(ValueError, match=r"must be (a text|at most 2000 characters long)"):
        compile_template(value)


def test_what_would_end_a_line_or_send_a_control_is_left_out_of_a_template():
    assert filled("a\x1b[[31m\0\x1f\x1e\r\tb\u2028c\u2029d\x85e\ud800f") == "a[31mbcdef"


def test_icons_and_joined_emoji_are_kept_in_a_template():
    text = "\uf0e4 \U0001f468\u200d\U0001f4bb 编程"
    assert filled(text) == text


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_named_by_a_word(preset):
    assert compile_template(preset) == compile_template(PRESETS[preset])
    assert placeholders(compile_template(preset))


def test_the_placeholders_of_a_template_can_be_asked_for():
    assert placeholders(compile_template("[{a} {weekly.bar:5}] {{b}} { c }")) == ["a", "weekly.bar:5", "c"]
    assert names(compile_template("[{sign} ]x{weekly.pace}")) == {"[", "sign", "]", "pace"}
    assert "sign" not in names(compile_template("{plan}sign{plan}"))


def test_the_names_that_are_checked_are_those_that_the_bars_know():
    assert set(templates.OF_THE_VIEW) == set(NAMED)
    assert set(templates.WINDOWS) == {*SPANS, "binding"}
    assert all(map(is_fact, templates.OF_A_WINDOW))
    names = [f"{window}.{fact}" for window in templates.WINDOWS for fact in templates.OF_A_WINDOW]
    assert unknown(compile_template("".join(f"{{{name}}}" for name in (*names, *NAMED)))) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_names_nothing_that_is_not_known(preset):
    assert unknown(compile_template(preset)) == []


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("{weekly.usd} {plan} {weekly.usd} {nonsense}", ["weekly.usd", "nonsense"]),
        ("[{ weekly }]", ["weekly"]),
        ("{yearly.used}{binding.bar:7}{spark:8}", ["yearly.used"]),
        (
            "{weekly.percent:3}{plan:2}{weekly.spark}{a.weekly.used}",
            ["weekly.percent:3", "plan:2", "weekly.spark", "a.weekly.used"],
        ),
        ("{{weekly.usd}} plain", []),
        ("{}", [""]),
    ],
)
def test_the_names_that_nobody_knows_are_listed_each_once(template, names):
    assert unknown(compile_template(template)) == names


PAGE = Path(__file__).parents[2] / "docs/templates.md"


def test_the_page_names_every_placeholder_and_no_other():
    text = PAGE.read_text("utf-8")
    named = set(re.findall(r"`\{([a-z_.:0-9]+)\}`", text)) - {"name"}
    assert unknown(compile_template("".join(f"{{{name}}}" for name in named))) == []
    facts = {name.rpartition(".")[2].partition(":")[0] for name in named}
    assert facts == {*templates.OF_THE_VIEW, *templates.OF_A_WINDOW}


@pytest.mark.parametrize("preset", PRESETS)
def test_the_page_shows_each_preset_as_it_looks(preset):
    rows = [line.split(" | ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| `{preset}`")]
    assert [row[1].strip("`") for row in rows] == [Scene(settings=f'format = "{preset}"').view().text]
    short = Scene(answer(weekly=2_000), settings=f'format = "{preset}"', past=running_out()).view().text
    assert short.endswith(rows[0][2].removesuffix(" |").strip("`").removeprefix("…"))


@pytest.mark.parametrize(
    ("language", "line", "standing"),
    [
        ("en", "5h 79 left · wk 72 left · mo 34 left", "5h\n79\nleft\n\nwk\n72\nleft\n\nmo\n34\nleft"),
        ("zh", "5h 剩余 79 · 周 剩余 72 · 月 剩余 34", "5h\n剩余\n79\n\n周\n剩余\n72\n\n月\n剩余\n34"),
    ],
)
def test_each_number_of_what_is_left_says_so_in_an_upright_bar_too(language, line, standing):
    view = Scene(settings=f'show = "remaining"\nformat = "vertical"\nlanguage = "{language}"').view()
    assert (view.text, view.upright) == (line, standing)
