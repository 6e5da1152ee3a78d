"""What there is to ask with: the browsers' sessions, the kept one, the key, the provider's own tool."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from codingplan_bar import environment, storage
from codingplan_bar.bars.phrases import duration
from codingplan_bar.browsers.catalogue import is_folder
from codingplan_bar.browsers.search import ASKING_SEARCH_SECONDS, SEARCH_SECONDS, Report, Search
from codingplan_bar.browsers.stores import discover
from codingplan_bar.browsers.verdicts import FULL_DISK_ACCESS
from codingplan_bar.commands.doctor.bars import PATH
from codingplan_bar.commands.doctor.report import CheckContext, Line, Verdict
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.saved import SavedSession, carried_over, kept
from codingplan_bar.errors import TURNED_DOWN, CodingPlanError, MissingCredentials, StorageFailure
from codingplan_bar.model import Attempt
from codingplan_bar.provider import api_key, bl
from codingplan_bar.refresh.schedule import ANSWERED
from codingplan_bar.refresh.session import BrowserImport, Found, ends_at, kept_jar, origin, turned_down
from codingplan_bar.transport.request import Deadline
from codingplan_bar.words import filled

BETTER = {"web": "pair", "header": "pair", "token": "pair", "pair that ends": "lasting pair"}
"""The words for the next better way, by the one in use: each asks less often for a person than the one before."""
GOOD = frozenset({"signed_in", "unproven"})
ASKED_BY = {"sign-in": "token", "browser": "web", "session": "web", "key": "api", "tool": "cli"}
"""The source of a refresh that asks with what a check has found."""
TAKEN = ANSWERED - {"", "bad_response", "api_key_unavailable"} | {"ok"}
REFUSED = frozenset({*(error.code for error in TURNED_DOWN), "api_key_unavailable", "invalid_cookie"})
"""What came of a try where the provider has taken the sign-in, and where it has not."""
SOON = 24 * 60 * 60
"""Seconds before its end at which a sign-in is worth renewing: it lives one to four days."""


def browsers(visit: CheckContext) -> Iterator[Line]:
    """Each profile of each browser; with `may_prompt`, what is found is kept in the place of the session before."""
    if visit.settings.source not in ("auto", "web"):
        yield visit.note("browser", "browser.source", visit.settings.source)
        return
    if visit.settings.limiting:
        yield replace(visit.note("browser", "browser.config"), fold="echo")
        return
    if visit.settings.cookie_source != "auto":
        yield visit.note("browser", "browser.cookie source", visit.settings.cookie_source)
        return
    found = _search(visit)
    if visit.may_prompt and found.jar:
        yield _kept(visit, found)
    empty = [name for name in visit.settings.browsers if is_folder(name) and not discover(visit.environ, [name])]
    for folder in empty:
        yield visit.note("browser", "browser.empty folder", visit.shown(folder))
    if not found.reports and not empty:
        yield visit.absent("browser", "browser.none")
    for report in found.reports:
        yield _told(visit, report, found)


def session(visit: CheckContext) -> Iterator[Line]:
    """The session that is asked with: a pasted one, or the kept one with its end."""
    if _is_pasted(visit):
        pasted = visit.settings.cookie_source == "manual"
        yield visit.ok("session", "session.pasted", "cookie_header" if pasted else environment.COOKIE)
        return
    kept_text = visit.refresher.files.kept_session()
    jar, where = kept_jar(kept_text), origin(kept_text)
    if jar is None or not where:
        yield visit.absent("session", "session.none")
        return
    shown = where.partition(", ")[0] if visit.is_report else where
    numbers = visit.refresher.files.shown()
    ends = ends_at(jar, numbers.region if numbers else None)
    left = ends - time.time() if ends else None
    if left is None:
        yield visit.ok("session", "session", shown)
    elif left < SOON:
        yield visit.note("session", "session.ends soon", shown, duration(max(left, 0), visit.bars_words))
    else:
        yield visit.ok("session", "session.ends", shown, duration(left, visit.bars_words))


def _is_pasted(visit: CheckContext) -> bool:
    """Whether a Cookie header of the user's own is asked with, and no browser's session."""
    return visit.settings.cookie_source == "manual" or bool(visit.environ.get(environment.COOKIE, "").strip())


def own(visit: CheckContext) -> Iterator[Line]:
    """The sign-in of `login`: by which way, since when, and whether it is over."""
    found = kept(visit.refresher.files.kept_session())
    if found is None:
        yield visit.absent("sign-in", "sign-in.none")
        return
    since = duration(max(time.time() - found.since, 0), visit.bars_words)
    if found.way == "access_key":
        place = (
            visit.words["sign-in.kept pair"] if found.pair else other_tools.place_of_pair(found.which, visit.environ)
        )
        yield visit.ok("sign-in", "sign-in.access_key", found.site.region.name, place)
    elif found.token:
        yield visit.ok("sign-in", f"sign-in.{found.way}", found.site.region.name, since)
    else:
        yield visit.note("sign-in", "sign-in.over", found.site.region.name)


def in_use(visit: CheckContext) -> Iterator[Line]:
    """Which way the last numbers came by, since when and until when, and the next better one."""
    way, end = visit.refresher.way_in_use()
    if way is None:
        yield replace(visit.note("in use", "in use.none"), fold="echo")
        return
    now = time.time()
    since = "" if end.since is None else visit.words["in use.since"].format(duration(now - end.since, visit.bars_words))
    until = ""
    if end.at is not None and end.at > now:
        about = "in use.learned" if end.is_learned else "in use.until"
        until = visit.words[about].format(duration(end.at - now, visit.bars_words))
    yield Line("in use", "ok", f"{visit.words[f'in use.{way}']}{since}{until}")
    if way in BETTER:
        yield visit.ok("in use", f"in use.better.{BETTER[way]}")


def proven(visit: CheckContext, line: Line, tried: Sequence[Attempt]) -> Line:
    """A line of what there is to ask with: a tick where the provider has taken it, else what came of it.

    Where a refusal is why there are no numbers, the short page says it once, with the step.
    """
    if line.name not in ASKED_BY or line.fold in ("absent", "news") or line.verdict == "bad":
        return line
    is_asked = line.name != "browser" or not _is_pasted(visit)
    outcomes = {each.outcome for each in tried if is_asked and each.source == ASKED_BY[line.name]}
    if line.verdict == "note":
        return replace(line, fold="echo") if outcomes & REFUSED and not outcomes & TAKEN else line
    if outcomes & TAKEN:
        return line
    came = "refused" if outcomes & REFUSED else "unanswered" if outcomes - {MissingCredentials.code} else "untried"
    return replace(line, verdict="note", text=filled(visit.words[f"way.{came}"], line.text), fold="echo")


def key(visit: CheckContext) -> Iterator[Line]:
    """Whether there is an API key, and which setting, file or variable it is from."""
    try:
        found = api_key.find(
            visit.environ, setting=visit.settings.api_key, entry=other_tools.codexbar_entry(visit.environ)
        )
    except CodingPlanError as error:
        yield visit.problem("key", error.code, f"{error.where}: {error.message}", error.hint)
        return
    yield visit.ok("key", "key", found.origin) if found else visit.absent("key", "key.none")


def provider_tool(visit: CheckContext) -> Iterator[Line]:
    """The provider's own tool."""
    try:
        found = str(bl.find(visit.environ, named=visit.settings.bl_path))
        if visit.settings.bl_path or _is_found_by_a_bar(visit):
            yield visit.ok("tool", "tool", visit.shown(found))
        else:  # under a version manager, say
            file = visit.shown(visit.refresher.files.settings)
            yield visit.note("tool", "tool.of shell", visit.shown(found), file)
    except CodingPlanError as error:
        is_wanted = visit.settings.source == "cli" or not isinstance(error, MissingCredentials)
        told = visit.problem("tool", error.code, error.message, error.hint)
        yield told if is_wanted else visit.absent("tool", "tool.none")


