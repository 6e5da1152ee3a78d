"""What went wrong and what to do, in the user's language.

Messages and hints are written in English where they arise. In English they are shown as they are. In another language
the error's code says what happened; what only the message knows (a key, a host, a status) stands behind it.
"""

from __future__ import annotations

from codingplan_bar.show.faults.english import WORDS as ENGLISH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SPECIFIC = frozenset(
    {"invalid_cookie", "endpoint_rejected", "network", "api_error", "bad_response", "config", "internal"}
)
"""The codes whose message holds what the code does not say."""


def told(code: str, message: str, hint: str, words: Mapping[str, str]) -> tuple[str, str]:
    """What happened and what to do, for a code and what was said of it; empty for a code that is not known.

    `words` are those of the bars, for their language.
    """
    if words["language"] == "en":
        return message or ENGLISH.get(code, ""), hint
    from codingplan_bar.show.faults.chinese import WORDS

    if code not in WORDS:
        return message, hint
    both = ((code, message), (code + ".hint", hint))
    happened, to_do = (_detailed(WORDS[key], said, code, ENGLISH[key], WORDS["detailed"]) for key, said in both)
    return happened, to_do


def _detailed(general: str, said: str, code: str, usual: str, form: str) -> str:
    """The general text, with what was said behind it where that is worth more than the usual."""
    if not said or said == usual or code not in SPECIFIC:
        return general
    return form.format(general.rstrip("。"), said)
