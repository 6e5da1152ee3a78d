"""The checks of the program, the settings, the network, the files and the clock; and one real refresh."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from codingplan_bar import __version__, environment, paths, snapshot
from codingplan_bar.alerts import notify
from codingplan_bar.bars.phrases import clock as by_clock
from codingplan_bar.bars.view import View
from codingplan_bar.commands import status
from codingplan_bar.commands.doctor import bars
from codingplan_bar.commands.doctor.report import CheckContext, Line
from codingplan_bar.commands.refresh import tries
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.files import Configuration
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.pasted_session import session_of
from codingplan_bar.errors import CodingPlanError, ConfigError, InvalidCookie, MissingCredentials
from codingplan_bar.facts import SETTING_PREFIX
from codingplan_bar.history.record import Record
from codingplan_bar.model import Problem, Snapshot
from codingplan_bar.provider.addresses import judge
from codingplan_bar.refresh.session import HEADER, regions
from codingplan_bar.resources import command, has_a_space_in_its_first_line
from codingplan_bar.settings.settings import SETTINGS, THE_TESTS_OWN
from codingplan_bar.transport import http
from codingplan_bar.words.errors import found, in_a_row

FOLDERS = ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "BAILIAN_CONFIG_DIR", "CODEXBAR_CONFIG")
"""What says where files lie: a bar that has none of them looks for them elsewhere."""
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS")
"""What OpenSSL trusts in the place of the system's, and Node.js, on which `bl` runs, beside its own."""


def version(visit: CheckContext) -> Iterator[Line]:
    """The program's own, and what it runs on."""
    yield visit.ok("version", "version", __version__, platform.python_version(), platform.platform(terse=True))


def program(visit: CheckContext) -> Iterator[Line]:
    """Where the program lies, and whether a bar finds it there by its name."""
    path = command()
    if not os.access(path, os.X_OK):
        yield visit.bad("program", "program.none")
    elif has_a_space_in_its_first_line(path):
        yield replace(visit.bad("program", "program.no start", visit.shown(path)), stops=True)
    elif shutil.which(paths.NAME, path=bars.PATH) is None:
        yield visit.ok("program", "program.by path", visit.shown(path), bars.PATH)
    else:
        yield visit.ok("program", "program", visit.shown(path))


def settings(visit: CheckContext) -> Iterator[Line]:
    """The file of settings; a wrong one is the first thing to put right."""
    place, language = visit.shown(visit.refresher.files.settings), visit.bars_words["language"]
    given = [name for name in SETTINGS if name in visit.settings.given]
    for fault in visit.settings.faults:
        message, step = fault.said(language)
        yield Line("settings", "bad", message, step, stops=fault.limits)
    if visit.settings.faults:
        return
    if paths.is_nowhere(str(visit.refresher.files.settings)):
        yield _homeless(visit)
        return
    yield from _unwritable(visit)
    if not os.path.exists(visit.refresher.files.settings):
        yield visit.ok("settings", "settings.none", place)
    else:
        yield visit.ok("settings", "settings", place, given or visit.words["nothing"])


def _unwritable(visit: CheckContext) -> Iterator[Line]:
    """That no setting can be changed, where the mode of the file's folder is why. Another program's file is its own."""
    file = Configuration(visit.refresher.files.settings, visit.environ)
    with contextlib.suppress(LeftAlone):
        try:
            file.try_writing()
        except PermissionError:
            kind, folder = paths.in_the_way(str(file.path.parent))
            line = visit.note("settings", f"settings.{kind}", visit.typed(folder))
            yield replace(line, fold="news")


def variables(visit: CheckContext) -> Iterator[Line]:
    """The variables that hold here, each with the setting in its place; a bar may have none of them.

    A wrong one is told where it is wrong: its value is not worth keeping.
    """
    wrong = {THE_TESTS_OWN, *(fault.where for fault in visit.settings.faults), *_wrong_header(visit)}
    ours = [name for name in sorted(visit.environ) if environment.matters(name) and name not in wrong]
    pair = [name for name in ours if name in (*environment.ACCESS_KEYS, *environment.BL_ACCESS_KEYS)]
    alone = [name for name in ours if name not in (*pair, *_settings_in_the_place())]
    if held := [name for name in ours if name not in (*pair, *alone)]:
        has_file = not paths.is_nowhere(str(visit.refresher.files.settings))
        told = told_with_settings(held, visit.words["with setting"])
        yield visit.note("variables", "variables" if has_file else "variables.no file", told, _settings_file(visit))
    if pair:
        yield visit.note("variables", "variables.pair", pair)
    if alone:
        yield visit.note("variables", "variables.alone", alone)
    folders = [name for name in FOLDERS if visit.environ.get(name)]
    if folders:
        yield visit.note("variables", "variables.folders", folders)


def _wrong_header(visit: CheckContext) -> Iterator[str]:
    """The variables of a Cookie header, where that is not valid."""
    for variable in (environment.COOKIE, SETTING_PREFIX + HEADER.upper()):
        try:
            session_of(visit.environ.get(variable, ""))
        except InvalidCookie:
            yield variable


