"""A pasted Cookie header, in whatever shape it was copied, as the one line that goes onto the wire."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codingplan_bar.errors import InvalidCookie
from codingplan_bar.fetch import curl_command

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_PASTE = 1 << 18
"""Characters; a whole cURL command may carry a body."""
LONGEST_HEADER = 1 << 16
"""Characters; servers take a quarter of it at most."""

_AROUND = " \t\r\n;"
_QUOTES = ("'", '"')
_FIELD_NAME = re.compile(r"cookie\s*:", re.IGNORECASE)
_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")  # controls, and what UTF-8 cannot carry
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # a cookie's name: RFC 6265, section 4.1.1


def normalise(text: str) -> str:
    """The header's value, `a=b; c=d`, of a bare one, one with `Cookie:` before it, one in quotes, or a cURL command.

    White space around it goes, and so do empty pieces between the cookies; their values stay as they are. Raises
    `InvalidCookie` for an empty text, a control character, one of more than 64 KiB, and one that holds no cookie.
    """
    if len(text) > LONGEST_PASTE:
        raise InvalidCookie("The Cookie header is too long to be one.")
    headers = map(_bare, curl_command.cookie_headers(text)) if curl_command.is_command(text) else [text]
    header = "; ".join(_pieces(_bare("; ".join(headers))))
    _raise_unless_cookies(header)
    return header


def cookies_in(header: str) -> Iterator[tuple[str, str]]:
    """Name and value of each cookie of a normalised header, in its order."""
    for piece in _pieces(header):
        name, equals, value = piece.partition("=")
        if equals:
            yield name.rstrip(" "), value.lstrip(" ")


def is_sendable(text: str) -> bool:
    """Whether a text may stand in a header: no control character and no half of a surrogate pair."""
    return not _UNSENDABLE.search(text)


def _bare(text: str) -> str:
    """The text without the quotes and the header's name that were copied along, however often."""
    before = None
    while text != before:
        before, text = text, _without_name(_unquoted(text.strip(_AROUND)))
    return text


def _without_name(text: str) -> str:
    name = _FIELD_NAME.match(text)
    return text[name.end() :] if name else text


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] in _QUOTES and text[0] == text[-1] else text


def _pieces(header: str) -> list[str]:
    return [piece for piece in (part.strip(" ") for part in header.split(";")) if piece]


def _raise_unless_cookies(header: str) -> None:
    if not header:
        raise InvalidCookie("The Cookie header is empty.")
    if len(header) > LONGEST_HEADER:
        raise InvalidCookie("The Cookie header is too long to be one.")
    if not is_sendable(header):
        raise InvalidCookie("The Cookie header holds a control character.")
    if curl_command.is_command(header):
        raise InvalidCookie("The Cookie header holds a command in the place of a cookie.")
    if not any(_TOKEN.fullmatch(name) for name, _ in cookies_in(header)):
        raise InvalidCookie("The Cookie header holds no cookie: none of its pieces is name=value.")
