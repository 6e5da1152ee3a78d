"""Standard output and error of a command as it finds them, the width of a page, and colour."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from collections.abc import Mapping
from functools import cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from codingplan_bar import bars, paths
from codingplan_bar.bars.phrases import width, words_for
from codingplan_bar.bars.signs_and_colors import CHIPS
from codingplan_bar.commands.command_table import COMMANDS
from codingplan_bar.text import clean
from codingplan_bar.words import filled, table, table_for

if TYPE_CHECKING:
    from codingplan_bar.bars.view import View
    from codingplan_bar.bars.windows import Row
    from codingplan_bar.errors import CodingPlanError
    from codingplan_bar.model import Problem

# Standard output and error as a command finds them: they may be closed, full, or without a reader.

OF_A_PIPE = 100
"""Columns of what is not a terminal."""
LONGEST_LINE, LONGEST_MESSAGE = 4_000, 600
NARROWEST, WIDEST = 20, 500
"""Columns of a page: what a terminal says of itself, or `COLUMNS` of it, may be anything."""


def settle() -> None:
    """Give a closed standard stream /dev/null, so that no file of ours takes its number and is written into."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, so this one
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115 - it stays open, as the other would


def put(text: str) -> int:
    """Print on standard output, as UTF-8 whatever the locale; 0, or 1 where it cannot be written.

    A reader that has gone is not a failure: it had what it wanted.
    """
    try:
        bars.write(text)
    except BrokenPipeError:
        return 0
    except OSError as error:
        say(told("no output", why(error)))
        return 1
    return 0


def tell(text: str) -> int:
    """`put` of sentences: in a terminal each is broken between words."""
    return put(fitted(text, columns()))


def fitted(text: str, wide: int | None, margin: str = "") -> str:
    """Each sentence in lines of that many columns, with the margin in front of each; as it is without a terminal."""
    lines = (wrapped(line, wide - width(margin)) if wide else [typed(line)] for line in text.split("\n"))
    return "\n".join(f"{margin}{row}" for line in lines for row in line)


def reaches(text: str) -> bool:
    """Print what somebody has to read, as `put` does; whether it went anywhere.

    It goes nowhere where the output is closed (`settle` has then opened the null device), the disk is full, or the
    pipe's reader has gone.
    """
    try:
        if os.fstat(1).st_rdev == os.stat(os.devnull).st_rdev:  # noqa: PTH116 - pathlib costs too much for it
            return False
        bars.write(text)
    except OSError:
        return False
    return True


def language_of(environ: Mapping[str, str] = os.environ) -> str:
    """The language that the user reads, `en` or `zh`."""
    from codingplan_bar.settings.settings import of_user  # most lines need no word of ours

    language = of_user(environ).language
    return table_for(environ) if language == "auto" else language


def told(key: str, *facts: object, environ: Mapping[str, str] = os.environ) -> str:
    """What a small command says, in the user's language."""
    language = language_of(environ)
    said = table(language, "commands", "SAID")[key]
    return filled(said, *facts) if language == "zh" else said.format(*facts)


def failure_told(failure: Problem | CodingPlanError, environ: Mapping[str, str] = os.environ) -> str:
    """What happened and what to do, in the user's language."""
    from codingplan_bar.words.errors import error_text, in_a_row

    words = words_for(language_of(environ), environ)
    return in_a_row(error_text(failure.code, failure.message, failure.hint, words), words["language"])


def reason_told(reason: str, environ: Mapping[str, str] = os.environ) -> str:
    """The system's reason in the user's language, as far as it is known there."""
    from codingplan_bar.words.errors import in_language
    from codingplan_bar.words.zh.commands import SYSTEM

    if known := in_language(reason, words_for(language_of(environ), environ)):
        return known
    return SYSTEM.get(reason, reason) if language_of(environ) == "zh" else reason


def why(error: Exception, environ: Mapping[str, str] = os.environ) -> str:
    """The system's reason of an error in the user's language, else its number, else what kind of error it is."""
    number = getattr(error, "errno", None) or 0
    if not number:
        return getattr(error, "strerror", None) or type(error).__name__
    told = reason_told(os.strerror(number), environ)
    return f"errno {number}" if told.isascii() and language_of(environ) == "zh" else told


def opened_by(path: str, environ: Mapping[str, str]) -> str:
    """The step that lets the user write a file at a path, in the user's language; empty where none is known."""
    from codingplan_bar.errors import opened_by
    from codingplan_bar.words.errors import in_language

    step = opened_by(path, environ)
    return in_language(step, words_for(language_of(environ), environ)) if step else ""


