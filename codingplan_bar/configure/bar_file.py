"""One file of a bar: who knows its language, and what is to become of it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from codingplan_bar import paths
from codingplan_bar.configure.block import ABSENT, LANGUAGES, RUNS, LeftAlone, click_in, with_click, with_wanted_click
from codingplan_bar.configure.files import Configuration, text_of
from codingplan_bar.configure.machine import MARK, Machine
from codingplan_bar.resources import command, has_a_space_in_its_first_line, is_passing
from codingplan_bar.words import listed

LEADS = re.compile(rf"{MARK.pattern}|\bCODINGPLAN_COMMAND\b")
"""What leads to a command of ours: our marks, or the variable that tmux has of it."""
UNREAD = ("not understood", "no json", "no toml", "no modules")
"""Reasons that are said of a text in which nothing was found, or something else."""


class Editor(NamedTuple):
    """Who knows one file of one bar: what it does with the file's text. All of it may raise `LeftAlone`.

    A bar that has no such thing as a popup, a click or other bars beside it has None there, or an answer that says so.
    """

    key: str
    """Its name in `BARS`, by which a written file is remembered."""
    bar: str
    is_main: bool
    """Whether it edits the bar's configuration, and no other file beside it."""

    place: Callable[[Machine], Path | None]
    """Which file of the user's it is, or None; it raises where it is not certain."""
    changed: Callable[..., str]
    """The text with ours in it, from the text, the program and, of several bars, those that come first."""
    taken: Callable[[str], str]
    """The text without ours."""
    unseen: Callable[[str, Path, Machine], str]
    """Why the bar would not show it with that text in that file: the name of the words for it, or nothing."""

    shown: Callable[[str], str] | None = None
    """What a person puts in, from the program, where that must stand among other things; else what `changed` makes."""
    stands_in: Callable[[str], str] | None = None
    """Where in the text ours stands, as a person is shown that."""
    is_beside: Callable[[str], bool] = lambda _: False
    """Whether ours stands beside a command of the user's own."""
    in_language: Callable[[str, str], str] = lambda text, _: text
    """The text with what it says to people in that language."""
    included: Callable[[str, Path, Machine], list[Path]] = lambda *_: []
    """The files that the bar reads besides by a text in that file."""
    explained: Callable[[LeftAlone, str, Path, Machine], LeftAlone] = lambda error, *_: error
    """The same cause, or the one behind it."""

    pieces: Callable[[str], list[tuple[int, int]]] | None = None
    """From where to where each piece of ours stands, where a click on it may do what the user wants."""
    with_popup: Callable[[str, str, str], str] | None = None
    """The text with ours and a key for a popup, from the text, the program and the key."""
    popup_of: Callable[[str], str] = lambda _: ""
    """The key that shows the page in a popup; empty where none does."""
    insist_on_key: Callable[[str, str, Machine], None] = lambda *_: None
    """It raises for a key that has a meaning by itself, in that text."""

    bars: Callable[[str], list[list[str]]] | None = None
    """The bars in a text, each by all of its names, the best first."""
    bars_of: Callable[[str], list[str]] = lambda _: []
    """The names of those in which ours is, the first that of its own."""
    started: Callable[[Machine], list[str]] = lambda _: []
    """The names of those that run or that the desktop starts."""


class Given(NamedTuple):
    """What ours has in a text by its user's wish: the bar of several that it is in, the popup's key, the click.

    `others` are the bars beside that.
    """

    bar: str = ""
    others: Sequence[str] = ()
    popup: str = ""
    click: str = ""


class Change(NamedTuple):
    """What is to become of a file, its text as it is and as it is to be, and what is to be told of that.

    `had_ours`: it may have something already that `--undo` takes out. `is_edited`: the user has changed that, which is
    known where it stays as it is, or is taken out. `is_beside`: ours will stand beside a command of the user's own.
    """

    part: Part
    before: str
    after: str
    had_ours: bool = False
    is_edited: bool = False
    is_beside: bool = False
    given: Given = Given()

    def lines(self) -> str:
        """What it makes of the file, where that is not what `Part.printed` says: among the user's own, say."""
        whole = _squeezed(self.part.printed()).strip("{}")
        if whole in _squeezed(self.after) and whole not in _squeezed(self.before):
            return ""
        if self.part.editor.stands_in:
            return self.part.editor.stands_in(self.after)
        known = set(self.before.splitlines())
        return "\n".join(line for line in self.after.splitlines() if line not in known)


