"""`demo`: the whole main job with no account and no network, by the same commands that a bar runs."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing

from codingplan_bar.commands import integrations, streams
from codingplan_bar.demo.console import Console
from codingplan_bar.fetch.circumstances import without_secrets
from codingplan_bar.show import BARS
from codingplan_bar.show.phrases import width
from codingplan_bar.show.view import PROGRAM
from codingplan_bar.text import clean

COLUMNS = 100
"""The width of what is no terminal."""

TITLE = "The demo: a console of its own answers on loopback as the provider's does. Nothing leaves this machine.\n"
NEXT = """
That took {seconds:.1f} s. Next:

  codingplan-bar demo BAR   all that one bar is given, and how to put it there
  codingplan-bar fetch      the same with your own account: the snapshot as JSON
  codingplan-bar --help     the rest"""


def demo(bar: str | None, environ: Mapping[str, str] = os.environ, *, stage_of: StageOf | None = None) -> int:
    """Fetch from a stand-in console, show what every bar (or the named one) prints, and how to put it there; 0 or 1."""
    try:
        with closing(scenes(bar, environ, stage_of or Stage)) as texts:
            return int(any(map(streams.put, texts)))
    except subprocess.CalledProcessError as error:
        command = " ".join(error.cmd[len(PROGRAM) :])
        streams.say(f"the demo's `{command}` failed (exit code {error.returncode}): {clean(error.stdout, 600)}")
    except OSError as error:
        streams.say(f"the demo needs a folder for temporary files (TMPDIR) and a port on loopback: {error.strerror}.")
    return 1


def scenes(bar: str | None, environ: Mapping[str, str], stage_of: StageOf) -> Generator[str]:
    """What is shown, piece by piece. Raises `CalledProcessError` or OSError where that cannot be."""
    began = time.monotonic()
    yield TITLE
    with Console() as console, tempfile.TemporaryDirectory(prefix="codingplan-bar-") as home:
        stage = stage_of({**empty_home(environ, home), **console.environment})
        yield stage.fetched()
        yield from stage.one(bar) if bar else stage.all()
    yield integrations.how_to(bar) if bar else NEXT.format(seconds=time.monotonic() - began)


def empty_home(environ: Mapping[str, str], home: str) -> dict[str, str]:
    """The environment with empty folders, and without what the user has set for the real provider."""
    places = {f"XDG_{place}_HOME": f"{home}/{place.lower()}" for place in ("CONFIG", "CACHE", "STATE")}
    quiet = {"CODINGPLAN_BAR_NOTIFICATIONS": "false"}
    return {**without_secrets(environ), **places, **quiet, "CODEXBAR_CONFIG": f"{home}/none.json", "HOME": home}


class Stage:
    """Where the demo plays: commands run in an environment that leads them to the stand-in, and what they print."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Nothing is run yet."""
        self.environ = environ

    def fetched(self) -> str:
        """What the real fetcher brings from the console, as a person sees it."""
        self.run("fetch")
        return f"$ codingplan-bar fetch > snapshot.json; codingplan-bar status\n\n{indented(self.run('status'))}"

    def one(self, bar: str) -> Iterator[str]:
        """What one bar is given, whole."""
        yield f"$ codingplan-bar {bar}\n\n{indented(self.run(bar))}"

    def all(self) -> Iterator[str]:
        """What each bar is given, a line each."""
        room = (streams.columns() or COLUMNS) - 18
        yield "What each bar is given by `codingplan-bar BAR`:\n"
        for bar in BARS:
            yield f"  {bar:15} {briefly(self.run(bar), room)}"

    def run(self, command: str) -> str:
        """What the command prints. Raises `CalledProcessError` where it fails."""
        done = subprocess.run(
            [*PROGRAM, command],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
            encoding="utf-8",
        )
        return done.stdout


def briefly(text: str, room: int) -> str:
    """The first line of a text, cut to that many columns, and how many more lines there are."""
    first, *others = text.rstrip("\n").split("\n")
    more = f"  (and {len(others)} lines of menu)" if others else ""
    while width(first) + width(more) > room:
        first = first.removesuffix("…")[:-1] + "…"
    return first + more


def indented(text: str) -> str:
    """The text two columns to the right."""
    return "".join(f"  {line}\n" for line in text.splitlines())


StageOf = Callable[[Mapping[str, str]], Stage]
