"""The cases of the golden files: each a scene that a bar's owner meets, by the name of its folder."""

from __future__ import annotations

from dataclasses import replace

from scenes import ACTIVE, MONDAY, NO_PLAN, OFFLINE, SIGN_IN, Scene, answer, failure

from codingplan_bar.model import Plan, Window

DAY = 86_400
CUSTOM = r"""
format = "{plan}: {five_hour.percent} [({five_hour.reset_in}) ]{weekly.bar:4} [[{monthly.left}]] {nonsense}"
tooltip_format = '''
{word}[ since {age}]
Week: {weekly.used} of {weekly.total}[, {weekly.reset}]
[Went wrong: {message}[ {hint}]]'''
"""
HOSTILE_PLAN = Plan('A & <b>"%{A1:x:}#(y)|z=\\')
COUNTED_DOWN = replace(answer(), windows=(Window("five_hour", 400, 1_000, answer().fetched_at + 7_500),))
FRACTIONS = replace(answer(0.25, 4_999.5), windows=answer(0.25, 4_999.5).windows[:2])
BEFORE_MONDAY = replace(answer(), fetched_at=MONDAY - 60)

CASES = {
    "ok": Scene(),
    "warning": Scene(answer(weekly=3_750)),
    "critical": Scene(answer(five_hour=901)),
    "exhausted_week_behind_an_idle_five_hours": Scene(answer(five_hour=0, weekly=5_100)),
    "active": Scene(ACTIVE),
    "active_and_signed_out": Scene(ACTIVE, SIGN_IN, later=7_500),
    "stale_by_age": Scene(later=2 * 3_600),
    "stale_by_failure": Scene(problem=OFFLINE, later=240),
    "week_was_reset_since": Scene(BEFORE_MONDAY, later=120),
    "nothing_is_known_any_more": Scene(later=40 * DAY),
    "clock_went_back": Scene(later=-DAY),
    "error_no_plan": Scene(failure(NO_PLAN)),
    "error_offline": Scene(failure(OFFLINE), settings='icons = "emoji"'),
    "signed_out": Scene(failure(SIGN_IN)),
    "signed_out_with_numbers": Scene(problem=SIGN_IN, later=DAY),
    "remaining": Scene(answer(weekly=4_600), settings='show = "remaining"'),
    "remaining_bars": Scene(settings='show = "remaining"\nformat = "bars"'),
    "chinese": Scene(answer(weekly=4_600), settings='language = "zh"\nformat = "full"'),
    "chinese_signed_out_with_numbers": Scene(problem=SIGN_IN, later=7_500, environ={"LANG": "zh_CN.UTF-8"}),
    "chinese_remaining": Scene(settings='language = "zh"\nshow = "remaining"'),
    "custom_formats": Scene(settings=CUSTOM),
    "custom_formats_signed_out": Scene(settings=CUSTOM, problem=SIGN_IN, later=3_700),
    "minimal": Scene(settings='format = "minimal"'),
    "bars_with_nerd_icons": Scene(answer(monthly=7_600), settings='format = "bars"\nicons = "nerd"'),
    "two_windows_in_own_order": Scene(settings='windows = ["monthly", "five_hour"]'),
    "five_hours_with_a_reset": Scene(COUNTED_DOWN),
    "fractions": Scene(FRACTIONS),
    "own_colors": Scene(answer(five_hour=950), settings='[colors]\ncritical = "#ff00aa"'),
    "hostile_plan": Scene(replace(answer(five_hour=800), plan=HOSTILE_PLAN), settings='format = "full"'),
}
