"""Each reader of what comes from outside holds, whatever the bytes: nearly good ones, and none that are good."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from targets import TARGETS

FOLDER = Path(__file__).parent
EXECUTIONS = int(os.environ.get("CODINGPLAN_BAR_TEST_FUZZ", "1500"))

TRY = """
import random, sys
from pathlib import Path

folder, name, executions = sys.argv[1:]
sys.path[:0] = [folder, str(Path(folder).parent)]
from targets import TARGETS, mutated

target, chance = TARGETS[name], random.Random(name)
seeds = list(target.seeds)
for seed in (*seeds, b""):
    target.run(seed)
for _ in range(int(executions)):
    data = mutated(chance, seeds)
    try:
        target.run(data)
    except BaseException as error:
        error.add_note(f"the bytes were {data[:2000]!r}")
        raise
"""


SECTION = b"command=case $BLOCK_BUTTON in 1) /a/codingplan-bar open;; 3) /a/codingplan-bar refresh;; esac; "
SECTION += b"/a/codingplan-bar i3blocks\n"
"""The line of ours that has the program's path, below the last marker."""
MODULE = b"[module/codingplan]\ntype = custom/script\nexec = /a/codingplan-bar polybar --watch\r\ntail = true\n"
MODULE += b"click-left = /a/codingplan-bar open\nclick-right = /b/codingplan-bar refresh\n"
"""Ours but for one line's end and one path: where that is renewed, all of it is ours again."""

QUOTED = b"""'/opt/my tools/it'"'"'s 100 %/codingplan-bar'"""
WORDS = b"click-left = " + QUOTED + b": open\nclick-right = " + QUOTED + b" refresh\n"
WORDS_AFTER = b"click-left = x:" + QUOTED + b" open\nclick-right = " + QUOTED + b" refresh\n"
"""Of two lines of ours one has a word in which the path is a part: without the quotes it looks like a path."""

FINDINGS = [
    ("header", b";Cookie: a=b"),
    ("header", b"curl x -b ' -b x=m; a=b'"),
    (
        "i3blocks",
        b"# >>> codingplan-bar >>>\n[codingplan]\ncolor=#fff\r\n[time]\ncommand=date\n# <<< codingplan-bar <<<\n",
    ),
    ("i3blocks", b"# >>> codingplan-bar >>>\n[codingplan]\n# <<< codingplan-bar <<<\n" + SECTION),
    ("i3status_rust", b"\r\n\n# >>> codingplan-bar >>>\n# <<< codingplan-bar <<<"),
    ("i3status_rust", b"theme = " + b"9" * 5_000),
    ("polybar", b"[bar/a]\nmodules-right = cpu codingplan\n"),
    (
        "polybar",
        b"[bar/a]\nmodules-right = codingplan\n; >>> codingplan-bar >>>\n" + MODULE + b"; <<< codingplan-bar <<<\n",
    ),
    ("polybar", b"modules-right=codingplan\n[module/codingplan]\n" + WORDS + b"; <<< codingplan-bar <<<\n"),
    ("polybar", b"modules-right=codingplan\n[module/codingplan]\n" + WORDS_AFTER + b"; <<< codingplan-bar <<<\n"),
    ("settings", b"timeout = " + b"9" * 5_000),
    ("tmux", b"# >>> codingplan-bar >>>\nset -g @codingplan 1\r\nset -g mouse on\n# <<< codingplan-bar <<<\n"),
    (
        "waybar",
        b'{\n"custom/codingplan": {\n"exec": "'
        + QUOTED.replace(b'"', b'\\"')
        + b' waybar --watch",\n"on-click-right": "'
        + QUOTED.replace(b'"', b'\\"')
        + b'[ refresh"\n},\n"modules-right": [ /* >>> codingplan-bar >>> */ "custom/codingplan" ]}\n',
    ),
    ("waybar", b'{"modules-right":["clock","codingplan-bar y"],"clock":{}}'),
    ("waybar", b'{"modules-right":["clock"],"custom/x":{"exec":"codingplan-bar text"}}'),
    ("waybar", b'[{"custom/x":{"exec":"codingplan-bar text"}},{"modules-right":["clock"]}]'),
    ("waybar_style", b"/* >>> codingplan-bar >>> */\n#codingplan {}\r\n#mine {}\n/* <<< codingplan-bar <<< */\n"),
]
"""What a run of either kind has found, and what has been mended since."""


@pytest.mark.parametrize(("name", "data"), FINDINGS)
def test_what_was_found_stays_mended(name, data):
    TARGETS[name].run(data)


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_takes_any_bytes(name, programs):
    """1500 of them a reader, the same in each run; `make fuzz` tries other ones for half an hour.

    In a process of its own: the tracer of the coverage would take most of the time.
    """
    command = [sys.executable, "-c", TRY, str(FOLDER), name, str(EXECUTIONS)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(command, env=environ, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 0, done.stderr
