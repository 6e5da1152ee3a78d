"""The words of the alerts in English."""

from __future__ import annotations

WORDS = {
    "five_hour": "5 hours",
    "weekly": "Week",
    "monthly": "Month",
    "warning": "{window}: {percent} % used",
    "critical": "{window}: {percent} % used",
    "exhausted": "{window}: used up",
    "free": "{window}: free again",
    "signed_out": "Sign in to the console",
    "left": "{left} of {total} requests left",
    "resets": "resets {when}",
    "how": "The session has ended. Sign in in your browser; the next refresh picks it up.",
}
