"""Laws of what is shown: numbers never lie, lines stay one line, no text does anything, templates show as they read."""

from __future__ import annotations

import json
import unicodedata
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.grammar.judge import Allowed, verdict
from support.hostile import hostile_texts
from support.judging import SWIFTBARS_OWN

from codingplan_bar import facts, snapshot
from codingplan_bar.bars import BARS, phrases, tooltip
from codingplan_bar.bars.phrases import aligned
from codingplan_bar.bars.template import fill, names
from codingplan_bar.bars.view import View
from codingplan_bar.bars.windows import Row
from codingplan_bar.errors import CODES, InternalError
from codingplan_bar.facts import LEVELS, SIGNED_OUT, level
from codingplan_bar.model import Plan, Problem, Snapshot, Window
from codingplan_bar.plans import SPANS
from codingplan_bar.provider.addresses import PROVIDERS_OWN
from codingplan_bar.refresh.snapshot_to_facts import compile_facts
from codingplan_bar.regions import REGIONS
from codingplan_bar.settings import settings as configuration
from codingplan_bar.settings.templates import PRESETS, compile_template, placeholders, unknown
from codingplan_bar.words.en import WORDS as ENGLISH
from codingplan_bar.words.zh import WORDS as CHINESE

FETCHED = 1_795_537_805
WEEK = 7 * 86_400
YEAR = 366 * 86_400
DASHBOARD = "https://console.example/#/plan"
counts = st.integers(0, 2**53) | st.floats(0, 1e300)
totals = st.integers(1, 2**53) | st.floats(1e-3, 1e300)
shares = st.floats(0, 100)
resets = st.none() | st.integers(FETCHED - YEAR, FETCHED + YEAR)
words = st.sampled_from([ENGLISH, CHINESE])
shown_as = st.sampled_from(["used", "remaining"])


@st.composite
def windows(draw):
    names = draw(st.sets(st.sampled_from(list(SPANS))))
    return tuple(Window(name, draw(counts), draw(totals), draw(resets)) for name in SPANS if name in names)


def display(number: int) -> configuration.Settings:
    """One of the ways to show it: each setting takes its turn."""
    choices = {
        "windows": (["five_hour", "weekly", "monthly"], ["monthly"], ["weekly", "five_hour"]),
        "show": ("used", "remaining"),
        "icons": ("none", "nerd", "emoji"),
        "language": ("auto", "en", "zh"),
        "format": tuple(PRESETS),
    }
    lines = (f"{name} = {json.dumps(values[number % len(values)])}\n" for name, values in choices.items())
    return configuration.load("".join(lines), {})


DISPLAYS = [display(number) for number in range(12)]
NAMES = st.sampled_from(["", "Coding Plan Pro", "编程套餐", "A & <b>"])


instants = st.integers(FETCHED - WEEK, FETCHED + WEEK).map(str) | st.just("-")
flows = st.tuples(instants, st.integers(0, 9_999).map(str))
numbers = st.floats(0, 1).map(str) | st.just("-")
outlooks = st.tuples(st.sampled_from(["lasts", "runs_out", "unknown"]), instants, instants, instants, numbers, numbers)
days = st.tuples(shares.map(str), shares.map(str), instants)
odd = st.text("0123456789-. eruns_out", max_size=30)
columns = st.lists(st.integers(0, 100).map(str) | st.just("-"), min_size=24, max_size=24)
pasts = st.fixed_dictionaries(
    {},
    optional={
        "flow.five_hour": flows.map(" ".join) | st.text("0123456789-. e", max_size=20),
        **{f"outlook.{name}": outlooks.map(" ".join) | odd for name in SPANS},
        **{f"today.{name}": days.map(" ".join) | odd for name in ("weekly", "monthly")},
        "spark": columns.map(",".join) | st.text("0123456789-,", max_size=20),
        "made_at": st.integers(FETCHED - WEEK, FETCHED + WEEK).map(str),
        "session.ends_at": st.integers(FETCHED - WEEK, FETCHED + WEEK).map(str) | st.text("0123456789.-", max_size=20),
        "session.origin": st.sampled_from(["", "Firefox"]),
    },
)
"""What the recorded past and the session add to the facts, where they are known; some of it as it should not be."""


