"""One question to the provider: the sources put together from the settings, and what they said as one snapshot."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal, NamedTuple, TypeAlias

from codingplan_bar.credentials import other_tools, saved
from codingplan_bar.credentials.cookies import covers
from codingplan_bar.errors import CodingPlanError, MissingCredentials, problem_of
from codingplan_bar.facts import ASKING_SETTINGS, inputs
from codingplan_bar.model import Instant, Reading, RegionName, Snapshot, SourceName
from codingplan_bar.plans import CODING_PLAN, PLANS, TOKEN_PLAN_TEAM, PlanKind
from codingplan_bar.provider import addresses, api_key, bl, source_order
from codingplan_bar.provider.addresses import PROVIDERS_OWN, Endpoints
from codingplan_bar.provider.api_key import ApiSource
from codingplan_bar.provider.http_answers import Silence, wait_asked_for
from codingplan_bar.provider.token_plan import Known, PlanQuestion
from codingplan_bar.provider.web import WebSource
from codingplan_bar.refresh import plan_search, provenance, schedule, session, sign_in_life
from codingplan_bar.refresh.refresh import Beside, ClientAnswer, ProviderClient
from codingplan_bar.refresh.session import BrowserImport, RenewingSource, depends_on, regions
from codingplan_bar.refresh.store import Files
from codingplan_bar.refresh.token_sources import ByToken
from codingplan_bar.regions import REGIONS
from codingplan_bar.settings.settings import Settings
from codingplan_bar.transport.request import Answer, Deadline, Request, Send

# A `Send` that notes how long the provider asks to be left alone, to whichever of the requests it says so.


class RetryAfterRecorder:
    """Sends by another `Send`; `wait` is the longest that an answer asks for, in seconds, None without."""

    def __init__(self, send: Send, now: Callable[[], float]) -> None:
        """Nothing is heard yet; `now` gives the seconds since 1970."""
        self._send = send
        self._now = now
        self.wait: float | None = None

    def __call__(self, request: Request) -> Answer:
        """The answer as it is. Raises what the other raises."""
        answer = self._send(request)
        self.wait = max(filter(None, (wait_asked_for(answer, self._now()), self.wait)), default=None)
        return answer


SourceChoice: TypeAlias = SourceName | Literal["auto"]
"""Which source is asked."""


# Asking the provider: the sources put together from the settings, and what they said as one snapshot.

Clock = Callable[[], float]


Importing = Callable[[Settings, Deadline], session.Import]
"""Makes what imports a session for one refresh."""

Transports = Callable[[Deadline], Send]
"""Makes what sends a refresh's requests until its deadline."""


def network(settings: Settings) -> Transports:
    """What sends over the network, by the user's certificates and proxy.

    It is imported by whoever sends, since it costs as much as all the rest.
    """

    def until(deadline: Deadline) -> Send:
        from codingplan_bar.transport.http import Transport

        return Transport(deadline, bundle=settings.ca_bundle, proxy=settings.proxy)

    return until


def client_for(
    files: Files,
    settings: Settings,
    *,
    now: Clock,
    may_prompt: bool = False,
    by_hand: bool = False,
    transport: Transports | None = None,
) -> ProviderClient:
    """Who asks for this user. What CodexBar's file says fills in for settings that the user did not give.

    `may_prompt`: somebody sits there, and may be asked to unlock a keyring; `by_hand`: somebody has asked for it.
    `transport` makes what sends.
    """
    environ = files.environ
    tools = (other_tools.login_file(environ), other_tools.aliyun_file(environ), *other_tools.codexbar_files(environ))
    program = other_tools.program_of_bl(environ, settings.bl_path) or ""
    beside = _as_they_are(tools)
    entry = other_tools.codexbar_entry(environ)
    browsers = browsers_of(environ, now, may_prompt)
    question = Question(files, now, codexbar_entry=entry, browsers=browsers, transport=transport, by_hand=by_hand)
    settings = with_codexbar(settings, entry)
    fault = settings.limiting
    stores = "" if fault else depends_on(settings, environ)
    return ProviderClient(
        settings=settings,
        ask=question.ask,
        now=now,
        dashboard=PROVIDERS_OWN.dashboard(REGIONS[settings.region], PLANS.get(settings.plan, CODING_PLAN)),
        circumstances=_circumstances(environ, settings, stores, [program, *tools]),
        misconfigured=problem_of(fault.as_error()) if fault else None,
        beside=beside,
        is_of_another=partial(question.is_of_another, settings),
    )


