"""Every hostile plan name at once: a bar shows them side by side, another one what they have to look like."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from support.console import answers
from support.hostile import SHORT
from support.machine import until
from support.realbars.bar import Verdict, leave
from support.showroom.states import DASHBOARD

from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.demo_provider import Usage
from codingplan_bar.model import Reading, Snapshot
from codingplan_bar.provider import http_answers as reading
from codingplan_bar.provider.values import decode
from codingplan_bar.refresh.snapshot_to_facts import NAME_LIMIT
from codingplan_bar.snapshot import dumps, to_document
from codingplan_bar.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from support.realbars.bar import Screen
    from support.realbars.screens import Picture
    from support.showroom.home import Home


T = TypeVar("T")

NAME = "The name"
SHOW = """\
import os, sys
from pathlib import Path
from codingplan_bar import bars as show
for number, bar in enumerate(sys.argv[2:] * int(sys.argv[1])):
    place, number = Path(bar), number // len(sys.argv[2:])
    place.mkdir(exist_ok=True)
    file = os.open(place / str(number), os.O_WRONLY | os.O_CREAT)
    os.dup2(file, 1)
    os.close(file)  # an ordinary user has 1,024 at a time
    assert show.show(bar, {**os.environ, "XDG_CACHE_HOME": f"{os.getcwd()}/{number}"})
"""
"""What the installed program does for a bar's command, once for each name: starting it so often would take long."""


class Gallery:
    """Each name has a snapshot by the real reader and facts by the real compiler; `texts` are the names as text."""

    def __init__(self, home: Home, bars: list[str]) -> None:
        self._room = home.room
        home.configure('format = "{plan}"')
        readings = [_read(name) for name in SHORT]
        by_text = {clean(one.plan.name or "", NAME_LIMIT): one for one in readings}
        self.texts = list(by_text)
        for number, one in enumerate(by_text.values()):
            self._hang(number, one)
        python = home.installed.folder / "bin/python"
        self._room.run(str(python), "-c", SHOW, str(len(self.texts)), *bars)

    def shown(self, bar: str) -> list[Path]:
        """The files that hold what the program prints for that bar, a file a name."""
        return [self._room.folder / bar / str(number) for number in range(len(self.texts))]

    def expected(self, bar: str, line: Callable[[str], str]) -> list[Path]:
        """The same as it has to be: `line` is the bar's grammar for a text that is to be seen as it is."""
        return [self._room.write(f"{bar}/{n}.expected", line(text) + "\n") for n, text in enumerate(self.texts)]

    def _hang(self, number: int, one: Reading) -> None:
        shown = Snapshot(int(time.time()), DASHBOARD, "web", "intl", one.plan, one.windows)
        self._room.write(f"{number}/codingplan-bar/snapshot.json", dumps(to_document(shown)))
        cache = self._room.folder / str(number)
        open_refresher({**self._room.environ, "XDG_CACHE_HOME": str(cache)}).publish()
        for path in (cache, *cache.rglob("*")):
            self._room.own(path, 0o700)


def rows(things: Sequence[T], length: int) -> list[Sequence[T]]:
    """The things in rows of at most this length."""
    return [things[start : start + length] for start in range(0, len(things), length)]


def _read(name: str) -> Reading:
    """What the real reader makes of the console's answer for a plan of this name, which may be no text (`\\ud800`)."""
    answer = answers.quota([Usage(plan=NAME, resets_in=16 * 3_600).instance(now=time.time())], "api")
    body = answer.body.replace(f'"{NAME}"'.encode(), json.dumps(name).encode())
    return reading.read(decode(body), now=int(time.time()), mode="web")


# Two pictures that must be the same: what a bar is given by the program, and what it would have to be given.


THINNEST = 5
"""Columns of pixels that a character has at the least, on the average of many."""
PATIENCE = 300
"""Seconds that the bars have for hundreds of commands: a busy machine draws the last of them late."""


def alike(shown: Screen, expected: Screen, texts: Iterable[str], evidence: Path, *, height: int) -> Verdict:
    """Whether the first screen comes to show what the second one does once all the texts are on it, pixel by pixel.

    On it stand bars of this `height`, one below the other.
    """
    leave(shown)
    leave(expected)
    least = THINNEST * sum(len(text.replace(" ", "")) for text in texts if text.isascii())

    def same() -> bool:
        picture = shown.picture()
        return picture == expected.picture() and ink(picture, height) > least

    try:
        until(same, "the same picture", within=PATIENCE)
    except TimeoutError:
        one, other = shown.picture(), expected.picture()
        one.save(evidence / "shown.png")
        other.save(evidence / "expected.png")
        return Verdict(yes=False, reason=f"{one.difference(other)}; see {evidence}/shown.png, expected.png")
    return Verdict(yes=True, reason="the same picture")


def ink(picture: Picture, height: int) -> int:
    """How much is written: columns of pixels that are not of one colour, in bars of this height."""
    return sum(
        len(set(column)) > 1
        for top in range(0, picture.height - height + 1, height)
        for column in zip(*(pixels(picture, y) for y in range(top, top + height)), strict=True)
    )


def pixels(picture: Picture, y: int) -> list[bytes]:
    """The pixels of a row."""
    row = picture.row(y)
    return [row[start : start + 3] for start in range(0, len(row), 3)]
