"""A person's home in a room: the installed command on the PATH, a console to ask, a browser that only takes notes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from support.showroom.installation import ROOT

if TYPE_CHECKING:
    from support.console.answers import AnswerQuota
    from support.console.console import Console
    from support.realbars.room import Room
    from support.showroom.installation import Installation

BROWSER = """\
#!/bin/sh
printf '%s\\n' "$*" >>"$HOME/opened"
"""


class Home:
    """What the owner of a bar has: `room` is where it lies, `console` what the provider is here."""

    def __init__(self, room: Room, console: Console, installation: Installation) -> None:
        self.room, self.console, self.installed = room, console, installation
        authority = room.write("authority.pem", Path(console.ca_file).read_text(encoding="ascii"))
        room.environ |= {**console.environment, **installation.environ, "REQUESTS_CA_BUNDLE": str(authority)}
        self.install()
        room.script("xdg-open", BROWSER)

    def install(self, before: str = "") -> None:
        """Put the program on the PATH; `before` is what a shell does each time before it runs."""
        self.room.script("codingplan-bar", f'#!/bin/sh\n{before}\nexec {self.installed.command} "$@"\n')

    def copied(self, path: str, target: str, *changes: tuple[str, str]) -> Path:
        """Copy a file of integrations/ to where its page says, below the home; the copy's path.

        `changes` are what a test cannot have as it is, and what stands in its place.
        """
        source = ROOT / "integrations" / path
        text = source.read_text(encoding="utf-8")
        for written, wanted in changes:
            text = text.replace(written, wanted)
        return self.room.write(target, text, source.stat().st_mode & 0o777)

    def configure(self, text: str) -> None:
        """Write config.toml."""
        self.room.write(".config/codingplan-bar/config.toml", text)

    def fetch(self, mood: AnswerQuota | None = None) -> None:
        """Ask the console by the installed command, in a mood if one is given, and keep what it says."""
        if mood:
            self.console.answer_quota = mood
        self.room.run("sh", "-c", "codingplan-bar fetch || true")

    def forget(self) -> None:
        """Lose all that was kept between two refreshes."""
        for folder in (".cache/codingplan-bar", ".local/state/codingplan-bar"):
            shutil.rmtree(self.room.folder / folder, ignore_errors=True)

    def rest(self) -> None:
        """As if the provider had been asked a while ago: two refreshes by hand within five seconds are one."""
        path = ".local/state/codingplan-bar/waiting.json"
        waiting = json.loads((self.room.folder / path).read_text(encoding="utf-8"))
        self.room.write(path, json.dumps({**waiting, "asked_at": waiting["asked_at"] - 60}), 0o600)

    def signals_stay_with(self, bar: int) -> None:
        """Have `pkill` find no other bars of this machine than the one with this process id, which leads a session."""
        self.room.script("pkill", f'#!/bin/sh\nexec {shutil.which("pkill")} --session {bar} "$@"\n')

    def opened(self) -> list[str]:
        """What the browser was told to open so far."""
        notes = self.room.folder / "opened"
        return notes.read_text(encoding="utf-8").splitlines() if notes.exists() else []

    def view(self) -> dict[str, Any]:
        """What there is to show now, as the program tells it to a widget that we do not have."""
        return json.loads(self.room.run("codingplan-bar", "json"))

    def running(self, *arguments: str) -> list[int]:
        """The processes of the installed program that were started with these arguments."""
        command = " ".join([str(self.installed.folder / "bin/python"), str(self.installed.command), *arguments])
        return [number for number, line in self.room.alive().items() if line == command]
