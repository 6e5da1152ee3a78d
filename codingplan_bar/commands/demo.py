"""`demo`: the whole main job with no account and no network, by the code that a bar's command runs."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping

from codingplan_bar import bars, environment, resources
from codingplan_bar.bars import BARS
from codingplan_bar.bars.phrases import padded, width
from codingplan_bar.bars.view import View
from codingplan_bar.commands import output, status
from codingplan_bar.commands.command_table import SET_UP
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.configure.bars import PROGRAMS
from codingplan_bar.configure.machine import this_machine
from codingplan_bar.demo_provider import SESSION, provider
from codingplan_bar.errors import CodingPlanError, InternalError
from codingplan_bar.facts import SETTING_PREFIX
from codingplan_bar.words import table

NEXT = ("demo {}", "status", "--help")
"""What is worth trying after it; the first with the name of a bar."""
PAGES = {"json": "text"}
"""The folder whose page is about a format, where that has another name."""
MARGIN = "  "
"""What stands before each line of what a command prints."""


def demo(bar: str | None, environ: Mapping[str, str] = os.environ) -> int:
    """Fetch from a made-up provider, show what every bar (or the named one) prints, and how to put it there; 0 or 1."""
    try:
        return int(any(map(output.put, scenes(bar, environ))))
    except CodingPlanError as error:
        output.say(words_of(environ)["failed"].format(output.reason_told(error.message, environ)))
    except OSError as error:
        output.say(words_of(environ)["no folder"].format(output.reason_told(error.strerror or "", environ)))
    return 1


def words_of(environ: Mapping[str, str]) -> Mapping[str, str]:
    """The words of the demo in the user's language."""
    return table(output.language_of(environ), "commands", "DEMO")


def scenes(bar: str | None, environ: Mapping[str, str]) -> Iterator[str]:
    """What is shown, piece by piece.

    Raises OSError without a folder for temporary files, and `InternalError` for a refresh that failed.
    """
    began, words = time.monotonic(), words_of(environ)
    yield output.fitted(words["title"], output.columns())
    with tempfile.TemporaryDirectory(prefix=f"{output.NAME}-") as home:
        stage = DemoStage(empty_home(environ, home))
    yield stage.fetched()
    yield from stage.one(bar) if bar else stage.all(words)
    if bar:
        yield "\n".join(steps(bar, words, output.sheet(environ)[0]))
        return
    yield words["next"].format(time.monotonic() - began)
    steps_on = {f"{output.NAME} {step.format(bar_here(environ))}": words[step] for step in NEXT}
    yield "\n".join(listed(steps_on, output.sheet(environ)[0]))


def bar_here(environ: Mapping[str, str]) -> str:
    """The bar that runs, else one that is installed, else the first."""
    candidates = [bar for bar in BARS if bar in SET_UP]
    programs = {bar: PROGRAMS.get(bar, bar) for bar in candidates}
    running = {name.lower() for name in this_machine(environ).programs}
    here = [bar for bar, program in programs.items() if program in running]
    here = here or [bar for bar, program in programs.items() if shutil.which(program)]
    return [*here, *candidates][0]


def listed(steps: Mapping[str, str], columns: int) -> Iterator[str]:
    """Each command as this user types it and what it is for, beside it, or below it where the page is too narrow."""
    rows = [(f"  {output.typed(command)}", said) for command, said in steps.items()]
    column = max(width(command) for command, _ in rows) + 2
    if column + max(width(said) for _, said in rows) <= columns:
        yield from (padded(command, column) + said for command, said in rows)
        return
    for command, said in rows:
        yield from (command, *("      " + line for line in output.broken(said, columns - 6)))


def steps(bar: str, words: Mapping[str, str], columns: int) -> Iterator[str]:
    """How to put a bar's module there and how to remove it, and where the files and the page about them lie.

    Sentences fit the columns; a command and a folder stand in lines of their own, whole.
    """
    if bar in SET_UP:
        for number, (step, option) in enumerate({"see": "", "write": " --write", "undo": " --undo"}.items(), start=1):
            yield f"{number}. {words[step]}\n   {output.typed(f'{output.NAME} setup {bar}{option}')}"
    yield from output.wrapped(words["files"], columns)
    yield f"   {resources.shipped_folder() / PAGES.get(bar, bar)}"


def empty_home(environ: Mapping[str, str], home: str) -> dict[str, str]:
    """The environment with empty folders and a made-up session, and without what the user has set for the provider."""
    places = {f"XDG_{place}_HOME": f"{home}/{place.lower()}" for place in ("CONFIG", "CACHE", "STATE")}
    named = {"SOURCE": "web", "NOTIFICATIONS": "false", "LANGUAGE": output.language_of(environ)}
    ours = {SETTING_PREFIX + name: value for name, value in named.items()}
    rest = {"CODEXBAR_CONFIG": f"{home}/none.json", "HOME": home, environment.COOKIE: SESSION}
    return {**environment.without_secrets(environ), **places, **ours, **rest}


class DemoStage:
    """Where the demo plays: one real refresh in an empty home, and what is made of its facts."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Ask the made-up provider, store and compile, as `fetch` does. Raises `InternalError` where that fails."""
        refresher = open_refresher(environ, transport=lambda _: provider(time.time))
        if error := refresher.refresh("always").error:
            raise InternalError(error.message)
        self.environ, self.facts, self.now = environ, refresher.publish(), time.time()

    def fetched(self) -> str:
        """What the fetcher has brought, as a person sees it."""
        columns = output.sheet(self.environ)[0] - len(MARGIN)
        page = status.page(View(self.facts, self.now, self.environ), columns, colorful=False)
        command = f"{output.called()} status"
        return f"$ {command}\n\n{indented(page)}"

    def one(self, bar: str) -> Iterator[str]:
        """What one bar is given, whole."""
        yield f"$ {output.called()} {bar}\n\n{indented(self.printed(bar).splitlines())}"

    def all(self, words: Mapping[str, str]) -> Iterator[str]:
        """What each bar is given, a line each."""
        room = output.sheet(self.environ)[0] - 18
        yield f"{output.fitted(words['all'], output.columns())}\n\n$ {output.called()} BAR\n"
        for bar in BARS:
            yield f"  {bar:15} {briefly(self.printed(bar), room, words['more'])}"

    def printed(self, bar: str) -> str:
        """What the bar's command prints."""
        return bars.render(bar, self.facts, self.now, self.environ) + "\n"


def briefly(text: str, room: int, rest: str) -> str:
    """The first line of a text, cut to that many columns, and in the words of `rest` how many more lines there are."""
    first, *others = text.rstrip("\n").split("\n")
    more = rest.format(len(others)) if others else ""
    return output.cut(first, room - width(more)) + more if width(more) <= room else more.strip()


def indented(lines: list[str]) -> str:
    """The lines two columns to the right."""
    return "".join(f"{MARGIN}{line}\n" for line in lines)
