"""The chain: one source after another, one region after the other, and what each of them said.

It drives all that is sent and sends nothing itself: the sources come as arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol

from codingplan_bar.errors import (
    LONGEST_MESSAGE,
    ApiKeyUnavailable,
    BadResponse,
    CodingPlanError,
    InvalidCookie,
    InvalidCredentials,
    LoginRequired,
    MissingCredentials,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
    TokenMissing,
    UnknownRoute,
    problem_of,
)
from codingplan_bar.model import Attempt, Problem, Reading, RegionName, SourceName
from codingplan_bar.plans import CODING_PLAN, PlanKind
from codingplan_bar.regions import REGIONS, Region
from codingplan_bar.text import clean
from codingplan_bar.words.errors import english

_OTHER_SOURCE = (
    *(MissingCredentials, InvalidCookie, LoginRequired, InvalidCredentials),
    *(NetworkFailure, TokenMissing, UnknownRoute),
)
_OTHER_REGION = (LoginRequired, InvalidCredentials, ApiKeyUnavailable, UnknownRoute, BadResponse, NoPlan)
_NOT_HERE = (403, 404)


class Source(Protocol):
    """One way of asking. `covers` says whether it has anything to ask a region with."""

    @property
    def name(self) -> SourceName:
        """The word of the snapshot."""
        ...

    @property
    def home(self) -> Region | None:
        """The one region that it is asked in, whatever the settings say; None where they say it."""
        ...

    def covers(self, region: Region) -> bool:
        """Whether a try in that region makes sense."""
        ...

    def ask(self, region: Region) -> Reading:
        """The quota in one region. Raises a leaf of `CodingPlanError`."""
        ...


class Unavailable(NamedTuple):
    """A source that cannot be asked, and why: there is no session, its header is invalid, a tool is not there."""

    name: SourceName
    error: CodingPlanError
    home: Region | None = None

    def covers(self, region: Region) -> bool:  # noqa: ARG002 - as any source is asked
        """Nothing in any region."""
        return False

    def ask(self, region: Region) -> Reading:  # noqa: ARG002 - as any source is asked
        """Raises the reason."""
        raise self.error


@dataclass(slots=True, eq=False, repr=False)
class MadeWhenAsked:
    """A source that is put together when it is asked first: looking for a session costs more than an answer."""

    name: SourceName
    make: Callable[[], Source]
    made: Source | None = None
    home: Region | None = None

    def covers(self, region: Region) -> bool:
        """Whether the source has anything to ask that region with."""
        return self._source().covers(region)

    def ask(self, region: Region) -> Reading:
        """What the source says. Raises what it raises."""
        return self._source().ask(region)

    def _source(self) -> Source:
        self.made = self.made or self.make()
        return self.made


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: a reading with the source and region that gave it, or the error to show; and every try.

    `by` is the source itself that answered, `errors` what the others said of the region that they were asked in.
    """

    attempts: tuple[Attempt, ...]
    reading: Reading | None = None
    source: SourceName | None = None
    region: RegionName | None = None
    error: CodingPlanError | None = None
    by: Source | None = field(default=None, compare=False)
    errors: tuple[CodingPlanError, ...] = ()

    @property
    def problem(self) -> Problem | None:
        """The error as data, its texts cleaned."""
        return problem_of(self.error) if self.error else None


def ask(
    sources: Iterable[Source],
    *,
    source: SourceName | Literal["auto"],
    region: RegionName,
    region_fallback: bool = True,
    plan: PlanKind = CODING_PLAN.kind,
) -> Outcome:
    """Ask the sources in turn, or those of the named kind alone, until one brings a reading.

    The next source is asked after any error of `_OTHER_SOURCE`, and after HTTP 403 or 404. With `intl` and
    `region_fallback`, a source that has anything to ask `cn` with is asked there too, after any error of
    `_OTHER_REGION`, and after HTTP 403 or 404. The error shown is the first that a source had in its first region and
    that is not `MissingCredentials`. Every try is one attempt, of the `plan` that is asked for.
    """
    walk = _Walk(REGIONS[region], (REGIONS["cn"],) if region == "intl" and region_fallback else (), plan)
    for each in sources:
        if source in ("auto", each.name) and walk.is_settled_by(each):
            break
    return walk.outcome(source)


@dataclass(slots=True, eq=False, repr=False)
class _Walk:
    """The way so far: the tries, the errors of the user's own region, and the answer once there is one."""

    own: Region
    others: tuple[Region, ...]
    plan: PlanKind
    attempts: list[Attempt] = field(default_factory=list)
    errors: list[CodingPlanError] = field(default_factory=list)
    answer: tuple[Reading, Source, Region] | None = None

    def is_settled_by(self, source: Source) -> bool:
        """Ask one source in its regions; whether that settles it."""
        error = self._try(source, source.home or self.own)
        if error is None:
            return True
        self.errors.append(error)
        if _may_lie_elsewhere(error) and source.home is None:
            for region in filter(source.covers, self.others):
                if self._try(source, region) is None:
                    return True
        return not _falls_through(error)

    def outcome(self, wanted: str) -> Outcome:
        """What came of it."""
        if self.answer:
            reading, source, region = self.answer
            return Outcome(tuple(self.attempts), reading, source.name, region.name, by=source)
        missing = MissingCredentials("source.none", source=wanted)
        telling = [error for error in self.errors if not isinstance(error, MissingCredentials)]
        error = (telling or self.errors or [missing])[0]
        return Outcome(tuple(self.attempts), error=error, errors=tuple(self.errors))

    def _try(self, source: Source, region: Region) -> CodingPlanError | None:
        try:
            self.answer = (source.ask(region), source, region)
        except CodingPlanError as error:
            self.attempts.append(Attempt(source.name, region.name, error.code, _cleaned(error.message), self.plan))
            return error
        left_out = self.answer[0].left_out
        told = _cleaned(english("left_out", {"windows": left_out})) if left_out else ""
        self.attempts.append(Attempt(source.name, region.name, "ok", told, self.plan))
        return None


def _falls_through(error: CodingPlanError) -> bool:
    return isinstance(error, _OTHER_SOURCE) or error.http_status in _NOT_HERE


def _may_lie_elsewhere(error: CodingPlanError) -> bool:
    """Whether another region may answer. `NotAuthorised` means that this region knows the account."""
    here = isinstance(error, NotAuthorised)
    return not here and (isinstance(error, _OTHER_REGION) or error.http_status in _NOT_HERE)


def _cleaned(text: str) -> str:
    return clean(text, LONGEST_MESSAGE)
