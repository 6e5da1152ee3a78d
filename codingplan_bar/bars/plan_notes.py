"""The plan beside its windows, as a bar shows it: its unit, its extra packs, its team, and its end. Pure.

On the warm road it is imported only where there is something of these to say.
"""

from codingplan_bar.bars import phrases
from codingplan_bar.bars.phrases import left_of
from codingplan_bar.facts import LAST_DAY
from codingplan_bar.words import filled, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codingplan_bar.bars.view import View

OF_THE_NUMBERS = ("window.", "share.", "packs", "team", "length.", "start.", "flow.", "outlook.", "today.", "problem.")
"""What the facts say that is said no longer of a plan that is over."""


def without_plan(facts: "Mapping[str, str]", now: float, language: str) -> "Mapping[str, str]":
    """The facts as the provider would have them once the plan is over: no numbers, and when it ended.

    That is told in English, and in the `language` of who reads it.
    """
    known = {name: value for name, value in facts.items() if not name.startswith(OF_THE_NUMBERS)}
    told = {name: text for each in ("en", language) for name, text in _told_of_the_end(facts, now, each)}
    return {**known, "status": "error", "problem.code": "no_plan", **told}


def _told_of_the_end(facts: "Mapping[str, str]", now: float, language: str) -> "Iterator[tuple[str, str]]":
    errors, of = table(language, "errors", "ERRORS"), "" if language == "en" else f".{language}"
    day = phrases.day(int(facts["expires_at"]), now, table(language, "", "WORDS"))
    yield f"problem{of}.message", filled(errors["no_plan.ended"], day=day)
    yield f"problem{of}.hint", facts.get(f"renewal{of}") or errors["no_plan.hint"]


def asides(view: "View") -> list[str]:
    """What the line says whatever the user wrote: that a pack is in use, and on the plan's last day its end."""
    told = [view.words["pack_in_use"].format(packs_share(view))] if view.is_on_packs else []
    if view.ends_within(LAST_DAY):
        end = phrases.clock(int(view.facts["expires_at"]), view.now, view.words)
        told.append(filled(view.words["plan_ends"], end))
    return told


def notes(view: "View") -> list[str]:
    """The extra packs, whose the numbers are, and within the days of the setting `plan_alert` its end or renewal.

    That a pack is in use stands above already, as what binds (`tooltip.summary`).
    """
    left, told = packs(view), []
    if left and not view.is_on_packs:
        told.append(view.words["packs"].format(left))
    if view.answered and "team" in view.facts:
        told.append(view.words["of_the_team"])
    if view.renews_at:
        told.append(_moment(view, "plan_renews", view.renews_at))
    if view.ends_within():
        told += [_moment(view, "plan_ends_in", int(view.facts["expires_at"])), _renewal(view)]
    return told


def packs(view: "View") -> str:
    """How much the extra packs have left of how much; empty without any."""
    left, total = view.packs
    return left_of(left, total, view.facts.get("unit", ""), view.words) if total and view.answered else ""


def packs_share(view: "View") -> str:
    """The share of the packs that is used, or left where the user counts down."""
    left, total = view.packs
    used = (total - left) / total * 100
    if view.facts["show"] == "remaining":
        return view.words["left_share"].format(phrases.percent(100 - used))
    return phrases.percent(used)


def _moment(view: "View", key: str, at: int) -> str:
    """What happens then, and in how long."""
    left = phrases.duration(at - view.now, view.words)
    return filled(view.words[key], left, phrases.clock(at, view.now, view.words))


def _renewal(view: "View") -> str:
    """What its owner can do about the end."""
    language = view.words["language"]
    return view.facts["renewal" if language == "en" else f"renewal.{language}"]
