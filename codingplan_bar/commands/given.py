"""What is wrong with a value that is given to `config set`, beyond its type: what a refresh would say of it later."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Mapping

from codingplan_bar.errors import CodingPlanError
from codingplan_bar.settings.faults import WrongValue
from codingplan_bar.settings.settings import SETTINGS, Settings
from codingplan_bar.text import clean
from codingplan_bar.words import in_a_row
from codingplan_bar.words.errors import english, error_text

LONGEST_SHOWN = 200


def wrong_secret(name: str, text: str, words: Mapping[str, str]) -> str:
    """Why a text holds no cookie or no key, in the words of a refresh that asks with it; empty where it may hold one.

    `words` are those of the bars. The text itself is never repeated.
    """
    from codingplan_bar.refresh import session  # no other setting needs it

    try:
        if name == "cookie_header":
            session.pasted(text, name)
        elif name == "api_key":
            _insist_on_key(text)
    except CodingPlanError as error:
        return _told(error, words)
    return ""


def _insist_on_key(text: str) -> None:
    from codingplan_bar.provider import api_key

    try:
        api_key.find({}, setting=text)
    except CodingPlanError as error:
        error.hint = english("key.refused.hint")  # it stands in no file yet
        raise


def unusable(name: str, now: Settings, environ: Mapping[str, str], words: Mapping[str, str]) -> str:
    """What keeps a file that a setting names from being used; empty where nothing is known to. `words` as above."""
    from codingplan_bar.provider import bl  # no other setting needs them
    from codingplan_bar.transport import http

    try:
        if name == "ca_bundle":
            http.ca_bundle({}, now.ca_bundle)
        elif name == "bl_path" and now.bl_path:
            bl.find(environ, named=now.bl_path)
    except CodingPlanError as error:
        return _told(error, words)
    return ""


def as_one_word(name: str, words: tuple[str, ...]) -> str:
    """Several words as the one of a shell that the setting can have; empty where it cannot, and for a secret."""
    if SETTINGS[name].secret or not all(words):
        return ""
    is_list = isinstance(SETTINGS[name].unset, (list, dict)) and name != "on_threshold"
    one = ",".join(words) if is_list else " ".join(words)
    with contextlib.suppress(WrongValue):
        SETTINGS[name].read(one)
        return shlex.quote(clean(one, LONGEST_SHOWN))
    return ""


def _told(error: CodingPlanError, words: Mapping[str, str]) -> str:
    return in_a_row(error_text(error.code, error.message, error.hint, words), words["language"])
