"""What a click opens: the dashboard, the settings, the page in a terminal window; and the view that it copies."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from codingplan_bar import bars, paths, process, storage
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import PLAN_VARIABLE, output
from codingplan_bar.configure.machine import Machine, printed_by
from codingplan_bar.errors import StorageFailure, opened_by
from codingplan_bar.paths import NAME
from codingplan_bar.resources import command
from codingplan_bar.settings.settings import of_user, template
from codingplan_bar.words.errors import english, error_text

Start = Callable[[process.Command], bool]


def open_dashboard(
    start: Start = process.start, environ: Mapping[str, str] = os.environ, *, failed: str = "no browser"
) -> int:
    """Open the dashboard of the region that answered, else of the one asked; 0, or 1 with the words `failed`."""
    address = dashboard(environ)
    if not any(map(start, process.browsers(environ, sys.platform, address))):
        output.say(output.told(failed, address, environ=environ))
        return 1
    if output.columns():
        output.put(output.told("opened", address, environ=environ))
    return 0


def dashboard(environ: Mapping[str, str]) -> str:
    """The address: the region's constant, never one that was stored."""
    from codingplan_bar.provider.addresses import PROVIDERS_OWN  # `setup` asks this file for terminals alone
    from codingplan_bar.refresh.store import Files
    from codingplan_bar.regions import REGIONS

    own = of_user(environ)
    files = Files(environ, own.plan)
    stored = files.shown()
    region = own.page_region(stored.region, stored.attempts) if stored else own.region
    return PROVIDERS_OWN.dashboard(REGIONS[region])


def open_settings(start: Start = process.start, environ: Mapping[str, str] = os.environ) -> int:
    """Open config.toml in an editor, made first if it is missing; 0 or 1."""
    path = Path(paths.config_file(environ))
    if paths.is_nowhere(str(path)):
        return output.homeless(environ)
    if not make_settings(path, environ):
        return 1
    if any(map(start, process.editors(environ, sys.platform, str(path)))):
        return 0
    output.say(output.told("no editor", path, environ=environ))
    return 1


def make_settings(path: Path, environ: Mapping[str, str] = os.environ) -> bool:
    """Make a file of settings to begin with, if it is missing; whether there is one, or why not on stderr."""
    try:
        if not os.path.lexists(path):
            storage.replace(path, template(output.language_of(environ)))
    except StorageFailure as error:
        words = words_for(output.language_of(environ), environ)
        step = opened_by(error.where, environ) or english("storage.settings.hint")
        happened, step = error_text(error.code, error.message, step, words)
        output.say(output.told("no settings", happened, paths.displayed(error.where, environ), step, environ=environ))
        return False
    return True


def copy_view(environ: Mapping[str, str] = os.environ) -> int:
    """Put the view as JSON on the clipboard; 0, or 1 where no program takes it."""
    from codingplan_bar.commands.refresh import open_refresher  # what has no other way

    text = bars.render("json", open_refresher(environ).publish(), time.time(), environ)
    if any(process.feed(command, text) for command in process.clipboards(environ, sys.platform)):
        return 0
    output.say(output.told("no clipboard", environ=environ))
    return 1


# `status --window`: the page in a terminal window of its own, and how that is made to float. The user's own terminal
# comes first: `TERMINAL`, what the desktop or the system has chosen, then those that are known.

TITLE = "Coding Plan"
"""By this a window manager knows the window, and by `NAME`: its app id (Wayland) or class (X11)."""
COLUMNS, ROWS = 66, 20
"""As tmux's popup: 60 columns, their margins, and all that the page says of three windows."""

NAMED = {
    "foot": "--app-id={name} --title={title} --window-size-chars={columns}x{rows}",
    "footclient": "--app-id={name} --title={title} --window-size-chars={columns}x{rows}",
    "alacritty": "--class {name} --title {title}"
    " -o window.dimensions.columns={columns} -o window.dimensions.lines={rows} -e",
    "kitty": "--class {name} --title {title}"
    " -o remember_window_size=no -o initial_window_width={columns}c -o initial_window_height={rows}c",
    "wezterm": "--config initial_cols={columns} --config initial_rows={rows}"
    " start --always-new-process --class {name} --",
}
"""Terminals that take an app id: what each is told before the command (their manual pages)."""
TITLED = {
    "ghostty": "--gtk-single-instance=false --title={title} --window-width={columns} --window-height={rows} -e",
    "gnome-terminal": "--title={title} --geometry={columns}x{rows} --",
    "ptyxis": "--new-window --title={title} --",
    "konsole": "--separate -p LocalTabTitleFormat={title} -e",
    "xfce4-terminal": "--disable-server --title={title} --geometry={columns}x{rows} -x",
    "urxvt": "-title {title} -geometry {columns}x{rows} -e",
    "st": "-t {title} -g {columns}x{rows} -e",
    "xterm": "-title {title} -geometry {columns}x{rows} -e",
}
"""Those that take a title alone; a class of its own would cost an xterm its user's resources."""
DESKTOPS = {"xdg-terminal-exec": "", "x-terminal-emulator": "-T {title} -e"}
"""What starts the terminal that the desktop, or on Debian the system (Policy 11.8.3), has chosen."""


ASKED = ["xdg-terminal-exec", "--print-id"]
"""What the desktop has chosen, as the name of its desktop file (0.11 and later)."""


