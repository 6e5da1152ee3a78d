"""An alert in words, and the desktop's notification service that shows it (D-Bus on Linux, AppleScript on macOS)."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from threading import Thread
from typing import Any

from codingplan_bar import paths, process
from codingplan_bar.facts import NO_LIMIT
from codingplan_bar.plans import CODING_PLAN, PLANS, SPANS
from codingplan_bar.words import amount, filled, table, whole_percent
from codingplan_bar.words.errors import in_a_row, in_language

# The desktop's notification service: over the session bus on Linux, by AppleScript on macOS.

SECONDS = 2.0
SCRIPT = "on run {title, message}\ndisplay notification message with title title\nend run"
PATH = "/org/freedesktop/Notifications"
NAME = "org.freedesktop.Notifications"
SIGNATURE = "susssasa{sv}i"
"""Of `Notify`: name, what it replaces, icon, title, text, actions, hints, time (-1: the service's own)."""
NO_MARKUP = str.maketrans({"&": "＆", "<": "‹", ">": "›"})
"""Some services read markup in the text, others show it; these look-alikes are plain text to both."""


def notify(title: str, text: str, environ: Mapping[str, str], *, urgent: bool, platform: str = sys.platform) -> bool:
    """Show it; whether a service took it within two seconds. Without a service, nothing happens."""
    title, text = title.translate(NO_MARKUP), text.translate(NO_MARKUP)
    return _on_macos(title, text) if platform == "darwin" else _on_the_bus(title, text, environ, urgent=urgent)


def has_service(environ: Mapping[str, str], *, platform: str = sys.platform) -> bool:
    """Whether there is anything to ask for it. Nothing is asked or connected to."""
    if platform == "darwin":
        return True
    kind, _, path = (environ.get("DBUS_SESSION_BUS_ADDRESS") or _usual(environ)).partition("=")
    return os.path.exists(path.partition(",")[0]) if kind == "unix:path" else bool(kind)


def _on_macos(title: str, text: str) -> bool:
    command = ["/usr/bin/osascript", "-e", SCRIPT, title, text]
    try:
        done = process.run(command, environ=os.environ, seconds=SECONDS)
    except OSError:
        return False
    return done.ending == "exit" and done.exit_code == 0


def _on_the_bus(title: str, text: str, environ: Mapping[str, str], *, urgent: bool) -> bool:
    """Asked in a thread, which is left alone after its time: jeepney waits without end for a bus to greet it."""
    address = environ.get("DBUS_SESSION_BUS_ADDRESS") or _usual(environ)
    if not address:
        return False
    answers: list[bool] = []
    asking = Thread(target=lambda: answers.append(_is_taken(address, title, text, urgent=urgent)), daemon=True)
    asking.start()
    asking.join(SECONDS)
    return any(answers)


def _is_taken(address: str, title: str, text: str, *, urgent: bool) -> bool:
    try:
        from jeepney import DBusAddress, MessageType, new_method_call
        from jeepney.bus import get_bus
        from jeepney.io.blocking import DBusConnection, prep_socket
    except ImportError:
        return False
    hints = {"urgency": ("y", 2 if urgent else 1), "category": ("s", "network")}
    values: tuple[object, ...] = (paths.NAME, 0, "", title, text, [], hints, -1)
    message = new_method_call(DBusAddress(PATH, NAME, NAME), "Notify", SIGNATURE, values)
    try:
        with closing(prep_socket(get_bus(address), timeout=SECONDS)) as bus, DBusConnection(bus) as connection:
            reply = connection.send_and_get_reply(message, timeout=SECONDS)
    except (OSError, ValueError, KeyError, RuntimeError):
        return False
    return bool(reply.header.message_type == MessageType.method_return)


def _usual(environ: Mapping[str, str]) -> str:
    """Where systemd puts the session's bus: a bar may have been started without its variable."""
    folder = paths.named(environ, "XDG_RUNTIME_DIR")
    return f"unix:path={folder}/bus" if folder else ""


# An alert in words: one title and one text for all that is to be told at once.

URGENT = frozenset({"critical", "exhausted", "signed_out"})
LONGEST = 400
WITHOUT_NUMBERS = {"session_ends": "renew", "plan_ends": "renew plan"}
"""The alerts that are of no window and end by a date, and the text of each."""
DAY = 86_400


def told(alerts: Sequence[dict[str, Any]], language: str, step: str = "", cause: str = "") -> tuple[str, str]:
    """Title and text of these alerts (by their facts), in `en` or `zh`. There is no text of the provider's in them.

    `step` is what the failure behind `signed_out` is mended by, in English; `cause` is `errors.cause`.
    """
    words = table(language, "commands", "ALERTS")
    if other := words.get(f"signed_out.{cause}"):
        words = {**words, "signed_out": other, "ended": "", "sign in": ""}
    title = " · ".join(_title(alert, words, language) for alert in alerts)
    plan = next((alert.get("plan", CODING_PLAN.kind) for alert in alerts if alert.get("window")), "")
    if plan:
        title = filled(words["title"], plan=PLANS[plan].title, titles=title)
    texts = (_text(alert, words, language, step) for alert in alerts)
    return title[:LONGEST], "\n".join(filter(None, texts))[:LONGEST]


def is_urgent(alerts: Sequence[dict[str, Any]]) -> bool:
    """Whether one of them stops work, or nearly."""
    return any(alert["kind"] in URGENT for alert in alerts)


def _title(alert: dict[str, Any], words: Mapping[str, str], language: str) -> str:
    window = _window(alert.get("window", ""), words)
    now = time.time()
    ends = alert.get("runs_out_at") or alert.get("ends_at") or now
    gaps = {
        "percent": _percent(alert),
        "when": _when(ends, now, words, language),
        "early": _span((alert.get("resets_at") or ends) - ends, words),
        "left": _span((alert.get("resets_at") or now) - now, words),
    }
    return filled(words[_key(alert)], window=window, **gaps)


def _key(alert: dict[str, Any]) -> str:
    """Which of the words is an alert's title."""
    if alert["kind"] == "runs_out" and not alert.get("resets_at"):
        return "runs_out.sliding"
    is_of_packs = "packs_left" in alert and alert["kind"] != "pack"
    return f"pack.{alert['kind']}" if is_of_packs else str(alert["kind"])


def _percent(alert: dict[str, Any]) -> int:
    """What is used, or lapses, in whole percent: of the packs, where the alert is of them."""
    if alert.get("packs_total"):
        left, total = alert["packs_left"], alert["packs_total"]
        return whole_percent((total - left) / total * 100)
    return whole_percent(alert.get("lapses_percent", alert.get("used_percent", 0)))


def _when(instant: float, now: float, words: Mapping[str, str], language: str) -> str:
    """By the clock within a day, else by the weekday, or beyond a week by the date."""
    then = time.localtime(instant)
    if instant - now < DAY:
        return words["at"].format(f"{then.tm_hour:02}:{then.tm_min:02}")
    weekday = table(language, "", "WORDS")["weekdays"].split()[then.tm_wday]
    return words["on"].format(weekday if instant - now < 6 * DAY else _date(instant, language))


def _date(instant: float, language: str) -> str:
    words, then = table(language, "", "WORDS"), time.localtime(instant)
    return words["date"].format(month=words["months"].split()[then.tm_mon - 1], day=then.tm_mday)


def _moment(instant: float, language: str) -> str:
    """A date and a time of day, written as the bars write them."""
    return f"{_date(instant, language)} {time.strftime('%H:%M', time.localtime(instant))}"


def _span(seconds: float, words: Mapping[str, str]) -> str:
    """A time in whole days from two days on, else in hours."""
    days, hours = int(seconds // DAY), int(seconds // 3600)
    return words["days"].format(days) if days > 1 else words["hours"].format(max(hours, 1))


def _window(name: str, words: Mapping[str, str]) -> str:
    """A window's quota by its name; by its length where the words have no name for it."""
    if name in words or name not in SPANS:
        return words.get(name, "")
    days, hours = divmod(SPANS[name].minutes // 60, 24)
    return words["days.quota"].format(days) if days else words["hours.quota"].format(hours)


def _left(alert: dict[str, Any], words: Mapping[str, str]) -> str:
    """How much is left of how much, in the packs where the alert is of them; empty where no amount is known."""
    left, total = (alert.get(name, alert[name.partition("_")[2]]) for name in ("packs_left", "packs_total"))
    if total is None:
        return ""
    if total > NO_LIMIT:
        return words["no_limit"]
    unit = alert.get("unit", "requests")
    told = (f"{left:,}", f"{total:,}") if unit == CODING_PLAN.unit else (amount(left, total), amount(total, total))
    told_left = words["left"].format(left=told[0], total=told[1], unit=words.get(f"unit.{unit}", unit))
    return told_left + (words["of_the_team"] if PLANS[alert["plan"]].of_a_team else "")


def _text(alert: dict[str, Any], words: Mapping[str, str], language: str, step: str) -> str:
    if alert["kind"] == "signed_out":
        mended_by = in_language(step, table(language, "", "WORDS")) or words["sign in"]
        return in_a_row((words["ended"], mended_by), language)
    if alert["kind"] in WITHOUT_NUMBERS:
        ends = _moment(alert["ends_at"], language) if "ends_at" in alert else ""
        key = "not renewed" if alert.get("renewable") is False else WITHOUT_NUMBERS[alert["kind"]]
        return words[key].format(when=ends)
    left = _left(alert, words)
    resets = alert.get("resets_at")
    when = _moment(resets, language) if resets else ""
    return " · ".join(filter(None, (left, words["resets"].format(when=when) if when else "")))
