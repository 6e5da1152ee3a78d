"""zjstatus in zellij: a command among the settings of the plugin and its place in the format, both found by KDL."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from codingplan_bar.configure.block import ABSENT, RUNS, LeftAlone, line_of, one_line, without
from codingplan_bar.configure.files import text_of
from codingplan_bar.configure.machine import Machine, the_file
from codingplan_bar.configure.machine.shell_text import starts
from codingplan_bar.resources import shipped_folder

PROGRAM = "zellij"
OPTIONS = ("-l", "--layout", "-n", "--new-session-with-layout")
"""By which it is told a layout."""
BEGINS, ENDS = "// >>> codingplan-bar >>>", "// <<< codingplan-bar <<<"
MARKED = re.compile(rf"[ \t]*{re.escape(BEGINS)}[ \t]*\r?\n|^[ \t]*{re.escape(ENDS)}[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
WIDGET = re.compile(r"command_(\w+)_command")
WRITTEN = re.compile(r"""(?:sh -c \\")?'?[^'"]*codingplan-bar'? (?P<verb>\w+)(?:\\")?""")
RIGHT = "format_right"
NAME = "codingplan"
WORD, COMMAND = f"{{command_{NAME}}}", f"command_{NAME}_command"


def place(machine: Machine) -> Path | None:
    """The file in which zjstatus is set up; None where no layout has it. Raises `LeftAlone`."""
    folder = Path(machine.environ.get("ZELLIJ_CONFIG_DIR", "") or machine.home / ".config/zellij")
    config = folder / "config.kdl"
    said = dict(re.findall(r'^[ \t]*(default_layout|layout_dir)[ \t]+"([^"\n]+)"', text_of(config), re.MULTILINE))
    layouts = folder / machine.expanded(said.get("layout_dir", "layouts"))
    started = [_layout(name, layouts, machine, words) for words in machine.running if (name := named(words))]
    stages = [started, [_layout(said.get("default_layout", "default"), layouts, machine)], [config]]
    set_up = [list(filter(_has_settings, stage)) for stage in stages]
    with_it = [[path for path in stage if "zjstatus" in text_of(path)] for stage in stages]
    others = [path for path in sorted(layouts.glob("*.kdl")) if "zjstatus" in text_of(path)]
    return the_file([*set_up, *with_it], others)


def _has_settings(path: Path) -> bool:
    """Whether zjstatus is set up in a file, and not only placed by its other name; also where it cannot be read."""
    text = text_of(path)
    try:
        return "zjstatus" in text and bool(_plugins(text))
    except LeftAlone as error:
        return error.line > 0


def named(arguments: Sequence[str]) -> str | None:
    """The layout that a command line of zellij names; None where it names none, or is not zellij's."""
    if not starts(arguments, PROGRAM):
        return None
    rest = [part for word in arguments[1:] for part in (word.split("=", 1) if word.startswith("--") else [word])]
    return next((name for option, name in pairwise(rest) if option in OPTIONS), None)


def _layout(name: str, folder: Path, machine: Machine, words: Sequence[str] = ()) -> Path:
    """The layout of that name, or at that path, which starts where the command was started."""
    return machine.file(name, words) if "/" in name else folder / (name if name.endswith(".kdl") else f"{name}.kdl")


def changed(text: str, command: str) -> str:
    """The layout with our lines and our word, and nothing else changed. Raises `LeftAlone`."""
    plugins = _plugins(text)
    ours = [node for plugin in plugins for node in _ours(plugin)]
    if ours and not MARKED.search(text):
        raise LeftAlone("already there", line_of(text, min(node.words[0].begins for node in ours)))
    if not ours and MARKED.search(text) and any(node.name == COMMAND for plugin in plugins for node in plugin.nodes):
        return text  # another program is run in the place of ours
    return _renewed(text, plugins, command) if ours else _checked(text, _added(taken(text), command))


def _added(text: str, command: str) -> str:
    """The text, which has nothing of ours, with our lines and our word. Raises `LeftAlone`."""
    plugin = _plugins(text)[0]
    newline = "\r\n" if "\r\n" in text else "\n"
    inside = plugin.inside or (0, 0)
    before = text[: inside[1]].rstrip(" \t")
    indent = re.search(r"^([ \t]*)\S", text[inside[0] : inside[1]].lstrip("\r\n"), re.MULTILINE)
    gap = indent[1] if indent else "    "
    start = gap if before.endswith("\n") else ""  # braces on one line stay so: a comment may end any line
    body = "".join(f"{gap}{line}{newline}" for line in [*lines(command).splitlines(), ENDS])
    block = f"{start}{BEGINS}{newline}{body}"
    return _with_word(before + block + text[len(before) :], plugin, gap, newline)


def taken(text: str) -> str:
    """The layout without our lines and our word, wherever they are now. Raises `LeftAlone`.

    A word whose settings somebody has removed is ours too: it shows nothing.
    """
    markers = [match.span() for match in MARKED.finditer(text)]
    if not markers and WORD not in text:
        return text
    plugins = _plugins(text)
    if not markers and any(map(_ours, plugins)):
        return text
    cuts = [cut for plugin in plugins for cut in _cuts(text, plugin)]
    return _checked(text, without(text, [*markers, *cuts]))


