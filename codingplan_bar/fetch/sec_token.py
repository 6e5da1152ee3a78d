"""The `sec_token`: what the console's pages give along, and what its RPC wants back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from codingplan_bar.errors import CodingPlanError, LoginRequired
from codingplan_bar.fetch.answers import raise_for_status
from codingplan_bar.fetch.reading import decode

if TYPE_CHECKING:
    from codingplan_bar.fetch.console import Console

_IN_SCRIPT = re.compile(
    r"""(?<![\w$-])(["']?)(?:SEC_TOKEN|secToken|sec_token)\1\s*[:=]\s*(?:"([^"\n]{1,4096})"|'([^'\n]{1,4096})')"""
)
_NAMES = ("secToken", "sec_token")
_TOKEN = re.compile(r"[\x21-\x7e]+")

_NAVIGATION = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.9",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
"""The page carries the token for a browser's navigation only (seen live)."""


def ask(console: Console) -> str:
    """The token of the dashboard's page, else of the user's information, else of the cookie; empty without any.

    A step that fails is no failure of the whole. Raises the first step's error where there is no token and no step
    was answered: then nothing is known about the session.
    """
    failures: list[CodingPlanError] = []
    steps: tuple[Callable[[Console], str], ...] = (_from_page, _from_user_info)
    for step in steps:
        try:
            token = step(console)
        except LoginRequired:
            continue
        except CodingPlanError as error:
            failures.append(error)
            continue
        if token:
            return token
    token = console.cookie("sec_token") or ""
    if not token and len(failures) == len(steps):
        raise failures[0]
    return token


def in_page(html: str) -> str:
    """The first token that a script of the page sets, under one of its three names; empty without one."""
    found = (_unescaped(match[2] or match[3]) for match in _IN_SCRIPT.finditer(html))
    return next(filter(_TOKEN.fullmatch, found), "")


def in_payload(payload: object) -> str:
    """The first token anywhere in a JSON value, the outermost first; empty without one."""
    return next((value for value in _named(payload) if _TOKEN.fullmatch(value)), "")


def _from_page(console: Console) -> str:
    target = console.endpoints.dashboard_page(console.region)
    answer = console.get(target, {**_NAVIGATION, "Referer": _referer(console)})
    raise_for_status(answer, "web", now=console.now())
    return in_page(answer.body.decode("utf-8", "replace"))


def _from_user_info(console: Console) -> str:
    target = console.endpoints.user_info(console.region)
    answer = console.get(target, {"Accept": "application/json, */*;q=0.8", "Referer": _referer(console)})
    raise_for_status(answer, "web", now=console.now())
    return in_payload(decode(answer.body))


def _referer(console: Console) -> str:
    return console.endpoints.gateway(console.region) + "/"


def _unescaped(literal: str) -> str:
    r"""A script's string without its escapes, such as `\/` and `\u002b`."""
    if "\\" not in literal:
        return literal
    try:
        return str(json.loads(f'"{literal}"'))
    except ValueError:
        return ""


def _named(payload: object) -> Iterator[str]:
    level = [payload]
    while level:
        objects = [value for value in level if isinstance(value, dict)]
        yield from (each[name] for each in objects for name in _NAMES if isinstance(each.get(name), str))
        level = [below for value in level for below in _children(value)]


def _children(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
