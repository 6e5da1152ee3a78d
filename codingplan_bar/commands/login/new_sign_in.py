"""What becomes of a new sign-in, whichever way it came; and two of the ways: an AccessKey pair, a browser's session."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal, NamedTuple

from codingplan_bar import paths, storage
from codingplan_bar.commands.login.by_browser import MINUTES, Voice, WrongUse
from codingplan_bar.commands.terminal import TRIES, Terminal
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.other_tools import KEPT, VARIABLES, AccessKeyPair
from codingplan_bar.credentials.saved import SavedSession, SignIn, carried_over, holds_sign_in, with_sign_in
from codingplan_bar.errors import (
    CodingPlanError,
    InvalidCredentials,
    LoginRequired,
    MissingCredentials,
    NoPlan,
    NotAuthorised,
)
from codingplan_bar.provider import addresses
from codingplan_bar.refresh import session
from codingplan_bar.refresh.session import BrowserImport
from codingplan_bar.refresh.sources import RetryAfterRecorder, network
from codingplan_bar.refresh.store import Files
from codingplan_bar.refresh.token_sources import ByToken
from codingplan_bar.settings.faults import in_ascii
from codingplan_bar.settings.settings import Settings
from codingplan_bar.text import credential
from codingplan_bar.transport.request import Deadline
from codingplan_bar.words import errors as words

# Whether the provider accepts a new sign-in: what is kept, what is thrown away, and when it is tried again.

PATIENCE = 60.0
"""Seconds for which a passing fault is tried again."""
PAUSES = (2.0, 5.0, 10.0, 15.0)
"""Seconds between the tries; the last one stays."""

Verdict = Literal["accepted", "refused", "kept", "unproven"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the provider said. `verdict` is "kept" where the account, and not the sign-in, lacks something."""

    verdict: Verdict
    error: CodingPlanError | None = None

    @property
    def keeps(self) -> bool:
        """Whether the sign-in stays."""
        return self.verdict != "refused"

    @property
    def exit_code(self) -> int:
        """0 where the provider has accepted it, and a plan or its absence was read."""
        return 0 if self.verdict == "accepted" else 1


def prove(
    ask: Callable[[], object],
    *,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    say: Callable[[CodingPlanError], None] = lambda _: None,
    wait: Callable[[], float | None] = lambda: None,
) -> Proof:
    """Ask until there is an answer, for a minute at most where a fault is passing; `say` is told of each of those.

    Not before as many seconds as the provider has asked to `wait`.
    """
    end, tries = clock() + PATIENCE, 0
    while True:
        proof = _once(ask)
        pause = max(PAUSES[min(tries, len(PAUSES) - 1)], wait() or 0)
        if proof.verdict != "unproven" or clock() + pause > end:
            return proof
        if proof.error and not tries:
            say(proof.error)
        tries += 1
        sleep(pause)


def _once(ask: Callable[[], object]) -> Proof:
    try:
        ask()
    except NoPlan as error:
        return Proof("accepted", error)
    except NotAuthorised as error:
        return Proof("kept", error)
    except (LoginRequired, InvalidCredentials, MissingCredentials) as error:
        return Proof("refused", error)
    except CodingPlanError as error:
        return Proof("unproven", error)
    return Proof("accepted")


# A new sign-in: kept, shown to the provider, and thrown away again only where the provider refuses it.


@dataclass(slots=True)
class NewSignIn:
    """A sign-in that the provider has not seen yet. `bars_words` are those of the bars, for the user's language.

    `wait`: how many seconds the provider has asked to wait.
    """

    sign_in: SignIn
    files: Files
    settings: Settings
    voice: Voice
    bars_words: Mapping[str, str]
    wait: float | None = None

    def settle(self) -> Proof:
        """Whether the provider accepts it; it is kept unless the provider refuses it. Raises `StorageFailure`."""
        proof = prove(self._ask, clock=time.monotonic, sleep=time.sleep, say=self._again, wait=lambda: self.wait)
        self.sign_in = replace(self.sign_in, proven=proof.verdict == "accepted")
        if proof.keeps:
            keep(self.files, self.settings, self.sign_in)
        self.voice.say(proof.verdict)
        if proof.keeps:
            self._say_where()
        if proof.error and (proof.verdict != "accepted"):
            for line in self._told(proof.error):
                self.voice.line(line)
        return proof

    def _say_where(self) -> None:
        """Where it is kept, if that is not the usual place, and until when."""
        environ, folder = self.files.environ, str(self.files.session.parent)
        usual = paths.state_folder(environ)
        if folder != usual:
            is_passing = folder == paths.runtime_folder(environ)
            shown = (paths.displayed(each, environ) for each in (folder, usual))
            self.voice.say("kept until logout" if is_passing else "kept elsewhere", *shown)

    def _ask(self) -> None:
        send = RetryAfterRecorder(network(self.settings)(Deadline(self.settings.timeout)), time.time)
        by_token = ByToken(send, addresses.judge(self.files.environ), self.files.environ, time.time)
        source = by_token.signed_in(self.sign_in)
        try:
            source.ask(source.home)
        finally:
            self.sign_in, self.wait = source.sign_in, send.wait

    def _again(self, error: CodingPlanError) -> None:
        self.voice.say("again", self._told(error)[0], f"{PATIENCE:g}")

    def _told(self, error: CodingPlanError) -> list[str]:
        return [text for text in words.error_text(error.code, error.message, error.hint, self.bars_words) if text]