def _cuts(text: str, plugin: Node) -> Iterator[tuple[int, int]]:
    """From where to where what is ours stands between the braces of one plugin."""
    yield from (_line(text, node.words[0].begins, node.words[-1].ends) for node in _settings(plugin))
    for word in (node.words[1] for node in _formats(plugin)):
        found = _words([plugin]).finditer(text, word.begins, word.ends)
        yield from (match.span() for match in found)


def unseen(text: str, _path: Path, _machine: Machine) -> str:
    """Why zjstatus would not show it: nothing runs our command, or no format has its word. Raises `LeftAlone`."""
    plugins = [plugin for plugin in _plugins(text) if _ours(plugin)]
    if not plugins:
        return ABSENT
    return "" if any(map(_is_named, plugins)) else "not named"


def _is_named(plugin: Node) -> bool:
    words = _words([plugin])
    return any(words.search(node.words[1].said) for node in _formats(plugin))


def lines(command: str) -> str:
    """The settings of our command, with its path as zjstatus and KDL read it."""
    shipped = (shipped_folder() / "ansi/zjstatus.kdl").read_text("utf-8")
    kept = "".join(line for line in shipped.splitlines(keepends=True) if not line.startswith("//"))
    return re.sub(r'"codingplan-bar (\w+)"', lambda match: f'"{_called(command, match[1])}"', kept)


def _called(command: str, verb: str) -> str:
    """A command for zjstatus, which cannot have a quoted word before another: a shell reads such a path."""
    word = shlex.quote(one_line(command))
    if word == command:
        return f"{word} {verb}"
    if any(sign in command for sign in "'\"\\"):
        raise LeftAlone("command")
    return f'sh -c \\"{word} {verb}\\"'


shown = lines


def _plugins(text: str) -> list[Node]:
    """The nodes in which zjstatus is set up: a layout has one for each kind of tab. Raises `LeftAlone`."""
    found = [node for node in every(nodes(text)) if "zjstatus" in node.properties.get("location", "")]
    with_settings = [node for node in found if node.inside]
    if not with_settings:
        raise LeftAlone("not understood")
    return with_settings


def _ours(plugin: Node) -> list[Node]:
    """The settings that run our command."""
    found = (node for node in plugin.nodes if WIDGET.fullmatch(node.name) and len(node.words) == 2)
    return [node for node in found if RUNS.search(node.words[1].said)]


def _names(plugin: Node) -> list[str]:
    """The names of our commands: those that run it, and the one that setup gives."""
    names = [node.name.removeprefix("command_").removesuffix("_command") for node in _ours(plugin)]
    return list(dict.fromkeys([*names, NAME]))


def _words(plugins: list[Node]) -> re.Pattern[str]:
    """Our words in a format, each with the space that came with it."""
    names = dict.fromkeys(name for plugin in plugins for name in _names(plugin))
    return re.compile(rf"\{{command_(?:{'|'.join(map(re.escape, names))})\}} ?")


def _settings(plugin: Node) -> Iterator[Node]:
    """Every setting of our commands, and a right side that has nothing but their words."""
    for name in _names(plugin):
        yield from (node for node in plugin.nodes if node.name.startswith(f"command_{name}_"))
        yield from (node for node in _formats(plugin) if node.words[1].said == f"{{command_{name}}}")


def _formats(plugin: Node) -> list[Node]:
    return [node for node in plugin.nodes if node.name.startswith("format_") and len(node.words) == 2]


def _renewed(text: str, plugins: list[Node], command: str) -> str:
    """The text with the path of our commands as it is now, where what runs is as setup writes it."""
    words = [node.words[1] for plugin in plugins for node in plugin.nodes if len(node.words) == 2]
    for word in sorted(words, key=lambda word: word.begins, reverse=True):
        written = WRITTEN.fullmatch(text[word.begins : word.ends])
        if written:
            text = text[: word.begins] + _called(command, written["verb"]) + text[word.ends :]
    return text


def _with_word(text: str, plugin: Node, gap: str, newline: str) -> str:
    """The text with our word first on the right side; without a right side our own lines have one."""
    right = next((node.words[1] for node in reversed(_formats(plugin)) if node.name == RIGHT), None)
    if right is None:
        own = text.index("\n", text.index(BEGINS)) + 1
        return f'{text[:own]}{gap}{RIGHT} "{WORD}"{newline}{text[own:]}'
    return f"{text[: right.begins]}{WORD} {text[right.begins :]}"


def _line(text: str, begins: int, ends: int) -> tuple[int, int]:
    """From where to where the line of a setting stands."""
    start, end = text.rfind("\n", 0, begins) + 1, text.find("\n", ends)
    return start, len(text) if end < 0 else end + 1


def _checked(before: str, after: str) -> str:
    """The text as it is to be. Raises `LeftAlone` where it does not say the same of all that is the user's."""
    if _theirs(before) != _theirs(after):
        raise LeftAlone("not understood")
    return after


