"""One window as a bar shows it: its numbers, its reset, what comes of it, each in words. Pure."""

from codingplan_bar.bars import phrases
from codingplan_bar.bars.phrases import REQUESTS, amount, left_of, unit_in
from codingplan_bar.facts import NO_LIMIT, level
from codingplan_bar.words import filled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


inf = float("inf")
UNKNOWN = "?"
COUNTED = ("window.", "share.")
"""What the facts with a window's numbers begin with."""


class Row:
    """A window: `percent` is the used share, 0 to 100, or None where the number is too old to be known.

    A number is good until its window has been reset; where no reset is named, for as long as the window is. What is
    foretold of it is known only while the numbers are fresh. `outlook` is what comes of it: used_up, runs_out, lasts,
    empty where nothing can be said; `runs_out` the instant at which it is foretold to be full. `is_current`: the number
    is known and fresh. `level` is how worrying a known number is (`facts.level`), `tone` what a current one is marked
    as (`signs_and_colors`), empty where nothing worries.
    """

    def __init__(
        self, name: str, facts: "Mapping[str, str]", now: float, words: "Mapping[str, str]", *, is_fresh: bool
    ) -> None:
        """Read the fact `window.NAME`: `used total resets_at`, or `share.NAME`: `percent resets_at`; `-` for none."""
        used, total, resets = _counts(name, facts)
        self.name, self.now, self.words, self.is_fresh = name, now, words, is_fresh
        self.seconds, self.kind = _span(name, facts)
        self.unit = facts.get("unit", "")
        self.in_percent = "share." + name in facts
        self.remaining = facts["show"] == "remaining"
        self.used, self.total = max(float(used), 0), float(total)
        self.resets_at = None if resets == "-" else int(resets)
        self.ends = self.resets_at or int(facts["fetched_at"]) + self.seconds
        self.since = self.ends if now >= self.ends else None
        self.percent = None if self.since else min(self.used, self.total) / self.total * 100
        self.start = facts.get("start." + name, "")
        past: Mapping[str, str] = facts if is_fresh else {}
        self.falls_at, self.falls = _numbers(past.get("flow." + name, ""), 2)
        self.foretold = OutlookFact(past.get("outlook." + name, ""))
        self.today = past.get("today." + name, "")
        self._judge(facts)

    def _judge(self, facts: "Mapping[str, str]") -> None:
        """Decide, once, what is asked for many times."""
        packs = packs_in(facts)
        self.is_used_up = self.percent is not None and self.used >= self.total
        self.is_on_packs = self.is_used_up and packs[0] > 0
        self.outlook = self._outlook()
        self.runs_out = max(self.foretold.runs_out_at or 0, self.now) if self.outlook == "runs_out" else None
        self.level = self.tone = ""
        if self.percent is not None:
            thresholds = float(facts["warning"]), float(facts["critical"])
            self.level = level(self.used, self.total, self.outlook, thresholds, packs)
        self.is_current = self.is_fresh and self.percent is not None
        if self.is_current and self.level != "ok":
            self.tone = "used_up" if self.is_used_up and not self.is_on_packs else self.level

    def _outlook(self) -> str:
        """What time has overtaken is said no longer: a window that was to run out until `latest` may have or not."""
        if self.is_used_up:
            return "used_up" if self.is_fresh else ""
        if self.percent is None or self.foretold.outlook not in ("lasts", "runs_out"):
            return ""
        if self.foretold.outlook == "lasts":
            return "lasts"
        is_before = (self.foretold.runs_out_at or 0) < (self.resets_at or inf)
        return "runs_out" if is_before and self.now <= (self.foretold.latest or 0) else ""

    def value(self, name: str) -> str:
        """One fact in words; `?` where it is too old to be known. Raises KeyError for an unknown fact."""
        if name.startswith("bar:"):
            return self.bar(name.removeprefix("bar:"))
        if self.since and name in _NUMBERS:
            return UNKNOWN
        return _FACTS[name](self)

    @property
    def share(self) -> str:
        """The percentage that the user wants to see; where it counts down, with the word that says so."""
        percent = self.value("percent")
        return self.words["left_share"].format(percent) if self.remaining and not self.since else percent

    @property
    def shown_percent(self) -> float:
        """What the percentage counts: the used, or the remaining share."""
        used = self.percent or 0
        return 100 - used if self.remaining else used

    @property
    def left(self) -> float:
        """How many requests are left."""
        return max(self.total - self.used, 0)

    @property
    def free_at(self) -> float:
        """When something of it is free again: at its reset; where it slides, when the next requests fall out."""
        return self.resets_at or self.falls_at or self.ends

    def pace(self) -> str:
        """What comes of it, in words: when it runs out and how long before its reset, or that it lasts."""
        if self.runs_out is None:
            return self.words.get(self.outlook, "")
        told = self.ahead()
        return self.words["before_reset"].format(told, self.early()) if self.resets_at else told

    def ahead(self) -> str:
        """When it runs out, as a sentence's end; empty where it does not."""
        if self.runs_out is None:
            return ""
        key = "runs_out_at" if phrases.is_near(self.runs_out, self.now) else "runs_out_on"
        return filled(self.words[key], self.foreseen())

    def prospect(self) -> str:
        """When it runs out, or that it lasts, as a sentence's end; empty where it is used up, or that is not known."""
        return "" if self.is_used_up else self.ahead() or self.words.get(self.outlook, "")

    def tail(self) -> str:
        """When it runs out, or is back, in two words, for a line; empty where neither is known."""
        if self.is_used_up and not self.is_on_packs and (back := self.resets_at or self.falls_at):
            return filled(self.words["back"], phrases.clock(back, self.now, self.words))
        return "" if self.runs_out is None else filled(self.words["out"], self.foreseen())

    def foreseen(self) -> str:
        """When it runs out, as exactly as a forecast can be; empty where it does not."""
        return "" if self.runs_out is None else phrases.foreseen(self.runs_out, self.now, self.words)

    def runs_out_in(self) -> str:
        """How long until it runs out; empty where it does not."""
        return "" if self.runs_out is None else phrases.duration(self.runs_out - self.now, self.words)

    def early(self) -> str:
        """How long before its reset it runs out; empty where it does not, or has none."""
        if self.runs_out is None or not self.resets_at:
            return ""
        return phrases.duration(self.resets_at - self.runs_out, self.words)

    def elapsed(self) -> str:
        """How much of a fixed window's time is over, as a percentage; empty where that is not known."""
        return "" if self.clock is None else phrases.percent(self.clock * 100)

    @property
    def clock(self) -> float | None:
        """The share of a fixed window's time that is over, 0 to 1; None where that is not known."""
        if not self.start or not self.resets_at or not int(self.start) <= self.now < self.resets_at:
            return None
        return (self.now - int(self.start)) / (self.resets_at - int(self.start))

    def frees(self) -> str:
        """When how many requests fall out of a sliding window next; empty where that is not known."""
        if not self.falls or not self.falls_at or self.falls_at <= self.now or self.resets_at:
            return ""
        time = phrases.clock(self.falls_at, self.now, self.words)
        return self.words["frees"].format(count=phrases.count(self.falls), time=time)

    def spent_today(self) -> str:
        """What of it was spent today, and its even share of today; empty where that is not known."""
        spent, share, until = _numbers(self.today, 3)
        if self.since or spent is None or share is None or self.now >= (until or 0):
            return ""
        return self.words["today"].format(phrases.percent(spent), phrases.percent(share))

    def lapse(self) -> str:
        """How much of it will lapse unused, and when; empty where it runs out, or that is not known."""
        share = self.lapses
        if share is None or not self.resets_at or round(share) < 1:
            return ""
        return self.words["lapse"].format(phrases.percent(share), self.reset_in())

    @property
    def lapses(self) -> float | None:
        """The share of it that will lapse unused at its reset, in percent; None where that is not known."""
        lapses = self.foretold.lapses
        if self.percent is None or lapses is None or self.outlook != "lasts":
            return None
        return min(lapses / self.total * 100, 100)

    def bar(self, cells: str = "") -> str:
        """As many cells as asked for, 1 to 40, ten where that is not a number; dots where nothing is known."""
        number = min(max(int(cells), 1), 40) if phrases.is_whole(cells) else 10
        return phrases.unknown_bar(number) if self.since else phrases.bar(self.shown_percent / 100, number)

    def reset(self) -> str:
        """When the window is reset, or since when its number is not known."""
        if self.since:
            return self.words["unknown_since"].format(phrases.clock(self.since, self.now, self.words))
        if self.resets_at:
            return self.words["resets"].format(self.reset_in(), self.reset_at())
        rolling = self.words["rolling"].format(phrases.duration(self.seconds, self.words))
        return self.frees() or (rolling if self.kind == "rolling" and self.used else "")

    def reset_in(self) -> str:
        """How long until the reset; empty where it has none."""
        return phrases.duration(self.resets_at - self.now, self.words) if self.resets_at else ""

    def reset_at(self) -> str:
        """When the reset is; empty where it has none."""
        return phrases.clock(self.resets_at, self.now, self.words) if self.resets_at else ""

    def left_of(self) -> str:
        """How much is left of how much, with the unit where that is not requests; empty where no amount is known."""
        if self.in_percent:
            return ""
        if self.total > NO_LIMIT:
            return self.words["no_limit"]
        return left_of(self.left, self.total, self.unit, self.words)

    def shown_of(self) -> str:
        """How much is used of how much, or left where the user counts down: the amount that the percentage counts."""
        if self.in_percent or self.total > NO_LIMIT or self.remaining:
            return self.left_of()
        told = self.counted(self.used), self.counted(self.total)
        if self.unit in REQUESTS:
            return self.words["used_of"].format(*told)
        return self.words["used_of_unit"].format(*told, unit_in(self.unit, self.words))

    def shown_amount(self) -> str:
        """The same; where the number is too old to be known, since when."""
        return self.reset() if self.since else self.shown_of()

    def limited(self, number: float) -> str:
        """The total, or what depends on it: what stands for no limit has no amount; empty where no amount is known."""
        return self.words["no_limit"] if self.total > NO_LIMIT else self.counted(number)

    def counted(self, number: float) -> str:
        """A number of its units; empty where no amount is known."""
        return "" if self.in_percent else amount(number, self.total, self.unit)


