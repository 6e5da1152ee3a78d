"""What a check is given, and what it gives: a line with a verdict, and where there is one the next step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from codingplan_bar import places
from codingplan_bar.fetch.refresh import Desk
from codingplan_bar.fetch.settings import Settings
from codingplan_bar.show import faults

Verdict = Literal["ok", "note", "bad"]


@dataclass(frozen=True, slots=True)
class Line:
    """What one check found. `next` is the step that mends it, or that is worth taking; empty where there is none."""

    name: str
    verdict: Verdict
    text: str
    next: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """One run of the doctor. `words` are its own, `bars_words` those of the bars, for the same language.

    `offline`: the provider is not asked. `may_prompt`: a keyring may ask its user. `is_report`: it is to be shown to
    others, so the names that people have given to their profiles are left out.
    """

    environ: Mapping[str, str]
    desk: Desk
    words: Mapping[str, str]
    bars_words: Mapping[str, str]
    offline: bool = False
    may_prompt: bool = False
    is_report: bool = False

    @property
    def settings(self) -> Settings:
        """What holds."""
        return self.desk.asker.settings

    def ok(self, name: str, key: str, *facts: object) -> Line:
        """A line of what is as it should be; `key` names its words."""
        return self._line(name, "ok", key, facts)

    def note(self, name: str, key: str, *facts: object) -> Line:
        """A line of what is worth knowing; its words may have a next step, under `key.next`."""
        return self._line(name, "note", key, facts)

    def bad(self, name: str, key: str, *facts: object) -> Line:
        """A line of what stands in the way."""
        return self._line(name, "bad", key, facts)

    def problem(self, name: str, code: str, message: str, hint: str) -> Line:
        """A bad line of one of the program's own errors."""
        return Line(name, "bad", *faults.told(code, message, hint, self.bars_words))

    def shown(self, path: object) -> str:
        """A path as it may be shown to others."""
        return places.shown(str(path), self.environ)

    def _line(self, name: str, verdict: Verdict, key: str, facts: tuple[object, ...]) -> Line:
        return Line(name, verdict, self.words[key].format(*facts), self.words.get(f"{key}.next", "").format(*facts))


Check = Callable[[Visit], Iterator[Line]]
