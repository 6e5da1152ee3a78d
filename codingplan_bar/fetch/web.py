"""Web mode: the quota by a console session, the way that the console's own page asks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING
from uuid import uuid4

from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    CodingPlanError,
    ConfigError,
    EmptySuccess,
    LoginRequired,
    RateLimited,
    TokenRejected,
    UnknownRoute,
)
from codingplan_bar.fetch import sec_token
from codingplan_bar.fetch.answers import reading_of, twice_if_empty
from codingplan_bar.fetch.console import Console
from codingplan_bar.fetch.kept import Kept
from codingplan_bar.fetch.quota_request import quota_request
from codingplan_bar.fetch.session import Session, covers

if TYPE_CHECKING:
    from codingplan_bar.fetch.endpoints import Endpoints
    from codingplan_bar.fetch.regions import Region, Shape
    from codingplan_bar.fetch.request import Send
    from codingplan_bar.model import Reading, SourceName


@dataclass(frozen=True, slots=True)
class WebSource:
    """One session's way to the quota. `kept` is read and brought up to date, for whoever keeps it with the session.

    `now` gives the seconds since 1970, `sleep` takes seconds, `new_uuid` gives a lower-case UUID4.
    """

    send: Send
    endpoints: Endpoints
    session: Session = field(repr=False)
    kept: Kept = field(default_factory=Kept)
    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    new_uuid: Callable[[], str] = lambda: str(uuid4())

    @property
    def name(self) -> SourceName:
        """The word of the snapshot."""
        return "web"

    def covers(self, region: Region) -> bool:
        """Whether the session has cookies for the region's own hosts."""
        return covers(self.session, region, self.now())

    def ask(self, region: Region) -> Reading:
        """The quota in one region.

        Raises `LoginRequired` where the session has no cookies for the region's hosts, without a request, and
        whatever `Send`, `raise_for_status` and `read` raise.
        """
        if not self.covers(region):
            raise LoginRequired(f"The session has no cookies for {region.title}.")
        try:
            return _Visit(self, Console(region, self.endpoints, self.session, self.send, self.now)).reading()
        except (LoginRequired, TokenRejected):
            self.kept.tokens.pop(region.name, None)
            raise


@dataclass(slots=True)
class _Visit:
    """One asking of one region: the token in use, and whether it has been asked for anew."""

    source: WebSource
    console: Console
    renewed: bool = False
    failures: list[ApiError | BadResponse] = field(default_factory=list)

    def reading(self) -> Reading:
        """What the first shape gives that is known and carries something; the one of last time is tried first."""
        for shape in self._shapes():
            try:
                reading = twice_if_empty(partial(self._with_good_token, shape), self.source.sleep)
            except (UnknownRoute, EmptySuccess) as failure:
                self.failures.append(failure)
                continue
            if reading.windows:
                self.source.kept.shapes[self.console.region.name] = shape.name
            return reading
        raise min(self.failures, key=lambda failure: isinstance(failure, UnknownRoute))

    def _shapes(self) -> list[Shape]:
        """The region's shapes, the winner first; an override makes one request of two that differ by host alone."""
        region, endpoints = self.console.region, self.console.endpoints
        winner = self.source.kept.shapes.get(region.name)
        different: dict[tuple[str, str], Shape] = {}
        for shape in sorted(region.shapes, key=lambda shape: shape.name != winner):
            different.setdefault((endpoints.rpc(region, shape).url, shape.api), shape)
        return list(different.values())

    def _with_good_token(self, shape: Shape) -> Reading:
        try:
            return self._post(shape)
        except TokenRejected:
            if self.renewed:
                raise
            self.renewed = True
            del self.source.kept.tokens[self.console.region.name]
            return self._post(shape)

    def _post(self, shape: Shape) -> Reading:
        token = self._token()
        request = quota_request(self.console, shape, token=token, trace_id=self.source.new_uuid())
        answer = self.console.send(request)
        return reading_of(answer, "web", now=self.source.now(), secrets={token, *self.console.secrets()})

    def _token(self) -> str:
        """The kept token, else a new one, which is kept; also an empty one, for as long as the server takes it."""
        tokens, region = self.source.kept.tokens, self.console.region.name
        if region not in tokens:
            tokens[region] = self._new_token()
        return tokens[region]

    def _new_token(self) -> str:
        try:
            token = sec_token.ask(self.console)
        except (RateLimited, ConfigError):
            raise
        except CodingPlanError:
            if not self.console.region.works_without_token:
                raise
            return ""
        if not token and not self.console.region.works_without_token:
            raise LoginRequired("The console gives this session no token.")
        return token
