"""What can be said of one cookie store: a word, what it means, and what its user can do about it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal, NamedTuple

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


_SIGN_IN = "Sign in to the console in this profile; Chromium's kind takes up to half a minute to write it down."
_KEYRING = "Or paste a Cookie header into the settings."

MEANINGS: MappingProxyType[Verdict, Meaning] = MappingProxyType(
    {
        "signed_in": Meaning("signed in"),
        "spare": Meaning("looks signed in as well; another one is used"),
        "unproven": Meaning("no proof of a sign-in, but the best there is: the provider decides", _SIGN_IN),
        "not_signed_in": Meaning("not signed in: {missing} is missing", _SIGN_IN),
        "expired": Meaning("the sign-in has expired", _SIGN_IN),
        "no_cookies": Meaning("no cookie of the provider's", _SIGN_IN),
        "turned_down": Meaning("signed in, but the provider no longer takes this session", _SIGN_IN),
        "keyring_locked": Meaning("the keyring is locked", f"Unlock the keyring, then try again. {_KEYRING}"),
        "keyring_absent": Meaning(
            "no keyring can be reached",
            f"Start this from your desktop session, or set DBUS_SESSION_BUS_ADDRESS to its bus. {_KEYRING}",
        ),
        "keyring_mute": Meaning(
            "the keyring does not answer", f"It may be waiting for you to confirm; else restart it. {_KEYRING}"
        ),
        "keyring_no_key": Meaning(
            "the keyring has no key for this browser", f"Start the browser once, then try again. {_KEYRING}"
        ),
        "would_ask": Meaning(
            "reading it may ask you for a permission", "Run `codingplan-bar doctor --import` in a terminal."
        ),
        "app_bound": Meaning(
            "its values are encrypted for the browser alone",
            "Sign in with another browser, or paste a Cookie header into the settings.",
        ),
        "wrong_key": Meaning(
            "its values could not be decrypted", "Sign in to the console again in this profile, or in another browser."
        ),
        "no_access": Meaning("this program may not read it", "Give yourself the right to read the browser's folder."),
        "busy": Meaning("the browser is writing it all the time", "Try again in a moment."),
        "broken": Meaning("it is damaged", "Start the browser, which repairs or replaces it."),
        "newer": Meaning("this version of the browser keeps its cookies in a new way", "Report it with its version."),
        "too_large": Meaning("it is too large to be read", "Clear old cookies in the browser."),
        "too_slow": Meaning("it took too long", "Try again; the disk or the keyring may have been busy."),
        "not_looked_at": Meaning("no time was left for it", "Name fewer browsers in the setting `browsers`."),
        "failed": Meaning("the import library failed", "Report it: `pip install --force-reinstall browser-cookie3`."),
    }
)

FULL_DISK_ACCESS = "Allow it in System Settings, Privacy & Security, Full Disk Access."
"""macOS keeps Safari's store from whoever has not been given this."""


class StoreProblem(Exception):
    """A store that gives nothing. It carries its verdict, and never leaves this package."""

    def __init__(self, verdict: Verdict) -> None:
        """Keep the word."""
        super().__init__(verdict)
        self.verdict: Verdict = verdict