def _settings_in_the_place() -> dict[str, str]:
    """The variables that a setting can stand in for, each with that setting."""
    return {SETTING_PREFIX + name.upper(): name for name in SETTINGS} | environment.IN_THE_PLACE_OF


def told_with_settings(variables: list[str], pattern: str) -> list[str]:
    """Each variable in the pattern with the setting that holds the same; alone where none does."""
    known = _settings_in_the_place()
    return [pattern.format(name, known[name]) if name in known else name for name in variables]


def other_program(visit: CheckContext) -> Iterator[Line]:
    """CodexBar's file, where there is one: it fills in for what the user's own settings do not say."""
    entry = other_tools.codexbar_entry(visit.environ)
    for note in entry.notes:
        yield Line("codexbar", "note", note)
    named = ("region", "source", "cookie_source", "cookie_header", "api_key")
    filled = [name for name in named if getattr(entry, name) and name not in visit.settings.given]
    if entry.file and filled:
        yield visit.note("codexbar", "codexbar", entry.file, filled)


def addresses(visit: CheckContext) -> Iterator[Line]:
    """Who is asked: the provider, or what an override names."""
    try:
        judge(visit.environ)
    except CodingPlanError as error:
        yield replace(visit.problem("endpoints", error.code, error.message, error.hint), stops=True)
        return
    overridden = [name for name in environment.OVERRIDES if visit.environ.get(name, "").strip(" ")]
    if overridden:
        yield visit.note("endpoints", "endpoints.override", overridden)
    else:
        yield visit.ok("endpoints", "endpoints", visit.settings.region)


def network(visit: CheckContext) -> Iterator[Line]:
    """Proxies and certificates of the user's own."""
    try:
        bundle = http.ca_bundle(visit.environ, visit.settings.ca_bundle)
    except CodingPlanError as error:
        yield replace(visit.problem("network", error.code, error.message, error.hint), stops=True)
        return
    bundle = bundle or next((path for name in CERTIFICATES if (path := visit.environ.get(name))), None)
    named = [name for name in http.PROXIES if visit.environ.get(name)]
    direct = _past_the_proxy(visit)
    if visit.settings.proxy:
        yield visit.ok("network", "network.proxy", "proxy")
    elif named:
        yield visit.note("network", "network.proxy of shell", named[:1], _settings_file(visit))
    for variable in dict.fromkeys(direct.values()):
        hosts = [host for host, by in direct.items() if by == variable]
        yield visit.note("network", "network.past the proxy", hosts, variable)
    if bundle and visit.settings.ca_bundle:
        yield visit.ok("network", "network.certificates", visit.shown(Path(bundle)))
    elif bundle:
        yield visit.note("network", "network.certificates of shell", visit.shown(Path(bundle)), _settings_file(visit))


def _past_the_proxy(visit: CheckContext) -> dict[str, str]:
    """The hosts that are asked past the proxy of the variables, each with the variable that says so."""
    try:
        targets = judge(visit.environ)
    except CodingPlanError:
        return {}
    pages = [targets.dashboard_page(region).url for region in regions(visit.settings)]
    asked = [*pages, *(targets.rpc(region, region.shapes[0]).url for region in regions(visit.settings))]
    found = {http.spoken_host(url): http.past_the_proxy(url, visit.settings.proxy) for url in asked}
    return {host: variable for host, variable in found.items() if variable}


def _settings_file(visit: CheckContext) -> str:
    return visit.shown(visit.refresher.files.settings)


# What is kept, where, and by what clock; and who is told of an alert.

WRITTEN = 1_795_000_000
"""Seconds since 1970, in November 2026: no clock of a machine that has this program is before that."""
AHEAD = 60
"""Seconds by which the stored numbers may be ahead."""
ASIDE = "*.unreadable"


def folders(visit: CheckContext) -> Iterator[Line]:
    """Where the snapshot and what must last are kept, and what could not be read there."""
    for name, usual, used in (
        ("cache", paths.cache_folder(visit.environ), paths.working_folder(visit.environ)),
        ("state", paths.state_folder(visit.environ), paths.lasting_folder(visit.environ)),
    ):
        if paths.is_nowhere(used):
            yield _homeless(visit)
        elif not paths.is_usable(used):
            yield _shut(visit, name, used)
        elif used != usual:
            yield visit.note(name, "folder.elsewhere", visit.shown(usual), visit.shown(used))
        else:
            yield visit.ok(name, "folder", visit.shown(used))
        for path in sorted(Path(used).glob(ASIDE)) if os.path.exists(used) else ():
            yield visit.note(name, "folder.aside", visit.shown(path))


def _homeless(visit: CheckContext) -> Line:
    """That there is no home folder: all that would lie there says it, and the page once."""
    return visit.bad("home", "home", visit.environ.get("HOME", ""))


def _shut(visit: CheckContext, name: str, folder: str) -> Line:
    """A folder that cannot be written, or made, with what helps: another name for a file, a mode of the user's own."""
    kind, there = paths.in_the_way(folder)
    return visit.bad(name, f"folder.{kind}", visit.shown(folder), visit.typed(there))


