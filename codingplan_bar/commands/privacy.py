"""`privacy`: what is read, kept, sent and run, for this machine and these settings. Nothing is sent for it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from codingplan_bar import environment, paths
from codingplan_bar.bars.phrases import padded, width, words_for
from codingplan_bar.browsers.stores import discover
from codingplan_bar.commands import output
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.other_tools import UnusableFile
from codingplan_bar.credentials.saved import kept
from codingplan_bar.errors import CodingPlanError
from codingplan_bar.provider import bl
from codingplan_bar.provider.addresses import Endpoints, judge, minting, token_gateway
from codingplan_bar.refresh.session import regions
from codingplan_bar.refresh.sources import with_codexbar
from codingplan_bar.refresh.store import Files
from codingplan_bar.regions import CN, INTL, NAMES, ConsoleToken, Site
from codingplan_bar.settings.settings import of_user
from codingplan_bar.transport.http import proxy_host, spoken_host
from codingplan_bar.words import filled, table
from codingplan_bar.words.errors import in_language

NOTHING_KEPT = "{}"
"""The file of the sign-in, where nothing is in it."""
Row = tuple[str, str]
"""A file, an address or a program, and what it is for."""


def privacy(environ: Mapping[str, str] = os.environ) -> int:
    """Print the five lists; 0."""
    machine = PrivacyOf(environ)
    columns, _ = output.sheet(environ)
    return output.put("\n".join(machine.page(columns)).rstrip("\n"))


class PrivacyOf:
    """One user's files and settings, as they stand."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Read the settings, also CodexBar's for what they do not say, and the kept sign-in."""
        self.environ, self.entry = environ, other_tools.codexbar_entry(environ)
        self.settings = with_codexbar(of_user(environ), self.entry)
        self.files = Files(environ, self.settings.plan)
        self.words = table(output.language_of(environ), "settings", "PRIVACY")

    def page(self, columns: int) -> Iterator[str]:
        """Each list below its title; a list without a row says so."""
        lists = {"read": self.read, "kept": self.kept, "sent": self.sent, "sent by login": self.login, "run": self.run}
        for name, rows in lists.items():
            yield from output.wrapped(self.words[name], columns)
            found = [*dict.fromkeys(rows())]
            blocked = self.settings.limiting and name not in ("read", "kept")
            for what, why in found or [(self.words["until then" if blocked else "nothing"], "")]:
                yield from _row(what, why, columns)
            yield ""
        yield from output.wrapped(self.words["end"], columns)

    def read(self) -> Iterator[Row]:
        """The files that are there and are looked into for a sign-in or a setting."""
        yield from self._if_there([str(self.files.settings)], "settings")
        if self.entry.file:
            yield self.entry.file, self.words["codexbar"]
        is_by_web = not self.settings.limiting and self.settings.source in ("auto", "web")
        if is_by_web and self.settings.cookie_source == "auto":
            for store in discover(self.environ, self.settings.browsers):
                yield self._shown(str(store.path)), filled(self.words["cookies"], store.title)
        tools = [other_tools.login_file(self.environ), other_tools.aliyun_file(self.environ)]
        yield from self._if_there(tools, "tool files")
        for name in sorted(name for name in self.environ if environment.matters(name)):
            yield name, self.words["variable"]

    def kept(self) -> Iterator[Row]:
        """The files of this program that are there, or the folder that keeps the user from seeing that."""
        for folder in map(Path, paths.candidate_folders(self.environ)):
            try:
                files = sorted(folder.iterdir()) if paths.is_folder(folder) else []
            except PermissionError:
                yield self._shown(str(folder)), self.words["shut"]
                continue
            yield from ((self._shown(str(path)), self._of_file(path)) for path in files)

    def sent(self) -> Iterator[Row]:
        """The hosts that a refresh may send to."""
        yield from self._hosts(lambda targets: [*self._by_session(targets), *self._by_token(targets)])

    def login(self) -> Iterator[Row]:
        """The hosts that `login` may send to: of the setting's site, of both where none is set."""
        is_set = "region" in self.settings.given
        sites = [NAMES[self.settings.region]] if is_set else [NAMES[region.name] for region in (INTL, CN)]
        yield from self._hosts(lambda targets: [row for site in sites for row in self._by_sign_in(targets, site)])

    def _by_sign_in(self, targets: Endpoints, site: Site) -> Iterator[Row]:
        """Where a new token is shown, and where an AccessKey pair makes one."""
        yield token_gateway(targets, ConsoleToken("", site, site.region.id)).url, self.words["token"]
        yield minting(targets, site).url, self.words["pair"]

    def _of_file(self, path: Path) -> str:
        """What a file is for; that of the sign-in is empty after `logout`."""
        if path.name == self.files.session.name and paths.read(path) == NOTHING_KEPT:
            return self.words["file.forgotten"]
        pieces = re.split("[.-]", path.name)
        by_ending, by_name = f"file.{pieces[-1]}", f"file.{pieces[0]}"
        if "." in path.name and by_ending in self.words:
            return self.words[by_ending]
        return self.words.get(by_name, self.words["file"])

    def _hosts(self, asked_at: Callable[[Endpoints], list[Row]]) -> Iterator[Row]:
        """The hosts of these addresses, and the proxies on the way."""
        if self.settings.limiting:
            return
        try:
            asked = asked_at(judge(self.environ))
        except CodingPlanError:
            return
        words = words_for(output.language_of(self.environ), self.environ)
        proxies = ((proxy_host(url, self.settings.proxy), self.words["proxy"]) for url, _ in asked)
        hosts = (*((spoken_host(url), why) for url, why in asked), *proxies)
        yield from ((in_language(host, words) or host, why) for host, why in hosts if host)

    def _by_session(self, targets: Endpoints) -> Iterator[Row]:
        """The addresses to which a console session or an API key is shown."""
        settings = self.settings
        for region in regions(settings):
            shapes = (targets.rpc(region, shape) for shape in region.shapes)
            pages = (targets.dashboard_page(region), targets.user_info(region), *shapes)
            by_web = pages if settings.source in ("auto", "web") and settings.cookie_source != "off" else ()
            by_key = (targets.api(region),) if settings.source in ("auto", "api") else ()
            why = self.words["session" if region.name == settings.region else "session elsewhere"]
            yield from ((target.url, why) for target in (*by_web, *by_key))

    def _by_token(self, targets: Endpoints) -> Iterator[Row]:
        """The addresses to which a token is shown, of `login` or as `bl` keeps it, and where one is made."""
        if self.settings.source not in ("auto", "token"):
            return
        sign_in = kept(self.files.kept_session())
        with contextlib.suppress(UnusableFile):
            if token := sign_in.console_token() if sign_in else other_tools.bl_token(self.environ):
                yield token_gateway(targets, token).url, self.words["token" if sign_in else "token of bl"]
        if sign_in and sign_in.way == "access_key":
            yield minting(targets, sign_in.site).url, self.words["pair"]

    def run(self) -> Iterator[Row]:
        """The programs of others that a refresh may start."""
        settings = self.settings
        if settings.limiting:
            return
        if settings.source in ("auto", "cli"):
            with contextlib.suppress(CodingPlanError):
                yield self._shown(bl.find(self.environ, named=settings.bl_path)), self.words["bl"]
        if settings.on_threshold:
            program = settings.on_threshold[0]
            yield self._shown(shutil.which(program, path=self.environ.get("PATH")) or program), self.words["alert"]

    def _if_there(self, files: list[str], why: str) -> Iterator[Row]:
        yield from ((self._shown(file), self.words[why]) for file in files if os.path.exists(file))

    def _shown(self, path: str) -> str:
        return paths.displayed(path, self.environ)


def _row(what: str, why: str, columns: int) -> list[str]:
    """Both in one line where they fit, else the second below the first."""
    if not why:
        return [f"  {what}"]
    room = 40
    if width(what) <= room and width(why) <= columns - room - 4:
        return [f"  {padded(what, room)}  {why}"]
    return [f"  {what}", *(f"    {line}" for line in output.wrapped(why, columns - 4))]
