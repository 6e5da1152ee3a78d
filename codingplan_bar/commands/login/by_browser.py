"""`login` waits for the console's page: the browser is opened, and the user is told what happens."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import PurePath

from codingplan_bar import process
from codingplan_bar.commands import output
from codingplan_bar.commands.login.listener import AFTERWARDS, Listener, Pages
from codingplan_bar.provider.addresses import Endpoints, sign_in_page
from codingplan_bar.regions import ConsoleToken, Site
from codingplan_bar.settings.faults import WrongValue, wrong_value

# What `login` says: of the command line, and while it waits.

_LOGIN = re.compile(rf"{output.NAME} login(?! --site)")


class WrongUse(Exception):
    """What was typed does not fit; the text names its words, or `by` says what is wrong with an option."""

    def __init__(self, key: str, by: WrongValue | None = None) -> None:
        """Keep both."""
        super().__init__(key)
        self.by = by

    def told(self, words: Mapping[str, str], language: str, typed: str) -> str:
        """What is wrong, in `en` or `zh`, of the command that was `typed`; no value is repeated."""
        return wrong_value(str(self), self.by, language) if self.by else words[str(self)].format(typed)


@dataclass(slots=True)
class Voice:
    """What is said meanwhile, on standard error; the address goes to standard output where `alone` says so.

    `site` is what was typed behind `--site`, empty without it: a `login` that is named keeps it.
    """

    words: Mapping[str, str]
    language: str
    alone: bool = False
    site: str = ""
    is_terminal: bool = field(default_factory=lambda: os.isatty(2))

    def say(self, name: str, *details: object) -> None:
        """One line on standard error."""
        self.line(self.words[name].format(*details))

    def fault(self, name: str, *details: object) -> None:
        """Why it ends here, as each command says it: with the program's name in front."""
        self.line(f"{output.NAME}: {self.words[name].format(*details)}")

    def line(self, text: str) -> None:
        """One line of other words on standard error; in a terminal it is broken between words."""
        self._write(f"{self._blank()}{output.fitted(self.of_site(text), output.columns(2))}\n")

    def of_site(self, text: str) -> str:
        """The text with the user's site in each `login` that it names, but for one that names a site of its own."""
        return _LOGIN.sub(f"{output.NAME} login --site {self.site}", text) if self.site else text

    def address(self, text: str) -> bool:
        """The address on a line of its own, so that it can be copied; whether it can be read."""
        if self.alone:
            return output.reaches(text)
        self._write(f"\n  {text}\n\n")
        return True

    def tick(self, seconds: float, name: str = "waiting") -> None:
        """Show that it waits, on the same line of a terminal."""
        if self.is_terminal:
            left = f"{int(seconds) // 60}:{int(seconds) % 60:02}"
            told = self.words[name].format(left)
            self._write(self._blank() + output.cut(told, (output.columns(2) or len(told) + 1) - 1))

    def end(self) -> None:
        """Leave the terminal's line to whoever writes next."""
        if self.is_terminal:
            self._write("\n")

    def pages(self) -> Pages:
        """What is shown in the browser."""
        return Pages(self._page("page.arrived"), self._page("page.refused"))

    def _page(self, name: str) -> bytes:
        """A page in plain words, without a script or a style: the port's policy lets none of them run."""
        title, text, language = map(escape, (self.words[name], self.words[f"{name}.text"], self.language))
        head = f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{title}</title>'
        return f"{head}<h1>{title}</h1><p>{text}</p></html>\n".encode()

    def _blank(self) -> str:
        """What clears the line that `tick` has written."""
        return "\r\x1b[K" if self.is_terminal else ""

    def _write(self, text: str) -> None:
        try:
            os.write(2, text.encode("utf-8", "replace"))
        except OSError:
            return  # it has no reader


# Signing in by the browser: the address is said, the page opened, and the port waits for the delivery.

MINUTES = 15
"""How long a person may take; the provider's tool waits as long."""
SILENCE = 30.0
"""Seconds after which somebody may have chosen Block, or wonders."""
TICK = 1.0