def _as_they_are(files: Sequence[str]) -> Beside:
    """Those files as they are now. A path that no fact can hold is left out: the next refresh reads it again."""
    told = tuple(filter(str.isprintable, files))
    return Beside(told, inputs(*told))


def _circumstances(environ: Mapping[str, str], settings: Settings, stores: str, places: Sequence[str]) -> str:
    """What an answer depends on: the environment, what the settings say of asking, and other tools' files."""
    said = [getattr(settings, name.lower()) for name in ASKING_SETTINGS]
    return schedule.fingerprint(environ, said, [each for each in places if each.startswith("/")], stores=stores)


def browsers_of(environ: Mapping[str, str], now: Clock, may_prompt: bool) -> Importing:  # noqa: FBT001 - one of three
    """The import from this user's browsers."""
    return lambda settings, deadline: BrowserImport(environ, settings, now, deadline, may_prompt)


def with_codexbar(settings: Settings, entry: other_tools.CodexBarEntry) -> Settings:
    """The settings, with CodexBar's word where the user's own is not there."""
    said = {
        "region": entry.region,
        "source": entry.source,
        "cookie_source": entry.cookie_source,
        "cookie_header": entry.cookie_header,
    }
    return settings.filled(**{name: value for name, value in said.items() if value and name not in settings.given})


