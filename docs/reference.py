"""Writes the manual page and the shells' completions from the table of commands and the table of settings.

    python docs/reference.py

A test fails where they are not what this would write.
"""

from __future__ import annotations

import os
import subprocess
import sys
from inspect import cleandoc
from pathlib import Path

from codingplan_bar.commands.table import COMMANDS, Command, Option
from codingplan_bar.fetch.settings import SETTINGS
from codingplan_bar.show import BARS

FOLDER = Path(__file__).parent
SHELLS = {"bash": "codingplan-bar.bash", "zsh": "_codingplan-bar", "fish": "codingplan-bar.fish"}

HEAD = r""".TH CODINGPLAN\-BAR 1 "" "codingplan\-bar" "User Commands"
.SH NAME
codingplan\-bar \- how much of an Alibaba Cloud Coding Plan is used, in the status bar that you already have
.SH SYNOPSIS
.B codingplan\-bar
.I COMMAND
.RI [ OPTIONS ]
.br
.B codingplan\-bar
.I BAR
.RB [ \-\-watch ]
.SH DESCRIPTION
A bar's command prints what is stored, in that bar's own form, in about the time that Python takes to start; where it
is older than the refresh interval, one refresh is started in the background. With
.B \-\-watch
it stays, and prints a line whenever what is shown changes. It exits with 0, whatever the quota's state.
.SH BARS
"""
TAIL = r""".SH FILES
.TP
.I ~/.config/codingplan\-bar/config.toml
The settings.
.TP
.I ~/.cache/codingplan\-bar/
The snapshot, and what is compiled from it for the bars. No secret is in it.
.TP
.I ~/.local/state/codingplan\-bar/
What must outlive a cleaned cache. The kept session, readable by the user alone, is here.
.PP
XDG_CONFIG_HOME, XDG_CACHE_HOME and XDG_STATE_HOME move them; on macOS they are in the platform's own places.
.SH ENVIRONMENT
Each setting is also a variable, CODINGPLAN_BAR_ and its name in capitals, which wins over the file. The provider's own
variables, HTTPS_PROXY, NO_PROXY, REQUESTS_CA_BUNDLE and NO_COLOR are heard.
"""


def escaped(text: str) -> str:
    """A text as roff shows it, whatever it begins with."""
    shown = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return "\n".join("\\&" + line if line.startswith(".") else line for line in shown.split("\n"))


def manual() -> str:
    """The manual page, as roff."""
    commands = [_command(command) for command in COMMANDS if not command.hidden]
    settings = [_entry(name, setting.means) for name, setting in SETTINGS.items()]
    return "".join([HEAD, escaped(", ".join(BARS)), ".\n.SH COMMANDS\n", *commands, ".SH SETTINGS\n", *settings, TAIL])


def completion(shell: str) -> str:
    """What a shell reads to complete commands and options; it asks the program itself."""
    environ = {**os.environ, "_CODINGPLAN_BAR_COMPLETE": f"{shell}_source"}
    done = subprocess.run(
        [sys.executable, "-m", "codingplan_bar"], env=environ, capture_output=True, text=True, check=True
    )
    return done.stdout


def files() -> dict[Path, str]:
    """Each file, with what belongs in it."""
    scripts = {FOLDER / "completions" / name: completion(shell) for shell, name in SHELLS.items()}
    return {FOLDER / "codingplan-bar.1": manual(), **scripts}


def _command(command: Command) -> str:
    named = [each.name.upper() if each.required else f"[{each.name.upper()}]" for each in command.arguments]
    shown = [_entry(" ".join([command.name, *named]), cleandoc(command.text).replace("\n\n", "\n"))]
    options = [_entry(_usage(option), option.text) for option in command.options if not option.hidden]
    return "".join([*shown, *([".RS\n", *options, ".RE\n"] if options else [])])


def _usage(option: Option) -> str:
    value = "|".join(option.choices) or (option.metavar or ("" if option.kind is None else option.name[2:].upper()))
    return f"{option.name} {value}".strip()


def _entry(term: str, text: str) -> str:
    return f".TP\n.B {escaped(term)}\n{escaped(text)}\n"


if __name__ == "__main__":
    for path, text in files().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
