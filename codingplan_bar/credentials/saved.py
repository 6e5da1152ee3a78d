"""What is saved of a session besides its cookies, and how values of a foreign JSON file are read."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from codingplan_bar import paths
from codingplan_bar.model import RegionName
from codingplan_bar.regions import REGIONS
from codingplan_bar.words.errors import english

# What one session has learnt of each region, kept with it so that the next refresh is one request.


@dataclass(slots=True)
class SavedSession:
    """By region: the `sec_token` (empty, where the console takes that) and the shape that brought the counters."""

    tokens: dict[RegionName, str] = field(default_factory=dict, repr=False)
    shapes: dict[RegionName, str] = field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """Plain data for JSON. It holds the tokens."""
        return {"tokens": dict(self.tokens), "shapes": dict(self.shapes)}

    @classmethod
    def from_data(cls, data: object) -> SavedSession:
        """What `to_data` gave. Raises `ValueError`, without any of the data, where it is not that."""
        if not isinstance(data, dict) or data.keys() != {"tokens", "shapes"}:
            raise ValueError("nothing that this program keeps with a session")
        return cls(_by_region(data["tokens"]), _by_region(data["shapes"]))


def _by_region(data: object) -> dict[RegionName, str]:
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise ValueError("nothing that this program keeps with a session")
    return {name: data[name] for name in REGIONS if name in data}


# Values of other programs' files and of a delivery, taken only where they can be what they are said to be.

LONGEST_CREDENTIAL = 16 * 1024
"""Characters; the longest tokens that are known have two thousand."""

_CREDENTIAL = re.compile(r"[\x21-\x7e]+")
_WHOLE = re.compile(r"[0-9]{1,19}")


def credential(value: object) -> str:
    """A token, an id or a secret without what stands around it; empty where the value cannot be one.

    White space and one pair of quotes around it go. What is left is visible ASCII, so it can stand in a header.
    """
    if not isinstance(value, str) or len(value) > LONGEST_CREDENTIAL:
        return ""
    bare = value.strip()
    if len(bare) > 1 and bare[0] in "'\"" and bare[0] == bare[-1]:
        bare = bare[1:-1].strip()
    return bare if _CREDENTIAL.fullmatch(bare) else ""


def whole_number(value: object) -> int | None:
    """A number of the provider's accounts, also as text; None where it is not one."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 0 < value < 10**19 else None
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value) or None
    return None


# Another program's file with a login in it: read only, and only where it is the user's own.

LARGEST = 1 << 20
"""Bytes; a real file has some thousand."""
_UNFIT = {"irregular": "file.not_regular", "foreign": "file.not_yours"}


class UnusableFile(ValueError):
    """The file is there and cannot be used. The text says why, by a key of `words/`, and holds nothing of the file."""

    def __init__(self, key: str) -> None:
        """Speak it in English."""
        super().__init__(english(key))


def object_in(text: str | None) -> dict[str, Any]:
    """The JSON object in a text that this program has kept; an empty one for any other text."""
    try:
        data = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def read_json(path: str) -> dict[str, Any] | None:
    """The JSON object in the file at `path`; None where there is no file.

    A link is followed: people keep such files elsewhere. What it leads to must be a regular file of the user's that
    no other user may write. Raises `UnusableFile` where it is not, or holds no JSON object.
    """
    text = _read(path)
    if text is None:
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise UnusableFile("file.no_json") from None
    if not isinstance(data, dict):
        raise UnusableFile("file.no_object")
    return data


def _read(path: str) -> str | None:
    try:
        handle = paths.opened(path, owner=paths.is_mine)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except paths.Unfit as unfit:
        raise UnusableFile(_UNFIT[unfit.reason]) from None
    except (OSError, ValueError):
        raise UnusableFile("file.unreadable") from None
    with os.fdopen(handle, "rb") as file:
        if os.fstat(handle).st_mode & stat.S_IWOTH:
            raise UnusableFile("file.open")
        return _text(file)


def _text(file: BinaryIO) -> str:
    try:
        content = file.read(LARGEST + 1)
        if len(content) <= LARGEST:
            return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UnusableFile("file.no_text") from None
    raise UnusableFile("file.long")
