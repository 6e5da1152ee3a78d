"""What the provider's tool printed: the JSON object in it, among notices, warnings and colours, if there is one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from codingplan_bar.errors import BadResponse
from codingplan_bar.fetch.reading import decode
from codingplan_bar.fetch.reading.tool import USAGE, WINDOWS
from codingplan_bar.fetch.reading.values import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codingplan_bar.fetch.child import Finished
    from codingplan_bar.fetch.reading.tree import Frame

MOST_TRIES = 20
"""So many beginnings of an object are looked at: a stream may be 1 MiB of them."""

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_BEGINS = re.compile(r"^[ \t]*(?=\{)", re.MULTILINE)
_COMPLAINT = re.compile(r"^[ \t]*Error:[ \t]*(\S[^\r\n]{0,999})", re.MULTILINE)
_VERSION = re.compile(r"^(?:bl|bailian)(?:-cli)?[ /]v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?!\d)", re.MULTILINE)
_DECODER = json.JSONDecoder()


def answer_in(finished: Finished) -> Frame | None:
    """The answer, None where there is none: the last object that begins a line, on stdout, else on stderr.

    Of a tool that failed, it is the last one with an `error`, on either stream, else the text behind `Error:`: the
    tool prints errors that are not of its own making as text, also where it was asked for JSON.
    """
    stderr, stdout = (_text_of(stream) for stream in (finished.stderr, finished.stdout))
    said = [*_objects(stderr), *_objects(stdout)]
    if finished.exit_code:
        said = [frame for frame in said if "error" in frame] or [*_complaints(stdout), *_complaints(stderr)]
    return said[-1] if said else None


def is_certain(answer: Frame | None, exit_code: int) -> bool:
    """Whether only the provider's tool can have said that, and only one that knows the question."""
    if answer is None:
        return False
    error = answer.get("error")
    if isinstance(error, dict):
        code = number(error.get("code"))  # the tool exits with the code that it prints
        return code not in (None, USAGE) and exit_code in (0, code)
    return not exit_code and (not answer or any(key in answer for key in (*WINDOWS, "instanceType")))


def version_in(finished: Finished) -> tuple[int, int, int] | None:
    """The version in the answer to `--version`, such as `bl 1.15.1`; None where it is no answer of the tool's."""
    found = _VERSION.search(_text_of(finished.stdout))
    return (int(found[1]), int(found[2]), int(found[3])) if found and not finished.exit_code else None


def _text_of(stream: bytes) -> str:
    """A stream as text, without what colours it."""
    return _ESCAPES.sub("", stream.decode("utf-8", "replace"))


def _objects(text: str) -> Iterator[Frame]:
    """Each JSON object that begins a line, but for those inside another one."""
    place = 0
    for _ in range(MOST_TRIES):
        begin = _BEGINS.search(text, place)
        if begin is None:
            return
        place = _end_of_object(text, begin.end())
        yield from _read(text[begin.end() : place])


def _end_of_object(text: str, begin: int) -> int:
    """Where the object ends; where there is none after all, just behind its beginning."""
    try:
        return _DECODER.raw_decode(text, begin)[1]
    except (ValueError, RecursionError):
        return begin + 1


def _read(text: str) -> Iterator[Frame]:
    """The object in a text, within the bounds of every answer."""
    try:
        frame = decode(text)
    except BadResponse:
        return
    if isinstance(frame, dict):
        yield frame


def _complaints(text: str) -> Iterator[Frame]:
    """The text behind the first `Error:`, as the object that it would have been."""
    found = _COMPLAINT.search(text)
    if found:
        yield {"error": found[1]}