def packs_in(facts: "Mapping[str, str]") -> tuple[float, float]:
    """How much the extra packs have left, and hold in all; twice 0 without any."""
    left, total = _numbers(facts.get("packs", ""), 2)
    return left or 0, max(total or 0, left or 0)


def names_in(facts: "Mapping[str, str]") -> list[str]:
    """The windows of which there are numbers, in the plan's order."""
    return [name.partition(".")[2] for name in facts if name.startswith(COUNTED)]


def every_name(facts: "Mapping[str, str]") -> list[str]:
    """The names of all windows that any plan has. Facts of the version before do not say: then the plans do."""
    if "window_names" in facts:
        return facts["window_names"].split(",")
    from codingplan_bar.plans import SPANS

    return list(SPANS)


def _counts(name: str, facts: "Mapping[str, str]") -> list[str]:
    if "share." + name in facts:
        percent, resets = facts["share." + name].split(" ")
        return [percent, "100", resets]
    return facts["window." + name].split(" ")


def _span(name: str, facts: "Mapping[str, str]") -> tuple[int, str]:
    """How many seconds a window has, and whether it slides. Facts of the version before do not say, as above."""
    if "length." + name in facts:
        minutes, kind = facts["length." + name].split(" ")
        return int(minutes) * 60, kind
    from codingplan_bar.plans import SPANS

    return SPANS[name].minutes * 60, SPANS[name].kind


