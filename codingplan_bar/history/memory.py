"""A rhythm as plain data and back, so that a refresh need not learn a year again. Pure.

What is read back may have been written by anybody: what is not as it was packed is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codingplan_bar.history.rhythm import KEPT_DAYS, LARGEST, SMALLEST, Habit, Rhythm, Zone
from codingplan_bar.history.week import HOURS, Day
from codingplan_bar.model import Window, WindowName
from codingplan_bar.plans import SPANS

VERSION = 2
LONGEST_CURVE = 2000


def pack(rhythm: Rhythm) -> dict[str, Any]:
    """The rhythm as a document of JSON's own types, of some 20 kB a window."""
    habits = {name: _packed(habit) for name, habit in rhythm.habits.items()}
    return {"version": VERSION, "used_up": rhythm.used_up, "habits": habits}


def unpack(document: object, zone: Zone) -> Rhythm | None:
    """The rhythm in a document; None where it is not one that `pack` gave."""
    try:
        return _unpacked(document, zone)
    except (TypeError, ValueError, LookupError, AttributeError, OverflowError):
        return None


def _packed(habit: Habit) -> dict[str, Any]:
    last = habit.last
    return {
        "days": {str(number): [*day.known, *day.spent, day.foretold] for number, day in habit.days.items()},
        "last": [last[0], *_packed_window(last[1])] if last else None,
        "curve": [habit.curve.times, habit.curve.sums],
        "pace": [habit.speed, habit.usual],
    }


def _packed_window(window: Window) -> list[Any]:
    return [window.used, window.total, window.resets_at, window.in_percent]


def _unpacked(document: Any, zone: Zone) -> Rhythm:
    if document["version"] != VERSION:
        raise ValueError
    rhythm = Rhythm(zone)
    rhythm.used_up = [minutes for minutes in document["used_up"] if type(minutes) is int]
    for name in SPANS:
        if name in document["habits"]:
            rhythm.habits[name] = _habit(name, document["habits"][name], zone)
    return rhythm


def _habit(name: WindowName, fields: Mapping[str, Any], zone: Zone) -> Habit:
    habit = Habit(name)
    if len(fields["days"]) > KEPT_DAYS + 1 or len(fields["curve"][0]) > LONGEST_CURVE:
        raise ValueError
    for number, values in fields["days"].items():
        *hours, foretold = values
        known, spent = _numbers(hours[:HOURS], HOURS), _numbers(hours[HOURS:], HOURS)
        habit.days[int(number)] = Day(known, spent, None if foretold is None else _number(foretold))
    times = [_whole(instant) for instant in fields["curve"][0]]
    if times != sorted(set(times)):
        raise ValueError
    habit.curve.times, habit.curve.sums = times, _numbers(fields["curve"][1], len(times))
    habit.speed, habit.usual = _numbers(fields["pace"], 2)
    if fields["last"]:
        at, *window = fields["last"]
        habit.last, habit.east = (_whole(at), _window(name, *window)), zone(_whole(at))
        habit.wake()
    return habit


def _window(name: WindowName, used: Any, total: Any, resets_at: Any, in_percent: Any) -> Window:
    if _number(total) < SMALLEST or type(in_percent) is not bool:
        raise ValueError
    return Window(name, _number(used), total, None if resets_at is None else _whole(resets_at), in_percent)


def _numbers(values: list[Any], length: int) -> list[float]:
    """Looked at all together: a refresh reads ten thousand of them."""
    if len(values) != length or not set(map(type, values)) <= {int, float}:
        raise ValueError
    if values and not (min(values) >= 0 and max(values) < LARGEST and 0 <= sum(values) < LARGEST * length):
        raise ValueError  # the sum is no number if one of them is not
    return values


def _number(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value < LARGEST:
        raise ValueError
    return value  # type: ignore[no-any-return]  # it is a number


def _whole(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 253_402_300_800:
        raise ValueError
    return value