class Question:
    """One question to the provider, with all that it takes.

    `transport` makes what sends until a deadline, `browsers` what imports a session until then. `by_hand`: somebody has
    asked for it.
    """

    def __init__(
        self,
        files: Files,
        now: Clock,
        *,
        codexbar_entry: other_tools.CodexBarEntry,
        browsers: Importing,
        transport: Transports | None = None,
        by_hand: bool = False,
    ) -> None:
        """Nothing is read or sent yet."""
        self.files = files
        self.environ = files.environ
        self.now = now
        self.entry = codexbar_entry
        self.browsers = browsers
        self.by_hand = by_hand
        self.transport = transport

    def is_of_another(self, settings: Settings, shown: Snapshot) -> bool:
        """Whether these numbers came by another sign-in or key than the one that would be asked with now."""
        lives, kept = sign_in_life.loads(self.files.texts[self.files.ends]), self.files.kept_session()
        return provenance.are_of_another(shown, lives, provenance.Here(self.environ, settings, self.entry, kept))

    def ask(self, settings: Settings) -> ClientAnswer:
        """What the provider says, or why it could not be asked.

        The numbers are as old as the moment at which this begins: the machine may sleep before it has read an answer.
        """
        began = int(self.now())
        deadline, notes = Deadline(settings.timeout), plan_search.loads(self.files.texts[self.files.plans])
        send = RetryAfterRecorder((self.transport or network(settings))(deadline), self.now)
        silence, kept = self._silence(), self.files.kept_session()
        try:
            targets = addresses.judge(self.environ)
            ways = Ways(self, settings, deadline, By(send, targets, silence), kept, notes)
            outcome = self._search(ways, settings, is_overridden=targets.quota is not None)
            if isinstance(outcome.error, MissingCredentials):
                self._insist_on_certificates(settings)
        except CodingPlanError as error:
            return ClientAnswer(self._snapshot(source_order.Outcome((), error=error), settings, began))
        account = self._account(outcome.reading, ways) if outcome.reading else None
        plan_search.keep(self.files, ways.notes, notes)
        outcome = self._followed(outcome, ways)
        return ClientAnswer(self._snapshot(outcome, settings, began, account), send.wait, silence.goes_on_since)

    def _search(self, ways: Ways, settings: Settings, *, is_overridden: bool) -> source_order.Outcome:
        """Ask for the plan of the settings, or for the first that there is."""
        shown, source = self.files.shown_kind(), settings.source
        return plan_search.PlanSearch(ways, settings.plan, shown, source, int(self.now()), is_overridden).outcome()

    def _insist_on_certificates(self, settings: Settings) -> None:
        """Where nothing was sent for want of a sign-in, none would help if the user's certificates cannot be read.

        Raises `ConfigError`.
        """
        from codingplan_bar.transport.http import ca_bundle  # as `network` does

        ca_bundle(self.environ, settings.ca_bundle)

    def _silence(self) -> Silence:
        """What is known of earlier refusals without a word."""
        return Silence(schedule.loads(self.files.texts[self.files.waiting]).by_clock(self.now()).silent_since)

    def _snapshot(
        self, outcome: source_order.Outcome, settings: Settings, began: Instant, account: str | None = None
    ) -> Snapshot:
        reading, region = outcome.reading, REGIONS[settings.page_region(outcome.region, outcome.attempts)]
        kind = reading.plan.kind if reading else settings.plan
        return Snapshot(
            fetched_at=began,
            dashboard_url=PROVIDERS_OWN.dashboard(region, PLANS.get(kind, CODING_PLAN)),
            source=outcome.source,
            region=outcome.region,
            plan=reading.plan if reading else None,
            windows=reading.windows if reading else (),
            attempts=outcome.attempts,
            error=outcome.problem,
            account=account,
        )

    def _account(self, reading: Reading, ways: Ways) -> str | None:
        """Whose numbers they are; an answer that names no account is of the one that the plan was last known by.

        That is noted for plans of which more is, and so is whether the plan renews itself, where the answer says so.
        """
        kind = reading.plan.kind
        known, account = ways.notes.known.get(kind), self.files.account(reading.account_id)
        if known or reading.renews is not None:
            before = known or Known()
            learned = before._replace(account=(known and account) or before.account, renews=reading.renews)
            ways.notes = ways.notes.learned(kind, learned)
        return account or (known.account if known else None)

    def _followed(self, outcome: source_order.Outcome, ways: Ways) -> source_order.Outcome:
        """Keep the session, how long the sign-ins live that were asked with, and the place of what answered.

        Gives the outcome, or that the place of the last answer is gone.
        """
        text, here = ways.to_keep(), provenance.Here(self.environ, ways.settings, self.entry, ways.kept)
        lives = sign_in_life.loads(self.files.texts[self.files.ends])
        outcome = here.told(outcome, lives.came_by)
        tried = sign_in_life.Tried(ways.web.made, ways.own, ways.before)
        by = here.place(outcome.by), here.mark(outcome.by)
        followed = sign_in_life.after(lives, outcome, tried, self.now()).came_from(*by).to_text()
        self.files.keep_session(text, ways.kept)  # without it the next refresh asks for a token again
        self.files.keep(self.files.ends, followed)
        return outcome


class By(NamedTuple):
    """What every request goes by."""

    send: Send
    endpoints: Endpoints
    silence: Silence


