"""What browser-cookie3 lacks, and what is done about it: each point has a test that fails as soon as it no longer does.

The test of `Lack("needs_a_bus", …)` is `test_needs_a_bus` of tests/browsers/test_lacks.py. When one fails, the library
has got better: take the work-around out, and the row with it. The version is pinned, because some rest on its insides.
"""

from __future__ import annotations

from typing import NamedTuple

VERSION = "0.20.1"


class Lack(NamedTuple):
    """One point: what the library does, and what is done here instead. The last word is the file it is done in."""

    name: str
    what: str
    instead: str
    where: str


LACKS = (
    Lack("load_fails", "`load()` raises on Linux, and loses what it had", "each store by itself", "search.py"),
    Lack("one_profile", "of a browser, one profile is read", "every profile is looked for", "stores.py"),
    Lack("no_snap", "Chromium of Snap is not found", "a table of places", "catalogue.py"),
    Lack("no_new_firefox", "Firefox's folder since version 147 is not found", "a table of places", "catalogue.py"),
    Lack("ini_stumbles", "a `%` in a path of profiles.ini ends it", "an own reader", "stores.py"),
    Lack("no_wal", "what a running Firefox has written is not seen", "its log is read too", "copies.py"),
    Lack("mixed_containers", "Firefox's containers come as one person", "a jar each", "firefox.py"),
    Lack("dates_too_late", "Firefox's dates are 1000 times too far", "divided by version", "firefox.py"),
    Lack("half_a_session", "of a closed Firefox, session cookies are not seen", "its other file too", "firefox.py"),
    Lack("prints", "a damaged session file makes it print to stdout", "an own reader, stdout closed", "firefox.py"),
    Lack(
        "copy_stays", "a damaged Firefox store leaves a copy that all can read", "no file at all", "decrypt_program.py"
    ),
    Lack("waits_for_locks", "a locked store costs five seconds", "a copy needs no lock", "copies.py"),
    Lack("loose_filter", "`aliyun.com` lets evil-aliyun.com in", "whole labels in SQL", "copies.py"),
    Lack("needs_a_bus", "without a session bus no Chromium store is read", "no bus where no key", "decrypt_program.py"),
    Lack("waits_for_ever", "a keyring that does not answer is waited for", "a time limit", "decrypt_program.py"),
    Lack("locked_keyring", "a locked keyring is a KeyError", "a word for it", "decrypt_program.py"),
    Lack("asks_kwallet", "KWallet is opened, which asks its user", "not unless it may ask", "decrypt_program.py"),
    Lack("one_bad_value", "one value that cannot be decrypted loses all", "one by one then", "decrypt_program.py"),
    Lack("silent_prefix", "values with a key bound to the browser come as empty ones", "left out", "chromium.py"),
    Lack("embedded_too", "cookies of embedded pages come along", "left out", "chromium.py"),
    Lack("odd_errors", "an empty store is an AttributeError", "any exception is a verdict", "decrypt_program.py"),
)
