"""Asking the provider: the sources put together from the settings, and what they said as one snapshot."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from functools import partial

from codingplan_bar import store
from codingplan_bar.errors import CodingPlanError, ConfigError, MissingCredentials, StorageFailure
from codingplan_bar.fetch import api_key, chain, circumstances, codexbar, endpoints, sessions, tool
from codingplan_bar.fetch.api import ApiSource
from codingplan_bar.fetch.asker import Asked, Asker
from codingplan_bar.fetch.attentive import Attentive
from codingplan_bar.fetch.deadline import Deadline
from codingplan_bar.fetch.endpoints import PROVIDERS_OWN, Endpoints
from codingplan_bar.fetch.files import Files
from codingplan_bar.fetch.importing import BrowserImport, depends_on, regions
from codingplan_bar.fetch.regions import REGIONS
from codingplan_bar.fetch.renewal import RenewingSource
from codingplan_bar.fetch.request import Send
from codingplan_bar.fetch.session import covers
from codingplan_bar.fetch.settings import Settings
from codingplan_bar.fetch.web import WebSource
from codingplan_bar.model import Problem, RegionName, Snapshot
from codingplan_bar.text import clean

Clock = Callable[[], float]


Importing = Callable[[Settings, Deadline], sessions.Import]
"""Makes what imports a session for one refresh."""


def network(deadline: Deadline) -> Send:
    """What sends over the network; it is imported by whoever sends, since it costs as much as all the rest."""
    from codingplan_bar.fetch.http import Transport

    return Transport(deadline)


def asker_for(
    files: Files, settings: Settings, *, misconfigured: ConfigError | None, now: Clock, may_prompt: bool = False
) -> Asker:
    """Who asks for this user. What CodexBar's file says fills in for settings that the user did not give.

    `may_prompt`: somebody sits there, and may be asked to unlock a keyring.
    """
    entry = codexbar.find(files.environ)
    settings = with_codexbar(settings, entry)
    question = Question(files, now, codexbar_entry=entry, browsers=browsers_of(files.environ, now, may_prompt))
    return Asker(
        settings=settings,
        ask=question.ask,
        now=now,
        dashboard=PROVIDERS_OWN.dashboard(REGIONS[settings["region"]]),
        circumstances=circumstances.fingerprint(
            files.environ,
            [str(files.settings), *tool.inputs(files.environ, named=settings["bl_path"])],
            stores=depends_on(settings, files.environ),
        ),
        misconfigured=problem_of(misconfigured) if misconfigured else None,
    )


def browsers_of(environ: Mapping[str, str], now: Clock, may_prompt: bool) -> Importing:  # noqa: FBT001 - one of three
    """The import from this user's browsers."""
    return lambda settings, deadline: BrowserImport(environ, settings, now, deadline, may_prompt)


def with_codexbar(settings: Settings, entry: codexbar.Entry) -> Settings:
    """The settings, with CodexBar's word where the user's own is not there."""
    said = {
        "region": entry.region,
        "source": entry.source,
        "cookie_source": entry.cookie_source,
        "cookie_header": entry.cookie_header,
    }
    return settings.filled(**{name: value for name, value in said.items() if value and name not in settings.given})


def problem_of(error: CodingPlanError) -> Problem:
    """An error as data, its texts cleaned."""
    message, hint = (clean(text, chain.LONGEST_MESSAGE) for text in (error.message, error.hint))
    return Problem(error.code, message, hint)


class Question:
    """One question to the provider, with all that it takes.

    `transport` makes what sends until a deadline, `browsers` what imports a session until then.
    """

    def __init__(
        self,
        files: Files,
        now: Clock,
        *,
        codexbar_entry: codexbar.Entry,
        browsers: Importing,
        transport: Callable[[Deadline], Send] = network,
    ) -> None:
        """Nothing is read or sent yet."""
        self.files = files
        self.environ = files.environ
        self.now = now
        self.entry = codexbar_entry
        self.browsers = browsers
        self.transport = transport

    def ask(self, settings: Settings) -> Asked:
        """What the provider says, or why it could not be asked."""
        deadline = Deadline(settings["timeout"])
        send = Attentive(self.transport(deadline), self.now)
        try:
            targets = endpoints.judge(self.environ)
        except CodingPlanError as error:
            return Asked(self._snapshot(chain.Outcome((), error=error), settings["region"]))
        by_web = settings["source"] in ("auto", "web")
        visit = partial(self._visit, send, targets)
        web = self._web(settings, visit, self.browsers(settings, deadline)) if by_web else None
        outcome = chain.ask(
            [*([web] if web else []), *self._tool(settings, deadline), self._api(settings, targets, send)],
            source=settings["source"],
            region=settings["region"],
            region_fallback=settings["region_fallback"],
        )
        if isinstance(web, RenewingSource):
            self._keep(web.to_text())
        return Asked(self._snapshot(outcome, settings["region"]), send.wait)

    def _snapshot(self, outcome: chain.Outcome, own: RegionName) -> Snapshot:
        reading = outcome.reading
        return Snapshot(
            fetched_at=int(self.now()),
            dashboard_url=PROVIDERS_OWN.dashboard(REGIONS[outcome.region or own]),
            source=outcome.source,
            region=outcome.region,
            plan=reading.plan if reading else None,
            windows=reading.windows if reading else (),
            attempts=outcome.attempts,
            error=outcome.problem,
        )

    def _visit(self, send: Send, targets: Endpoints, found: sessions.Found) -> WebSource:
        return WebSource(send, targets, found.session, found.kept, now=self.now)

    def _web(
        self, settings: Settings, visit: Callable[[sessions.Found], WebSource], browsers: sessions.Import
    ) -> RenewingSource | chain.Unavailable:
        now, asked = self.now(), regions(settings)
        kept = sessions.living(self.files.kept_session(), lambda jar: any(covers(jar, region, now) for region in asked))
        try:
            found = sessions.find(settings, self.environ, kept, browsers)
        except CodingPlanError as error:
            return chain.Unavailable("web", error)
        return RenewingSource(found, visit, browsers)

    def _keep(self, text: str) -> None:
        if text != self.files.kept_session():
            with contextlib.suppress(StorageFailure):  # without it the next refresh asks for a token again
                store.replace(self.files.session, text)

    def _tool(self, settings: Settings, deadline: Deadline) -> list[chain.Source]:
        """The provider's tool. Where nobody asked for it and none is installed, there is nothing to say about it."""
        try:
            command = tool.find(self.environ, named=settings["bl_path"])
        except CodingPlanError as error:
            asked_for = settings["source"] == "cli" or settings["bl_path"]
            return [chain.Unavailable("cli", error)] if asked_for else []
        return [tool.ToolSource(command, self.environ, deadline, self.now)]

    def _api(self, settings: Settings, targets: Endpoints, send: Send) -> chain.Source:
        try:
            key = api_key.find(self.environ, setting=settings["api_key"], entry=self.entry)
        except CodingPlanError as error:
            return chain.Unavailable("api", error)
        if key is None:
            return chain.Unavailable("api", MissingCredentials("There is no API key."))
        return ApiSource(send, targets, key, now=self.now)
