"""What stands below the line: the tooltip's lines, and the notes that menus and `status` have too."""

from codingplan_bar.bars import phrases
from codingplan_bar.bars.signs_and_colors import mark, unmarked
from codingplan_bar.bars.template import fill, session, session_end, spark
from codingplan_bar.words import filled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View
    from codingplan_bar.bars.windows import Row

WEEK = 7 * 86_400
SOON = 86_400
"""Seconds before the end of a sign-in, or a reset at which something lapses, from which on it is said."""


def lines(view: "View") -> list[str]:
    """The tooltip without its marks, for what draws plain text."""
    return [unmarked(line) for line in composed(view)]


def composed(view: "View") -> list[str]:
    """The user's own tooltip, or what stops first, the windows and the notes, as marked lines (`signs_and_colors`)."""
    if view.facts["tooltip_format"]:
        return fill(view.facts["tooltip_format"], view.value).split("\n")
    windows = [line for row in view.rows for line in ("", *window(view, row))]
    notes = [mark(line, "dim") for line in (*known_lines(view), *failure_lines(view))]
    gap = [""] if notes else []
    return [*headline(view), *windows, *gap, *notes]


def headline(view: "View") -> list[str]:
    """What stops its owner first and when, or what is wrong, and what to do about it."""
    text, tone = summary(view)
    told = mark(f"{view.sign_of(tone)} {text}".strip(), tone if view.color_of(tone) else "strong")
    more = [] if view.is_fresh else wrong_lines(view)
    return [told, *(mark(line, "dim") for line in more if line != text)]


def summary(view: "View") -> tuple[str, str]:
    """One sentence, and the tone that it is said in: of the binding window where the numbers are fresh."""
    words, row = view.words, view.binding
    if view.asks_for_sign_in:
        return words["sign_in"], view.state
    if not view.answered or view.state == "signed_out":
        return view.problem[0] or view.word, view.state
    if not view.rows:
        return f"{view.plan} {words['active']}", view.state
    if view.is_replaced:
        return words["replaced"], "stale"
    if not view.is_fresh or row is None:
        return view.ago() if view.age is None else filled(words["head.old"], view.ago()), "stale"
    return _of_window(view, row), row.tone or "ok"


def _of_window(view: "View", row: "Row") -> str:
    """Which window binds, and why."""
    words, label = view.words, row.value("label")
    if row.is_on_packs:
        return words["packs_in_use"].format(view.value("packs"))
    if row.is_used_up:
        return _used_up(view, row)
    if row.runs_out is not None:
        return filled(words["of_window"], label, row.pace())
    if not row.tone:
        return _calm(view, row)
    if row.remaining:
        return filled(words["of_window"], label, row.share)
    told = filled(words["head.used"], label, row.value("percent"))
    left = "" if row.in_percent or row.tone == "warning" else filled(words["head.left"], row.value("left"))
    lasts = words["head.lasts"] if row.outlook == "lasts" else ""
    return told + (left or lasts)


def _used_up(view: "View", row: "Row") -> str:
    """All windows that are used up, and when the one that binds is free again, or how much of it is."""
    words, back = view.words, row.resets_at or row.falls_at
    labels = words["and"].join(each.value("label") for each in view.used_up)
    if not back:
        return filled(words["head.used_up"], labels)
    when = phrases.clock(back, view.now, words)
    if row.resets_at or not row.falls:
        return filled(words["head.until"], labels, when)
    return filled(words["head.frees"], labels, when, phrases.count(row.falls))


def _calm(view: "View", row: "Row") -> str:
    """That it lasts, where that is known of every window; else which one is used most."""
    if all(each.outlook == "lasts" for each in view.rows):
        return view.words["head.all_last" if len(view.rows) > 1 else "head.lasts_alone"]
    key = "head.least_left" if row.remaining else "head.most_used"
    return filled(view.words[key], row.value("label"), row.value("percent"))


def window(view: "View", row: "Row") -> list[str]:
    """A window: its name, its share and its amount; a bar; and what becomes of it, in marked lines."""
    share = mark(f"{view.sign_of(row.tone)} {row.value('percent')}".strip(), row.tone or "strong")
    head = "  ".join(filter(None, (mark(row.value("label"), "strong"), share, row.shown_amount())))
    below = _becomes(row)
    if not row.is_current:
        head, *below = (mark(unmarked(line), "dim") for line in (head, *below))
    return [head, mark(row.bar(), _bar(row)), *below]


