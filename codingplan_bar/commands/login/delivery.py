"""What the console's page delivers to the port, in each of its forms, and what it is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from hmac import compare_digest
from html import escape
from typing import Protocol
from urllib.parse import unquote

from codingplan_bar.credentials.other_tools import credential, whole_number
from codingplan_bar.regions import SITES, ConsoleToken, Site, region_of

# What the console's page delivers to the waiting port: the fields of one request, in whichever form they come.
#
# Five forms are known: the query, a form, JSON (also inside `data`), multipart, and any of them with its names in camel
# case. An `api_key`, a `workspace_id` and a `base_url` may come along; they are dropped here.

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


# What the waiting port answers, as data: nothing in here reads or writes a connection.
#
# What browsers do with each answer was tried in Chromium 156 and Firefox 153. `Origin` says nothing about who asks: a
# form sends `null` and a navigation none, so the `state` alone is the guard.

METHODS = ("GET", "POST", "PUT", "PATCH")
PAGE_PATH = "/signed-in"
ALWAYS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Connection": "close",
}

_ORIGIN = re.compile(r"[\x21-\x7e]{1,255}")
_HEADER_NAMES = re.compile(r"[A-Za-z0-9,\- ]{1,1000}")
_PREFETCH = ("Sec-Purpose", "Purpose", "X-Moz")


class Headers(Protocol):
    """A request's headers; names in any case."""

    def get(self, name: str, default: str = "", /) -> str:
        """The value of a header."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: `body` is empty for what has none."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks, as far as the headers say it."""

    method: str
    headers: Headers

    @property
    def navigates(self) -> bool:
        """Whether a person sees the answer as a page. Old browsers do not say so; they ask for HTML first."""
        mode = self.headers.get("Sec-Fetch-Mode", "").lower()
        return mode == "navigate" or (not mode and self.headers.get("Accept", "").startswith("text/html"))

    @property
    def only_looks(self) -> bool:
        """Whether no browser has gone there yet: a prefetch, or a HEAD."""
        hints = (self.headers.get(name, "").lower() for name in _PREFETCH)
        return self.method == "HEAD" or any("prefetch" in hint or "preview" in hint for hint in hints)


def preflight(asker: Sender) -> Reply:
    """Let a page's script ask, whatever page it is: it cannot do anything without the `state`."""
    wanted = asker.headers.get("Access-Control-Request-Headers", "")
    return Reply(
        204,
        {
            "Access-Control-Allow-Methods": ", ".join(METHODS),
            "Access-Control-Allow-Headers": wanted if _HEADER_NAMES.fullmatch(wanted) else "Content-Type",
            "Access-Control-Allow-Private-Network": "true",
        },
    )


def taken(asker: Sender) -> Reply:
    """A good delivery, the first or a later one.

    A GET that navigates has the token in its address: after a 204 the browser stays where it is and keeps no trace.
    A form that navigates is led on to a page, so that going back sends nothing twice.
    """
    if not asker.navigates:
        return Reply(200, {"Content-Type": "application/json"}, b'{"ok":true}')
    return Reply(204) if asker.method == "GET" else Reply(303, {"Location": PAGE_PATH})


def refused(asker: Sender, status: int, page: bytes) -> Reply:
    """Whatever is not a good delivery; `page` is for a person who sees it."""
    if asker.navigates:
        return Reply(status, {"Content-Type": "text/html; charset=utf-8"}, page)
    return Reply(status, {"Content-Type": "application/json"}, b'{"ok":false}')


def shown(page: bytes) -> Reply:
    """A page for a person."""
    return Reply(200, {"Content-Type": "text/html; charset=utf-8"}, page)


def headers_for(asker: Sender, reply: Reply) -> dict[str, str]:
    """All of an answer's headers. A credentialed request fails with `*`, so the origin is echoed, on errors, too."""
    origin = asker.headers.get("Origin", "")
    echoed = {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}
    length = {} if reply.status == 204 else {"Content-Length": str(len(reply.body))}
    return {**ALWAYS, "Vary": "Origin", **(echoed if _ORIGIN.fullmatch(origin) else {}), **reply.headers, **length}


def page(title: str, text: str, language: str) -> bytes:
    """A page in plain words, without a script or a style: the policy above lets none of them run."""
    head = f'<!doctype html><html lang="{escape(language)}"><meta charset="utf-8"><title>{escape(title)}</title>'
    return f"{head}<h1>{escape(title)}</h1><p>{escape(text)}</p></html>\n".encode()