class Part:
    """One file of one bar, and what is to become of it."""

    def __init__(self, editor: Editor, machine: Machine, place: Path | LeftAlone | None, usual: str = "") -> None:
        """`file` is None if the user has no file to put it into, or, by `doubt`, it is not certain which.

        `shown` is the file as a person names it; `usual` too, or where it would be, empty for what a dialog takes.
        """
        self.editor, self.machine = editor, machine
        self.key, self.bar, self.is_main = editor.key, editor.bar, editor.is_main
        self.name = re.split("[:.]", self.key)[-1]
        self.doubt = place if isinstance(place, LeftAlone) else None
        self.file = Configuration(place, machine.environ) if isinstance(place, Path) else None
        self.shown = paths.displayed(str(place), machine.environ) if isinstance(place, Path) else ""
        self.usual = self.shown or paths.displayed(usual, machine.environ)

    @cached_property
    def command(self) -> str:
        """The program that the bar is to start."""
        return command()

    def insist(self) -> None:
        """Raises `LeftAlone` for what the user wants of a bar that has no such thing, or a program that cannot stay."""
        for wanted, ability, reason in (
            (self.machine.popup, self.editor.with_popup, "no popup"),
            (self.machine.click, self.editor.pieces, "no click"),
            (self.machine.bar, self.editor.bars, "one bar"),
        ):
            if wanted and ability is None:
                raise LeftAlone(reason)
        if has_a_space_in_its_first_line(self.command):
            raise LeftAlone("no start", 0, self.command)
        if is_passing(Path(self.command).parent.parent):
            raise LeftAlone("passing", 0, self.command)

    def planned(self, *, undo: bool) -> Change:
        """What is to become of it, with all that is told of that. Raises `LeftAlone`, OSError."""
        before, after = self.after(undo=undo)
        if undo:
            return Change(self, before, after, is_edited=self._is_edited(before, after))
        rest = self._rest(before)
        return Change(
            self,
            before,
            after,
            had_ours=rest != before,
            is_edited=before == after and self._is_edited(before, rest),
            is_beside=self.editor.is_beside(after),
            given=self.given(after),
        )

    def after(self, *, undo: bool) -> tuple[str, str]:
        """The text as it is, and as it is to be. Raises `LeftAlone`, OSError."""
        before = self.file.text() if self.file else ""
        try:
            after = self.editor.taken(before) if undo else self._with_ours(before)
        except LeftAlone as error:
            raise self._explained(error, before) from None
        if self.file and after != before:
            self.file.try_writing()
        if self.file and not undo and (reason := self.unseen(after)):
            raise LeftAlone(reason, 0, str(self.file.named), self.bar)
        return before, after

    def _with_ours(self, text: str) -> str:
        """The text with ours; as it is where the bar shows the quota by what the user has made of ours.

        Raises `LeftAlone`, also where the bar shows it by what is not ours: by lines in an included file, say.
        """
        after = self._changed(text, Given())
        has_none = self._rest(text) == text
        is_one_more = has_none or _shown(after) > _shown(self.editor.in_language(text, self.machine.language))
        if not (self.is_main and after != text and is_one_more and text.strip()) or self.unseen(text):
            return after
        if has_none:
            raise LeftAlone("already there" if _has_ours(text) else "already shown")
        return text

    def _explained(self, error: LeftAlone, text: str) -> LeftAlone:
        """The error; a plainer one where there is no file, or nothing in it."""
        is_named = self.is_main and self.machine.file_of is not None
        if self.file and is_named and not self.file.is_there() and error.reason != "command":
            return LeftAlone("no such file")
        return LeftAlone("empty") if error.reason in UNREAD and not text.strip() else error

    # The text with ours, and what of it the user has chosen.

    def _changed(self, text: str, given: Given, language: str = "") -> str:
        """The text with ours, which says in the user's language, or in that one, what it says to people.

        `given` counts where the user asks for nothing else now. Raises `LeftAlone`.
        """
        return self.editor.in_language(self._with_click(text, given), language or self.machine.language)

    def _with_click(self, text: str, given: Given) -> str:
        """The text with ours, and with the click that it is to have. Raises `LeftAlone`."""
        pieces = self.editor.pieces
        if pieces is None:
            return self._inserted(text, given)
        ours = pieces(text)
        kept = given.click or click_in(text, ours)
        after = self._inserted(with_click(text, ours, "console"), given)
        if self.machine.click and self.is_main:
            return with_wanted_click(after, pieces(after), self.machine.click)
        return with_click(after, pieces(after), kept) if kept else after

    def _inserted(self, text: str, given: Given) -> str:
        """The text with ours, whose click opens the console where it is new. Raises `LeftAlone`."""
        key = (self.machine.popup if self.is_main else "") or given.popup
        if key and self.editor.with_popup:
            if self.machine.popup == key != self.editor.popup_of(text):
                self.editor.insist_on_key(key, text, self.machine)
            return self.editor.with_popup(text, self.command, key)
        if self.editor.bars is None:
            return self.editor.changed(text, self.command)
        try:
            return self._changed_in(text, given.bar or self.machine.bar)
        except LeftAlone as error:
            if not self.file:
                raise
            raise self.editor.explained(error, text, self.file.named, self.machine) from None

    def _changed_in(self, text: str, wanted: str) -> str:
        """The text with ours in one of several bars: in the one that is wanted, if one is. Raises `LeftAlone`."""
        editor = self.editor
        if not wanted:
            return editor.changed(text, self.command, editor.started(self.machine))
        known = editor.bars(text) if editor.bars else []
        if not any(wanted in names for names in known):
            raise LeftAlone("no such bar", 0, wanted, listed((names[0] for names in known), self.machine.language))
        if wanted not in editor.bars_of(text):
            text = editor.taken(text)  # it is in another bar, and is to be in this one
        return editor.changed(text, self.command, [wanted])

    # What a text has of ours.

    def given(self, text: str) -> Given:
        """What ours has in a text. Raises `LeftAlone`."""
        editor = self.editor
        known = editor.bars(text) if editor.bars else []
        ours = editor.bars_of(text) if len(known) > 1 else []
        pieces = editor.pieces(text) if editor.pieces else []
        others = [names[0] for names in known if not set(names) & set(ours)]
        return Given(ours[0] if ours else "", others if ours else (), editor.popup_of(text), click_in(text, pieces))

    def _rest(self, text: str) -> str | None:
        """What `--undo` leaves of a text; None where that is not certain."""
        try:
            return self.editor.taken(text)
        except LeftAlone:
            return None

    def _is_edited(self, text: str, rest: str | None) -> bool:
        """Whether the user has changed ours in a text: setup does not make it of the rest, in any language."""
        if rest is None or rest == text:
            return False
        try:
            given = self.given(text)
            return all(self._changed(rest, given, language) != text for language in LANGUAGES)
        except LeftAlone:
            return True

    # Whether the bar shows it.

    def unseen(self, text: str) -> str:
        """Why the bar would not show it with that text in its file; nothing where it would. Raises `LeftAlone`."""
        reason = self.editor.unseen(text, self.file.named, self.machine) if self.file else ABSENT
        return "other command" if reason == ABSENT and self._runs_another(text) else reason

    def _runs_another(self, text: str) -> bool:
        """Whether our marks stand around another program, which `setup` would leave there, and an undo take out."""
        if not self.file or self._rest(text) == text:
            return False
        try:
            return self.editor.unseen(self._changed(text, Given()), self.file.named, self.machine) == ABSENT
        except LeftAlone:
            return True

    def is_written_anew(self, text: str) -> bool:
        """Whether an undo takes something out of a text, and the bar shows it once it has been written again."""
        rest = self._rest(text)
        try:
            return rest not in (None, text) and not self.unseen(self._with_ours(rest or ""))
        except LeftAlone:
            return False

    def hidden(self) -> LeftAlone | None:
        """Why the bar does not show it now; None where it does: one answer for `setup`, its overview and `doctor`.

        Raises OSError for a file that cannot be read for another reason than its mode.
        """
        try:
            text = self.file.text() if self.file else ""
            reason = self.unseen(text)
        except LeftAlone as error:
            return error
        return LeftAlone(reason, 0, str(self.file.named) if self.file else "", self.bar) if reason else None

    def has_ours(self) -> bool:
        """Whether a command of ours, or what leads to one, is in the file. Raises nothing."""
        text = text_of(self.file.path) if self.file else ""
        return _has_ours(text)

    # What a person is told.

    def printed(self) -> str:
        """What goes into the file. What must stand among other things there has a way of its own to be shown."""
        popup = self.editor.popup_of(text_of(self.file.path)) if self.file else ""
        text = self.editor.shown(self.command) if self.editor.shown else self._changed("", Given(popup=popup))
        return with_click(text, [(0, len(text))], self.machine.click)

    def refused(self, error: LeftAlone, words: Mapping[str, str]) -> str:
        """Why it is left alone: the file, or the bar without a file, the line if one is to blame, the cause."""
        return words["left alone"].format(self.placed(error), self.cause(error, words))

    def placed(self, error: LeftAlone) -> str:
        """The file as people name it, with the line if one is to blame; the bar where there is no file."""
        return f"{self.shown}:{error.line}" if error.line else self.shown or self.name.replace("_", "-")

    def cause(self, error: LeftAlone, words: Mapping[str, str]) -> str:
        """The cause in words, with files named as a person names them."""
        named = shlex.quote(str(self.file.named)) if self.file else ""
        about = [paths.displayed(each, self.machine.environ) for each in error.about or [named]]
        if error.reason == "which":
            about = [", ".join(about)]
        return words[error.reason].format(*about)


def _has_ours(text: str) -> bool:
    return bool(_shown(text) or LEADS.search(text))


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _shown(text: str) -> int:
    """How many commands of ours a text has that print what a bar shows."""
    return len(RUNS.findall(text))