def keep(files: Files, settings: Settings, sign_in: SignIn | None) -> bool:
    """Keep this sign-in, or None; whether another one was there. Raises `StorageFailure`."""
    with files.locked(settings):
        before = files.kept_session()
        was_there = holds_sign_in(before)
        if sign_in or was_there:
            storage.replace(files.session, with_sign_in(before, sign_in))
    return was_there


# Which AccessKey pair a sign-in uses: the one that is named, one that the tools keep, or one that is typed.

KINDS = ("aliyun", "bl")


class Chosen(NamedTuple):
    """Which pair, and the pair itself where it is kept with the sign-in."""

    which: str
    pair: AccessKeyPair | None
    is_typed: bool = False


def choose(
    environ: Mapping[str, str], voice: Voice, *, profile: str | None, keep: bool, asked: Terminal | None
) -> Chosen:
    """The pair that is used from now on. It is kept only where it was typed, or somebody wants it kept.

    Raises `MissingCredentials` where the named profile has none, and where none is found and no person can be asked;
    `WrongUse` for an answer that cannot be a pair.
    """
    if profile:
        which, pair = other_tools.pair_of(_which(profile), environ, is_new=True)
    else:
        found = other_tools.find_pair(environ)
        if found is None:
            return Chosen(KEPT, _typed(voice, asked), is_typed=True)
        which, pair = found
    voice.say("pair", other_tools.place_of_pair(which, environ))
    return Chosen(KEPT, pair) if keep or _wants_it_kept(which, voice, asked) else Chosen(which, None)


def _which(profile: str) -> str:
    """A profile's whole name; without the tool's name it is the `aliyun` tool's."""
    kind, colon, _ = profile.partition(":")
    return profile if colon and kind in KINDS else f"aliyun:{profile}"


def _typed(voice: Voice, asked: Terminal | None) -> AccessKeyPair:
    """A pair that is typed now; the secret is not shown. Raises `WrongUse` for what cannot be one."""
    if asked is None:
        raise MissingCredentials("pair.none")
    key = _credential(voice, partial(asked.line, voice.words["type id"]))
    secret = _credential(voice, partial(asked.secret, voice.words["type secret"]))
    return AccessKeyPair(key, secret)


def _credential(voice: Voice, ask: Callable[[], str]) -> str:
    """What was typed, asked for again where it cannot be a credential. Nothing of it is repeated; raises `WrongUse`."""
    wrong = ""
    for _ in range(TRIES):
        if wrong:
            voice.say(wrong)
        typed = in_ascii(ask())
        if value := credential(typed):
            return value
        wrong = "mistyped" if typed.strip() else "nothing typed"
    raise WrongUse(wrong)


def _wants_it_kept(which: str, voice: Voice, asked: Terminal | None) -> bool:
    """Bars may not see a shell's variables, so it is offered to keep a pair that stands in them alone."""
    if which not in VARIABLES:
        return False
    if asked is None:
        voice.say("variables")
        return False
    return asked.line(voice.words["keep?"]).strip().lower() in ("y", "yes", "j", "是")


# Waiting for the browser's own session: somebody signs in to the console, and the browser writes its cookies.

PAUSE = 2.0
"""Seconds between two looks: a session is seen within 5 s of its being written."""


@dataclass(frozen=True, slots=True)
class BrowserSession:
    """A session that is about to appear in one of the user's browsers. Sessions that were turned down do not count."""

    files: Files
    settings: Settings
    voice: Voice
    minutes: float = MINUTES
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def appears(self) -> bool:
        """Whether it does within the time; it is kept then. Raises `StorageFailure`."""
        end = self.clock() + self.minutes * 60
        while (left := end - self.clock()) > 0:
            self.voice.tick(left, "looking")
            imported = self._imported()
            if imported:
                self._keep(imported)
                self.voice.say("found", imported.origin)
                return True
            self.sleep(PAUSE)
        self.voice.say("too late", f"{self.minutes:g}")
        return False

    def _imported(self) -> session.Imported | None:
        spent = session.turned_down(self.files.kept_session())
        look = BrowserImport(self.files.environ, self.settings, time.time, Deadline(self.settings.timeout))
        try:
            return look(frozenset(spent))
        except CodingPlanError:
            return None

    def _keep(self, imported: session.Imported) -> None:
        with self.files.locked(self.settings):
            before = self.files.kept_session()
            spent = session.turned_down(before)
            found = session.Found(imported.jar, SavedSession(), imported.origin, imported.jar, turned_down=spent)
            storage.replace(self.files.session, carried_over(found.to_text(), before))
