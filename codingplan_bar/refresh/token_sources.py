"""The sources that ask by a console token, and a new token where an AccessKey pair may make one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from codingplan_bar import paths
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.other_tools import KEPT, AccessKeyPair, UnusableFile, login_file
from codingplan_bar.errors import TURNED_DOWN, LoginRequired, MissingCredentials
from codingplan_bar.plans import TOKEN_PLAN_TEAM
from codingplan_bar.provider import source_order
from codingplan_bar.provider.http_answers import Silence
from codingplan_bar.provider.token import Mint, TokenEnded, TokenSource
from codingplan_bar.provider.token_plan import PlanQuestion
from codingplan_bar.regions import REGIONS, ConsoleToken

if TYPE_CHECKING:
    from codingplan_bar.credentials.saved import SignIn
    from codingplan_bar.model import Reading, SourceName
    from codingplan_bar.provider.addresses import Endpoints
    from codingplan_bar.regions import Region
    from codingplan_bar.transport.request import Send


# A token that is refused: an AccessKey pair makes a new one, once a refresh, without the user.


@dataclass(slots=True, eq=False, repr=False)
class SignedIn:
    """The quota by a sign-in of the user's own: `visit` makes the source of one token, `mint` a new token of a pair.

    `of_team`: a team's seats are asked for, which a pair reads without any token. `sign_in` is brought up to date, for
    whoever keeps it. `now` gives the seconds since 1970.
    """

    name: ClassVar[SourceName] = "token"

    sign_in: SignIn
    visit: Callable[[ConsoleToken], TokenSource]
    mint: Mint
    environ: Mapping[str, str]
    now: Callable[[], float] = time.time
    minted: bool = False
    of_team: Callable[[], bool] = lambda: False

    @property
    def home(self) -> Region:
        """The one region that it is asked in, whatever the settings say."""
        return self.sign_in.site.region

    def covers(self, region: Region) -> bool:
        """Whether it is that region."""
        return region is self.home

    def ask(self, region: Region) -> Reading:  # noqa: ARG002 - as any source is asked
        """The quota.

        Raises `LoginRequired` where the token has ended and nothing makes a new one, or the new one is refused, too;
        `MissingCredentials` where the pair is gone; and what the token's source and the minting call raise. A token
        that has ended is removed, and never sent again.
        """
        if self.of_team():
            return self.mint.seats(self.sign_in.site, self._pair())
        if self.sign_in.way == "access_key":
            reading = self._renewing()
            self.sign_in = replace(self.sign_in, ends_at=self._end_of_pair())
            return reading
        if not self.sign_in.token:
            raise TokenEnded("sign_in.over", hint="sign_in.hint")
        try:
            return self._asked()
        except TokenEnded:
            self.sign_in = replace(self.sign_in, token="")
            raise

    def _renewing(self) -> Reading:
        if not self.sign_in.token:
            self._renew()
        try:
            return self._asked()
        except TURNED_DOWN:
            if self.minted:
                raise
        self.sign_in = replace(self.sign_in, token="")
        self._renew()
        return self._asked()

    def _asked(self) -> Reading:
        try:
            reading = self.visit(self.sign_in.console_token()).ask(self.home)
        except TURNED_DOWN:
            if self.minted:
                self.sign_in = replace(self.sign_in, token="")
                other = next(name for name in REGIONS if name != self.home.name)
                raise LoginRequired("sign_in.new_refused", site=other) from None
            raise
        self.sign_in = replace(self.sign_in, proven=True)
        return reading

    def _renew(self) -> None:
        token = self.mint(self.sign_in.site, self._pair())
        self.minted = True
        self.sign_in = self.sign_in.with_token(token, self.now())

    def _pair(self) -> AccessKeyPair:
        """The pair that is kept, else the one of the named place as it is now."""
        if self.sign_in.which == KEPT and self.sign_in.pair:
            return self.sign_in.pair
        return other_tools.pair_of(self.sign_in.which, self.environ)[1]

    def _end_of_pair(self) -> int | None:
        """When a temporary pair ends, as its place says now; what was known where that is gone."""
        try:
            ends_at = self._pair().ends_at
        except MissingCredentials:
            return self.sign_in.ends_at
        return ends_at or (self.sign_in.ends_at if self.sign_in.which == KEPT else None)


# The sources that ask by a token, put together from what is kept and what `bl` has stored.


@dataclass(slots=True, eq=False, repr=False)
class ByToken:
    """What every token is asked with. `now` gives the seconds since 1970."""

    send: Send
    endpoints: Endpoints
    environ: Mapping[str, str]
    now: Callable[[], float]
    silence: Silence = field(default_factory=Silence)
    asking: Callable[[], PlanQuestion | None] = lambda: None

    def source(self, token: ConsoleToken) -> TokenSource:
        """The way of one token, for the plan that is asked for now."""
        return TokenSource(self.send, self.endpoints, token, self.silence, self.now, question=self.asking())

    def signed_in(self, found: SignIn) -> SignedIn:
        """The way of a sign-in of the user's own."""
        mint = Mint(self.send, self.endpoints, self.now)
        return SignedIn(found, self.source, mint, self.environ, self.now, of_team=self._is_of_team)

    def _is_of_team(self) -> bool:
        question = self.asking()
        return question is not None and question.product is TOKEN_PLAN_TEAM

    def of_the_tool(self, *, asked_for: bool) -> list[source_order.Source]:
        """The token that `bl` has stored. If it has stored none and `asked_for` is false, nothing is said."""
        try:
            token = other_tools.bl_token(self.environ)
        except UnusableFile as error:
            path = paths.displayed(login_file(self.environ), self.environ)
            problem = MissingCredentials("file.unusable", path=path, reason=error)
            return [source_order.Unavailable("token", problem)] if asked_for else []
        if token:
            return [self.source(token)]
        nothing = MissingCredentials("sign_in.none")
        return [source_order.Unavailable("token", nothing)] if asked_for else []
