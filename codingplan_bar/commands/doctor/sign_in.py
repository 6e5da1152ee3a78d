"""What there is to ask with: the browsers' sessions, the kept one, the key, the provider's own tool."""

from __future__ import annotations

import time
from collections.abc import Iterator

from codingplan_bar import store
from codingplan_bar.commands.doctor.visit import Line, Verdict, Visit
from codingplan_bar.errors import CodingPlanError, MissingCredentials, StorageFailure
from codingplan_bar.fetch import api_key, codexbar, sessions, tool
from codingplan_bar.fetch.browsers.entries import Report
from codingplan_bar.fetch.browsers.search import ASKING_SEARCH_SECONDS, SEARCH_SECONDS, Search
from codingplan_bar.fetch.browsers.verdicts import FULL_DISK_ACCESS
from codingplan_bar.fetch.deadline import Deadline
from codingplan_bar.fetch.importing import BrowserImport
from codingplan_bar.fetch.kept import Kept
from codingplan_bar.show.phrases import duration

GOOD = frozenset({"signed_in", "spare", "unproven"})
SOON = 24 * 60 * 60
"""Seconds before its end at which a sign-in is worth renewing: it lives one to four days."""


def browsers(visit: Visit) -> Iterator[Line]:
    """Each profile of each browser; with `may_prompt`, what is found is kept in the place of the session before."""
    if visit.settings["source"] in ("api", "cli"):
        yield visit.ok("browser", "browser.source", visit.settings["source"])
        return
    if visit.settings["cookie_source"] != "auto":
        yield visit.ok("browser", "browser.cookie source", visit.settings["cookie_source"])
        return
    found = _search(visit)
    if visit.may_prompt and found.jar:
        yield _kept(visit, found)
    if not found.reports:
        yield visit.note("browser", "browser.none")
    for report in found.reports:
        yield _told(visit, report, found)


def session(visit: Visit) -> Iterator[Line]:
    """The session that is asked with: a pasted one, or the kept one with its end."""
    if visit.settings["cookie_source"] == "manual" or visit.environ.get(sessions.VARIABLE, "").strip():
        pasted = visit.settings["cookie_source"] == "manual"
        yield visit.ok("session", "session.pasted", "cookie_header" if pasted else sessions.VARIABLE)
        return
    told = sessions.told(visit.desk.files.kept_session())
    origin, ends = told["session.origin"], told["session.ends_at"]
    if not origin:
        yield visit.ok("session", "session.none")
        return
    shown = origin.partition(", ")[0] if visit.is_report else origin
    left = int(ends) - time.time() if ends else None
    if left is None:
        yield visit.ok("session", "session", shown)
    elif left < SOON:
        yield visit.note("session", "session.ends soon", shown, duration(max(left, 0), visit.bars_words))
    else:
        yield visit.ok("session", "session.ends", shown, duration(left, visit.bars_words))


def key(visit: Visit) -> Iterator[Line]:
    """Whether there is an API key, and which setting, file or variable it is from."""
    try:
        found = api_key.find(visit.environ, setting=visit.settings["api_key"], entry=codexbar.find(visit.environ))
    except CodingPlanError as error:
        yield visit.problem("key", error.code, f"{error.where}: {error.message}", error.hint)
        return
    yield visit.ok("key", "key", found.origin) if found else visit.ok("key", "key.none")


def provider_tool(visit: Visit) -> Iterator[Line]:
    """The provider's own tool."""
    try:
        yield visit.ok("tool", "tool", visit.shown(tool.find(visit.environ, named=visit.settings["bl_path"])))
    except MissingCredentials:
        yield visit.bad("tool", "tool.wanted") if visit.settings["source"] == "cli" else visit.ok("tool", "tool.none")
    except CodingPlanError as error:
        yield visit.problem("tool", error.code, error.message, error.hint)


def _search(visit: Visit) -> Search:
    deadline = Deadline(ASKING_SEARCH_SECONDS if visit.may_prompt else SEARCH_SECONDS)
    look = BrowserImport(visit.environ, visit.settings, time.time, deadline, visit.may_prompt)
    spent = () if visit.may_prompt else sessions.turned_down(visit.desk.files.kept_session())
    return look.looked(frozenset(spent))


def _kept(visit: Visit, found: Search) -> Line:
    """Keep what was imported by hand; what was turned down before may be tried again then."""
    if found.jar is None:
        return visit.note("browser", "browser.none")
    files, imported = visit.desk.files, sessions.Found(found.jar, Kept(), found.origin, jar=found.jar)
    try:
        with store.lock(files.lock, patience=visit.settings["timeout"]):
            store.replace(files.session, imported.to_text())
    except StorageFailure as error:
        return visit.problem("browser", error.code, error.message, error.hint)
    return visit.ok("browser", "browser.imported", found.origin.partition(", ")[0] if visit.is_report else found.origin)


def _told(visit: Visit, report: Report, found: Search) -> Line:
    """One store. What is wrong with it is worth a step only where no other one is signed in."""
    profile = report.folder if visit.is_report else report.profile
    name = f"{report.browser} ({profile})" if profile else report.browser
    says = visit.words[f"browser.{report.verdict}"].format(missing=visit.words["and"].join(report.missing))
    verdict: Verdict = "ok" if report.verdict in GOOD else "note"
    hint = visit.words.get(_hint(report), "")
    return Line("browser", verdict, f"{name}: {says}", "" if found.jar or not hint else f"{name}: {hint}")


def _hint(report: Report) -> str:
    """The name of the words for what to do."""
    return "browser.full_disk_access" if report.hint == FULL_DISK_ACCESS else f"browser.{report.verdict}.next"
