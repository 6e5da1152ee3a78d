"""The shape of what the server answered: the names of its fields and the types of their values, never a value.

A change at the provider can be mended from one report by it. A name is the server's own word, so one that could be an
account's number, an address or a token is left out, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from codingplan_bar.refresh.ask import Transports, network
from codingplan_bar.regions import CONSOLE_HOSTS, HOSTS
from codingplan_bar.settings.settings import Settings
from codingplan_bar.text import clean
from codingplan_bar.transport.http import spoken_host
from codingplan_bar.transport.request import Answer, Deadline, Request, Send

DEEPEST, WIDEST, MOST = 10, 80, 6
"""Levels, fields of an object, and answers: the real ones have a third of each."""
LONGEST_TEXT = 256 * 1024
_NAME = re.compile(r"(?!(?:\D*\d){5})[A-Za-z_][A-Za-z0-9_.-]{0,39}")
"""A field's name; five digits or more are somebody's number."""
_TYPES = {str: "text", bool: "switch", int: "number", float: "number", type(None): "null"}
OTHER = "(other)"


class AnswerShapes:
    """Remembers the shape of each JSON answer of one refresh, in their order."""

    def __init__(self) -> None:
        """Nothing is answered yet."""
        self.seen: list[dict[str, object]] = []

    def transports(self, settings: Settings, made: Callable[[Settings], Transports] = network) -> Transports:
        """What sends as usual, and remembers."""

        def listening(deadline: Deadline) -> Send:
            send = made(settings)(deadline)

            def asked(request: Request) -> Answer:
                answer = send(request)
                self._remember(request, answer)
                return answer

            return asked

        return listening

    def _remember(self, request: Request, answer: Answer) -> None:
        try:
            document = json.loads(answer.body[:LONGEST_TEXT])
        except (ValueError, RecursionError):
            return
        host = spoken_host(request.url)
        known = host if host in CONSOLE_HOSTS | HOSTS else OTHER
        told = {"host": known, "status": answer.status, "shape": shape(document)}
        if told not in self.seen:
            self.seen = [*self.seen, told][-MOST:]


def shape(value: object, depth: int = DEEPEST) -> object:
    """Names and types: an object is one of shapes, a list the shapes of its items, each once."""
    if not depth:
        return OTHER
    if isinstance(value, dict):
        return _fields(value, depth)
    if isinstance(value, list):
        items = (shape(each, depth - 1) for each in value[:WIDEST])
        return [json.loads(each) for each in dict.fromkeys(json.dumps(item, sort_keys=True) for item in items)]
    if isinstance(value, str) and value[:1] in ("{", "["):  # the console packs JSON into texts
        try:
            return {"text of": shape(json.loads(value), depth - 1)}
        except (ValueError, RecursionError):
            return "text"
    return _TYPES.get(type(value), OTHER)


def _fields(value: dict[str, object], depth: int) -> dict[str, object]:
    named = {name: each for name, each in [*value.items()][:WIDEST] if _NAME.fullmatch(clean(name, 41))}
    told = {name: shape(each, depth - 1) for name, each in named.items()}
    return {**told, OTHER: OTHER} if len(named) < len(value) else told
