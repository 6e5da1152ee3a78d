"""The page as lines: what stands where, at any size, in both languages; and what a terminal sends, as keys."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.hostile import SHORT, hostile_texts
from support.rows import for_each
from support.scenes import CASES, MONDAY, OFFLINE, PAST, Scene, answer, running_out

from codingplan_bar.bars.adapters.ansi import CUBE
from codingplan_bar.bars.phrases import width
from codingplan_bar.bars.signs_and_colors import unmarked
from codingplan_bar.commands.live_page.drawing import THIN, Foot, Size, footer, lines, painted, table
from codingplan_bar.commands.live_page.screen import hexed, keys_in
from codingplan_bar.commands.output import MIDDLE
from codingplan_bar.model import Plan
from codingplan_bar.themes import LEAST, OURS, THEMES, contrast, is_light
from codingplan_bar.words.en.commands import PAGE as ENGLISH
from codingplan_bar.words.zh.commands import PAGE as CHINESE

FOOT = Foot([("r", "refresh"), ("o", "open"), ("h", "history"), ("q", "close")], ("h", "o", "r"))
ROOMY = Size(60, 24)
SEQUENCE = re.compile(r"\x1b\[[0-9;]*m")


def drawn(view, size=ROOMY, foot=FOOT):
    words = CHINESE if view.words["language"] == "zh" else ENGLISH
    return lines(view, size, foot, words)


def seen(view, size=ROOMY):
    return [unmarked(line) for line in drawn(view, size)]


def sent(view, size=ROOMY, ground=""):
    return [painted(view, line, size, ground) for line in [*drawn(view, size), *footer(FOOT, size)]]


def test_the_roomy_page_has_what_stops_first_on_top_and_each_window_with_bar_amount_and_reset():
    view = Scene(answer(weekly=2_000), past=running_out(MONDAY - 2 * 86_400)).view()
    first, gap, five, bar, amount, *_ = seen(view)
    assert (first, gap) == ("» Week runs out on Fri, 2 d before the reset", "")
    assert five == "5 hours".ljust(53) + "21%"
    assert bar == "━" * 11 + "─" * 45
    assert amount == "210 of 1,000 used" + "frees up within 5 h".rjust(39)
    assert "Week".ljust(51) + "» 40%" in seen(view)
    assert seen(view)[-1].startswith("Coding Plan Pro · updated 2 min ago")


def test_on_a_narrow_terminal_the_countdown_goes_first_and_then_the_two_texts_stand_below_each_other():
    def below_the_week(columns):
        told = seen(Scene(answer(weekly=2_000), past=running_out(MONDAY - 2 * 86_400)).view(), Size(columns, 40))
        place = next(place for place, line in enumerate(told) if line.startswith("Week "))
        return [line.strip() for line in told[place + 2 : told.index("", place)]]

    assert below_the_week(80)[0].split("  ")[0] == "2,000 of 5,000 used"
    assert below_the_week(80)[0].endswith(") · runs out on Fri")
    assert below_the_week(66)[0].endswith("used         resets Sun 16:00 · runs out on Fri")
    assert below_the_week(40) == ["2,000 of 5,000 used", "resets Sun 16:00", "runs out on Fri"]


@for_each("name", CASES)
def test_no_line_is_wider_than_the_terminal_whatever_is_shown(name):
    for language, columns, rows in product(("en", "zh"), (300, 80, 43, 20, 7, 1), (24, 9, 1)):
        told = sent(CASES[name].view(language=language), Size(columns, rows))
        assert max(width(SEQUENCE.sub("", line)) for line in told) <= max(columns, 2), (language, columns, rows)


@for_each("rows", range(1, 30))
def test_the_fewer_rows_the_less_is_shown_and_the_headline_and_each_share_go_last(rows):
    view = Scene(past=PAST).view()
    shown = seen(view, Size(60, rows))
    assert shown[0] == seen(view)[0]
    shares = [line.split()[-1] for line in shown if line.startswith(("5 hours ", "Week  ", "Month "))]
    assert shares == ["21%", "28%", "66%"]
    below = len(footer(FOOT, Size(60, rows)))
    assert len(shown) + below <= rows or len(shown) == 4


def test_a_bar_is_empty_only_at_nothing_and_full_only_at_all():
    def bar(used):
        return next(line for line in seen(Scene(answer(five_hour=used)).view()) if set(line) <= set("━─┃") and line)

    assert "━" not in bar(0)
    assert bar(0.1).count("━") == 1
    assert bar(999.9).count("─") == 1
    assert set(bar(1_000)) == {"━"}


def test_the_tick_stands_where_the_clock_does_and_counts_what_the_bar_counts():
    def tick(settings):
        view = Scene(settings=settings).view()
        week = view.row("weekly")
        line = [line for line in seen(view) if set(line) <= set("━─┃") and line][1]
        return line.index("┃") / len(line), week.clock

    place, clock = tick("")
    assert place == pytest.approx(clock, abs=1 / 56)
    place, clock = tick('show = "remaining"')
    assert place == pytest.approx(1 - clock, abs=1 / 56)


def test_a_row_says_used_or_left_and_never_both():
    used, left = (" ".join(seen(Scene(settings=text).view())) for text in ("", 'show = "remaining"'))
    assert ("210 of 1,000 used" in used, " left" in used) == (True, False)
    assert ("790 of 1,000 left" in left, " used" in left.removeprefix("Least left")) == (True, False)


def test_old_numbers_have_no_colour_of_a_worry_and_say_why_they_are_old():
    view = Scene(answer(weekly=4_900), OFFLINE, later=9_000).view()
    told = "\n".join(sent(view))
    assert "~ Numbers of 2 h 30 min ago" in seen(view)
    assert "Refresh failed" in told
    assert _number(view.color_of("critical")) not in told


def _number(color):
    return "{};{};{}".format(*bytes.fromhex(color[1:]))


def test_each_window_wears_its_own_colour_and_what_is_well_none():
    view = Scene(answer(five_hour=950, weekly=4_000), environ={"COLORFGBG": "15;0"}).view()
    by_name = {line.split()[0]: line for line in sent(view) if "%" in line and "of" not in line}
    assert _number(view.color_of("critical")) in by_name["\x1b[1m5"]
    assert _number(view.color_of("warning")) in by_name["\x1b[1mWeek\x1b[0m"]
    assert "38;" not in by_name["\x1b[1mMonth\x1b[0m"]


@pytest.mark.parametrize(
    ("environ", "looks"),
    [
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, r"38;2;\d+;\d+;\d+"),
        ({"TERM": "xterm-256color"}, r"38;5;\d+"),
        ({"TERM": "linux"}, "31"),
    ],
)
def test_a_terminal_gets_as_many_colours_as_it_has(environ, looks):
    told = "".join(sent(Scene(answer(five_hour=950), environ=environ).view()))
    assert re.search(f"\x1b\\[1;{looks}m!! 95%\x1b\\[0m", told)


@pytest.mark.parametrize(
    ("ground", "looks"), [({}, "1"), ({"COLORFGBG": "0;15"}, "1"), ({"COLORFGBG": "15;0"}, "1;33")]
)
def test_of_16_colours_yellow_letters_need_a_ground_that_is_known_to_be_dark(ground, looks):
    told = sent(Scene(answer(weekly=4_000), environ={"TERM": "xterm", **ground}).view())
    assert any(line.endswith(f"\x1b[{looks}m! 80%\x1b[0m") for line in told)
    assert any("\x1b[33m━" in line for line in told)


@pytest.mark.parametrize("state", MIDDLE)
def test_where_the_ground_is_not_known_each_colour_stands_out_from_white_and_from_black(state):
    assert min(contrast(MIDDLE[state], ground) for ground in ("#ffffff", "#000000")) >= LEAST


WITH_COLOR = re.compile("\x1b\\[([0-9;]+)m([^\x1b]*)")
GROUNDS = {*(theme.ground for theme in (*THEMES.values(), *OURS.values())), "#000000", "#808080"}


BARS = set("━─┃· ▁▂▃▄▅▆▇█")


def looks(told):
    """Each text that is neither a bar nor blocks, with the numbers of its look."""
    stretches = [found[::-1] for line in told for found in WITH_COLOR.findall(line)]
    return {text: look for text, look in stretches if not set(text) <= BARS}


def _color_of(look):
    kind, *numbers = map(int, look.partition("38;")[2].split(";"))
    if kind == 2:
        return "#" + bytes(numbers).hex()
    place = numbers[0] - 16
    channels = (
        (CUBE[place // 36], CUBE[place // 6 % 6], CUBE[place % 6]) if place < 216 else (8 + 10 * (place - 216),) * 3
    )
    return "#" + bytes(channels).hex()


@pytest.mark.parametrize("environ", [{}, {"TERM": "xterm-256color"}], ids=["24 bit", "256"])
@pytest.mark.parametrize("name", ["a_week_that_runs_out", "critical", "stale, by age", "signed_out, with numbers"])
def test_on_a_ground_that_the_terminal_has_said_each_letter_stands_out_the_secondary_ones_too(name, environ):
    view = replace(CASES[name], environ=environ).view()
    for ground in GROUNDS:
        found = {text: look for text, look in looks(sent(view, ground=ground)).items() if look != "1"}
        assert "r refresh   o open   h history   q close" in found
        ratios = {text: contrast(_color_of(look), ground) for text, look in found.items()}
        assert {text: ratio for text, ratio in ratios.items() if ratio < LEAST} == {}, ground
        assert environ or ratios["r refresh   o open   h history   q close"] >= THIN or ground == "#808080"


@pytest.mark.parametrize("environ", [{}, {"TERM": "linux", "COLORFGBG": "15;0"}], ids=["unknown", "16 colours"])
def test_where_no_grey_is_sure_to_be_read_secondary_lines_have_the_terminals_own_letters(environ):
    told = sent(replace(CASES["critical"], environ=environ).view())
    assert told[-1] == "  r refresh   o open   h history   q close"
    assert "2" not in looks(told).values()


def test_where_the_ground_is_not_known_the_colours_are_for_any_ground_and_a_chosen_theme_stays():
    scene = Scene(answer(five_hour=950, weekly=4_000))
    told = "".join(sent(scene.view()))
    assert all(_number(MIDDLE[state]) in told for state in ("critical", "warning"))
    nord = replace(scene, settings='theme = "nord"').view()
    assert _number(nord.color_of("critical")) in "".join(sent(nord))


def test_no_color_means_no_sequence_at_all():
    assert "\x1b" not in "".join(sent(Scene(answer(five_hour=950), environ={"NO_COLOR": "1"}).view()))


@pytest.mark.parametrize("place", ["plan", "problem.message", "session.origin"])
def test_a_hostile_text_sends_the_terminal_nothing_but_what_can_be_seen(place):
    for text in SHORT:
        assert_harmless(Scene(past={**PAST, place: text}, problem=OFFLINE).view())


@given(hostile_texts(), st.integers(1, 120), st.integers(1, 30))
def test_no_text_of_others_changes_what_is_sent(text, columns, rows):
    assert_harmless(Scene(answer(plan=Plan(text))).view(), Size(columns, rows))
    assert_harmless(Scene(past={"plan": text.replace("\n", " ")}).view(), Size(columns, rows))


def assert_harmless(view, size=ROOMY):
    for line in sent(view, size):
        assert SEQUENCE.sub("", line).isprintable()


def test_the_keys_that_matter_most_stay_where_there_is_little_room_and_a_note_stands_in_their_place():
    assert unmarked(footer(FOOT, ROOMY)[-1]) == "r refresh   o open   h history   q close"
    assert unmarked(footer(FOOT, Size(24, 24))[-1]) == "r refresh   q close"
    assert unmarked(footer(FOOT, Size(9, 24))[-1]) == "q close"
    assert unmarked(footer(Foot(FOOT.keys, note="Refreshing …"), ROOMY)[-1]) == "Refreshing …"
    assert footer(FOOT, Size(60, 3)) == []


def test_an_address_in_a_note_is_broken_and_never_cut():
    address = "https://" + "a" * 150 + "/end"
    told = [unmarked(line) for line in footer(Foot((), note=f"Open {address}"), Size(60, 24))]
    assert "".join(told[2:]) == address
    assert max(map(width, told)) <= 56


def test_a_table_breaks_its_second_column_alone():
    told = [unmarked(line) for line in table([("q", "close"), ("Esc", "go back, or close what is shown")], Size(30, 9))]
    assert told == ["q     close", "Esc   go back, or close what", "      is shown"]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (b"r", ["r"]),
        (b"R?q", ["r", "?", "q"]),
        ("？".encode(), ["?"]),
        (b"\t", ["tab"]),
        (b"\x1b", ["esc"]),
        (b"\x1b\x1b", ["esc", "esc"]),
        (b"\x1b[A\x1bOB\x1b[6~", ["up", "down", "page down"]),
        (b"\x1bq", []),
        (b"\x1b[1;5A", []),
        (b"\x1b[200~q\x1b[201~", ["q"]),
        (b"\x1b]11;rgb:0000/0000/0000\x07r", ["r"]),
        (b"\x1bP>|xterm(379)\x1b\\r", ["r"]),
        (b"\x1b[?64;1;2c", []),
        (b"\xff\xfer", ["r"]),
        (b"\x03", ["q"]),
    ],
)
def test_what_a_terminal_sends_is_a_key_or_nothing(typed, keys):
    assert list(keys_in(typed)) == keys


@pytest.mark.parametrize(
    ("channels", "light"), [("ffff/ffff/ffff", True), ("1e/1e/2e", False), ("f/f/f", True), ("fdfd/f6f6/e3e3", True)]
)
def test_a_ground_is_light_where_black_stands_out_more(channels, light):
    assert is_light(hexed(channels.encode().split(b"/"))) is light


@given(st.binary(max_size=200))
def test_nothing_that_is_sent_breaks_it(typed):
    assert all(keys_in(typed))


@given(st.from_regex(rb"\A\x1b\[[0-?]{0,8}[ -/]{0,2}[@-~]\Z"))
def test_no_sequence_closes_the_page(typed):
    assert not {"q", "esc"} & set(keys_in(typed))
