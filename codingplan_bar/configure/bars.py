"""The files of each bar, and what is to become of each of them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from codingplan_bar import paths
from codingplan_bar.configure.block import ABSENT, LANGUAGES, RUNS, LeftAlone, click_in, with_click, with_wanted_click
from codingplan_bar.configure.files import Configuration, file_found, remembered, text_of
from codingplan_bar.configure.machine import MARK, Machine
from codingplan_bar.configure.machine.shell import expanded
from codingplan_bar.configure.plugins import NAME as PLUGIN
from codingplan_bar.shipped import command, has_a_space_in_its_first_line
from codingplan_bar.words import listed

BARS = {
    "waybar": ("waybar", "waybar_style", "waybar_style:dark", "waybar_style:light"),
    "polybar": ("polybar",),
    "i3status-rust": ("i3status_rust",),
    "tmux": ("tmux",),
    "swiftbar": ("plugins:swiftbar",),
    "xbar": ("plugins:xbar",),
    "argos": ("plugins:argos",),
    "i3blocks": ("i3blocks",),
    "claude-code": ("status_line:claude",),
    "qwen-code": ("status_line:qwen",),
    "tint2": ("panels.tint2",),
    "starship": ("panels.starship",),
    "zjstatus": ("panels.zjstatus",),
    "sketchybar": ("panels.sketchybar",),
    "xfce-genmon": ("panels.dialogs:genmon",),
    "kde": ("panels.dialogs:kde",),
}
"""Who edits each file of a bar, its configuration first; by this name a written file is remembered."""
BAR_OF = {name: bar for bar, names in BARS.items() for name in names}
USUAL = {
    "waybar": "${WAYBAR_CONFIG_DIR:-$XDG_CONFIG_HOME/waybar}/config",
    "waybar_style": "${WAYBAR_CONFIG_DIR:-$XDG_CONFIG_HOME/waybar}/style.css",
    "polybar": "$XDG_CONFIG_HOME/polybar/config.ini",
    "i3status_rust": "$XDG_CONFIG_HOME/i3status-rust/config.toml",
    "plugins:swiftbar": PLUGIN,
    "plugins:xbar": f"~/Library/Application Support/xbar/plugins/{PLUGIN}",
    "plugins:argos": f"$XDG_CONFIG_HOME/argos/{PLUGIN}",
    "i3blocks": "$XDG_CONFIG_HOME/i3blocks/config",
    "status_line:claude": "${CLAUDE_CONFIG_DIR:-~/.claude}/settings.json",
    "status_line:qwen": "~/.qwen/settings.json",
    "panels.tint2": "$XDG_CONFIG_HOME/tint2/tint2rc",
    "panels.zjstatus": "${ZELLIJ_CONFIG_DIR:-~/.config/zellij}/layouts/zjstatus.kdl",
    "panels.sketchybar": "$XDG_CONFIG_HOME/sketchybar/sketchybarrc",
}
"""Where somebody has a file who has none yet, as a shell would say it; the other editors know a place by themselves."""

EDITORS = {
    "waybar_style": "waybar:style",
    "waybar_style:dark": "waybar:dark",
    "waybar_style:light": "waybar:light",
    "i3status_rust": "panels.tables:i3status_rust",
    "i3blocks": "panels.i3blocks",
    "status_line:claude": "panels.status_line:claude",
    "status_line:qwen": "panels.status_line:qwen",
    "panels.starship": "panels.tables:starship",
}
"""Where an editor is that has another name: a module of this folder, or a value in it."""

PLUGINS = {"swiftbar", "xbar", "argos"}
PROGRAMS = {"i3status-rust": "i3status-rs", "claude-code": "claude", "qwen-code": "qwen", "zjstatus": "zellij"}
PROGRAMS |= {"xfce-genmon": "xfce4-panel", "kde": "plasmashell"}
"""The program of a bar that has another name."""

UNREAD = ("not understood", "no json", "no toml", "no modules")
"""Reasons that are said of a text in which nothing was found, or something else."""
NO_START = {"twice", "twice in", "wrong line", "no include", "no section", "no base", "circle"}
"""Reasons for which a bar does not start, with ours or without."""


def missing(bar: str, machine: Machine) -> str:
    """The program that would show a bar, where it is neither on the PATH nor running; else nothing.

    A folder for plugins is made by their program, so that is there.
    """
    program = PROGRAMS.get(bar, bar)
    is_here = bar in PLUGINS or program in machine.programs
    return "" if is_here or shutil.which(program, path=machine.environ.get("PATH")) else program


class Editor(NamedTuple):
    """Who knows one file of one bar: what it does with the file's text. All of it may raise `LeftAlone`.

    A bar that has no such thing as a popup, a click or other bars beside it has None there, or an answer that says so.
    """

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


def editor(name: str) -> Editor:
    """The editor of that name in `BARS`: what a module, or a value in it, has of its fields."""
    module, _, value = EDITORS.get(name, name).partition(":")
    found = import_module(f"codingplan_bar.configure.{module}")
    found = getattr(found, value) if value else found
    return Editor(**{field: getattr(found, field) for field in Editor._fields if hasattr(found, field)})


class Given(NamedTuple):
    """What ours has in a text by its user's wish: the bar that it is in, the popup's key, what a click does."""

    bar: str = ""
    popup: str = ""
    click: str = ""


class Part:
    """One file of one bar, and what is to become of it."""

    def __init__(self, name: str, machine: Machine, place: Path | LeftAlone | None, usual: str = "") -> None:
        """`file` is None if the user has no file to put it into, or, by `doubt`, it is not certain which."""
        self.key, self.name, self.bar = name, re.split("[:.]", name)[-1], BAR_OF[name]
        self.editor, self.machine, self.is_main = editor(name), machine, is_main(name)
        self.doubt = place if isinstance(place, LeftAlone) else None
        self.file = Configuration(place, machine.environ) if isinstance(place, Path) else None
        self.shown = paths.displayed(str(place), machine.environ) if isinstance(place, Path) else ""
        self._usual = usual

    @cached_property
    def command(self) -> str:
        """The program that the bar is to start."""
        return command()

    @property
    def usual(self) -> str:
        """The file as a person names it, or where it would be; empty for what is entered in a dialog."""
        return self.shown or paths.displayed(self._usual, self.machine.environ)

    def printed(self) -> str:
        """What goes into the file. What must stand among other things there has a way of its own to be shown."""
        popup = self.editor.popup_of(text_of(self.file.path)) if self.file else ""
        text = self.editor.shown(self.command) if self.editor.shown else self._changed("", Given(popup=popup))
        return with_click(text, [(0, len(text))], self.machine.click)

    def changes(self, before: str, after: str) -> str:
        """What `--write` makes of the file, where that is not what `printed` says: among the user's own, say."""
        whole = _squeezed(self.printed()).strip("{}")
        if whole in _squeezed(after) and whole not in _squeezed(before):
            return ""
        if self.editor.stands_in:
            return self.editor.stands_in(after)
        known = set(before.splitlines())
        return "\n".join(line for line in after.splitlines() if line not in known)

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
        is_one_more = _shown(after) > _shown(self.editor.in_language(text, self.machine.language))
        if not (self.is_main and is_one_more and text.strip()) or self.unseen(text):
            return after
        if self.editor.taken(text) == text:
            raise LeftAlone("already there")
        return text

    def insist(self) -> None:
        """Raises `LeftAlone` for what the user wants of a bar that has no such thing, or a script that cannot start."""
        for wanted, ability, reason in (
            (self.machine.popup, self.editor.with_popup, "no popup"),
            (self.machine.click, self.editor.pieces, "no click"),
            (self.machine.bar, self.editor.bars, "one bar"),
        ):
            if wanted and ability is None:
                raise LeftAlone(reason)
        if has_a_space_in_its_first_line(self.command):
            raise LeftAlone("no start", 0, self.command)

    def _explained(self, error: LeftAlone, text: str) -> LeftAlone:
        """The error; a plainer one where there is no file, or nothing in it."""
        is_named = self.is_main and self.machine.file_of is not None
        if self.file and is_named and not self.file.exists() and error.reason != "command":
            return LeftAlone("no such file")
        return LeftAlone("empty") if error.reason in UNREAD and not text.strip() else error

    def has_ours(self) -> bool:
        """Whether a command of ours, or what leads to one, is in the file. Raises nothing."""
        text = text_of(self.file.path) if self.file else ""
        return bool(_shown(text) or MARK.search(text))

    def holds(self, text: str) -> bool:
        """Whether a text has what `--undo` takes out of it, or may have it."""
        try:
            return self.editor.taken(text) != text
        except LeftAlone:
            return True

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

    def click_of(self, text: str) -> str:
        """What a click on ours does, of `CLICKS`; empty for anything else. Raises `LeftAlone`."""
        return click_in(text, self.editor.pieces(text)) if self.editor.pieces else ""

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
            return self._changed_in(text, given.bar or self.machine.bar, self.editor.bars(text))
        except LeftAlone as error:
            if not self.file:
                raise
            raise self.editor.explained(error, text, self.file.named, self.machine) from None

    def _changed_in(self, text: str, wanted: str, known: Sequence[Sequence[str]]) -> str:
        """The text with ours in one of several bars. Raises `LeftAlone`."""
        editor = self.editor
        if wanted and not any(wanted in names for names in known):
            raise LeftAlone("no such bar", 0, wanted, listed((names[0] for names in known), self.machine.language))
        if wanted and wanted not in editor.bars_of(text):
            text = self.editor.taken(text)  # it is in another bar, and is to be in this one
        return editor.changed(text, self.command, [wanted] if wanted else editor.started(self.machine))

    def bar_among(self, text: str) -> tuple[str, list[str]]:
        """The bar of several in which ours is, and the names of the others; nothing where there is one alone.

        Raises `LeftAlone`.
        """
        if self.editor.bars is None:
            return "", []
        known, ours = self.editor.bars(text), self.editor.bars_of(text)
        others = [names[0] for names in known if not set(names) & set(ours)]
        return (ours[0] if ours else "", others) if len(known) > 1 else ("", [])

    def unseen(self, text: str) -> str:
        """Why the bar would not show it with that text in its file; nothing where it would. Raises `LeftAlone`."""
        reason = self.editor.unseen(text, self.file.named, self.machine) if self.file else ABSENT
        return "other command" if reason == ABSENT and self._runs_another(text) else reason

    def _runs_another(self, text: str) -> bool:
        """Whether our marks stand around another program, which `setup` would leave there."""
        if not (self.file and MARK.search(text)):
            return False
        try:
            return self.editor.unseen(self._changed(text, Given()), self.file.named, self.machine) == ABSENT
        except LeftAlone:
            return True

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

    def is_ours_alone(self, before: str, after: str) -> bool:
        """Whether the one text is the other and what setup writes: the user has changed nothing of that."""
        try:
            given = Given(self.bar_among(before)[0], self.editor.popup_of(before), self.click_of(before))
            return any(self._changed(after, given, language) == before for language in LANGUAGES)
        except LeftAlone:
            return False

    def is_edited(self, text: str) -> bool:
        """Whether the user has changed something of ours in a text that has it."""
        try:
            taken = self.editor.taken(text)
        except LeftAlone:
            return False
        return taken != text and not self.is_ours_alone(text, taken)

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


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _shown(text: str) -> int:
    """How many commands of ours a text has that print what a bar shows."""
    return len(RUNS.findall(text))


def written_parts(bar: str, machine: Machine) -> list[Part]:
    """The files of one bar into which ours has been put at some time, and that are still there."""
    known = [(name, Path(path)) for name, path in remembered(machine.environ) if name in BARS[bar]]
    return [Part(name, machine, path) for name, path in known if os.access(path, os.F_OK) and path.is_file()]


def is_main(name: str) -> bool:
    """Whether it edits a bar's configuration, and no other file beside it."""
    return BARS[BAR_OF[name]][0] == name


def parts_of(bar: str, machine: Machine) -> list[Part]:
    """The files of one bar, its configuration first. A file of several names is one."""
    usual = {name: expanded(USUAL.get(name, ""), machine.known) for name in BARS[bar]}
    places: dict[str, Path | LeftAlone | None] = {}
    for name in BARS[bar]:
        is_named = machine.file_of and is_main(name)
        find = partial(editor(name).place, machine)
        places[name] = machine.file_of if is_named else file_found(find, usual[name])
    found: dict[str, Part] = {}
    for name, place in places.items():
        part = Part(name, machine, place, usual[name])
        found.setdefault(str(part.file.path) if part.file else part.key, part)
    return list(found.values())
