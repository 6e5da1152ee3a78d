"""The two JSON readers behind the bars: jsoncpp (waybar) forgives, serde_json (i3status-rust) does not."""

from __future__ import annotations

import json
from typing import Any, NoReturn

HEX_ESCAPES_SINCE = (0, 9, 23)


class JsonError(ValueError):
    """Why a line is not the JSON that its reader takes."""


class Pairs(list[tuple[str, Any]]):
    """An object as it was written: its members in order, those of one name each by itself."""

    def repeated(self) -> list[str]:
        """The names that stand more than once."""
        names = [name for name, _ in self]
        return sorted({name for name in names if names.count(name) > 1})


def _refuse_constant(constant: str) -> NoReturn:
    raise JsonError(f"{constant} is no JSON")


def has_lone_surrogate(value: Any) -> bool:
    """Whether a string anywhere in `value` holds half of a surrogate pair."""
    if isinstance(value, str):
        return any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, (list, dict)):
        parts = [*value, *value.values()] if isinstance(value, dict) else value
        return any(has_lone_surrogate(part) for part in parts)
    return isinstance(value, tuple) and any(has_lone_surrogate(part) for part in value)


def read_jsoncpp(line: bytes, *, rewrite_hex: bool = False) -> Any:
    r"""The value at the start of `line`; what follows it is ignored, and so is all but the last of one name.

    Raw controls in strings are taken; bytes that are no UTF-8 come through as surrogates, since jsoncpp passes them
    on. `rewrite_hex`: newer waybars turn each `\x` of the line into `\u00` first. Raises JsonError, also for a lone
    `\ud800`. Stricter than jsoncpp: no comments, no trailing commas.
    """
    if rewrite_hex:
        line = line.replace(b"\\x", b"\\u00")
    decoder = json.JSONDecoder(strict=False, parse_constant=_refuse_constant)
    try:
        if has_lone_surrogate(decoder.raw_decode(line.decode("utf-8", "replace").lstrip(" \t\r"))[0]):
            raise JsonError("a lone surrogate")
        return decoder.raw_decode(line.decode("utf-8", "surrogateescape").lstrip(" \t\r"))[0]
    except (json.JSONDecodeError, RecursionError) as error:
        raise JsonError(str(error)) from error


def read_serde(text: str) -> Any:
    """The one value that `text` is, objects as Pairs. Raises JsonError at anything that RFC 8259 does not allow."""
    decoder = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=Pairs)
    try:
        value = decoder.decode(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise JsonError(str(error)) from error
    if has_lone_surrogate(value):
        raise JsonError("a lone surrogate")
    return value
