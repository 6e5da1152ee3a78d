"""The session in the user's browsers, as one refresh asks for it; and what is said where none has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from codingplan_bar.errors import CodingPlanError, LoginRequired, MissingCredentials
from codingplan_bar.fetch.browsers.entries import Report
from codingplan_bar.fetch.browsers.search import SEARCH_SECONDS, Search, search
from codingplan_bar.fetch.browsers.stores import stores_state
from codingplan_bar.fetch.browsers.verdicts import Verdict
from codingplan_bar.fetch.browsers.wanted import Wanted
from codingplan_bar.fetch.deadline import Deadline
from codingplan_bar.fetch.regions import REGIONS, Region
from codingplan_bar.fetch.sessions import VARIABLE, Imported
from codingplan_bar.fetch.settings import Settings

CLOSED: frozenset[Verdict] = frozenset(
    {"keyring_locked", "keyring_absent", "keyring_mute", "keyring_no_key", "would_ask", "app_bound", "no_access"}
)
"""What keeps a store shut that may well hold a session: whoever can open it is told how."""

SIGN_IN = "Sign in to the console in your browser"
PASTE = 'or paste a Cookie header: cookie_header, with cookie_source = "manual"'


@dataclass(frozen=True, slots=True)
class BrowserImport:
    """Looks through the user's browsers until a deadline. It asks nobody for anything unless it `may_prompt`."""

    environ: Mapping[str, str]
    settings: Settings
    now: Callable[[], float]
    deadline: Deadline
    may_prompt: bool = False

    def __call__(self, turned_down: frozenset[str]) -> Imported:
        """The best session but for those that were turned down.

        Raises `LoginRequired` where there are only such ones, `MissingCredentials` where there is none.
        """
        found = self.looked(turned_down)
        if found.jar is None:
            raise nothing_in(found.reports)
        return Imported(found.jar, found.origin)

    def looked(self, turned_down: frozenset[str] = frozenset()) -> Search:
        """The whole search, with a report a store."""
        wanted = Wanted(
            regions(self.settings),
            self.now(),
            names=tuple(self.settings["browsers"]),
            may_prompt=self.may_prompt,
            turned_down=turned_down,
        )
        seconds = self.deadline.remaining() if self.may_prompt else min(self.deadline.remaining(), SEARCH_SECONDS)
        return search(self.environ, wanted, deadline=Deadline(seconds))


def regions(settings: Settings) -> tuple[Region, ...]:
    """The user's region, and the one that is tried next."""
    own = REGIONS[settings["region"]]
    return (own, REGIONS["cn"]) if own.name == "intl" and settings["region_fallback"] else (own,)


def nothing_in(reports: tuple[Report, ...]) -> CodingPlanError:
    """Why there is no session: the one that was turned down, else what keeps a store shut, else what to do."""
    for report in reports:
        if report.verdict == "turned_down":
            return LoginRequired(f"The console session in {name_of(report)} is over.", hint=f"{SIGN_IN} again.")
    browsers = " and ".join(dict.fromkeys(report.browser for report in reports))
    message = f"No signed-in console session was found{f' in {browsers}' if browsers else ''}."
    shut = next((report for report in reports if report.verdict in CLOSED), None)
    hint = f"{name_of(shut)}: {shut.says}. {shut.hint}" if shut else f"{SIGN_IN}, {PASTE}."
    return MissingCredentials(message, hint=hint)


def name_of(report: Report) -> str:
    """The browser and its profile, as a person knows them."""
    return f"{report.browser} ({report.profile})" if report.profile else report.browser


def depends_on(settings: Settings, environ: Mapping[str, str]) -> str:
    """Changes when a browser writes its cookies, where a session may come from there; empty where none may."""
    by_browsers = settings["cookie_source"] == "auto" and settings["source"] in ("auto", "web")
    if not by_browsers or environ.get(VARIABLE, "").strip():
        return ""
    return stores_state(environ, settings["browsers"])