@dataclass(frozen=True, slots=True)
class ByBrowser:
    """One sign-in by the browser. `open_page` opens an address and says whether it could; None leaves it to the user.

    `clock` gives seconds that run steadily; `proceed` gets the token while the port still answers.
    """

    site: Site
    endpoints: Endpoints
    voice: Voice
    open_page: Callable[[str], bool] | None
    port: int = 0
    minutes: float = MINUTES
    clock: Callable[[], float] = time.monotonic

    def token(self, proceed: Callable[[ConsoleToken], int]) -> int:
        """The exit code of `proceed`; 1 where no port is free, the address goes nowhere, or nothing arrives in time."""
        try:
            listener = Listener(self.site, self.voice.pages(), port=self.port)
        except (OSError, OverflowError) as error:
            self.voice.fault("port", self.port, output.why(error))
            return 1
        with listener:
            if not self._invite(listener):
                self.voice.fault("nowhere")
                return 1
            token = self._awaited(listener)
            if token is None:
                self.voice.fault("too late", f"{self.minutes:g}")
                return 1
            self.voice.say("arrived")
            began = self.clock()
            code = proceed(token)
            time.sleep(max(0.0, AFTERWARDS - (self.clock() - began)))  # a page may try once more
            return code

    def _awaited(self, listener: Listener) -> ConsoleToken | None:
        end, silent = self.clock() + self.minutes * 60, self.clock() + SILENCE
        while (left := end - self.clock()) > 0:
            self.voice.tick(left)
            token = self._in_a_tick(listener, min(TICK, left))
            if token:
                return token
            if self.clock() >= silent:
                self.voice.say("silence")
                silent = end + 1
        return None

    def _in_a_tick(self, listener: Listener, seconds: float) -> ConsoleToken | None:
        try:
            return listener.wait(seconds)
        except KeyboardInterrupt:
            self.voice.end()
            raise

    def _invite(self, listener: Listener) -> bool:
        """Say the address before anything is opened: a browser may open elsewhere, or not at all.

        False where the address is to stand on standard output alone, and goes nowhere there.
        """
        address = sign_in_page(self.endpoints, self.site, port=listener.server_port, state=listener.sign_in.value)
        self.voice.say("address" if self.open_page else "address.elsewhere", listener.server_port)
        if not self.voice.address(address):
            return False
        self.voice.say("allow")
        is_open = False
        if self.open_page:
            is_open = self.open_page(address)
            self.voice.say("opened" if is_open else "not opened")
        if not is_open:
            self.voice.say("forward", listener.server_port)
        return True


# Opening the sign-in's page in a browser with a window; never in a text browser, which would take the terminal over.
#
# Python's own `webbrowser` runs w3m or links where ssh has no screen, waits for it, and says that it went well.

TEXT_BROWSERS = frozenset(("www-browser", "w3m", "links", "links2", "elinks", "lynx", "browsh", "retawq", "netrik"))
WITH_WINDOWS = ":".join(
    (
        *("x-www-browser", "firefox", "firefox-esr", "chromium", "chromium-browser", "google-chrome"),
        *("google-chrome-stable", "brave-browser", "microsoft-edge", "vivaldi", "epiphany", "konqueror", "falkon"),
    )
)
"""What xdg-open may try by itself; its own list ends with text browsers."""

Start = Callable[[process.Command, Mapping[str, str]], bool]


def open_page(address: str, environ: Mapping[str, str], platform: str, start: Start = process.start) -> bool:
    """Whether a browser was started. It gets the address as an argument: the `state` in it opens no door but ours."""
    named = [words for words in environ.get("BROWSER", "").split(":") if words.strip() and not _is_text(words)]
    seen = {**environ, "BROWSER": ":".join(named)}
    commands = process.browsers(seen, platform, address)
    started = {**environ, "BROWSER": ":".join(named) or WITH_WINDOWS}
    return any(start(command, started) for command in commands)


def _is_text(words: str) -> bool:
    """Whether one command of `BROWSER` is a text browser."""
    return any(PurePath(word).name in TEXT_BROWSERS for word in words.split())
