"""An alert in words: one title and one text for all that is to be told at once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from codingplan_bar.fetch.alerts.chinese import WORDS as CHINESE
from codingplan_bar.fetch.alerts.english import WORDS as ENGLISH

URGENT = frozenset({"critical", "exhausted", "signed_out"})
LONGEST = 400


def told(alerts: Sequence[dict[str, Any]], language: str) -> tuple[str, str]:
    """Title and text of these alerts (by their facts), in `en` or `zh`. There is no text from outside in them."""
    words = CHINESE if language == "zh" else ENGLISH
    titles = [_title(alert, words) for alert in alerts]
    return " · ".join(titles)[:LONGEST], "\n".join(filter(None, (_text(alert, words) for alert in alerts)))[:LONGEST]


def is_urgent(alerts: Sequence[dict[str, Any]]) -> bool:
    """Whether one of them stops work, or nearly."""
    return any(alert["kind"] in URGENT for alert in alerts)


def _title(alert: dict[str, Any], words: dict[str, str]) -> str:
    window = words.get(alert.get("window", ""), "")
    return words[alert["kind"]].format(window=window, percent=int(alert.get("used_percent", 0)))


def _text(alert: dict[str, Any], words: dict[str, str]) -> str:
    if alert["kind"] == "signed_out":
        return words["how"]
    left = words["left"].format(left=f"{alert['left']:,}", total=f"{alert['total']:,}")
    resets = alert.get("resets_at")
    when = time.strftime("%m-%d %H:%M", time.localtime(resets)) if resets else ""
    return f"{left} · {words['resets'].format(when=when)}" if when else left