def homeless(environ: Mapping[str, str] = os.environ) -> int:
    """Say that there is no user whose files could be changed; 1."""
    say(no_home(environ))
    return 1


def no_home(environ: Mapping[str, str]) -> str:
    """That there is no such user."""
    return table(language_of(environ), "setup", "SETUP")["no home"].format(environ.get("HOME", ""))


def say(text: str) -> None:
    """One line on standard error, with the program's name in front; whether anyone reads it or not.

    A terminal has it broken between words.
    What was typed or read may be in it: a terminal gets no escape, and a bounded number of characters.
    """
    seen = "".join(char if char.isprintable() or char in "\n\u3000" else "?" for char in text[:LONGEST_LINE])
    with contextlib.suppress(OSError):
        os.write(2, fitted(f"{NAME}: {seen}\n", columns(2)).encode("utf-8", "replace"))


def briefly(text: str) -> str:
    """A message in one line, with each long word cut: what was typed may be anything, and the choices stand behind."""
    return clean(re.sub(r"\S{80,}", lambda word: word[0][:40] + "…", text), LONGEST_MESSAGE)


def sheet(environ: Mapping[str, str]) -> tuple[int, bool]:
    """How many columns a page may have, and whether it may have colours: the terminal's, or those of a pipe."""
    wide = columns()
    return wide or OF_A_PIPE, bool(wide) and not environ.get("NO_COLOR")


def columns(stream: int = 1) -> int | None:
    """How wide a page for the terminal of standard output (2: error) is, within bounds; None without a terminal."""
    if not os.isatty(stream):
        return None
    from shutil import get_terminal_size  # a pipe needs none of it

    return min(max(get_terminal_size().columns, NARROWEST), WIDEST)


def cut(text: str, room: int) -> str:
    """The text in at most that many columns, with an ellipsis where it is cut; nothing where there is no room."""
    if width(text) <= room:
        return text
    columns = accumulate(map(width, text))  # a line may have thousands of characters: each is measured once
    return text[: sum(taken < room for taken in columns)] + "…" if room > 0 else ""


# The program's own name, as whoever has started it can type it again: it may not be on the PATH.

NAME = paths.NAME


def typed(text: str) -> str:
    """The text with each command as this user types it; without a command behind it, the name is the program's."""
    if NAME not in text:
        return text
    names = "|".join(("BAR", *(each.name for each in COMMANDS), *bars.BARS))
    return re.sub(rf"(?<![\w./~-]){NAME}(?= (?:--?[a-z]|(?:{names})(?![\w-])))", lambda _: called(), text)


def called() -> str:
    """What was typed in front of the arguments: the bare name where the PATH leads to this program.

    `python -m` is all that stands up to the module; a script's path is as it was typed, unless the PATH has found it.
    `uv run` and `uvx` put a folder in front of the PATH for this process alone, which the user's shell does not have.
    """
    import shlex  # most pages name no command

    folders, by_uv = os.environ.get("PATH", os.defpath), "UV" in os.environ
    folder, _, file = sys.argv[0].rpartition("/")
    if file == "__main__.py" and folder.endswith("codingplan_bar"):
        python, *words = sys.orig_argv[: len(sys.orig_argv) - len(sys.argv) + 1]
        return shlex.join([sys.executable if by_uv and "/" not in python else python, *words])
    of_the_shell = folders.partition(os.pathsep)[2] if by_uv else folders
    is_elsewhere = file == NAME and not _is_found(sys.argv[0], of_the_shell)
    return shlex.quote(sys.argv[0]) if is_elsewhere else NAME


@cache
def _is_found(program: str, folders: str) -> bool:
    """Whether the name leads to this program along that PATH; looked for once, since each sentence may ask."""
    from shutil import which

    found = which(NAME, path=folders)
    return found is not None and os.path.realpath(found) == os.path.realpath(program)


OPENING, CLOSING = "（", "，。：；、！？）…"
"""Chinese marks that no line ends, and that none begins with."""
_WORD = r"(?: (?!(?:or|and)\b|\()[!-~]*[^\s.,;:)\u0080-\U0010ffff])"
COMMAND = (
    rf"`[^`]+`|\bssh -\w{_WORD}*|(?:[\w-]{{1,40}} \| )?(?<![\w/.~-]){NAME} [a-z-]+ -[!-~]*\w{_WORD}*"
    rf"|(?:(?<=: )|(?<=：))(?:{NAME}{_WORD}*|(?:export|unset|chmod) .*)"
)
"""What is copied: in code marks, else ssh or ours with an option or behind a colon, up to the sentence's next mark.

A shell's own command has such marks in it, and stands last.
"""


