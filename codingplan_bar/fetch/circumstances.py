"""What an answer depends on besides the provider: the settings, the credentials, and where they lie."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

from codingplan_bar import facts
from codingplan_bar.fetch import api_key, codexbar, sessions
from codingplan_bar.fetch.settings import ENVIRONMENT_PREFIX

PREFIXES = (ENVIRONMENT_PREFIX, "ALIBABA_CODING_PLAN_")
VARIABLES = {*api_key.VARIABLES, sessions.VARIABLE}
BESIDE_THE_POINT = {
    ENVIRONMENT_PREFIX + name for name in (*facts.DISPLAY_SETTINGS, "TIMEOUT", "NOTIFICATIONS", "ON_THRESHOLD")
}
"""Settings that change no answer: bars that differ in these alone are one who asks."""


def fingerprint(environ: Mapping[str, str], files: Iterable[str], *, stores: str = "") -> str:
    """Changes when a setting, a credential, one of the files or the state of the browsers' `stores` changes.

    None of them can be read out of it. `who_asks` is its first word.
    """
    named = sorted((name, environ[name]) for name in environ if matters(name) and name not in BESIDE_THE_POINT)
    states = facts.inputs(*files, *codexbar.candidates(environ))
    asker = hashlib.sha256(repr((named, states)).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{asker} {stores}".strip()


def who_asks(fingerprint: str) -> str:
    """The part that tells one bar's environment from another's: a browser writes its cookies whoever asks."""
    return fingerprint.partition(" ")[0]


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that is not ours: without our settings and credentials."""
    return {name: value for name, value in environ.items() if not matters(name)}


def matters(variable: str) -> bool:
    """Whether a variable is a setting or a credential."""
    return variable.startswith(PREFIXES) or variable in VARIABLES