def is_fact(name: str) -> bool:
    """Whether a window has a fact of that name."""
    return name in _FACTS or name.startswith("bar:") or name == LINE


LINE = "line"
"""The fact that is a piece of the line, with sign and colour; the view has those."""
_NUMBERS = {
    *("share", "used", "left", "left_of", "counted"),
    *("percent", "used_percent", "left_percent", "reset_in", "reset_at"),
}
_FACTS: "dict[str, Callable[[Row], str]]" = {
    "bar": Row.bar,
    "label": lambda row: phrases.window_label(row.name, row.seconds, row.words),
    "short": lambda row: phrases.window_label(row.name, row.seconds, row.words, ".short"),
    "share": lambda row: row.share,
    "used": lambda row: row.counted(row.used),
    "left": lambda row: row.limited(row.left),
    "total": lambda row: row.limited(row.total),
    "left_of": Row.left_of,
    "counted": Row.shown_of,
    "percent": lambda row: phrases.percent(row.shown_percent),
    "used_percent": lambda row: phrases.percent(row.percent or 0),
    "left_percent": lambda row: phrases.percent(100 - (row.percent or 0)),
    "reset": Row.reset,
    "reset_in": Row.reset_in,
    "reset_at": Row.reset_at,
    "elapsed": Row.elapsed,
    "frees": Row.frees,
    "pace": Row.pace,
    "runs_out": Row.foreseen,
    "runs_out_in": Row.runs_out_in,
    "early": Row.early,
    "today": Row.spent_today,
    "lapse": Row.lapse,
}


