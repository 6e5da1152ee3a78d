"""What a template can name beside the facts of one window: each a function of the view, empty with nothing to say."""

from __future__ import annotations

from codingplan_bar.show import phrases

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codingplan_bar.show.rows import Row
    from codingplan_bar.show.view import View

HOURS = 24
"""Of which the cold wing gives the five hours' share, the oldest first."""


def value(view: View, name: str) -> str:
    """What a placeholder without a window stands for. Raises KeyError for a name that there is not."""
    plain, colon, argument = name.partition(":")
    return spark(view, argument) if colon and plain == "spark" else NAMED[name](view)


def windows(view: View) -> str:
    """Each window's short name and share, in one line."""
    return _listed(view, view.rows, " · ", "short", "percent")


def bars(view: View) -> str:
    """The same, each with a small bar."""
    return _listed(view, view.rows, "  ", "short", "bar:5", "percent")


def brief(view: View) -> str:
    """The binding window alone; and the most used one, where more of that is used and it worries."""
    first, most = view.row("binding"), view.most_used
    rows = [first] if first else []
    if first and most and (most.percent or 0) > (first.percent or 0) and view.state in {"warning", "critical"}:
        rows.append(most)
    return _listed(view, rows, " · ", "short", "percent")


def outlook(view: View) -> str:
    """When the binding window runs out, or is back; empty where it lasts, or that cannot be said."""
    row = view.binding
    if row and row.is_used_up and (back := row.resets_at or row.flow.falls_at):
        return view.words["back_at"].format(row.value("short"), phrases.clock(back, view.now, view.words))
    if row is None or row.runs_out is None:
        return ""
    key = "out_at" if phrases.is_near(row.runs_out, view.now) else "out_on"
    return view.words[key].format(row.value("short"), row.foreseen())


def upcoming(view: View) -> str:
    """What the binding window does next: it runs out, or is reset, or frees some."""
    row = view.row("binding")
    if row is None:
        return ""
    if row.runs_out is not None:
        return outlook(view)
    if row.since:
        return row.reset()
    reset = view.words["resets_in"].format(row.reset_in()) if row.resets_at else row.reset()
    return view.words["of_window"].format(row.value("short"), reset) if reset else ""


def spark(view: View, hours: str = "") -> str:
    """The five hours over the last day, or its last 1 to 24 hours: a column an hour; empty where none is recorded."""
    facts = view.facts
    late = int(view.now - int(facts.get("made_at") or view.now)) // 3_600
    recorded = ["-"] * HOURS + facts.get("spark", "").split(",") + ["-"] * min(max(late, 0), HOURS)
    number = min(max(int(hours), 1), HOURS) if hours.isascii() and hours.isdigit() and len(hours) < 4 else HOURS
    line = phrases.spark(recorded[-number:])
    return line if line.strip(phrases.NO_SPARK) else ""


def session(view: View) -> str:
    """When the sign-in ends, in words; empty where that is not known, or it is over."""
    ends = session_end(view)
    if ends is None:
        return ""
    left = phrases.duration(ends - view.now, view.words)
    return view.words["session_ends"].format(left, phrases.clock(ends, view.now, view.words))


def session_end(view: View) -> int | None:
    """When the sign-in ends, seconds since 1970; None where that is not known, or it is over."""
    fact = view.facts.get("session.ends_at", "")
    ends = int(fact) if fact.isascii() and fact.isdigit() and len(fact) < 12 else 0
    return ends if ends > view.now else None


def _listed(view: View, rows: Sequence[Row], gap: str, *facts: str) -> str:
    shares = gap.join(" ".join(map(row.value, facts)) for row in rows)
    return view.words["left_share"].format(shares) if shares and view.facts["show"] == "remaining" else shares


NAMED: dict[str, Callable[[View], str]] = {
    "plan": lambda view: view.facts["plan"],
    "source": lambda view: view.facts["source"],
    "region": lambda view: view.facts["region"],
    "message": lambda view: view.problem[0],
    "hint": lambda view: view.problem[1],
    "windows": windows,
    "bars": bars,
    "brief": brief,
    "outlook": outlook,
    "next": upcoming,
    "spark": spark,
    "age": lambda view: view.ago(),
    "expires": lambda view: view.ends(),
    "session": session,
    "state": lambda view: view.state,
    "word": lambda view: view.words[view.state],
    "sign": lambda view: view.sign,
}
