"""The search for a session: each store is looked into, and the best of what was found is opened until one is good."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from codingplan_bar.browsers import catalogue, chromium, firefox
from codingplan_bar.browsers.stores import LONGEST_NAME, Candidate, Store, discover
from codingplan_bar.browsers.verdicts import FULL_DISK_ACCESS, MEANINGS, StoreProblem, Verdict
from codingplan_bar.credentials.cookies import (
    ELSEWHERE,
    NOTHING,
    SIGNED_IN,
    CookieJar,
    Rank,
    has_expired,
    identity,
    missing,
    rank,
)
from codingplan_bar.errors import CodingPlanError
from codingplan_bar.regions import Region
from codingplan_bar.text import clean
from codingplan_bar.transport.request import Deadline, run_within

# What is looked for in the stores.


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `regions` are the user's own and the one that is tried next, if any.

    `now` is in seconds since 1970, `names` the setting `browsers`, `turned_down` the `identity` of each session that
    the provider no longer takes. Nothing opens a dialog unless `may_prompt`. `platform` is as `sys.platform` has it.
    """

    regions: tuple[Region, ...]
    now: float
    names: tuple[str, ...] = ()
    may_prompt: bool = False
    turned_down: frozenset[str] = frozenset()
    platform: str = sys.platform

    @property
    def own(self) -> Region:
        """The user's region."""
        return self.regions[0]


# One line of a search's result: a store or one of its containers, what is known of it, and how that is said.

PROVEN = (SIGNED_IN, ELSEWHERE)
NO_RANK = Rank(NOTHING)


@dataclass(frozen=True, slots=True)
class Report:
    """What is to be said of one store, or of one of its containers. There is no path and no value in it.

    `profile` is its name as its user knows it, which may be anybody's; `folder` the browser's own for it, `missing`
    the names of the cookies that a sign-in lacks.
    """

    browser: str
    profile: str
    verdict: Verdict
    says: str
    hint: str
    folder: str = ""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StoreReport:
    """A store that gave nothing has no `candidate`, only its verdict. What is not to be chosen has no rank."""

    store: Store
    verdict: Verdict
    candidate: Candidate | None = None
    rank: Rank = NO_RANK

    @property
    def profile(self) -> str:
        """As its user knows it."""
        return self.candidate.profile if self.candidate else self.store.profile

    @property
    def is_choosable(self) -> bool:
        """Whether it may be the session."""
        return self.rank.proof > NOTHING

    def out(self, verdict: Verdict) -> StoreReport:
        """The same, no longer to be chosen."""
        return replace(self, verdict=verdict, rank=NO_RANK)

    def as_chosen(self) -> StoreReport:
        """The same as the one that is used."""
        return replace(self, verdict="signed_in" if self.rank.proof in PROVEN else "unproven")

    def report(self, wanted: Wanted) -> Report:
        """What a person is told."""
        says, hint = MEANINGS[self.verdict]
        if self.verdict == "no_access" and self.store.browser.family == "safari":
            hint = FULL_DISK_ACCESS
        jar = self.candidate.jar if self.candidate else CookieJar(())
        lacks = tuple(missing(jar, wanted.own, wanted.now))
        said = says.format(missing=" and ".join(lacks))
        folder = clean(self.store.folder.name, LONGEST_NAME)
        return Report(self.store.title, self.profile, self.verdict, said, hint, folder, lacks)


def judged(candidate: Candidate, wanted: Wanted) -> StoreReport:
    """What the cookies of a candidate say, by as much of them as is known."""
    found = rank(candidate.jar, wanted.regions, wanted.now)
    return StoreReport(candidate.store, _verdict(candidate, found, wanted), candidate, found)


def _verdict(candidate: Candidate, found: Rank, wanted: Wanted) -> Verdict:
    if found.proof in PROVEN:
        return "spare"
    if candidate.app_bound:
        return "app_bound"
    if has_expired(candidate.jar, wanted.own, wanted.now):
        return "expired"
    if not any(cookie.is_good(wanted.now) for cookie in candidate.jar.cookies):
        return "no_cookies"
    return "not_signed_in"


# The search: each store is looked into, and of what was found the best is opened until one is good.

STORE_SECONDS = 2.0
"""How long one store may take where no person is asked; it takes milliseconds, or 0.2 s where it is decrypted."""
ASKING_SECONDS = 60.0
"""How long its values may take where its user may be asked for a permission."""
SEARCH_SECONDS, ASKING_SEARCH_SECONDS = 10.0, 180.0
"""How long a whole search may take, where its caller sets no deadline."""

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Search:
    """What was found: a report a store, in their order, and the chosen session, or None.

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
        self.entries: list[StoreReport] = []

    def result(self) -> Search:
        """Look into every store first: what the names of the cookies say costs little, and asks for no permission."""
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
            return self._within(self.deadline, lambda: discover(self.environ, self.wanted.names, self.wanted.platform))
        except StoreProblem:
            return []

    def _looked_into(self, store: Store) -> list[StoreReport]:
        if not self.deadline.remaining():
            return [StoreReport(store, "not_looked_at")]
        try:
            deadline = self._turn(STORE_SECONDS)
            found = self._within(deadline, lambda: self._candidates(store, deadline))
        except StoreProblem as problem:
            return [StoreReport(store, problem.verdict)]
        return [judged(candidate, self.wanted) for candidate in found] or [StoreReport(store, "no_cookies")]

    def _candidates(self, store: Store, deadline: Deadline) -> list[Candidate]:
        if store.browser.family == "firefox":
            return firefox.candidates(store, deadline)
        if store.browser.family == "safari":
            return chromium.safari_candidates(store, self.environ, deadline)
        macos = self.wanted.platform == "darwin"
        return chromium.candidates(store, self.environ, deadline, may_prompt=self.wanted.may_prompt, macos=macos)

    def _chosen(self) -> StoreReport | None:
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

    def _opened(self, entry: StoreReport) -> StoreReport:
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