def _theirs(text: str) -> list[tuple[list[str], dict[str, str]]]:
    """What every node says, our settings and our word aside."""
    plugins = _plugins(text)
    ours, words = {node.words[0].begins for plugin in plugins for node in _settings(plugin)}, _words(plugins)
    found = [node for node in every(nodes(text)) if node.words[0].begins not in ours]
    return [([words.sub("", word.said) for word in node.words], node.properties) for node in found]


TOKEN = re.compile(
    r"""(?P<space>(?:[ \t\r\ufeff]|\\[ \t]*\r?\n)+)|(?P<remark>//[^\n]*|(?=/\*))|(?P<off>/-)|(?P<end>[;\n])"""
    r"""|(?P<sign>[{}=])|(?P<text>r(?P<hash>\#*)"(?:.*?)"(?P=hash)|"(?:[^"\\]|\\.)*")|(?P<word>[^\s"{};=\\/]+)""",
    re.DOTALL,
)
COMMENT = re.compile(r"/\*|\*/")
DEEPEST = 60


@dataclass(slots=True)
class Word:
    """A word: what it says, and from where to where that stands, within the quotes where it has some."""

    said: str
    begins: int
    ends: int


@dataclass(slots=True)
class Node:
    """A node by its words (its name is the first), its properties, and what stands between its braces.

    `inside` is from where to where that stands; None where it has no braces.
    """

    words: list[Word]
    properties: dict[str, str] = field(default_factory=dict)
    inside: tuple[int, int] | None = None
    nodes: list[Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its first word."""
        return self.words[0].said


def nodes(text: str) -> list[Node]:
    """The nodes of a document; what is switched off by `/-` is left out. Raises `LeftAlone`."""
    reader = _Reader(text)
    found = reader.nodes(0)
    if reader.said:
        raise reader.lost()
    return found


def every(found: list[Node]) -> Iterator[Node]:
    """These nodes and all below them."""
    for node in found:
        yield node
        yield from every(node.nodes)


class _Reader:
    """One token ahead: its `kind`, empty at the end, and what it `said`."""

    def __init__(self, text: str) -> None:
        self._text, self._tokens = text, _tokens(text)
        self.begins, self.kind, self.said = 0, "", ""
        self._step()

    def lost(self) -> LeftAlone:
        return LeftAlone("not understood", line_of(self._text, self.begins))

    def nodes(self, depth: int) -> list[Node]:
        """The nodes up to a closing brace or the end. Raises `LeftAlone`."""
        if depth > DEEPEST:
            raise self.lost()
        found = []
        while self.kind and self.said != "}":
            if self.kind == "end":
                self._step()
                continue
            is_off = self._is_off()
            node = self._node(depth)
            if not is_off:
                found.append(node)
        return found

    def _node(self, depth: int) -> Node:
        node = Node([])
        while self.kind not in ("", "end") and self.said != "}":
            is_off = self._is_off()
            if self.said == "{":
                inside, below = self._block(depth)
                if not is_off:
                    node.inside, node.nodes = inside, below
                    break
            else:
                self._take(Node([]) if is_off else node)
        if not node.words:
            raise self.lost()
        return node

    def _block(self, depth: int) -> tuple[tuple[int, int], list[Node]]:
        begins = self.begins + 1
        self._step()
        below = self.nodes(depth + 1)
        if self.said != "}":
            raise self.lost()
        ends = self.begins
        self._step()
        return (begins, ends), below

    def _take(self, node: Node) -> None:
        """Take one word, or one property, into a node."""
        first = self._word()
        if self.said == "=":
            self._step()
            node.properties[first.said] = self._word().said
        else:
            node.words.append(first)

    def _word(self) -> Word:
        if self.kind not in ("text", "word"):
            raise self.lost()
        begins, kind, said = self.begins, self.kind, self.said
        self._step()
        if kind == "word":
            return Word(said, begins, begins + len(said))
        is_raw, opening = said[0] == "r", said.index('"') + 1
        inner = said[opening : -(opening - 1 if is_raw else opening)]
        plain = inner if is_raw else re.sub(r"\\(.)", r"\1", inner)
        return Word(plain, begins + opening, begins + opening + len(inner))

    def _is_off(self) -> bool:
        is_off = self.kind == "off"
        if is_off:
            self._step()
        return is_off

    def _step(self) -> None:
        self.begins, self.kind, self.said = next(self._tokens)


def _tokens(text: str) -> Iterator[tuple[int, str, str]]:
    at = 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise LeftAlone("not understood", line_of(text, at))
        if match.lastgroup not in ("space", "remark"):
            yield at, str(match.lastgroup), match[0]
        at = match.end() if match[0] else _after_comment(text, at)
    yield at, "", ""


def _after_comment(text: str, at: int) -> int:
    """Where a comment between `/*` and `*/` ends, with those within it. Raises `LeftAlone`."""
    depth = 0
    for sign in COMMENT.finditer(text, at):
        depth += 1 if sign[0] == "/*" else -1
        if not depth:
            return sign.end()
    raise LeftAlone("not understood", line_of(text, at))
