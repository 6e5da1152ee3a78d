"""A block of ours in a configuration, between two marker lines: put there, found again, renewed, taken out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from codingplan_bar import resources

# A piece of ours that the user may have changed since: what is theirs in it stays, the program's path is renewed.
#
# What setup would write is known for every place of the program. So a piece that is of that form is ours whole, and is
# replaced whole; in any other the place alone is looked for, in the lines that are unchanged.

WILD = ("/in/place/of/command", "/in/place/of/plugin")
"""Paths that no language of a bar puts in quotes: they stand in a form for whatever is written in their place."""

WORD = r"""(?:[^\s'"\\]+|'(?:[^'\n]|'\\?"'\\?"')*'|"(?:[^"\\\n]|\\.)*")"""
"""One word of a shell or of tmux, as `shlex.quote` and its like write it, also within a string in double quotes."""


def renewed(piece: str, forms: list[str], ours: str, own: list[tuple[int, int]] | None = None) -> str:
    """The piece brought up to date. `forms` is what setup writes with WILD's paths, `ours` what it writes now.

    `own` is from where to where the piece is ours, if not from end to end: what stands beside that is not touched.
    """
    new = piece
    if moved := _moved(forms, piece, ours):
        paths = "|".join(re.escape(path) for path in sorted({*moved, *moved.values()}, key=len, reverse=True))
        whole = re.compile(rf"(?<![^{_before(forms)}])(?:{paths})(?![^\s'\"\\,])")
        spans = [(0, len(piece))] if own is None else own
        new = replaced(piece, spans, lambda part: whole.sub(lambda old: moved.get(old[0], old[0]), part))
    texts = [text.replace("\r\n", "\n") for text in (piece, new)]
    if all(_matched(form, text) is None for form in forms for text in texts):
        return new
    whole_form = ours.strip("\n") + ("\n" if piece.endswith("\n") else "")
    return whole_form.replace("\n", "\r\n" if "\r\n" in piece else "\n")


def _before(forms: list[str]) -> str:
    """What may stand before a path, for a pattern: space, a quote, or what does in one of the forms.

    Anything else makes another word of it, which is the user's. Without the path's quotes it would look like a path.
    """
    stands = {before for form in forms for before in re.findall(rf"(?s)(?<=(.))(?:{'|'.join(WILD)})", form)}
    return r"\s'\"\\" + re.escape("".join(sorted(stands)))


def _matched(form: str, text: str) -> dict[str, str] | None:
    """What stands in a text of that form for each wild path, the same wherever it stands; None for another text."""
    pattern = re.escape(form.strip("\n"))
    for name, wild in zip(("command", "plugin"), WILD, strict=True):
        pattern = pattern.replace(re.escape(wild), f"(?P<{name}>{WORD})", 1).replace(re.escape(wild), f"(?P={name})")
    found = re.fullmatch(pattern, text.strip("\n"))
    return found.groupdict() if found and all("codingplan" in path for path in found.groups()) else None


def _moved(forms: list[str], lines: str, ours: str) -> dict[str, str]:
    """What is written for a path in the lines of a piece, and what is to be written for it."""
    now = next((paths for form in forms if (paths := _matched(form, ours)) is not None), {})
    said = [_bare(line) for form in forms for line in form.splitlines() if any(wild in line for wild in WILD)]
    moved = {}
    for line in lines.splitlines():
        for paths in (_matched(form, _bare(line)) or {} for form in said):
            moved.update({path: now[name] for name, path in paths.items() if name in now})
    return moved


def _bare(line: str) -> str:
    return line.strip().rstrip(",")


# A block of ours at the end of a text, between two marker lines: put there, found again, taken out, to the byte.
#
# Where the text had no final newline, the block has none either, and what is taken out is the newline before it: so the
# block itself says what the text was, whatever else has been changed since.
#
# What the user has changed since is theirs. A text falls into pieces (sections, rules, commands), and those of ours are
# known by what they say: they are ours wherever they stand now, and what stands among them is not.

BEGINS, ENDS = "# >>> codingplan-bar >>>", "# <<< codingplan-bar <<<"

LINE = r"(?:^|(?<=\A\ufeff))[ \t]*"
"""Where a marker's line begins: an editor may have put a byte order mark before it, or set it further in."""

Markers = tuple[str, str]
"""The first and the last line of a block, as comments of the file's own kind."""


class LeftAlone(Exception):
    """The effect of a change is not certain, so nothing is changed. `reason` is the key of its words."""

    def __init__(self, reason: str, line: int = 0, *about: str) -> None:
        """With the name of the words, the line of the file where one is to blame, and what the words are about."""
        super().__init__(reason)
        self.reason, self.line, self.about = reason, line, about


def line_of(text: str, place: int) -> int:
    """The number of the line in which a place of a text stands."""
    return text.count("\n", 0, place) + 1


@dataclass(frozen=True)
class Block:
    """The block of one kind of file.

    `forms` gives what setup may write between the markers, for two paths; `begins` matches where a piece begins, `ours`
    is found in those of ours. `anywhere`: such a piece is ours outside of the markers too. `nameless`: it has no name
    by which it is ours whatever it runs, so another program's between the markers stands in its place.
    """

    forms: Callable[[str, str], list[str]]
    begins: str
    ours: str
    markers: Markers = (BEGINS, ENDS)
    anywhere: bool = True
    nameless: bool = False

    def is_in(self, text: str) -> bool:
        """Whether setup has put something there: one marker is enough."""
        return bool(self._marker.search(text))

    def put(self, text: str, lines: str, *, newline: str = "\n") -> str:
        """The text with these lines at its end; where ours are there already, with those brought up to date.

        Raises `LeftAlone`.
        """
        if self.pieces(text):
            return self._renewed(text, lines)
        text = self.taken(text)
        body = f"{self.markers[0]}\n{lines}{self.markers[1]}".replace("\n", newline)
        return text + newline + body if text and not text.endswith("\n") else text + body + newline

    def taken(self, text: str) -> str:
        """The text without what is ours. Raises `LeftAlone`."""
        block = self._alone(text)
        if block:
            before = text[: block.start()]
            return (before if block["end"] else before.removesuffix(block["line"])) + text[block.end() :]
        return without(text, [*self.pieces(text), *(match.span() for match in self._marker.finditer(text))])

    def pieces(self, text: str) -> list[tuple[int, int]]:
        """From where to where each piece of ours stands, the comments and blank lines after it aside.

        Raises `LeftAlone`.
        """
        if not self.is_in(text):
            return []
        whole = self._whole(text)
        first, last = self._reach(text, whole)
        starts = [match.start() for match in re.compile(self.begins, re.MULTILINE).finditer(text, first, last)]
        closed = [match.start() for match in self._marker.finditer(text) if self.markers[1] in match[0]]
        stretches = pairwise(sorted({*starts, last, *(place for place in closed if place < last)}))
        pieces = [(begins, self._without_remarks(text[begins:ends])) for begins, ends in stretches if begins in starts]
        ours = [each for each in pieces if self._is_ours(each[1])] or self._in_place(pieces, whole)
        return [(begins, begins + len(piece)) for begins, piece in ours]

    def is_untorn(self, text: str) -> bool:
        """Whether all that is ours stands between two markers, and nothing else does."""
        return self._alone(text) is not None

    def _alone(self, text: str) -> re.Match[str] | None:
        whole, pieces = self._whole(text), self.pieces(text)
        if not whole:
            return None
        begins, ends = whole.span()
        inside = [(first - begins, min(last, ends) - begins) for first, last in pieces if begins <= first < ends]
        markers = [match.span() for match in self._marker.finditer(whole[0])]
        is_alone = len(inside) == len(pieces) and not without(whole[0], [*inside, *markers]).strip()
        return whole if is_alone else None

    def _renewed(self, text: str, lines: str) -> str:
        """The text with our pieces as they are to be, each at the place that it has."""
        pieces, forms = self.pieces(text), self.forms(*WILD)
        if self.anywhere:
            return replaced(text, pieces, lambda piece: renewed(piece, forms, lines))
        begins, ends = self._reach(text, self._whole(text))
        own = [(first - begins, last - begins) for first, last in pieces]
        return replaced(text, [(begins, ends)], lambda inside: renewed(inside, forms, lines, own))

    def _reach(self, text: str, whole: re.Match[str] | None) -> tuple[int, int]:
        """From where to where a piece of ours may stand."""
        if self.anywhere:
            return 0, len(text)
        return whole.span("inside") if whole else (0, 0)

    @property
    def _marker(self) -> re.Pattern[str]:
        begins, ends = map(re.escape, self.markers)
        return re.compile(rf"{LINE}(?:{begins}|{ends})[ \t]*(?:\r?\n|\r?\Z)", re.MULTILINE)

    def _whole(self, text: str) -> re.Match[str] | None:
        """The block. Raises `LeftAlone` where its pieces cannot be told without it, and it is not whole."""
        begins, ends = map(re.escape, self.markers)
        block = rf"{LINE}{begins}[ \t]*(?P<line>\r?\n)(?P<inside>(?:.*\n)*?)[ \t]*{ends}[ \t]*(?P<end>\r?\n|\Z)"
        blocks = list(re.finditer(block, text, re.MULTILINE))
        markers = list(self._marker.finditer(text))
        if len(blocks) == 1 and len(markers) == 2:
            return blocks[0]
        if markers and not self.anywhere:
            raise LeftAlone("torn", line_of(text, markers[0].start()))
        return None

    def _in_place(self, pieces: list[tuple[int, str]], whole: re.Match[str] | None) -> list[tuple[int, str]]:
        """The one piece between the markers, if it has a line of ours below its first, where none says that it is."""
        if not self.nameless or not whole:
            return []
        between = [each for each in pieces if whole.start() <= each[0] < whole.end()]
        known = {line for form in self.forms(*WILD) for line in form.splitlines()}
        return between if len(between) == 1 and known.intersection(between[0][1].splitlines()[1:]) else []

    def _without_remarks(self, piece: str) -> str:
        """A section without the comments and blank lines at its end, which are not known to be its own."""
        if not self.anywhere:
            return piece
        lines = piece.split("\n")
        while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith(("#", ";"))):
            lines.pop()
        return piece[: sum(len(line) + 1 for line in lines)]

    def _is_ours(self, piece: str) -> bool:
        written = piece.strip().replace("\r\n", "\n")
        is_form = not self.anywhere and any(written in form for form in self.forms(*WILD))
        return bool(written) and (is_form or bool(re.search(self.ours, piece)))


def replaced(text: str, spans: Iterable[tuple[int, int]], change: Callable[[str], str]) -> str:
    """The text with what stands from one place to another changed, for each of the spans; no two of them meet."""
    for begins, ends in sorted(spans, reverse=True):
        text = text[:begins] + change(text[begins:ends]) + text[ends:]
    return text


def without(text: str, cuts: list[tuple[int, int]]) -> str:
    """The text without what stands from one place to another, for each cut."""
    kept, at = [], 0
    for begins, ends in sorted(cuts):
        kept.append(text[at:begins])
        at = max(at, ends)
    return "".join([*kept, text[at:]])


LANGUAGES = ("en", "zh")
"""In which setup writes what it says to people."""


def translated(text: str, chinese: Mapping[str, str], language: str) -> str:
    """The text with these English phrases in Chinese, or the other way round."""
    pairs = chinese.items() if language == "zh" else ((told, said) for said, told in chinese.items())
    for said, told in sorted(pairs, key=lambda pair: len(pair[0]), reverse=True):
        for newline in ("\n", "\r\n"):
            text = text.replace(said.replace("\n", newline), told.replace("\n", newline))
    return text


COMMAND = re.compile(r"\bcodingplan-bar(?= (?:open|refresh|i3status-rust|i3blocks|pango|text)\b)")


def fragment(file: str, command: str, *, escaped: Callable[[str], str] = str) -> str:
    """What `file` below integrations/ says, its comments aside, with the command as one word for a shell.

    `escaped` is what the file's own language makes of that word. Raises `LeftAlone`.
    """
    text = (resources.shipped_folder() / file).read_text("utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith("#")]
    return COMMAND.sub(lambda _: escaped(shlex.quote(one_line(command))), "".join(lines))


SILENT = r"(?!open\b|refresh\b|setup\b|status --window)"
"""What follows is another word than those by which the program does something and prints no line for a bar."""
RUNS = re.compile(rf"codingplan.bar[\W_]* {SILENT}[a-z]")
"""A command that prints what a bar shows, in whatever quotes its path stands."""
ABSENT = "absent"
"""The name of the words for a bar that has nothing of ours."""


def absent_in(text: str) -> str:
    """For a bar that shows all of its file: `ABSENT` where no command of ours is in it, else nothing."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return "" if RUNS.search("\n".join(lines)) else ABSENT


def one_line(command: str) -> str:
    """The command. Raises `LeftAlone` where its path has a line's end or the like: no bar's language can say it."""
    if not command.isprintable():
        raise LeftAlone("command")
    return command


# What a click on the bar does: it opens the console, or the page in a window. Four bars' languages have the command in
# the same form, a path and what it is told, so these words are exchanged as they stand. What else the user has made of
# the click is the user's, and stays.

CLICKS = {"console": "open", "page": "status --window"}
"""By what somebody may choose: what the command is told."""
_CLICK = re.compile(r"""(codingplan-bar(?:['"\\]*))[ ](open|status[ ]--window)\b""")

Spans = Iterable[tuple[int, int]]
"""From where to where each piece of ours stands in a text."""


def click_in(text: str, spans: Spans) -> str:
    """Which of `CLICKS` the click is in these pieces; empty where it is another one."""
    found = (_CLICK.search(text[begins:ends]) for begins, ends in spans)
    words = next((match[2] for match in found if match), "")
    return next((choice for choice, known in CLICKS.items() if known == words), "")


def with_click(text: str, spans: Spans, choice: str) -> str:
    """The text with that click in these pieces; as it is where it is empty."""
    if not choice:
        return text
    return replaced(text, spans, lambda piece: _CLICK.sub(rf"\1 {CLICKS[choice]}", piece))


def with_wanted_click(text: str, spans: Spans, choice: str) -> str:
    """The same for somebody's own choice. Raises `LeftAlone` where the click is not one of `CLICKS`."""
    spans = list(spans)
    if not click_in(text, spans):
        raise LeftAlone("own click")
    return with_click(text, spans, choice)
