"""Fills a compiled template: literals and placeholders in turn (settings/templates.py says how it is compiled)."""

from codingplan_bar.bars import phrases
from codingplan_bar.bars.phrases import unit_in
from codingplan_bar.bars.signs_and_colors import mark
from codingplan_bar.words import filled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codingplan_bar.bars.view import View
    from codingplan_bar.bars.windows import Row

SEPARATOR = "\x1f"
NEW_LINE = "\x1e"


def fill(template: str, value_of: "Callable[[str], str]") -> str:
    """The text with each placeholder's value; a bracketed part with an empty value in it is left out.

    `value_of` gives the empty text for a fact that is absent, and raises KeyError for a name that it does not know:
    that name is shown as it was written.
    """
    pieces: list[str] = []
    open_groups: list[tuple[int, bool]] = []
    for number, token in enumerate(template.split(SEPARATOR)):
        if not number % 2:
            pieces.append(token)
        elif token == "[":
            open_groups.append((len(pieces), True))
        elif token == "]":
            _close(pieces, open_groups)
        else:
            _add(pieces, open_groups, _value(token, value_of))
    return "".join(pieces).replace(NEW_LINE, "\n")


def names(template: str) -> "set[str]":
    """What the placeholders of a compiled template name; of a window's fact, the fact alone."""
    return {name.rpartition(".")[2] for name in template.split(SEPARATOR)[1::2]}


def _value(name: str, value_of: "Callable[[str], str]") -> str:
    try:
        return value_of(name)
    except KeyError:
        return "{" + name + "}"


def _add(pieces: list[str], open_groups: list[tuple[int, bool]], value: str) -> None:
    pieces.append(value)
    if open_groups and not value:
        open_groups[-1] = (open_groups[-1][0], False)


def _close(pieces: list[str], open_groups: list[tuple[int, bool]]) -> None:
    start, complete = open_groups.pop()
    if not complete:
        del pieces[start:]


# What a template can name beside the facts of one window: each a function of the view, empty with nothing to say.

HOURS = 24
"""Of which the cold road gives the five hours' share, the oldest first."""


def value(view: "View", name: str) -> str:
    """What a placeholder without a window stands for. Raises KeyError for an unknown name."""
    plain, colon, argument = name.partition(":")
    return spark(view, argument) if colon and plain == "spark" else NAMED[name](view)


def windows(view: "View") -> str:
    """Each window's short name and share, in one line; what worries with its sign, and what comes of it."""
    return _listed(view, view.rows, " · ", "short", "share")


def bars(view: "View") -> str:
    """The same, each with a small bar."""
    return _listed(view, view.rows, "  ", "short", "bar:5", "share")


def upright(view: "View") -> str:
    """Each window's short name above the bare number of its percentage, with an empty line between two windows.

    Beside a number of what is left stands that it is one.
    """
    shown = []
    for row in view.rows:
        number = row.value("percent").removesuffix("%")
        told = view.sign_of(row.tone) + number
        if row.remaining and not row.since and number.isdigit():
            told = view.words["left_share"].format(told).replace(" ", "\n")
        shown.append(mark(f"{row.value('short')}\n{told}", row.tone))
    return "\n\n".join(shown)


def brief(view: "View") -> str:
    """The binding window alone, or all that are used up; and the most used one, where that is fuller and worries."""
    first, most = view.row("binding"), view.most_used
    rows = view.used_up or ([first] if first else [])
    if first and most and (most.percent or 0) > (first.percent or 0) and most.level in {"warning", "critical"}:
        rows.append(most)
    return _listed(view, rows, " · ", "short", "share")


def outlook(view: "View") -> str:
    """When the binding window runs out, or is back; empty where it lasts, where packs go on, or that is not known."""
    row = view.binding
    tail = row.tail() if row else ""
    return filled(view.words["of_window"], row.value("short"), tail) if row and tail else ""


def upcoming(view: "View") -> str:
    """What the binding window does next: it runs out, or is reset, or frees some."""
    row = view.row("binding")
    if row is None:
        return ""
    if row.runs_out is not None:
        return outlook(view)
    if row.since:
        return row.reset()
    reset = view.words["resets_in"].format(row.reset_in()) if row.resets_at else row.reset()
    return filled(view.words["of_window"], row.value("short"), reset) if reset else ""


def unit(view: "View") -> str:
    """What the plan counts; empty without one."""
    return unit_in(view.facts.get("unit", ""), view.words) if view.answered else ""


def packs(view: "View") -> str:
    """How much the extra packs have left of how much; empty without any."""
    if "packs" not in view.facts:
        return ""
    from codingplan_bar.bars import plan_notes

    return plan_notes.packs(view)


def spark(view: "View", hours: str = "") -> str:
    """The five hours over the last day, or its last 1 to 24 hours: a column an hour; empty where none is recorded."""
    facts = view.facts
    late = int(view.now - int(facts.get("made_at") or view.now)) // 3_600
    recorded = ["-"] * HOURS + facts.get("spark", "").split(",") + ["-"] * min(max(late, 0), HOURS)
    number = min(max(int(hours), 1), HOURS) if phrases.is_whole(hours) else HOURS
    line = phrases.spark(recorded[-number:])
    return line if line.strip(phrases.NO_SPARK) else ""


def session(view: "View") -> str:
    """When the sign-in ends, in words; empty where that is not known, or it is over."""
    ends = session_end(view)
    if ends is None:
        return ""
    left = phrases.duration(ends - view.now, view.words)
    key = "session_probably_ends" if view.facts.get("session.learned") else "session_ends"
    return filled(view.words[key], left, phrases.clock(ends, view.now, view.words))


def session_end(view: "View") -> int | None:
    """When the sign-in ends, seconds since 1970; None where that is not known, or it is over."""
    fact = view.facts.get("session.ends_at", "")
    ends = int(fact) if phrases.is_whole(fact, 11) else 0
    return ends if ends > view.now else None


OF_THE_TAIL = ("outlook", "next", "pace", "runs_out", "runs_out_in", "early")
"""The placeholders that say what comes of a window: where a template has one, its windows do not say it again."""


def told(view: "View", row: "Row", *facts: str) -> str:
    """Those facts of a window, marked as what it is, with its sign in front and what comes of it behind.

    Both are left out where the template says them itself.
    """
    sign = "" if "sign" in view.named else view.sign_of(row.tone)
    text = " ".join(filter(None, (sign, *map(row.value, facts))))
    says_tail = row is view.binding and row.is_fresh and not view.named.intersection(OF_THE_TAIL)
    tail = row.tail() if says_tail else ""
    if tail:
        text = view.words["line.left"].format(text, tail) if row.remaining else f"{text} {tail}"
    return mark(text, row.tone)


def _listed(view: "View", rows: "Sequence[Row]", gap: str, *facts: str) -> str:
    return gap.join(told(view, row, *facts) for row in rows)


NAMED: "dict[str, Callable[[View], str]]" = {
    "plan": lambda view: view.outside(view.facts["plan"]),
    "source": lambda view: view.outside(view.facts["source"]),
    "region": lambda view: view.outside(view.facts["region"]),
    "message": lambda view: view.problem[0],
    "hint": lambda view: view.problem[1],
    "windows": windows,
    "bars": bars,
    "brief": brief,
    "upright": upright,
    "outlook": outlook,
    "next": upcoming,
    "spark": spark,
    "unit": unit,
    "packs": packs,
    "age": lambda view: view.ago(),
    "expires": lambda view: view.ends(),
    "session": session,
    "state": lambda view: view.state,
    "word": lambda view: view.word,
    "sign": lambda view: view.sign,
}