@st.composite
def views(draw, texts=NAMES):
    error = draw(st.none() | st.builds(Problem, st.sampled_from(CODES), texts, texts))
    plan = None if error else Plan(draw(st.none() | texts), draw(resets))
    found = () if error else draw(windows())
    who = (None, None) if error else ("web", draw(st.sampled_from(["intl", "cn"])))
    snapshot = Snapshot(FETCHED, DASHBOARD, *who, plan, found, error=error)
    since = draw(st.none() | st.builds(Problem, st.sampled_from(CODES), texts, texts))
    facts = {**compile_facts(snapshot, since, draw(st.sampled_from(DISPLAYS))), **draw(pasts)}
    return View(facts, draw(st.floats(FETCHED - YEAR, FETCHED + YEAR) | st.floats(FETCHED, FETCHED + 900)), {})


@given(shares)
def test_a_percentage_says_nothing_or_all_only_where_it_is(share):
    text = phrases.percent(share)
    assert (text == "0%") == (share == 0)
    assert (text == "100%") == (share == 100)
    assert text == "<1%" or abs(int(text[:-1]) - share) <= 1


@given(counts, totals, shown_as, words)
def test_a_window_says_nothing_or_all_only_where_it_is(used, total, show, language):
    facts = {"window.weekly": f"{used} {total} -", "fetched_at": str(FETCHED), "show": show}
    facts |= {"warning": "75", "critical": "90"}
    row = Row("weekly", facts, FETCHED, language, is_fresh=False)
    assert 0 <= row.percent <= 100
    assert (row.value("used_percent") == "100%") == (float(used) >= float(total))
    assert row.value("left_percent") != "0%" or float(used) >= float(total)
    assert row.value("used_percent") != "0%" or used == 0 or row.percent == 0
    assert ("▱" not in row.value("bar:7")) == (row.shown_percent == 100)


@given(st.floats(0, 1e9), words)
def test_a_time_span_is_never_told_as_longer_than_it_is(seconds, language):
    sizes = dict(zip(("days", "hours", "minutes"), (86_400, 3_600, 60), strict=True))
    told = 0
    for unit, size in sizes.items():
        label = language[unit].removeprefix("{} ")
        for number, following in pairs(phrases.duration(seconds, language).split()):
            told += int(number) * size if following == label and number.isdigit() else 0
    assert 0 <= seconds - told < 86_400 if told >= 86_400 else 0 <= seconds - told < 60 or told == 0


def pairs(items):
    return zip(items[::2], items[1::2], strict=True)


@given(st.floats(0, 1), st.integers(1, 40))
def test_a_bar_has_all_its_cells_and_is_empty_or_full_only_where_that_is_so(share, cells):
    text = phrases.bar(share, cells)
    assert len(text) == cells
    assert ("▰" not in text) == (share == 0)
    assert ("▱" not in text) <= (share == 1 or cells == 1)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FFF, exclude_categories=["M", "Cn", "Cf", "Cc"])))
def test_a_text_without_emoji_is_as_wide_as_unicode_says(text):
    letters = "".join(char for char in text if unicodedata.category(char)[0] in "LN")
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in letters)
    assert phrases.width(letters) == len(letters) + wide


@given(st.lists(st.lists(st.text("a小▰·%", max_size=8), min_size=3, max_size=3), min_size=1, max_size=4))
def test_the_lines_of_a_table_have_equal_widths(table):
    marked = [[*row, "|"] for row in table]
    assert len({phrases.width(line) for line in aligned(marked)}) == 1


@given(views())
def test_a_view_is_never_blank_and_each_of_its_texts_is_one_line(view):
    first, *below = tooltip.lines(view)
    texts = [view.text, view.short, view.title, *tooltip.note_lines(view), first]
    assert all(texts)
    texts += below  # some of these are gaps
    assert not any(char in text for text in texts for char in "\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029")


@given(views())
def test_a_number_is_shown_as_new_only_where_it_is(view):
    if view.state in LEVELS:
        assert view.age is not None
        assert view.age <= 600
        assert view.most_used.percent is not None
        assert view.facts["problem.code"] not in SIGNED_OUT
    elif view.rows:
        assert view.ago() in view.text