class Ways:
    """The ways to one user's plans in one refresh: what they learn of the session for one plan, they know for the next.

    `notes` is what is known of each plan, brought up to date.
    """

    def __init__(
        self,
        whose: Question,
        settings: Settings,
        deadline: Deadline,
        by: By,
        kept: str | None,
        notes: plan_search.Notes,
    ) -> None:
        """Nothing is looked for or asked yet."""
        self.whose, self.settings, self.deadline, self.by = whose, settings, deadline, by
        self.kept, self.notes = kept, notes
        self.about: PlanQuestion | None = None
        self.by_token = ByToken(by.send, by.endpoints, whose.environ, whose.now, by.silence, lambda: self.about)
        self.before = saved.kept(kept)
        self.own = [self.by_token.signed_in(self.before)] if self.before else []
        self.web = source_order.MadeWhenAsked("web", self._web)

    def ask(self, kind: PlanKind) -> source_order.Outcome:
        """Ask for one plan, by each way that can read it."""
        settings = self.settings
        return self._asked(kind, settings.source, settings.region, fallback=settings.region_fallback)

    def look(self, kind: PlanKind, answer: source_order.Outcome) -> source_order.Outcome:
        """See by one request whether there is a plan, by the way and in the region of an answer for another one."""
        region = answer.region or self.settings.region
        return self._asked(kind, answer.source or "auto", region, fallback=False, is_look=True)

    def to_keep(self) -> str | None:
        """The text to keep: what the browser's session became, else what was kept, with the sign-in as it is now."""
        web = self.web.made
        text = saved.carried_over(web.to_text(), self.kept) if isinstance(web, RenewingSource) else self.kept
        return saved.brought_up_to_date(text, self.own[0].sign_in) if self.own else text

    def _asked(
        self, kind: PlanKind, source: SourceChoice, region: RegionName, *, fallback: bool, is_look: bool = False
    ) -> source_order.Outcome:
        known = self.notes.known.get(kind, Known())
        about = PlanQuestion(PLANS[kind], self.whose.now, time.sleep, known, is_look)
        self.about = None if kind == CODING_PLAN.kind else about
        outcome = source_order.ask(
            self._sources(kind), source=source, region=region, region_fallback=fallback, plan=kind
        )
        if about.known != known:
            self.notes = self.notes.learned(kind, about.known)
        return outcome

    def _sources(self, kind: PlanKind) -> Iterator[source_order.Source]:
        """Each way that may read a plan, in their order; what it takes is looked for when its turn comes."""
        if kind == TOKEN_PLAN_TEAM.kind:
            yield from (own for own in self.own if own.sign_in.way == "access_key")
            yield self.web
            return
        yield from self.own
        yield self.web
        yield from self.by_token.of_the_tool(asked_for=self.settings.source == "token" and not self.own)
        yield from self._tool(kind)
        if kind == CODING_PLAN.kind:
            yield self._api()

    def _web(self) -> RenewingSource | source_order.Unavailable:
        whose, settings = self.whose, self.settings
        browsers = whose.browsers(settings, self.deadline)
        now, asked = whose.now(), regions(settings)
        kept = session.living(self.kept, lambda jar: any(covers(jar, region, now) for region in asked))
        try:
            found = session.find(settings, whose.environ, kept, browsers, by_hand=whose.by_hand)
        except CodingPlanError as error:
            return source_order.Unavailable("web", error)
        return RenewingSource(found, self._visit, browsers)

    def _visit(self, found: session.Found) -> WebSource:
        send, endpoints, silence = self.by
        now, about = self.whose.now, self.about
        return WebSource(send, endpoints, found.session, found.kept, now=now, silence=silence, question=about)

    def _tool(self, kind: PlanKind) -> list[source_order.Source]:
        """The provider's tool. If it is not installed and no setting asks for it, nothing is said of it."""
        try:
            command = bl.find(self.whose.environ, named=self.settings.bl_path)
        except CodingPlanError as error:
            asked_for = self.settings.source == "cli" or self.settings.bl_path
            return [source_order.Unavailable("cli", error)] if asked_for else []
        settings = self.settings
        environ = bl.with_settings(self.whose.environ, proxy=settings.proxy, ca_bundle=settings.ca_bundle)
        return [bl.ToolSource(command, environ, self.deadline, self.whose.now, kind)]

    def _api(self) -> source_order.Source:
        whose = self.whose
        try:
            key = api_key.find(whose.environ, setting=self.settings.api_key, entry=whose.entry)
        except CodingPlanError as error:
            return source_order.Unavailable("api", error)
        if key is None:
            return source_order.Unavailable("api", MissingCredentials("key.none"))
        return ApiSource(self.by.send, self.by.endpoints, key, now=whose.now, silence=self.by.silence)
