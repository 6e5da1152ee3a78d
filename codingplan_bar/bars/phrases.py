"""Numbers to words. Knows no bar, and no clock of its own."""

import time

from codingplan_bar.words import WRITTEN_OUT, table_for, whole_percent
from codingplan_bar.words import amount as rounded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

WIDE = (
    ("\u1100", "\u115f"),
    ("\u2e80", "\ua4cf"),
    ("\uac00", "\ud7a3"),
    ("\uf900", "\ufaff"),
    ("\ufe30", "\ufe6f"),
    ("\uff01", "\uff60"),
    ("\uffe0", "\uffe6"),
    ("\U0001f300", "\U0001faff"),
    ("\U00020000", "\U0003fffd"),
)
"""Where the characters of two columns lie, in order: East Asian ones, emoji (Unicode's EastAsianWidth, by blocks)."""

SPARKS = "▁▂▃▄▅▆▇█"
NO_SPARK = "·"
NEAR = 86_400
"""Seconds within which a forecast is told by the clock; beyond, the day is all that it is good for."""


def words_for(language: str, environ: "Mapping[str, str]", system: str = "") -> dict[str, str]:
    """The words of `en` or `zh`; `auto` is the locale's, and the `system`'s where the environment names none."""
    if language == "auto":
        language = table_for(environ, system)
    if language == "zh":
        from codingplan_bar.words.zh import WORDS
    else:
        from codingplan_bar.words.en import WORDS
    return WORDS


def count(number: float) -> str:
    """Requests, with thousands set apart; the provider counts whole ones, and a part of one is not rounded away."""
    is_whole = number == int(number) and number < WRITTEN_OUT
    return f"{number:,.0f}" if is_whole else f"{number:,.10g}"


def is_whole(text: str, longest: int = 3) -> bool:
    """Whether a text is a whole number of at most so many digits."""
    return text.isascii() and text.isdigit() and len(text) <= longest


def percent(value: float) -> str:
    """A percentage in words; only 0 and 100 themselves become 0% and 100%."""
    return "<1%" if 0 < value < 1 else f"{whole_percent(value)}%"


def duration(seconds: float, words: "Mapping[str, str]") -> str:
    """A time span in its two largest units, minutes at the least."""
    minutes = int(seconds) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [("days", days), ("hours", hours), ("minutes", 0 if days else minutes)]
    shown = [words[unit].format(number) for unit, number in parts if number]
    return " ".join(shown) or words["minutes"].format("<1")


def window_label(name: str, seconds: float, words: "Mapping[str, str]", ending: str = "") -> str:
    """A window's name, with `.short` for where there is little room; its length where the words have no name for it."""
    return words.get(name + ending) or duration(seconds, words)


def local(instant: float) -> "time.struct_time":
    """An instant in the user's zone. Raises ValueError for one that no calendar holds."""
    return _in_calendar(time.localtime, instant)


def utc(instant: float) -> "time.struct_time":
    """An instant in UTC. Raises ValueError as above."""
    return _in_calendar(time.gmtime, instant)


def clock(instant: float, now: float, words: "Mapping[str, str]") -> str:
    """A time of day in the user's zone, with its day where that is not today: within a week its name, else its date."""
    then, today = local(instant), local(now)
    hour = f"{then.tm_hour:02}:{then.tm_min:02}"
    if then[:3] == today[:3]:
        return hour
    if abs(instant - now) < 6 * 86_400:
        return f"{words['weekdays'].split()[then.tm_wday]} {hour}"
    return f"{day(instant, now, words)} {hour}"


def day(instant: float, now: float, words: "Mapping[str, str]") -> str:
    """A date in the user's zone, with its year where that is not this one."""
    then = local(instant)
    form = "date" if then.tm_year == local(now).tm_year else "date_of_year"
    return words[form].format(month=words["months"].split()[then.tm_mon - 1], day=then.tm_mday, year=then.tm_year)


def is_near(instant: float, now: float) -> bool:
    """Whether a forecast of that instant is told by the clock."""
    return instant - now < NEAR


def foreseen(instant: float, now: float, words: "Mapping[str, str]") -> str:
    """An instant of a forecast: by the clock within a day, else by the weekday or the date."""
    if is_near(instant, now):
        return clock(instant, now, words)
    if instant - now < 6 * 86_400:
        return words["weekdays"].split()[local(instant).tm_wday]
    return day(instant, now, words)


def spark(percents: list[str]) -> str:
    """Percentages as a line of columns: the lowest only for nothing, the highest only for all, a dot for no number."""
    return "".join(_spark(percent) for percent in percents)


def bar(share: float, cells: int) -> str:
    """A share of 0 to 1 as a bar; any use at all shows a cell, and a full bar is full use."""
    filled = max(int(share * cells), 1 if share > 0 else 0)
    return "▰" * filled + "▱" * (cells - filled)


def _in_calendar(calendar: "Callable[[float], time.struct_time]", instant: float) -> "time.struct_time":
    try:
        return calendar(instant)
    except OSError as error:
        raise ValueError("beyond every calendar") from error


def _spark(percent: str) -> str:
    if not percent.isascii() or not percent.isdigit():
        return NO_SPARK
    number = int(percent[:4])
    if number == 0:
        return SPARKS[0]
    return SPARKS[1 + number * 6 // 100] if number < 100 else SPARKS[-1]


def unknown_bar(cells: int) -> str:
    """A bar of which nothing is known, that is not one of nothing used."""
    return "·" * cells


def width(text: str) -> int:
    """How many columns a text takes, each character counted by itself; each kind of them is looked up once."""
    if text.isascii() or max(text) < WIDE[0][0]:
        return len(text)
    return len(text) + sum(text.count(char) for char in set(text) if _is_wide(char))


def _is_wide(char: str) -> bool:
    for first, last in WIDE:
        if char <= last:
            return first <= char
    return False


def padded(text: str, columns: int) -> str:
    """The text, filled up with spaces to that many columns."""
    return text + " " * (columns - width(text))


def aligned(table: list[list[str]]) -> list[str]:
    """The rows of a table as lines of one width a column, for a fixed-width font."""
    widths = [[width(cell) for cell in row] for row in table]
    columns = [max(column) for column in zip(*widths, strict=True)]
    lines = []
    for cells, taken in zip(table, widths, strict=True):
        filled = [cell + " " * (columns[place] - taken[place]) for place, cell in enumerate(cells)]
        lines.append("  ".join(filled).rstrip())
    return lines


REQUESTS = ("", "requests")
"""The unit that is said only where it is asked for; facts of the version before have none."""


def amount(number: float, total: float, unit: str) -> str:
    """So many of a unit: requests are counted, what else there is goes by its share."""
    return count(number) if unit in REQUESTS else rounded(number, total)


def left_of(left: float, total: float, unit: str, words: "Mapping[str, str]") -> str:
    """How much is left of how much, with the unit where that is not requests."""
    told = amount(left, total, unit), amount(total, total, unit)
    if unit in REQUESTS:
        return words["left_of"].format(*told)
    return words["left_of_unit"].format(*told, unit_in(unit, words))


def unit_in(unit: str, words: "Mapping[str, str]") -> str:
    """The unit in words; as it is where they have none for it."""
    return words.get("unit." + (unit or "requests"), unit)