@dataclass(frozen=True, slots=True)
class Emulator:
    """A terminal: the words that start a command in it, and whether its window has `NAME` beside the title."""

    words: tuple[str, ...]
    is_named: bool

    @property
    def program(self) -> str:
        """What people call it."""
        return Path(self.words[0]).name


def open_window(environ: Mapping[str, str] = os.environ, start: Callable[..., bool] = process.start) -> int:
    """Show the page in the first terminal that starts, or close it where a window shows it already: as a menu does.

    Where no terminal starts, open the console. 0, or 1 where neither can be. The page asks the provider as the bar
    would: the terminal hands it the bar's own environment.
    """
    page = [command(), "status", "--watch", "--window"]
    if plan := environ.get(PLAN_VARIABLE):
        page += ["--plan", plan]
    with storage.lock(_place("opening.lock", environ)) as is_first:
        if not is_first or _closed(environ):
            return 0
        for terminal in terminals(environ):
            if start([*terminal.words, *page], environ, is_ours=True):
                return 0
    screen = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin"
    return open_dashboard(environ=environ, failed="no window" if screen else "no display")


# Of a plan's pages one is in a window. It holds the lock of a file, and ends where that file has been taken away.


@contextmanager
def only_one(environ: Mapping[str, str]) -> Iterator[Path | None]:
    """Hold, within the block, the place of the one page in a window; None where another page holds it.

    Gives the file whose removal tells the page to end.
    """
    place = _place("window.lock", environ)
    with storage.lock(place) as is_first:
        yield place if is_first else None


def _closed(environ: Mapping[str, str]) -> bool:
    """Whether a page was in a window, and has been told to end."""
    place = _place("window.lock", environ)
    with storage.lock(place) as is_free:
        if not is_free:
            place.unlink(missing_ok=True)
        return not is_free


def _place(name: str, environ: Mapping[str, str]) -> Path:
    return Path(paths.working_folder(environ), paths.of_plan(name, of_user(environ).plan))


def terminals(environ: Mapping[str, str], ask: Callable[[list[str]], str | None] = printed_by) -> Iterator[Emulator]:
    """The terminals of this user that are there, the user's own first; `ask` gives what a program prints."""

    def found(name: str) -> str | None:
        return shutil.which(name, path=environ.get("PATH"))

    own = process.split(environ.get("TERMINAL", ""))
    for words in ([own] if own else []) + [[name] for name in (*DESKTOPS, *NAMED, *TITLED)]:
        path = found(words[0])
        if path and words[0] == ASKED[0]:
            chosen = (ask(ASKED) or "").strip().removesuffix(".desktop").rpartition(".")[2].lower()
            name = next((name for name in (chosen, f"gnome-{chosen}") if found(name)), words[0])
            yield _emulator([name], path)
        elif path:
            yield _emulator(words, path)


def _emulator(words: Sequence[str], path: str) -> Emulator:
    """What starts a command in the terminal that is called by these words, and lies at that path."""
    name = Path(words[0]).name
    if name == "x-terminal-emulator":
        chosen = Path(path).resolve().name.removesuffix(".wrapper")
        if chosen in {**NAMED, **TITLED}:
            name, words = chosen, [chosen]
    told = {**DESKTOPS, **TITLED, **NAMED}.get(name, "-e")
    facts = {"name": NAME, "title": TITLE, "columns": COLUMNS, "rows": ROWS}
    return Emulator((*words, *(word.format(**facts) for word in told.split())), name in NAMED)


# What makes its window float: a line for the configuration of the window manager that runs. Others float it anyway.

RULES = {
    "sway": ('for_window [app_id="^{}$"] floating enable', 'for_window [title="^{}$"] floating enable'),
    "i3": ('for_window [class="^{}$"] floating enable', 'for_window [title="^{}$"] floating enable'),
    "niri": (
        'window-rule {{ match app-id="^{}$"; open-floating true; }}',
        'window-rule {{ match title="^{}$"; open-floating true; }}',
    ),
    "river": ("riverctl rule-add -app-id {} float", "riverctl rule-add -title '{}' float"),
    "bspwm": ("bspc rule -a {} state=floating", "bspc rule -a '*:*:{}' state=floating"),
}
"""By the window manager: its rule by the app id or class, and by the title."""
OF_HYPRLAND = {
    (0, 55): 'hl.window_rule({{ match = {{ {} = "^({})$" }}, float = true }})',
    (0, 53): "windowrule = float on, match:{} ^({})$",
    (0, 0): "windowrulev2 = float, {}:^({})$",
}
"""By the version from which its rules have this form (its wiki, Window Rules)."""


def floating(terminal: Emulator, machine: Machine) -> tuple[str, str] | None:
    """The window manager that runs, and its line; None for one that floats such a window, or is not known."""
    running = machine.programs
    named = NAME if terminal.is_named else TITLE
    if "Hyprland" in running:
        return "Hyprland", _of_hyprland(machine).format("class" if terminal.is_named else "title", named)
    manager = next((name for name in RULES if name in running), None)
    if manager is None:
        return None
    by_name, by_title = RULES[manager]
    return manager, (by_name if terminal.is_named else by_title).format(named)


def _of_hyprland(machine: Machine) -> str:
    """The form of its rule; the newest where it does not say which version it is."""
    told = re.search(r"Hyprland v?(\d+)\.(\d+)", machine.printed_by(["hyprctl", "version"]) or "")
    version = (int(told[1]), int(told[2])) if told else max(OF_HYPRLAND)
    return next(form for since, form in OF_HYPRLAND.items() if version >= since)
