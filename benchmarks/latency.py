"""How long a changed snapshot takes to be seen in a real bar: with `--watch`, and asked for every few seconds.

    python benchmarks/latency.py [--rounds 20] [--interval 5] [waybar polybar tmux]

Measured from just before the new snapshot is stored to the first look at which the screen is another: a changed pixel,
for tmux a changed cell. A look takes some milliseconds itself, which are in the figures. Needs what the tests need.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.machine import settled
from support.showroom import bars
from support.showroom.home import Stage
from support.showroom.states import OK, WARNING

from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.snapshot import dumps, loads, to_document

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.showroom.home import Home

    Look = Callable[[], object]

SHORTEST_PAUSE = 2.0
"""Seconds between two changes: tmux draws at most once a second."""


def main(arguments: list[str]) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bars", nargs="*", default=list(BARS))
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--interval", type=int, default=5)
    options = parser.parse_args(arguments)
    print(f"| bar | `--watch` | asked every {options.interval} s |\n| --- | --- | --- |")
    for name in options.bars:
        watched, polled = (figures(name, options.rounds, interval) for interval in (None, options.interval))
        print(f"| {name} | {told(watched)} | {told(polled)} |", flush=True)


def figures(name: str, rounds: int, interval: int | None, *, pause: float = SHORTEST_PAUSE) -> list[float]:
    """Milliseconds from a change to its sight, one for each round; no interval: with `--watch`.

    The changes are spread evenly over the interval, so that no luck is in the median.
    """
    with Stage() as stage, tempfile.TemporaryDirectory() as evidence:
        home = stage.home()
        store = [keeper(home, moment.mood) for moment in (WARNING, OK)]
        look = BARS[name](stage, home, interval, Path(evidence))
        settled(look, quiet=pause)
        spread = [(number + random.random()) / rounds * (interval or 0) for number in range(rounds)]
        return [one(store[number % 2], look, pause + late) for number, late in enumerate(spread)]


def keeper(home: Home, mood: object) -> Callable[[], None]:
    """What stores the snapshot that a fetch in that mood brings, in the steps in which a refresh does it."""
    home.fetch(mood)
    refresher = open_refresher(home.room.environ)
    kept = loads(refresher.files.snapshot.read_text(encoding="utf-8"))

    def keep() -> None:
        refresher.files.started_marker.touch(0o600)
        refresher.files.save(kept, dumps(to_document(kept)))
        refresher.publish()
        refresher.files.started_marker.unlink()

    return keep


def one(keep: Callable[[], None], look: Look, pause: float) -> float:
    """Milliseconds from one change to its sight, after a pause in seconds."""
    time.sleep(pause)
    before = look()
    begin = time.monotonic()
    keep()
    while look() == before:
        time.sleep(0.001)
    return (time.monotonic() - begin) * 1000


def waybar(stage: Stage, home: Home, interval: int | None, evidence: Path) -> Look:
    """Waybar's picture."""
    form = {"fragment": "codingplan-polled.jsonc", "interval": interval} if interval else {}
    return bars.waybar(home, stage.wayland, **form, **stage.for_waybar(evidence)).picture


def polybar(stage: Stage, home: Home, interval: int | None, evidence: Path) -> Look:
    """Polybar's picture."""
    form = {"fragment": "codingplan-polled.ini", "interval": interval} if interval else {}
    return bars.polybar(home, stage.x11, evidence=evidence, **form).picture


def tmux(_: Stage, home: Home, interval: int | None, __: Path) -> Look:
    """The text of tmux's status row; without an interval it draws by itself every 15 s, as it does unless told."""
    watch = f"set -g @codingplan_watch {'off' if interval else 'on'}\nset -g status-interval {interval or 15}\n"
    return bars.tmux_by_plugin(home, watch + "set -g status-right '#{codingplan}'").row


def told(milliseconds: list[float]) -> str:
    """The median, the least and the most."""
    return f"{median(milliseconds):,.0f} ms ({min(milliseconds):,.0f} to {max(milliseconds):,.0f})"


BARS = {"waybar": waybar, "polybar": polybar, "tmux": tmux}

if __name__ == "__main__":
    main(sys.argv[1:])
