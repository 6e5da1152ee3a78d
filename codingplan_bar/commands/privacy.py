"""`privacy`: what is read, kept, sent and run, for this machine and these settings. Nothing is sent for it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from codingplan_bar import environment, paths
from codingplan_bar.bars.phrases import padded, width, words_for
from codingplan_bar.browsers.stores import discover
from codingplan_bar.commands import output
from codingplan_bar.credentials import access_keys, codexbar
from codingplan_bar.credentials.console_token import SignIn, kept
from codingplan_bar.errors import CodingPlanError
from codingplan_bar.provider import bl
from codingplan_bar.provider.addresses import Endpoints, gateway, judge, minting
from codingplan_bar.refresh.files import Files
from codingplan_bar.regions import REGIONS, ConsoleToken, Region
from codingplan_bar.settings.settings import of_user
from codingplan_bar.transport.http import spoken_host
from codingplan_bar.words import filled
from codingplan_bar.words.en.settings import PRIVACY as ENGLISH
from codingplan_bar.words.zh.settings import PRIVACY as CHINESE

Row = tuple[str, str]
"""A file, a host or a program, and what it is for."""


def privacy(environ: Mapping[str, str] = os.environ) -> int:
    """Print the four lists; 0."""
    machine = PrivacyOf(environ)
    columns, _ = output.sheet(environ)
    return output.put("\n".join(machine.page(columns)).rstrip("\n"))


class PrivacyOf:
    """One user's files and settings, as they stand."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Read the settings and the kept sign-in alone."""
        self.environ, self.settings = environ, of_user(environ)
        self.files = Files(environ, self.settings.plan)
        self.words = CHINESE if words_for(self.settings.language, environ)["language"] == "zh" else ENGLISH

    def page(self, columns: int) -> Iterator[str]:
        """Each list below its title; a list without a row says so."""
        for name, rows in (("read", self.read()), ("kept", self.kept()), ("sent", self.sent()), ("run", self.run())):
            yield from output.wrapped(self.words[name], columns)
            found = [*dict.fromkeys(rows)]
            blocked = self.settings.limiting and name in ("sent", "run")
            for what, why in found or [(self.words["until then" if blocked else "nothing"], "")]:
                yield from _row(what, why, columns)
            yield ""
        yield from output.wrapped(self.words["end"], columns)

    def read(self) -> Iterator[Row]:
        """The files that are there and are looked into for a sign-in or a setting."""
        yield from self._if_there([str(self.files.settings)], "settings")
        yield from self._if_there(codexbar.candidates(self.environ)[:2], "codexbar")
        if not self.settings.limiting and self.settings.source in ("auto", "web"):
            browsers = self.settings.cookie_source == "auto"
            for store in discover(self.environ, self.settings.browsers) if browsers else ():
                yield self._shown(str(store.path)), filled(self.words["cookies"], store.title)
        tools = [access_keys.login_file(self.environ), access_keys.file(self.environ)]
        yield from self._if_there(tools, "tool files")
        for name in sorted(name for name in self.environ if environment.matters(name)):
            yield name, self.words["variable"]

    def kept(self) -> Iterator[Row]:
        """The files of this program that are there."""
        for folder in dict.fromkeys((self.files.folder, self.files.session.parent)):
            for path in sorted(folder.glob("*")) if folder.is_dir() else ():
                stem = path.name.split(".")[0].split("-")[0]
                yield self._shown(str(path)), self.words.get(f"file.{stem}", self.words["file"])

    def sent(self) -> Iterator[Row]:
        """The hosts that a refresh may send to."""
        if self.settings.limiting:
            return
        try:
            targets = judge(self.environ)
        except CodingPlanError:
            return
        if self.settings.source != "cli":
            for region in self._regions():
                yield from ((host, self.words["session"]) for host in _hosts(targets, region))
        sign_in = kept(self.files.kept_session())
        if sign_in and self.settings.source in ("auto", "token"):
            yield from ((host, self.words["token"]) for host in _token_hosts(targets, sign_in))
        if self.settings.proxy or any(self.environ.get(name) for name in ("HTTPS_PROXY", "https_proxy")):
            yield "proxy", self.words["proxy"]

    def run(self) -> Iterator[Row]:
        """The programs of others that a refresh may start."""
        settings = self.settings
        if not settings.limiting and settings.source in ("auto", "cli"):
            with contextlib.suppress(CodingPlanError):
                yield self._shown(bl.find(self.environ, named=settings.bl_path)), self.words["bl"]
        if settings.on_threshold and not settings.limiting:
            found = shutil.which(settings.on_threshold[0], path=self.environ.get("PATH")) or settings.on_threshold[0]
            yield self._shown(found), self.words["alert"]

    def _regions(self) -> list[Region]:
        first = REGIONS[self.settings.region]
        both = self.settings.region_fallback and self.settings.region == "intl"
        return [first, REGIONS["cn"]] if both else [first]

    def _if_there(self, files: list[str], why: str) -> Iterator[Row]:
        yield from ((self._shown(file), self.words[why]) for file in files if Path(file).is_file())

    def _shown(self, path: str) -> str:
        return paths.displayed(path, self.environ)


def _hosts(targets: Endpoints, region: Region) -> Iterator[str]:
    """Where a session or a key of a region is shown."""
    asked = (targets.rpc(region, shape) for shape in region.shapes)
    for target in (targets.dashboard_page(region), targets.user_info(region), *asked, targets.api(region)):
        yield spoken_host(target.url)


def _token_hosts(targets: Endpoints, sign_in: SignIn) -> Iterator[str]:
    """Where a token is shown, and made."""
    yield spoken_host(gateway(targets, ConsoleToken("", sign_in.site, sign_in.region_id)).url)
    if sign_in.way == "access_key":
        yield spoken_host(minting(targets, sign_in.site).url)


def _row(what: str, why: str, columns: int) -> list[str]:
    """Both in one line where they fit, else the second below the first."""
    if not why:
        return [f"  {what}"]
    room = 40
    if width(what) <= room and width(why) <= columns - room - 4:
        return [f"  {padded(what, room)}  {why}"]
    return [f"  {what}", *(f"    {line}" for line in output.wrapped(why, columns - 4))]