def _is_found_by_a_bar(visit: CheckContext) -> bool:
    """Whether the tool is there in an environment as bare as a bar's."""
    try:
        bl.find({**visit.environ, "PATH": PATH}, named="")
    except CodingPlanError:
        return False
    return True


def _search(visit: CheckContext) -> Search:
    deadline = Deadline(ASKING_SEARCH_SECONDS if visit.may_prompt else SEARCH_SECONDS)
    look = BrowserImport(visit.environ, visit.settings, time.time, deadline, visit.may_prompt)
    spent = () if visit.may_prompt else turned_down(visit.refresher.files.kept_session())
    return look.looked(frozenset(spent))


def _kept(visit: CheckContext, found: Search) -> Line:
    """Keep what was imported by hand; what was turned down before may be tried again then."""
    if found.jar is None:
        return visit.absent("browser", "browser.none")
    files, imported = visit.refresher.files, Found(found.jar, SavedSession(), found.origin, jar=found.jar)
    try:
        with files.locked(visit.settings):
            storage.replace(files.session, carried_over(imported.to_text(), files.kept_session()))
    except StorageFailure as error:
        return visit.problem("browser", error.code, error.message, error.hint)
    shown = found.origin.partition(", ")[0] if visit.is_report else found.origin
    return replace(visit.ok("browser", "browser.imported", shown), fold="news")


def _told(visit: CheckContext, report: Report, found: Search) -> Line:
    """One store. What is wrong with it is worth a step only where no other one is signed in."""
    profile = report.folder if visit.is_report else report.profile
    name = f"{report.browser} ({profile})" if profile else report.browser
    says = visit.words[f"browser.{report.verdict}"].format(missing=visit.words["and"].join(report.missing))
    verdict: Verdict = "ok" if report.verdict in GOOD else "note"
    hint = visit.words.get(_hint(report), "")
    step = "" if found.jar or not hint else f"{name}: {hint}"
    return Line("browser", verdict, f"{name}: {says}", step, fold="echo" if report.verdict == "spare" else "")


def _hint(report: Report) -> str:
    """The name of the words for what to do."""
    return "browser.full_disk_access" if report.hint == FULL_DISK_ACCESS else f"browser.{report.verdict}.next"