@given(views())
def test_no_pace_is_told_of_numbers_that_are_not_fresh(view):
    if view.state not in LEVELS:
        foretold = ("pace", "runs_out", "runs_out_in", "early", "frees", "today", "lapse")
        told = {row.value(fact) for row in view.rows for fact in foretold}
        assert told <= {""}
        assert {row.outlook for row in view.rows} <= {""}
    for row in view.rows:
        assert not row.value("pace") or row.percent is not None


@given(views())
def test_what_is_said_to_run_out_does_so_before_its_reset_and_not_in_the_past(view):
    for row in view.rows:
        if row.outlook == "runs_out":
            assert view.now <= row.runs_out < (row.resets_at or float("inf"))
            assert row.value("runs_out")
            assert bool(row.value("early")) == bool(row.resets_at)
        else:
            assert {row.value(fact) for fact in ("runs_out", "runs_out_in", "early")} == {""}


@given(views())
def test_the_binding_window_is_a_used_up_one_or_the_soonest_or_the_most_used(view):
    known = [row for row in view.rows if row.percent is not None]
    assert (view.binding is None) == (not known)
    if any(row.is_used_up for row in known):
        assert view.binding.is_used_up
    elif any(row.runs_out for row in known):
        assert view.binding.runs_out == min(row.runs_out for row in known if row.runs_out)
    elif known:
        assert view.binding.percent == max(row.percent for row in known) == view.most_used.percent


@given(views())
def test_the_percentage_and_the_state_are_of_one_window_and_a_worry_is_never_without_its_number(view):
    if view.state in {"warning", "critical"}:
        assert view.value("binding.percent") in view.short
        assert view.most_used.value("percent") in view.short


@given(st.lists(st.integers(0, 100) | st.none(), min_size=24, max_size=24))
def test_a_line_of_the_last_day_is_lowest_only_for_nothing_and_highest_only_for_all(percents):
    line = phrases.spark(["-" if percent is None else str(percent) for percent in percents])
    assert len(line) == 24
    for char, percent in zip(line, percents, strict=True):
        assert (char == "·") == (percent is None)
        assert (char == "▁") == (percent == 0)
        assert (char == "█") == (percent == 100)


@given(views())
def test_the_state_is_the_highest_level_of_the_windows_shown(view):
    if view.state in LEVELS:
        known = [row for row in view.rows if row.percent is not None]
        levels = [level(row.used, row.total, row.outlook, (75, 90)) for row in known]
        assert view.state == max(levels, key=LEVELS.index)
        assert view.state != "runs_out" or any(row.runs_out is not None for row in known)


@given(views())
def test_every_view_meets_its_schema(view):
    document = json.loads(import_module("codingplan_bar.bars.adapters.json").render(view))
    try:
        snapshot.check({**document, "snapshot": {}}, "view")
    except InternalError as error:
        pytest.fail(error.message)


@given(
    views(hostile_texts()),
    st.sampled_from([bar for bar in BARS if bar not in {"json", "i3blocks", "ansi"}]),
    hostile_texts(60),
)
def test_no_text_does_anything_in_any_bar(view, bar, literal):
    doubled = "".join(char * 2 if char in "[]{}" else char for char in literal)
    view.facts["format"] = compile_template(
        "".join(char for char in doubled if unicodedata.bidirectional(char) in SEEN)
    )
    view.named = names(view.facts["format"])
    view.program = ("/usr/bin/python3",)
    output = import_module(f"codingplan_bar.bars.adapters.{BARS[bar]}").render(view) + "\n"
    found = verdict(bar, output.encode("utf-8", "replace"), Allowed(OURS, STYLES, columns=4_000))
    assert [fault for fault in found if not fault.endswith((" in a text", " in the output"))] == []