def wrapped(text: str, columns: int, *, framed: bool = False) -> list[str]:
    """Sentences `broken`, with each command as this user types it."""
    name = called() if NAME in text else NAME
    return broken(typed(text), columns, framed=framed, name=name)


def broken(text: str, columns: int, *, framed: bool = False, name: str = NAME) -> list[str]:
    """The text in lines of at most that many columns, as far as it can be broken; `name` is the program's in it.

    A command is copied, so it stays whole. Within a frame it is broken if it is wider, since the rest would be cut off.
    """
    if width(text) <= columns:
        return [text.rstrip()]
    lines = [""]
    for piece in _pieces(text, columns if framed else None, name):
        if not lines[-1] or width(lines[-1] + piece) <= columns:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    return [line.rstrip() for line in lines]


def _pieces(text: str, widest: int | None, name: str) -> list[str]:
    """Text may be broken at its spaces and round each wide character, but before no mark that closes something.

    It is not broken within a command, unless that has more columns than `widest`.
    """
    commands = [match.span() for match in re.finditer(COMMAND.replace(NAME, re.escape(name)), text)]
    whole = [span for span in commands if widest is None or width(text[slice(*span)]) <= widest]
    inside = {place for begins, ends in whole for place in range(begins + 1, ends)}
    pieces = [text[:1]]
    for place, (before, char) in enumerate(pairwise(text), 1):
        wide = width(char) == 2 or (width(before) == 2 and before not in OPENING)
        if place not in inside and (char == " " or (wide and char not in CLOSING and before not in OPENING)):
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces


RESET = "\x1b[0m"
BOLD = "1"
"""The number of a bold look."""
CALM = "#007db2"
"""A bar without a worry, on a ground that is not known: a blue that stands out from black and from white."""


def painted(text: str, color: str) -> str:
    """The text in that colour, `#rrggbb`; as it is where that is empty."""
    return "\x1b[38;2;{};{};{}m".format(*bytes.fromhex(color[1:])) + text + RESET if color else text


MIDDLE = {
    "warning": "#976e06",
    "runs_out": "#976e06",
    "critical": "#c25243",
    "used_up": "#c25243",
    "error": "#95649b",
    "signed_out": "#646dc9",
    "stale": "#757575",
}
"""Ours with a luminance of 0.18, which stands out from white and from black alike, 4.5 : 1."""
ON_DARK_ALONE = ("33", "36")
"""Yellow and cyan, of 16 colours: on white they are not read, so letters have them where the ground is dark."""


def color_on(view: View, tone: str, *, light: bool | None) -> str:
    """A state's colour on that ground; where it is not known, and none was chosen, the one for any ground."""
    if light is not None:
        return view.color_of(tone, on_light=None if light == view.is_light else light)
    own = "color." + ("critical" if tone == "used_up" else tone)
    is_chosen = own in view.facts or any(key.startswith("theme.") for key in view.facts)
    return view.color_of(tone) if is_chosen or tone not in MIDDLE else MIDDLE[tone]


def is_readable(look: str, *, light: bool | None) -> bool:
    """Whether letters of that look are read there; of the colours that a terminal names itself, two may not be."""
    return look not in ON_DARK_ALONE or light is False


def filled_part(view: View, row: Row, text: str) -> str:
    """A window's bar in its colour: that of its level, or the view's own where the number is not fresh."""
    from codingplan_bar.bars.adapters.ansi import colors_of, foreground, has_light_ground, styled  # no pipe needs it

    tone = row.level if row.is_current else view.state
    light = has_light_ground(view.environ)
    color = color_on(view, tone, light=light) or (CALM if row.is_current else "")
    look = foreground(color, tone, colors_of(view.environ), light=light) if color else ""
    return styled(text, look)


def headlined(view: View, lines: list[str], tone: str) -> list[str]:
    """A headline in bold: in the state's colour, or where the ground is not known, with its sign as a chip alone.

    A chip brings its ground along; the other letters are the terminal's own then.
    """
    from codingplan_bar.bars.adapters.ansi import colors_of, foreground, has_light_ground, sequence, styled

    light, depth = has_light_ground(view.environ), colors_of(view.environ)
    color, sign = color_on(view, tone, light=light), view.sign_of(tone)
    look = foreground(color, tone, depth, light=light) if color else ""
    if look and light is not None and is_readable(look, light=light):
        return [styled(line, f"1;{look}") for line in lines]
    if not (color and sign and depth > 16 and lines[0].startswith(sign)):
        return [styled(line, BOLD) for line in lines]
    chip = styled(sign, sequence(color, CHIPS[0], depth))
    return [chip + styled(lines[0].removeprefix(sign), BOLD), *(styled(line, BOLD) for line in lines[1:])]
