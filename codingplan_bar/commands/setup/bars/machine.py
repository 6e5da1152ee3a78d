"""What a bar's module may ask this machine: its environment, what a program says, which programs run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


def _silent(_command: list[str]) -> None:
    return None


@dataclass(frozen=True)
class Machine:
    """`said` is what a command prints, None where it fails; `running` the words of each process of the user's."""

    environ: Mapping[str, str]
    said: Callable[[list[str]], str | None] = _silent
    running: list[list[str]] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """The user's home; the root of all where there is none."""
        return Path(self.environ.get("HOME") or "/")

    @property
    def settings(self) -> Path:
        """Where the bars keep their settings."""
        return self.place("XDG_CONFIG_HOME", ".config")

    def place(self, name: str, default: str) -> Path:
        """A folder of XDG's, named by a variable; a path that is not absolute is to be ignored (its specification)."""
        path = self.environ.get(name, "")
        return Path(path) if path.startswith("/") else self.home / default
