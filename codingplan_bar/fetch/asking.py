"""Asking the provider: the sources put together from the settings, and what they said as one snapshot."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping

from codingplan_bar import store
from codingplan_bar.errors import CodingPlanError, ConfigError, MissingCredentials, StorageFailure
from codingplan_bar.fetch import api_key, chain, circumstances, codexbar, endpoints, sessions
from codingplan_bar.fetch.api import ApiSource
from codingplan_bar.fetch.deadline import Deadline
from codingplan_bar.fetch.endpoints import Endpoints
from codingplan_bar.fetch.files import Files
from codingplan_bar.fetch.http import Transport
from codingplan_bar.fetch.refresh import Asked, Asker
from codingplan_bar.fetch.regions import REGIONS
from codingplan_bar.fetch.request import Send
from codingplan_bar.fetch.settings import Settings
from codingplan_bar.fetch.web import WebSource
from codingplan_bar.model import Problem, Snapshot

Clock = Callable[[], float]
PROVIDERS_OWN = Endpoints()


def asker_for(files: Files, settings: Settings, *, misconfigured: ConfigError | None, now: Clock) -> Asker:
    """Who asks for this user. What CodexBar's file says fills in for settings that the user did not give."""
    entry = codexbar.find(files.environ)
    settings = with_codexbar(settings, entry)
    question = Question(files, entry, now)
    return Asker(
        settings=settings,
        ask=question.ask,
        now=now,
        dashboard=PROVIDERS_OWN.dashboard(REGIONS[settings["region"]]),
        circumstances=circumstances.fingerprint(files.environ, [str(files.settings)]),
        misconfigured=problem_of(misconfigured) if misconfigured else None,
    )


def with_codexbar(settings: Settings, entry: codexbar.Entry) -> Settings:
    """The settings, with CodexBar's word where the user's own is not there."""
    said = {
        "region": entry.region,
        "source": entry.source,
        "cookie_source": entry.cookie_source,
        "cookie_header": entry.cookie_header,
    }
    return settings.replaced(**{name: value for name, value in said.items() if value and name not in settings.given})


def problem_of(error: CodingPlanError) -> Problem:
    """An error as data."""
    return Problem(error.code, error.message, error.hint)


class Question:
    """One question to the provider, with all that it takes."""

    def __init__(self, files: Files, entry: codexbar.Entry, now: Clock) -> None:
        """Nothing is read or sent yet."""
        self.files = files
        self.environ: Mapping[str, str] = files.environ
        self.entry = entry
        self.now = now

    def ask(self, settings: Settings) -> Asked:
        """What the provider says, or why it could not be asked."""
        dashboard = PROVIDERS_OWN.dashboard(REGIONS[settings["region"]])
        try:
            targets = endpoints.judge(self.environ)
        except CodingPlanError as error:
            return Asked(Snapshot(int(self.now()), dashboard, error=problem_of(error)))
        send = Transport(Deadline(settings["timeout"]))
        kept = store.read(self.files.session)
        session = self._session(settings, kept)
        outcome = chain.ask(
            [self._web(session, targets, send), self._api(settings, targets, send)],
            source=settings["source"],
            region=settings["region"],
            region_fallback=settings["region_fallback"],
        )
        if isinstance(session, sessions.Found) and session.to_text() != kept:
            self._keep(session)
        return Asked(self._snapshot(outcome, dashboard), getattr(outcome.error, "retry_after", None))

    def _snapshot(self, outcome: chain.Outcome, dashboard: str) -> Snapshot:
        reading = outcome.reading
        return Snapshot(
            fetched_at=int(self.now()),
            dashboard_url=PROVIDERS_OWN.dashboard(REGIONS[outcome.region]) if outcome.region else dashboard,
            source=outcome.source,
            region=outcome.region,
            plan=reading.plan if reading else None,
            windows=reading.windows if reading else (),
            attempts=outcome.attempts,
            error=outcome.problem,
        )

    def _session(self, settings: Settings, kept: str | None) -> sessions.Found | CodingPlanError:
        try:
            return sessions.find(settings, self.environ, kept, browsers=lambda: None)
        except CodingPlanError as error:
            return error

    def _web(self, session: sessions.Found | CodingPlanError, targets: Endpoints, send: Send) -> chain.Source:
        if isinstance(session, CodingPlanError):
            return chain.Unavailable("web", session)
        return WebSource(send, targets, session.session, session.kept, now=self.now)

    def _keep(self, session: sessions.Found) -> None:
        with contextlib.suppress(StorageFailure):  # without it the next refresh asks for a token again
            store.replace(self.files.session, session.to_text())

    def _api(self, settings: Settings, targets: Endpoints, send: Send) -> chain.Source:
        try:
            key = api_key.find(self.environ, setting=settings["api_key"], entry=self.entry)
        except CodingPlanError as error:
            return chain.Unavailable("api", error)
        if key is None:
            return chain.Unavailable("api", MissingCredentials("There is no API key."))
        return ApiSource(send, targets, key, now=self.now)
