"""The search: each store is looked into, and of what was found the best is opened until one is good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from codingplan_bar.errors import CodingPlanError
from codingplan_bar.fetch.browsers import catalogue, chromium, copies, firefox, safari
from codingplan_bar.fetch.browsers.candidates import Candidate
from codingplan_bar.fetch.browsers.entries import PROVEN, Entry, Report, judged
from codingplan_bar.fetch.browsers.ranking import identity
from codingplan_bar.fetch.browsers.stores import Store, discover
from codingplan_bar.fetch.browsers.verdicts import StoreProblem
from codingplan_bar.fetch.browsers.wanted import Wanted
from codingplan_bar.fetch.cookie_jar import CookieJar
from codingplan_bar.fetch.deadline import Deadline, run_within

STORE_SECONDS = 2.0
"""How long one store may take where nobody is asked; it takes milliseconds, or 0.2 s where it is decrypted."""
ASKING_SECONDS = 60.0
"""How long its values may take where its user may be asked for a permission."""
SEARCH_SECONDS, ASKING_SEARCH_SECONDS = 10.0, 180.0
"""How long a whole search may take, where its caller sets no deadline."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Search:
    """What was found: a report a store, in their order, and the chosen session, None where there is none.

    `origin` names its browser and profile, `unproven` says that only the provider can tell whether it is a session at
    all, `unknown` are the names of the setting that are no browser's.
    """

    reports: tuple[Report, ...]
    jar: CookieJar | None = field(default=None, repr=False)
    origin: str = ""
    unproven: bool = False
    unknown: tuple[str, ...] = ()


def search(environ: Mapping[str, str], wanted: Wanted, *, deadline: Deadline | None = None) -> Search:
    """Look for a signed-in session. Raises nothing: what is wrong with a store is in its report."""
    seconds = ASKING_SEARCH_SECONDS if wanted.may_prompt else SEARCH_SECONDS
    return _Round(environ, wanted, deadline or Deadline(seconds)).result()


class _Round:
    """One search: the entries so far, and the time that is left."""

    def __init__(self, environ: Mapping[str, str], wanted: Wanted, deadline: Deadline) -> None:
        self.environ = environ
        self.wanted = wanted
        self.deadline = deadline
        self.entries: list[Entry] = []

    def result(self) -> Search:
        """Look into every store first: what the names of the cookies say costs little, and asks nobody."""
        for store in self._stores():
            self.entries += self._looked_into(store)
        chosen = self._chosen()
        candidate = chosen.candidate if chosen else None
        return Search(
            reports=tuple(entry.report(self.wanted) for entry in self.entries),
            jar=self._living(candidate.jar) if candidate else None,
            origin=", ".join(filter(None, (chosen.store.title, chosen.profile))) if chosen else "",
            unproven=bool(chosen and chosen.rank.proof not in PROVEN),
            unknown=catalogue.unknown(self.wanted.names),
        )

    def _living(self, jar: CookieJar) -> CookieJar:
        """Without what has expired or is empty."""
        return CookieJar(tuple(cookie for cookie in jar.cookies if cookie.is_good(self.wanted.now)))

    def _stores(self) -> list[Store]:
        try:
            return self._within(self.deadline, self._discovered)
        except StoreProblem:
            return []

    def _discovered(self) -> list[Store]:
        copies.sweep(self.environ, self.wanted.now)
        return discover(self.environ, self.wanted.names, self.wanted.platform)

    def _looked_into(self, store: Store) -> list[Entry]:
        if not self.deadline.remaining():
            return [Entry(store, "not_looked_at")]
        try:
            deadline = self._turn(STORE_SECONDS)
            found = self._within(deadline, lambda: self._candidates(store, deadline))
        except StoreProblem as problem:
            return [Entry(store, problem.verdict)]
        return [judged(candidate, self.wanted) for candidate in found] or [Entry(store, "no_cookies")]

    def _candidates(self, store: Store, deadline: Deadline) -> list[Candidate]:
        if store.browser.family == "firefox":
            return firefox.candidates(store, self.environ, deadline)
        if store.browser.family == "safari":
            return safari.candidates(store, self.environ, deadline)
        macos = self.wanted.platform == "darwin"
        return chromium.candidates(store, self.environ, deadline, may_prompt=self.wanted.may_prompt, macos=macos)

    def _chosen(self) -> Entry | None:
        """The best entry, the first of equals. Values may be worth less than their names: then the next one is."""
        while any(entry.is_choosable for entry in self.entries):
            place = max(range(len(self.entries)), key=lambda at: self.entries[at].rank)
            seen = self.entries[place]
            opened = self._opened(seen)
            is_good = opened.is_choosable and opened.rank >= seen.rank
            self.entries[place] = opened.as_chosen() if is_good else opened
            if is_good:
                return self.entries[place]
        return None

    def _opened(self, entry: Entry) -> Entry:
        """The entry with its values known; no longer choosable where that cannot be, or is of no use."""
        candidate = entry.candidate
        if candidate and candidate.unseal:
            try:
                jar = candidate.unseal(self._turn(ASKING_SECONDS if self.wanted.may_prompt else STORE_SECONDS))
            except StoreProblem as problem:
                return entry.out(problem.verdict)
            entry = judged(replace(candidate, jar=jar, unseal=None), self.wanted)
        spent = entry.candidate and identity(entry.candidate.jar) in self.wanted.turned_down
        return entry.out("turned_down") if spent else entry

    def _turn(self, seconds: float) -> Deadline:
        """One store's share of the time."""
        return Deadline(min(seconds, self.deadline.remaining()))

    def _within(self, deadline: Deadline, work: Callable[[], Result]) -> Result:
        """What `work` gives. Raises `StoreProblem` for everything: no store may keep the others from being read."""
        try:
            return run_within(deadline, work)
        except StoreProblem:
            raise
        except CodingPlanError:
            raise StoreProblem("too_slow") from None
        except Exception:  # noqa: BLE001 - what lies in a home folder may be anything
            raise StoreProblem("failed") from None
