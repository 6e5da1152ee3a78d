"""Firefox's containers: which one a cookie belongs to, and what its user calls it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from codingplan_bar.text import clean

NO_CONTAINER = "0"
LARGEST_FILE = 256 * 1024
LONGEST_NAME = 40

_PARTITIONS = ("partitionKey", "firstPartyDomain", "privateBrowsingId", "geckoViewSessionContextId")
_OWN_NAMES = {"1": "Personal", "2": "Work", "3": "Banking", "4": "Shopping"}  # its file has no names for its own


def container_of(attributes: str) -> str | None:
    """The container's number in the `originAttributes` of a row, as `^userContextId=2&partitionKey=…`.

    None for a cookie of an embedded page, or a private one: it is partitioned, so it goes out only below the page that
    it was set below, and to no console's own. Raises ValueError for more fields than Firefox has.
    """
    fields = parse_qs(attributes.removeprefix("^"), max_num_fields=20)
    return container_of_fields({name: values[0] for name, values in fields.items()})


def container_of_fields(fields: Mapping[str, Any]) -> str | None:
    """The same where the attributes are fields already, of which some may be empty."""
    partitioned = any(fields.get(name) for name in _PARTITIONS)
    return None if partitioned else str(int(fields.get("userContextId") or NO_CONTAINER))


def name_of(folder: Path, number: str) -> str:
    """What a container of the profile in this folder is called; "" for what is in none."""
    if number == NO_CONTAINER:
        return ""
    try:
        with (folder / "containers.json").open("rb") as file:
            identities = json.loads(file.read(LARGEST_FILE))["identities"]
        name = next(each["name"] for each in identities if str(each["userContextId"]) == number and each.get("name"))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, StopIteration):
        name = _OWN_NAMES.get(number, number)
    return clean(str(name), LONGEST_NAME)