# What is foretold of a window (`history/forecast.py` does that), and which one stops its owner first. Pure.


class OutlookFact:
    """The fact `outlook.NAME`: `outlook runs_out_at earliest latest probability lapses`, `-` where not known.

    Whatever else stands there says nothing.
    """

    def __init__(self, fact: str) -> None:
        """Read the fact."""
        self.outlook, _, rest = fact.partition(" ")
        self.runs_out_at, self.earliest, self.latest, self.probability, self.lapses = _numbers(rest, 5)
        if self.outlook == "runs_out" and self.runs_out_at is None:
            self.outlook = ""


def turns(facts: "Mapping[str, str]") -> list[float]:
    """The instants after which what is foretold, or told of today, is told otherwise."""
    found: list[float | None] = []
    for name in {key.partition(".")[2] for key in facts if key.startswith(("outlook.", "flow.", "today."))}:
        foretold = OutlookFact(facts.get("outlook." + name, ""))
        falls_at, _ = _numbers(facts.get("flow." + name, ""), 2)
        *_, day_ends = _numbers(facts.get("today." + name, ""), 3)
        found += [foretold.runs_out_at, foretold.latest, falls_at, day_ends]
    return [instant for instant in found if instant is not None]


def binding(rows: "Sequence[Row]") -> "Row | None":
    """The window that stops its owner first, of those whose number is known; None where none is.

    A used-up one, of several the one that is free again last; else the one that runs out before its reset, and
    soonest; else the most used.
    """
    known = [row for row in rows if row.percent is not None]
    if used_up := [row for row in known if row.is_used_up]:
        return max(used_up, key=lambda row: row.free_at)
    if short := [row for row in known if row.runs_out is not None]:
        return min(short, key=lambda row: row.runs_out or 0)
    return most_used(known)


def most_used(rows: "Sequence[Row]") -> "Row | None":
    """The window of which the largest share is used, of those whose number is known; None where none is."""
    known = [row for row in rows if row.percent is not None]
    return max(known, key=lambda row: row.percent or 0) if known else None


def _numbers(fact: str, count: int) -> list[float | None]:
    """So many numbers, or as many times None for another text."""
    if not fact:
        return [None] * count
    try:
        numbers = [None if word == "-" else float(word) for word in fact.split(" ")]
    except ValueError:
        numbers = []
    usable = len(numbers) == count and all(number is None or 0 <= number < 1e15 for number in numbers)
    return numbers if usable else [None] * count