def clock(visit: CheckContext) -> Iterator[Line]:
    """Whether the machine's clock can be right."""
    now = time.time()
    if now < WRITTEN or visit.refresher.known().fetched_at > now + AHEAD:
        yield visit.bad("clock", "clock.wrong")
    else:
        yield visit.ok("clock", "clock", time.strftime("%Y-%m-%d %H:%M", time.localtime(now)), time.strftime("%z"))


def history(visit: CheckContext) -> Iterator[Line]:
    """How much of the past is recorded, and what keeps more of it from being so."""
    record = Record(visit.refresher.files.history)
    if reason := record.trouble():
        yield visit.note("history", f"history.{reason}", visit.typed(record.path))
    entries = record.since(0)
    if not entries:
        yield visit.absent("history", "history.none")
        return
    since = by_clock(entries[0].at, time.time(), visit.bars_words)
    yield visit.ok("history", "history", len(entries), since)


def alerts(visit: CheckContext) -> Iterator[Line]:
    """Whether an alert would reach anybody."""
    if visit.settings.notifications:
        reached = notify.has_service(visit.environ)
        yield visit.ok("alerts", "alerts") if reached else visit.note("alerts", "alerts.no bus")
    command = visit.settings.on_threshold
    if command and shutil.which(command[0], path=bars.PATH) is None:
        path, found = Path(command[0]), shutil.which(command[0], path=visit.environ.get("PATH", ""))
        by_name = "no command" if found else "no program"
        key = by_name if not path.is_absolute() else "not executable" if os.path.exists(path) else "no file"
        yield visit.bad("alerts", f"alerts.{key}", visit.typed(command[0]), visit.typed(found or ""))


def asked(visit: CheckContext) -> Snapshot | None:
    """What the provider says now; with `offline` what it said last, None where that says nothing of what holds now.

    So it is with a failure by other settings or credentials.
    """
    if not visit.offline:
        return visit.refresher.refresh("by hand")
    holds = visit.refresher.has_snapshot() and not visit.refresher.failed_otherwise()
    return visit.refresher.known() if holds else None


def answer(visit: CheckContext, latest: Snapshot | None) -> Iterator[Line]:
    """What the provider said, or what has kept it from being asked."""
    if latest is None:
        yield visit.note("provider", f"provider.{'otherwise' if visit.refresher.failed_otherwise() else 'not asked'}")
        return
    storage = visit.refresher.storage_problem
    if storage and not _is_told(visit, storage.where):
        yield visit.problem("cache", storage.code, storage.message, storage.hint)
    yield from _said(visit, latest)


def _is_told(visit: CheckContext, file: str) -> bool:
    """Whether why a file was not stored has a line elsewhere: the history's own, or that its folder is shut."""
    return file == str(visit.refresher.files.history) or not paths.is_usable(str(Path(file).parent))


PLACES = {
    "config": "settings",
    "endpoint_rejected": "endpoints",
    "network": "network",
    "missing_credentials": "sign-in",
    "invalid_cookie": "session",
    "source_gone": "in use",
    "internal": "program",
}
"""The check that an error belongs to whose cause is on this machine, or on the way; any other is the server's."""
BY_SENTENCE = {
    "network": ("proxy.", "certificates."),
    "clock": ("mint.clock",),
    "key": ("key.",),
    "tool": (
        "tool.missing",
        "tool.relative",
        "tool.no_program",
        "tool.no_node",
        "tool.no_start",
        "tool.other",
        "tool.old",
        "tool.plan_unknown",
        "tool.usage",
        "tool.signed_out",
    ),
}
"""The same by how the key of a sentence begins, where the code is wider. What the server tells `bl` is the server's."""


def place_of(problem: Problem) -> str:
    """The check that a failure belongs to."""
    key = found(problem.message)[0]
    by_sentence = (name for name, begins in BY_SENTENCE.items() if key.startswith(begins))
    return next(by_sentence, PLACES.get(problem.code, "provider"))


def _failed(visit: CheckContext, problem: Problem) -> Iterator[Line]:
    """Why there are no numbers, at the place of its cause, and when the next try is; a wrong setting is said above."""
    if problem.code == ConfigError.code and visit.settings.limiting:
        return
    line = visit.problem(place_of(problem), problem.code, problem.message, problem.hint)
    if again := tries(visit.refresher, time.time()):
        line = replace(line, text=in_a_row((line.text, again), visit.bars_words["language"]))
    yield line


def _said(visit: CheckContext, latest: Snapshot) -> Iterator[Line]:
    code, tried = latest.error.code if latest.error else "", snapshot.document_of(latest)["attempts"]
    for attempt, told in zip(latest.attempts, status.attempts(tried, code, visit.bars_words), strict=False):
        is_echo = attempt.outcome in (MissingCredentials.code, code)
        yield Line("attempt", "note", told, fold="echo" if is_echo else "")
    if latest.error:
        yield from _failed(visit, latest.error)
        return
    view = View(visit.refresher.publish(), time.time(), visit.environ)
    yield visit.ok("provider", "provider", view.title, view.updated(), latest.source, latest.region)
