"""One line of a search's result: a store or one of its containers, what is known of it, and how that is said."""

from __future__ import annotations

from dataclasses import dataclass, replace

from codingplan_bar.fetch.browsers.candidates import Candidate
from codingplan_bar.fetch.browsers.ranking import ELSEWHERE, NOTHING, SIGNED_IN, Rank, has_expired, rank
from codingplan_bar.fetch.browsers.stores import LONGEST_NAME, Store
from codingplan_bar.fetch.browsers.verdicts import FULL_DISK_ACCESS, MEANINGS, Verdict
from codingplan_bar.fetch.browsers.wanted import Wanted
from codingplan_bar.fetch.cookie_jar import CookieJar
from codingplan_bar.fetch.session import missing
from codingplan_bar.text import clean

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
class Entry:
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

    def out(self, verdict: Verdict) -> Entry:
        """The same, no longer to be chosen."""
        return replace(self, verdict=verdict, rank=NO_RANK)

    def as_chosen(self) -> Entry:
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


def judged(candidate: Candidate, wanted: Wanted) -> Entry:
    """What the cookies of a candidate say, by as much of them as is known."""
    found = rank(candidate.jar, wanted.regions, wanted.now)
    return Entry(candidate.store, _verdict(candidate, found, wanted), candidate, found)


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