def _bar(row: "Row") -> str:
    """The tone of a drawn bar: whose colour, how full, and where the clock stands, of what the percentage counts."""
    share = "-" if row.percent is None else f"{row.shown_percent / 100:.4f}"
    over = row.clock
    clock = "-" if over is None or row.percent is None else f"{1 - over if row.remaining else over:.4f}"
    tone = row.tone or "ok" if row.is_current else "stale"
    return f"bar {tone} {share} {clock}"


def _becomes(row: "Row") -> list[str]:
    """When it is reset, and whether it lasts; that much of it will lapse has a line of its own."""
    reset, prospect = "" if row.since else row.reset(), row.prospect()
    if row.runs_out is None:
        told = mark(" · ".join(filter(None, (reset, prospect))), "dim")
    else:
        told = mark(f"{reset} · " if reset else "", "dim") + mark(prospect, row.tone)
    return list(filter(None, (told, mark(lapsing(row), "dim"))))


def lapsing(row: "Row") -> str:
    """That much of it will lapse, where its reset is near; else empty."""
    is_near = row.resets_at is not None and row.resets_at - row.now < SOON
    return row.lapse() if is_near else ""


def note_lines(view: "View") -> list[str]:
    """What stops first where that is known, what else there is to know, and last what went wrong and what to do."""
    first = [summary(view)[0]] if view.rows and view.is_fresh else []
    return [*first, *known_lines(view), *wrong_lines(view)]


def known_lines(view: "View") -> list[str]:
    """What else is known, and what else its owner is to do."""
    return [*told_lines(view), *session_lines(view), *fault_lines(view)]


def told_lines(view: "View") -> list[str]:
    """What else is known: the plan, today, the last day, how old the numbers are."""
    told = (
        "" if view.rows or not view.answered else view.words["no_windows"],
        *_plan(view),
        _today(view),
        _day(view),
        _origin(view) if view.answered else "",
    )
    return [line for line in told if line]


def session_lines(view: "View") -> list[str]:
    """That the session ends soon, or was found elsewhere; none where nothing is to do."""
    moved = view.words["session_moved"] if view.answered and view.facts.get("session.moved") else ""
    return [line for line in (_session(view), moved) if line]


def fault_lines(view: "View") -> list[str]:
    """That a setting is wrong; none where all are right, or what went wrong says it."""
    place = "" if "fault.told" in view.facts else view.facts.get("fault", "")
    if place and view.words["language"] != "en":
        place = view.facts.get(f"fault.{view.words['language']}", place)
    return [view.words["fault"].format(place)] if place else []


def wrong_lines(view: "View") -> list[str]:
    """What went wrong at the last refresh, and what to do about it; none where it went well."""
    message, hint = view.problem
    failed = view.words["failed"].format(message) if view.answered else message
    return [line for line in (failed if view.facts["problem.code"] else "", hint) if line]


def failure_lines(view: "View") -> list[str]:
    """What went wrong since, where the numbers are fresh all the same; else the headline says it."""
    return wrong_lines(view) if view.is_fresh else []


def _plan(view: "View") -> list[str]:
    """Its packs, its team, its end: of most plans nothing, so that nothing more is imported for them."""
    if not {"packs", "team"} & view.facts.keys() and not view.renews_at and not view.ends_within():
        return []
    from codingplan_bar.bars.plan_notes import notes

    return notes(view)


def _today(view: "View") -> str:
    """What of the week's quota was spent today: the week is what people plan by."""
    row = next((each for each in view.rows if each.seconds == WEEK), None)
    spent = row.value("today") if row and view.is_fresh else ""
    return filled(view.words["week_today"], row.value("label"), spent) if row and spent else ""


def _day(view: "View") -> str:
    line = spark(view)
    return view.words["last_day"].format(line) if line else ""


def _origin(view: "View") -> str:
    """The plan, how old its numbers are, and that it ends, where that is near and not said elsewhere (`plan.notes`)."""
    left = int(view.facts["expires_at"] or 0) - view.now
    is_to_say = left < WEEK and not view.facts.get("plan_alert")
    return " · ".join(part for part in (view.plan, view.updated(), view.ends() if is_to_say else "") if part)


def _session(view: "View") -> str:
    ends = session_end(view)
    if ends is None or view.state == "signed_out" or ends - view.now > SOON:
        return ""
    parts = (session(view), view.facts.get("session.origin", ""))
    return " · ".join(part for part in parts if part)
