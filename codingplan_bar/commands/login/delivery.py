"""What the console's page delivers: a token among the fields of one request, in whichever form they come.

Five forms are known: the query, a form, JSON (also inside `data`), multipart, and any of them with its names in camel
case. An `api_key`, a `workspace_id` and a `base_url` may come along; they are dropped here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from hmac import compare_digest
from urllib.parse import unquote

from codingplan_bar.regions import SITES, ConsoleToken, Site, region_of
from codingplan_bar.text import credential, whole_number

MOST_FIELDS = 100
NAMES = ("state", "access_token", "console_site", "console_region", "console_switch_agent")
"""All that is read. The names are compared without underscores and capitals."""
_READ = {name.replace("_", ""): name for name in NAMES}
_SEPARATOR = re.compile(r"&|\?(?=[A-Za-z_]{1,40}=)")
"""The console is given an address that already has a query, and may add its own by a second question mark."""

Fields = dict[str, list[object]]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request's query and body."""

    query: str = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""


def token_in(parcel: Parcel, *, state: str, site: Site) -> ConsoleToken | None:
    """The token that is delivered; None if it or the `state` is missing, or the `state` is wrong.

    `site` is the site whose page was opened; the delivery's own word counts more.
    """
    said = fields(parcel)
    states = [each for each in said["state"] if each != ""]
    if not states or not all(_is(each, state) for each in states):
        return None
    value = _first(map(credential, said["access_token"]))
    if not value:
        return None
    signed_in_at = SITES.get(_first(str(each).strip().lower() for each in said["console_site"]), site)
    region_id = region_of(signed_in_at, _first(str(each) for each in said["console_region"]))
    agent = next(filter(None, map(whole_number, said["console_switch_agent"])), None)
    return ConsoleToken(value, signed_in_at, region_id, agent)


def fields(parcel: Parcel) -> Fields:
    """The values of the fields that are read, from query and body, in the order in which they come."""
    said: Fields = {name: [] for name in NAMES}
    for pairs in (_in_form(parcel.query), _in_body(parcel)):
        for name, value in pairs:
            known = _READ.get(name.replace("_", "").lower())
            if known:
                said[known].append(value)
    return said


def _in_body(parcel: Parcel) -> Iterator[tuple[str, object]]:
    """JSON is read whatever its label: a beacon and a request without CORS say `text/plain`."""
    if parcel.content_type.strip().lower().startswith("multipart/form-data"):
        yield from _in_multipart(parcel)
    elif parcel.body.lstrip()[:1] == b"{":
        yield from _in_json(parcel.body)
    else:
        yield from _in_form(parcel.body.decode("utf-8", "replace").strip())


def _in_form(text: str) -> Iterator[tuple[str, object]]:
    """A `+` stays what it is: tokens hold it, and no field that is read holds a space."""
    for piece in _SEPARATOR.split(text, MOST_FIELDS)[:MOST_FIELDS]:
        name, _, value = piece.partition("=")
        yield unquote(name), unquote(value)


def _in_json(body: bytes) -> Iterator[tuple[str, object]]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return
    inner = data.get("data") if isinstance(data, dict) else None
    for each in (data, inner):
        yield from each.items() if isinstance(each, dict) else ()


def _in_multipart(parcel: Parcel) -> Iterator[tuple[str, object]]:
    """The parts' names and texts, read as an e-mail's."""
    head = f"Content-Type: {parcel.content_type.strip()}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + parcel.body)
    for part in list(message.walk())[1:MOST_FIELDS]:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            yield name, content.decode("utf-8", "replace").strip()


def _first(values: Iterator[str]) -> str:
    return next(filter(None, values), "")


def _is(said: object, state: str) -> bool:
    """Compared in constant time: the state cannot be guessed piece by piece."""
    return isinstance(said, str) and compare_digest(said.encode("utf-8", "replace"), state.encode())
