"""`login`: a sign-in of the user's own, by the browser, by a token that somebody has, or by an AccessKey pair."""

from __future__ import annotations

import errno
import os
import re
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from codingplan_bar import paths
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.browsers.stores import discover
from codingplan_bar.commands import INTERRUPTED, USAGE, output
from codingplan_bar.commands.login.by_browser import ByBrowser, Voice, WrongUse, open_page
from codingplan_bar.commands.login.listener import NO_BROWSER_GOES_THERE
from codingplan_bar.commands.login.new_sign_in import BrowserSession, NewSignIn, Proof, choose
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.commands.status import status
from codingplan_bar.commands.terminal import TRIES, Terminal, terminal
from codingplan_bar.credentials.saved import SignIn, Way
from codingplan_bar.errors import CodingPlanError, StorageFailure
from codingplan_bar.provider import addresses
from codingplan_bar.refresh.refresh import Refresher
from codingplan_bar.regions import INTL, NAMES, ConsoleToken, Site
from codingplan_bar.settings.faults import WrongValue
from codingplan_bar.settings.values import region as read_region
from codingplan_bar.text import LONGEST_CREDENTIAL, credential
from codingplan_bar.words import table

HIGHEST_PORT = 65_535
MISTYPED = ("mint.no_key", "mint.signature")
"""What the server says of an AccessKey pair with a letter too many, too few, or another one."""
_HEADER = re.compile(r"\A(?:authorization:\s*)?bearer\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class LoginOptions:
    """What stood on the command line."""

    site: str | None = None
    port: str | None = None
    no_browser: bool = False
    token_stdin: bool = False
    with_access_key: bool = False
    browser: bool = False
    profile: str | None = None
    keep: bool = False
    stray: tuple[str, ...] = ()

    @property
    def typed(self) -> str:
        """The command with its switches, and without any value."""
        switches = ("no_browser", "token_stdin", "with_access_key", "browser", "keep")
        named = (f"--{name.replace('_', '-')}" for name in switches if getattr(self, name))
        return " ".join([output.NAME, "login", *named])

    @property
    def known_site(self) -> str:
        """The site that was named, as it was typed; empty without one that there is."""
        return self.site if self.site and self.site.lower() in NAMES else ""


def login(*, environ: Mapping[str, str] = os.environ, **given: object) -> int:
    """Sign in, ask the quota, and print what `status` prints; 0 accepted, 1 not, 2 for wrong use.

    Where a question has no answer since the input ends, it is as after Ctrl-C: 130.
    """
    refresher = open_refresher(environ)
    options = LoginOptions(**given)  # type: ignore[arg-type]  # the table has their types
    bars_words = words_for(refresher.asker.settings.language, environ)
    words = table(bars_words["language"], "commands", "LOGIN")
    voice = Voice(words, bars_words["language"], alone=options.no_browser, site=options.known_site)
    command = Login(options, refresher, voice, bars_words)
    try:
        return command.run()
    except WrongUse as wrong:
        output.say(voice.of_site(wrong.told(words, bars_words["language"], options.typed)))
        return USAGE
    except EOFError as end:
        output.say(voice.of_site(words[str(end) or "no answer"].format(options.typed)))
        return INTERRUPTED
    except CodingPlanError as error:
        output.say(voice.of_site(output.failure_told(error, environ)))
        return 1


@dataclass(frozen=True, slots=True)
class Login:
    """One run of the command."""

    options: LoginOptions
    refresher: Refresher
    voice: Voice
    bars_words: Mapping[str, str]

    def run(self) -> int:
        """The exit code. Raises `WrongUse`, and what keeps anything from being asked."""
        if fault := self.refresher.asker.settings.limiting:
            raise fault.as_error()
        self._raise_for_wrong_use()
        self._raise_without_place()
        site, targets = self._site(), addresses.judge(self.refresher.files.environ)
        if self.options.token_stdin:
            return self._settled(self._from("pipe", ConsoleToken(_piped(), site, site.region.id)))
        if self.options.with_access_key:
            return self._by_pair(site)
        if self.options.browser:
            return self._in_the_browser(site, targets)
        environ = self.refresher.files.environ
        opens = None if self.options.no_browser else partial(open_page, environ=environ, platform=sys.platform)
        way = ByBrowser(site, targets, self.voice, opens, port=int(self.options.port or 0))
        return way.token(lambda token: self._settled(self._from("browser", token)))

    def _raise_for_wrong_use(self) -> None:
        options = self.options
        if options.stray:
            raise WrongUse("no argument")
        ways = (
            options.token_stdin,
            options.with_access_key,
            options.browser,
            options.no_browser or options.port is not None,
        )
        if sum(ways) > 1:
            raise WrongUse("one way")
        if (options.profile is not None or options.keep) and not options.with_access_key:
            raise WrongUse("only with a pair")
        if options.profile is not None and not options.profile.strip():
            raise WrongUse("no profile")
        port = "1" if options.port is None else options.port
        if not (port.isascii() and port.isdecimal() and 0 < int(port[:6]) <= HIGHEST_PORT):
            raise WrongUse("no port")
        if options.port and int(port) in NO_BROWSER_GOES_THERE:
            raise WrongUse("no browser's port")

    def _raise_without_place(self) -> None:
        """Raises `StorageFailure` before anybody signs in where no sign-in could be kept."""
        file = self.refresher.files.session
        is_usable = paths.is_usable(str(file.parent))
        if not (is_usable and paths.has_room(str(file.parent))):
            reason = os.strerror(errno.ENOSPC if is_usable else errno.EACCES)
            raise StorageFailure("storage", where=str(file), file=file.name, reason=reason)

    def _site(self) -> Site:
        """The option's, else that of the setting `region` where it is set, else the answer to a question."""
        settings = self.refresher.asker.settings
        named = self.options.site or (settings.region if "region" in settings.given else None)
        asked = None if self.options.token_stdin else terminal()
        if named is None and asked:
            named = self._answer(asked)
        if not named:
            raise WrongUse("no site")
        try:
            return NAMES[read_region(named.lower())]
        except WrongValue as wrong:
            raise WrongUse("--site", wrong) from None

    def _answer(self, asked: Terminal) -> str:
        """What somebody answers, at last; an empty line is the site of most. Raises EOFError where the input ends."""
        named = ""
        try:
            for number in range(TRIES):
                if number:
                    self.voice.say("neither site")
                named = asked.line(self.voice.words["which site?"]).strip() or INTL.name
                if named.lower() in NAMES:
                    break
        except EOFError:
            raise EOFError("no site") from None
        return named

    def _in_the_browser(self, site: Site, targets: addresses.Endpoints) -> int:
        """Wait for the browser's own session, and use it as a refresh would."""
        files, settings = self.refresher.files, self.refresher.asker.settings
        address = targets.dashboard(site.region)
        self.voice.say("console")
        self.voice.address(address)
        is_opened = open_page(address, files.environ, sys.platform)
        if not is_opened and not discover(files.environ, settings.browsers):
            self.voice.fault("no store")
            return 1
        self.voice.say("opened" if is_opened else "not opened")
        looking = BrowserSession(files, settings, self.voice)
        if not looking.appears():
            return 1
        latest = self.refresher.refresh("always")
        status(files.environ)
        return int(bool(latest.error) and latest.source is None)

    def _from(self, way: Way, token: ConsoleToken) -> SignIn:
        return SignIn(way, token.site, token.region_id, token.value, token.switch_agent, int(time.time()))

    def _by_pair(self, site: Site) -> int:
        """The exit code. A pair that is typed, and of which the server says that it is wrong, is asked for again."""
        options, environ = self.options, self.refresher.files.environ
        for left in reversed(range(TRIES)):
            chosen = choose(environ, self.voice, profile=options.profile, keep=options.keep, asked=terminal())
            proof = self._proof(SignIn("access_key", site, site.region.id, which=chosen.which, pair=chosen.pair))
            is_wrong = chosen.is_typed and proof.error is not None and proof.error.key in MISTYPED
            if not (is_wrong and left):
                break
        return proof.exit_code

    def _settled(self, sign_in: SignIn) -> int:
        """The exit code."""
        return self._proof(sign_in).exit_code

    def _proof(self, sign_in: SignIn) -> Proof:
        """What becomes of it; what `status` prints is printed where the provider accepts it."""
        settings = self.refresher.asker.settings
        proof = NewSignIn(sign_in, self.refresher.files, settings, self.voice, self.bars_words).settle()
        if settings.source not in ("auto", "token"):
            self.voice.say("not asked", settings.source)
        if proof.keeps:
            self.refresher.refresh("always")
        if proof.verdict == "accepted":
            status(self.refresher.files.environ)
        return proof


def _piped() -> str:
    """The token on standard input, also as a header's value, or behind the mark that editors put in front of a file.

    Raises `WrongUse` where standard input is a terminal, or holds no token.
    """
    if os.isatty(0):
        raise WrongUse("no pipe")
    text = os.read(0, LONGEST_CREDENTIAL) if sys.stdin is None else sys.stdin.buffer.read(LONGEST_CREDENTIAL + 1)
    bare = text.decode("utf-8", "replace").removeprefix("\ufeff").strip()
    token = credential(_HEADER.sub("", bare, count=1))
    if not token:
        raise WrongUse("no token")
    return token
