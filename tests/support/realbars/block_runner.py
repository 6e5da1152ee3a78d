"""Runs the `custom` blocks of an i3status-rust configuration and prints i3bar's protocol: `block_runner.py FILE.toml`.

A stand-in for machines without the real program; its rules are those of i3status-rust 0.36's custom block.
It is copied into a bar's room and run there, so it is one file that needs only the standard library.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

COLOURS = {
    "idle": {"color": "#93a1a1", "background": "#101418"},
    "info": {"color": "#3584e4", "background": "#101418"},
    "good": {"color": "#33d17a", "background": "#101418"},
    "warning": {"color": "#000000", "background": "#b58900"},
    "critical": {"color": "#ffffff", "background": "#c01c28"},
}
STATES = {spelling: name for name in COLOURS for spelling in (name, name.capitalize())}
KEYS = {"block", "command", "json", "interval", "persistent", "signal", "hide_when_empty", "click", "shell"}
WORDS = ("text", "icon", "state")
INVALID = {"full_text": " Invalid JSON ", **COLOURS["critical"]}


def read_block(output: str, *, is_json: bool) -> dict[str, str]:
    """A command's output as the block's input; ValueError where serde would refuse it."""
    if not is_json:
        return {"text": output.strip()}
    fields = json.loads(output, object_pairs_hook=_once, parse_constant=_refused)
    given = {name: fields[name] for name in (*WORDS, "short_text") if name in fields}
    if given.get("short_text", "") is None:
        del given["short_text"]
    if not all(isinstance(value, str) for value in given.values()) or given.get("state", "idle") not in STATES:
        raise ValueError("a field is of the wrong kind")
    output.encode()
    json.dumps(given, ensure_ascii=False).encode()  # a lone surrogate is no text
    return given


def blocks_of(given: dict[str, str]) -> list[dict[str, str]]:
    """What the default formats make of an input: `" $text "`, and a block more for the short form."""
    look = COLOURS[STATES[given.get("state", "idle")]]
    if given.get("icon"):
        return [{"full_text": " Failed to render full text ", **COLOURS["critical"]}]
    block = {"full_text": f" {given.get('text', '')} ", **look}
    return [block | ({"short_text": f" {given['short_text']} "} if "short_text" in given else {})]


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("a key stands twice")
    return fields


def _refused(word: str) -> object:
    raise ValueError(word)


class Block(threading.Thread):
    """One block: runs its command when it is time, and tells the bar what to show."""

    def __init__(self, settings: dict[str, Any], show: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        if unknown := settings.keys() - KEYS:
            raise SystemExit(f"unknown field {unknown}")
        self._settings, self._show, self.due = settings, show, threading.Event()
        self.shown: list[dict[str, str]] = []
        if "signal" in settings:
            signal.signal(signal.SIGRTMIN + settings["signal"], lambda *_: self.due.set())

    def run(self) -> None:
        """Run for as long as the bar does."""
        interval = self._settings.get("interval", 10)
        while True:
            self.due.clear()
            self._persist() if self._settings.get("persistent") else self._take(self._output())
            self.due.wait(None if interval == "once" else interval)

    def click(self, button: str) -> None:
        """Do what the configuration says for this button."""
        for action in self._settings.get("click", []):
            if action["button"] == button:
                subprocess.run(["/bin/sh", "-c", action["cmd"]], cwd="/", check=False, stdin=subprocess.DEVNULL)
                if action.get("update"):
                    self.due.set()

    def _start(self) -> subprocess.Popen[str]:
        command = [self._settings.get("shell", "/bin/sh"), "-c", self._settings["command"]]
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, stdin=quiet, text=True)

    def _output(self) -> str:
        return self._start().communicate()[0]

    def _persist(self) -> None:
        for line in self._start().stdout or ():
            self._take(line)
        self._shown([INVALID])

    def _take(self, output: str) -> None:
        try:
            given = read_block(output, is_json=self._settings.get("json", False))
        except (ValueError, TypeError, AttributeError):
            self._shown([INVALID])
            return
        hidden = self._settings.get("hide_when_empty") and not given.get("text")
        self._shown([] if hidden else blocks_of(given))

    def _shown(self, blocks: list[dict[str, str]]) -> None:
        self.shown = blocks
        self._show()


class Bar:
    """All blocks, printed whenever one of them has something new."""

    def __init__(self, settings: list[dict[str, Any]]) -> None:
        self._lock = threading.Lock()
        self.blocks = [Block(one, self.show) for one in settings if one["block"] == "custom"]

    def show(self) -> None:
        """Print one status line."""
        with self._lock:
            line = [
                {**block, "name": str(place), "instance": f"{place}:", "markup": "pango"}
                for place, one in enumerate(self.blocks)
                for block in one.shown
            ]
            print(json.dumps(line) + ",", flush=True)  # noqa: T201

    def run(self) -> None:
        """Start the blocks, then read clicks until the bar closes the pipe."""
        print('{"version": 1, "click_events": true}\n[', flush=True)  # noqa: T201
        for block in self.blocks:
            block.start()
        for line in sys.stdin:
            if "{" in line:
                event = json.loads(line[line.index("{") :])
                names = {1: "left", 2: "middle", 3: "right", 4: "up", 5: "down"}
                self.blocks[int(event["name"])].click(names[event["button"]])


if __name__ == "__main__":
    Bar(tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))["block"]).run()
    os._exit(0)  # blocks may still wait for their commands
