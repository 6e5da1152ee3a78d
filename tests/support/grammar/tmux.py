"""What tmux (3.3a) makes of the output of a `#(command)` in status-right: expanded once as a format, drawn with styles.

Only the last non-empty line counts, `%` means nothing in it, jobs in it are dropped and not run. What a format would
put in its place is not known here and left out of the text. Behind the output tmux sets a `#[pop-default]` of its own,
which a `#` before it spoils, even one that was written as `##`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from support.grammar.oneline import width

ALIASES = frozenset("DFHIPSTWh")
DROPPED = frozenset({"Cc", "Cs", "Zl", "Zp"})
STATUS_RIGHT_LENGTH = 40
STYLE = re.compile(
    r"(fg|bg|us|fill)=[A-Za-z0-9#]+|(no)?(bright|bold|dim|underscore|blink|reverse|hidden|italics|strikethrough|overline"
    r"|acs|(double|curly|dotted|dashed)-underscore)|default|none|(push|pop)-default|ignore|noignore"
    r"|(align|list|range)=[A-Za-z0-9|%@-]+|no(align|list|range)"
)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of drawn text and the styles set before it, each as tmux was given it."""

    text: str
    styles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """What is drawn. `expansions`: formats that tmux replaced; `jobs`: commands it dropped; `cut`: what had no room."""

    text: str = ""
    runs: tuple[Run, ...] = ()
    styles: tuple[str, ...] = ()
    expansions: tuple[str, ...] = ()
    jobs: tuple[str, ...] = ()
    dropped: str = ""
    cut: str = ""
    columns: int = 0
    errors: tuple[str, ...] = ()


@dataclass(slots=True)
class Drawing:
    """What has been expanded and drawn so far."""

    length: int
    runs: list[Run] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    expansions: list[str] = field(default_factory=list)
    jobs: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    columns: int = 0
    errors: list[str] = field(default_factory=list)

    def put(self, text: str) -> None:
        """Draw `text` as far as there is room, without what tmux drops."""
        shown = []
        for character in text:
            if unicodedata.category(character) in DROPPED:
                self.dropped.append(character)
            elif self.cut or self.columns + width(character) > self.length:
                self.cut.append(character)
            else:
                self.columns += width(character)
                shown.append(character)
        if shown:
            self.runs.append(Run("".join(shown), tuple(self.styles)))

    def style(self, source: str) -> None:
        """Switch to a style, or ignore all of it where a part is unknown."""
        parts = [part for part in re.split(r"[,\s]+", source) if part]
        if all(STYLE.fullmatch(part) for part in parts):
            self.styles.extend(parts)
        else:
            self.errors.append(f"unknown style ignored: {source!r}")


def read(output: bytes, *, length: int = STATUS_RIGHT_LENGTH) -> Status:
    """The status for `output`, cut at `length` columns (status-right-length)."""
    lines = [line for line in re.split(rb"[\r\n]+", output) if line]
    drawing = Drawing(length)
    if len(lines) > 1:
        drawing.errors.append("only the last line that is not empty is read")
    source = lines[-1].decode("utf-8", "surrogateescape") if lines else ""
    expanded = _expand(source, drawing)
    if (len(expanded) - len(expanded.rstrip("#"))) % 2:
        drawing.errors.append("the # at the end eats tmux's own tag behind it: #[pop-default] is printed")
    _draw(expanded, drawing)
    return Status(
        text="".join(run.text for run in drawing.runs),
        runs=tuple(drawing.runs),
        styles=tuple(drawing.styles),
        expansions=tuple(drawing.expansions),
        jobs=tuple(drawing.jobs),
        dropped="".join(drawing.dropped),
        cut="".join(drawing.cut),
        columns=drawing.columns,
        errors=tuple(drawing.errors),
    )


def _expand(source: str, drawing: Drawing) -> str:
    expanded, position = [], 0
    while position < len(source):
        if source[position] != "#":
            end = source.find("#", position)
            end = len(source) if end < 0 else end
            piece = source[position:end]
        else:
            piece, end = _hash(source, position, drawing)
        expanded.append(piece)
        position = end
    return "".join(expanded)


def _hash(source: str, position: int, drawing: Drawing) -> tuple[str, int]:
    run = re.compile("#+").match(source, position).end()  # type: ignore[union-attr]
    following = source[position + 1 : position + 2]
    if following == "{":
        return "", _skip_format(source, position, drawing)
    if following == "(":
        return "", _skip_job(source, position, drawing)
    if following == "#" and source[run : run + 1] == "[":
        return source[position : run + 1], run + 1
    if following in {"#", ",", "}"}:
        return following, position + 2
    if following in ALIASES:
        drawing.expansions.append("#" + following)
        return "", position + 2
    return "#" + following, position + 2


def _skip_format(source: str, position: int, drawing: Drawing) -> int:
    depth, index = 0, position
    while index < len(source):
        if source[index] == "#" and source[index + 1 : index + 2] in tuple(",#{}:"):
            depth += source[index + 1] == "{"
            index += 2
            continue
        depth -= source[index] == "}"
        index += 1
        if depth == 0:
            drawing.expansions.append(source[position:index])
            return index
    drawing.errors.append("an unclosed #{ loses the rest of the line")
    return len(source)


def _skip_job(source: str, position: int, drawing: Drawing) -> int:
    depth = 0
    for index in range(position + 1, len(source)):
        depth += {"(": 1, ")": -1}.get(source[index], 0)
        if depth == 0:
            drawing.jobs.append(source[position : index + 1])
            return index + 1
    drawing.errors.append("an unclosed #( loses the rest of the line")
    return len(source)


def _draw(source: str, drawing: Drawing) -> None:
    position = 0
    while match := re.compile(r"[^#]+|(?P<hashes>#+)(?P<bracket>\[)?").match(source, position):
        hashes = len(match["hashes"] or "")
        position = match.end()
        if not match["bracket"]:
            drawing.put("#" * ((hashes + 1) // 2) or match[0])
        elif hashes % 2 == 0:
            drawing.put("#" * (hashes // 2) + "[")
        else:
            drawing.put("#" * (hashes // 2))
            end = source.find("]", position)
            if end < 0:
                drawing.errors.append("an unclosed #[ loses the rest of the line")
                return
            drawing.style(source[position:end])
            position = end + 1
