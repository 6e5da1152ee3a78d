"""What can be said of one cookie store: a word, what it means, and what its user can do about it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

from codingplan_bar.words.en.errors import STORES

Verdict = Literal[
    "signed_in",
    "spare",
    "unproven",
    "not_signed_in",
    "expired",
    "no_cookies",
    "turned_down",
    "keyring_locked",
    "keyring_absent",
    "keyring_mute",
    "keyring_no_key",
    "would_ask",
    "app_bound",
    "wrong_key",
    "no_access",
    "busy",
    "broken",
    "newer",
    "too_large",
    "too_slow",
    "not_looked_at",
    "failed",
]


class Meaning(NamedTuple):
    """The words for a person; `{missing}` stands for names of cookies."""

    says: str
    hint: str = ""


MEANINGS: MappingProxyType[str, Meaning] = MappingProxyType(
    {
        verdict: Meaning(STORES[f"browser.{verdict}"], STORES.get(f"browser.{verdict}.next", ""))
        for verdict in get_args(Verdict)
    }
)
FULL_DISK_ACCESS = STORES["browser.full_disk_access"]
"""What Safari's store needs on macOS."""


class StoreProblem(Exception):
    """A store that gives nothing. It carries its verdict, and never leaves this package."""

    def __init__(self, verdict: Verdict) -> None:
        """Keep the word."""
        super().__init__(verdict)
        self.verdict: Verdict = verdict
