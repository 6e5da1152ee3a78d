"""Bars' configurations as people have them: a table a bar in tests/setup, each configuration in a section of its own.

In `tests/setup/configurations`, `== NAME` begins one; `== NAME: crlf, no final newline, byte order mark` says what an
editor would not show. In `tests/setup/corpus`, whole homes stand as cases:

`===` begins a configuration, `adds` names the structures that it has and no other has together, `end` how it ends where
that is not `shown`, `in` the file that must change, `beside` the user's own module next to which ours must stand, and
`program` whose it is where the table is of several.
`---` begins a file of the home; `--- PATH link` a link, and the line below says to which path of the home.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[1] / "setup/configurations"
SECTION = re.compile(r"^== ([\w-]+)(?:: (.*))?\n", re.MULTILINE)


class Configuration(NamedTuple):
    """One, by its name and its bytes."""

    stem: str
    content: bytes

    def read_bytes(self) -> bytes:
        return self.content

    @property
    def text(self) -> str:
        return self.content.decode()


def configurations(bar: str) -> list[Configuration]:
    """All of a bar, in their order; none of a bar without a table."""
    path = FOLDER / f"{bar}.txt"
    parts = SECTION.split(path.read_text("utf-8"))[1:] if path.exists() else []
    sections = zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    return [Configuration(name, _content(text, traits or "")) for name, traits, text in sections]


def _content(text: str, traits: str) -> bytes:
    text = text.removesuffix("\n") if "no final newline" in traits else text
    text = text.replace("\n", "\r\n") if "crlf" in traits else text
    return ("\ufeff" * ("byte order mark" in traits) + text).encode()


CORPUS = Path(__file__).parents[1] / "setup/corpus"


@dataclass
class Case:
    bar: str
    name: str
    adds: frozenset = frozenset()
    end: str = "shown"
    words: dict = field(default_factory=dict)
    runs: list = field(default_factory=list)
    files: dict = field(default_factory=dict)
    links: dict = field(default_factory=dict)

    def put_links(self, home):
        """Make the links in this home."""
        for name, target in self.links.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).symlink_to(home / target)

    def __str__(self):
        return f"{self.bar}-{self.name}"


def cases():
    for path in sorted(CORPUS.glob("*.txt")):
        for text in re.split(r"^=== ", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
            yield case(path.stem.replace("_", "-"), text)


def case(bar, text):
    head, *files = re.split(r"^--- ", text, flags=re.MULTILINE)
    name, *lines = head.splitlines()
    said = [line.partition(": ")[::2] for line in lines]
    words = dict(said)
    runs = [value for key, value in said if key == "runs"]
    made = Case(words.get("program", bar), name, frozenset(words["adds"].split("; ")), words.get("end", "shown"), words)
    made.runs, made.files = runs, dict(content(file) for file in files if not LINK.match(file))
    made.links = dict(found.groups() for found in map(LINK.match, files) if found)
    return made


LINK = re.compile(r"(.*) link\n(.*)\n")


def content(text):
    """The path of a file, and its bytes and mode."""
    first, _, body = text.partition("\n")
    path, _, more = re.fullmatch(r"(.*?)((?: (?:crlf|bare|bom|\+x))?)()", first).group(1, 3, 2)
    body = body.removesuffix("\n") if more == " bare" else body
    body = body.replace("\n", "\r\n") if more == " crlf" else body
    return path, (("\ufeff" if more == " bom" else "") + body, 0o755 if more == " +x" else 0o644)


PLACES = {
    "waybar": ".config/waybar/config",
    "polybar": ".config/polybar/config.ini",
    "i3status_rust": ".config/i3status-rust/config.toml",
    "tmux": ".tmux.conf",
    "i3blocks": ".config/i3blocks/config",
}
"""Where each of these bars has its configuration, below the home."""
CASES = [(bar, path) for bar in PLACES for path in configurations(bar)]