SEEN = {"L", "EN", "ES", "ET", "AN", "CS", "NSM", "B", "S", "WS", "ON", "BN", ""}
CLICKS = (("refresh", "--click"), ("copy",), ("preferences",))
OURS = frozenset(
    {
        *map(PROVIDERS_OWN.dashboard, REGIONS.values()),
        "refresh",
        *(" ".join(["/usr/bin/python3", *click]) for click in CLICKS),
        *(" ".join(["'/usr/bin/python3'", *(f"'{word}'" for word in click)]) for click in CLICKS),
    }
)
STYLES = (
    "foreground=#??????",
    "background=#??????",
    *("weight=bold", "style=italic", "alpha=75%", "background_alpha=34%", "size=*", "letter_spacing=*"),
    *("F=#??????", "B=#??????"),
    *("fg=#??????", "bg=#??????", "bold", "default", "push-default", "pop-default"),
    "color=#??????",
    "color=#??????,#??????",
    "font=Menlo",
    *SWIFTBARS_OWN,
    "font=monospace",
    "terminal=false",
    "emojize=false",
    "symbolize=false",
    "ansi=false",
    "useMarkup=false",
    "unescape=false",
)


# Laws of the user's own templates: whatever is written, it is refused in words, or shown as it reads.


BRACKETS = "[]{}"
UNPRINTED = {"Cc", "Cs", "Zl", "Zp"}
texts = st.text(st.characters() | st.sampled_from(BRACKETS + "\n a:.5"), max_size=60)
plain = st.text(st.characters(exclude_categories=list(UNPRINTED), exclude_characters=BRACKETS) | st.just("\n"))
written_names = st.text("abc._:0 ", min_size=1).map(str.strip).filter(bool)


def compiled(text: str) -> str | None:
    """The compiled template; None where it is refused."""
    try:
        return compile_template(text)
    except ValueError:
        return None


def nothing(name: str) -> str:
    raise KeyError(name)


@given(texts | st.none() | st.integers() | st.lists(texts))
def test_any_value_is_compiled_or_refused_by_a_value_error_and_nothing_else(value):
    template = compiled(value)
    assert template is None or facts.loads(facts.dumps({"format": template})) == {"format": template}


@given(texts)
def test_what_compiles_can_be_filled_and_holds_no_control_but_new_lines(text):
    template = compiled(text)
    if template is not None:
        shown = fill(template, nothing)
        assert not {unicodedata.category(char) for char in shown.replace("\n", "")} & UNPRINTED


@given(plain)
def test_a_text_without_brackets_comes_out_as_it_is(text):
    assert fill(compile_template(text), nothing) == text or text in {"minimal", "compact", "full", "bars"}


@given(plain)
def test_every_text_can_be_written_by_doubling_its_brackets(text):
    wanted = "{" + text + "}[" + text + "]"
    doubled = "".join(char * 2 if char in BRACKETS else char for char in wanted)
    assert fill(compile_template(doubled), nothing) == wanted


@given(plain, written_names, plain, plain)
def test_an_optional_part_is_there_as_a_whole_or_not_at_all(before, name, value, after):
    template = compile_template(f"{before}[x{{{name}}}y]{after}")
    assert placeholders(template) == [name]
    assert fill(template, lambda _: value) == before + (f"x{value}y" if value else "") + after


@given(plain, written_names)
def test_a_name_that_nobody_knows_is_shown_as_it_was_written(before, name):
    assert fill(compile_template(f"{before}[{{{name}}}]"), nothing) == f"{before}{{{name}}}"


@given(texts)
def test_the_unknown_names_are_among_the_placeholders_each_once_and_shown_as_they_were_written(text):
    template = compiled(text)
    if template is not None:
        written_names = unknown(template)
        assert len(set(written_names)) == len(written_names)
        assert set(written_names) <= set(placeholders(template))
        shown = fill(compile_template("".join(f"{{{name}}}" for name in written_names)), nothing)
        assert shown == "".join(f"{{{name}}}" for name in written_names)


@given(st.recursive(plain, lambda inner: st.lists(inner, max_size=3), max_leaves=6))
def test_parts_in_parts_are_shown_where_nothing_is_missing(parts):
    def written(part: str | list, opened: str = "[-", closed: str = "]") -> str:
        inner = part if isinstance(part, str) else "".join(written(one) for one in part)
        return opened + inner + closed

    assert fill(compile_template(written(parts)), nothing) == written(parts, "-", "").replace("[", "").replace("]", "")
