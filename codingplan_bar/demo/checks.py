"""A found value against a wanted one, and the refusal that says in words where they differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from codingplan_bar.demo.wire import Answer


class Rule(NamedTuple):
    """What a value must be, in words and as a test. A value that fails is never quoted: it may be secret."""

    demand: str
    holds: Callable[[Any], bool]


class Refused(Exception):
    """The provider turns a request down. `reason` holds no secret; `answer` is what the client gets."""

    def __init__(self, reason: str, answer: Answer) -> None:
        """Keep both."""
        super().__init__(reason)
        self.reason = reason
        self.answer = answer


def refuse_any(reasons: Iterable[str], answer: Answer) -> None:
    """Raise `Refused` with the first reason, if there is one."""
    for reason in reasons:
        raise Refused(reason, answer)


def differences(found: Any, wanted: Any, where: str) -> Iterator[str]:
    """Where `found` is not what is wanted: a rule, a mapping of names (those and no others), or a plain value."""
    if isinstance(wanted, Rule):
        if not wanted.holds(found):
            yield f"{where} is not {wanted.demand}"
    elif isinstance(wanted, Mapping):
        yield from _members(found, wanted, where) if isinstance(found, Mapping) else [f"{where} is no object"]
    elif type(found) is not type(wanted) or found != wanted:
        yield f"{where} is {found!r:.80}, not {wanted!r}"


def named_differences(found: Mapping[str, str], wanted: Mapping[str, Any], where: str) -> Iterator[str]:
    """As `differences`, where other names beside the wanted ones do not matter, such as among headers."""
    return differences({name: found[name] for name in found if name in wanted}, wanted, where)


def _members(found: Mapping[str, Any], wanted: Mapping[str, Any], where: str) -> Iterator[str]:
    for name in wanted:
        if name in found:
            yield from differences(found[name], wanted[name], f"{where} {name}")
        else:
            yield f"{where} {name} is missing"
    for name in found:
        if name not in wanted:
            yield f"{where} {name!r:.80} is not known"
