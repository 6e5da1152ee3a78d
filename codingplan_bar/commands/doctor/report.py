"""What a check gives, and all of them as a page for a person and as a report, with the shapes of the answers.

A shape is the names of an answer's fields and the types of their values, never a value. A change at the provider can be
mended from one report by it. A name is the server's own word, so one that could be an account's number, an address or a
token is left out, too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from codingplan_bar import paths
from codingplan_bar.bars.phrases import padded, width
from codingplan_bar.commands.output import painted, typed, wrapped
from codingplan_bar.facts import SETTING_PREFIX
from codingplan_bar.process import typed_path
from codingplan_bar.refresh.refresh import Refresher
from codingplan_bar.refresh.sources import Transports, network
from codingplan_bar.regions import CONSOLE_HOSTS, HOSTS
from codingplan_bar.settings.settings import Settings
from codingplan_bar.text import clean
from codingplan_bar.transport.http import spoken_host
from codingplan_bar.transport.request import Answer, Deadline, Request, Send
from codingplan_bar.words import filled, listed
from codingplan_bar.words.errors import error_text, found

Verdict = Literal["ok", "note", "bad"]


class Typed(NamedTuple):
    """A fact that a step's command has in it: as the text shows it, and as a shell reads it."""

    shown: str
    typed: str


@dataclass(frozen=True, slots=True)
class Line:
    """What one check found. `next` is the step that mends it, or that is worth taking; or empty.

    `fold` says what the short page leaves out: what is `absent`, and the `echo` of another line's cause. It never
    leaves out `news`. `stops`: while it holds, no request is sent.
    """

    name: str
    verdict: Verdict
    text: str
    next: str = ""
    fold: Literal["", "absent", "echo", "news"] = ""
    stops: bool = False


@dataclass(frozen=True, slots=True)
class CheckContext:
    """One run of the doctor. `words` are its own, `bars_words` those of the bars, for the same language.

    `offline`: the provider is not asked. `may_prompt`: a keyring may ask its user. `is_report`: it is to be shown to
    others, so the names that people have given to their profiles are left out.
    """

    environ: Mapping[str, str]
    refresher: Refresher
    words: Mapping[str, str]
    bars_words: Mapping[str, str]
    offline: bool = False
    may_prompt: bool = False
    is_report: bool = False

    @property
    def settings(self) -> Settings:
        """What holds."""
        return self.refresher.asker.settings

    def ok(self, name: str, key: str, *facts: object) -> Line:
        """A line of what is as it should be; `key` names its words."""
        return self._line(name, "ok", key, facts)

    def note(self, name: str, key: str, *facts: object) -> Line:
        """A line of what is worth knowing; its words may have a next step, under `key.next`."""
        return self._line(name, "note", key, facts)

    def absent(self, name: str, key: str, *facts: object) -> Line:
        """A line of what is not there, and need not be."""
        return replace(self.note(name, key, *facts), fold="absent")

    def bad(self, name: str, key: str, *facts: object) -> Line:
        """A line of what stands in the way."""
        return self._line(name, "bad", key, facts)

    def problem(self, name: str, code: str, message: str, hint: str) -> Line:
        """A bad line of one of the program's own errors; its step has a command that can be typed."""
        happened, step = error_text(code, message, hint, self.bars_words)
        own = _command_of(message, hint, self.environ)
        command = own or ("" if HAS_COMMAND.search(step) else COMMANDS.get(code, ""))
        return Line(name, "bad", happened, self.with_command(step, command))

    def with_command(self, step: str, command: str) -> str:
        """A step, and behind it the command to type."""
        return filled("{} {}", step, filled(self.words["run"], command)).strip() if command else step

    def shown(self, path: object) -> str:
        """A path as it may be shown to others."""
        return paths.displayed(str(path), self.environ)

    def typed(self, path: object) -> Typed:
        """A path that a step's command may have in it."""
        shown = self.shown(path)
        return Typed(shown, typed_path(shown))

    def _line(self, name: str, verdict: Verdict, key: str, facts: tuple[object, ...]) -> Line:
        told = [listed(fact, self.bars_words["language"]) if isinstance(fact, list) else fact for fact in facts]
        text = (fact.shown if isinstance(fact, Typed) else fact for fact in told)
        step = (fact.typed if isinstance(fact, Typed) else fact for fact in told)
        return Line(name, verdict, filled(self.words[key], *text), filled(self.words.get(f"{key}.next", ""), *step))


Check = Callable[[CheckContext], Iterator[Line]]


HAS_COMMAND = re.compile(r"(?:codingplan-bar|npm|pipx|pip|bl|chmod) [a-z]")
IN_STEP = re.compile(r"`([a-z][\w-]* [^`]+)`|\b(codingplan-bar [a-z][\w -]*[\w])$")
"""The command in a step: in code marks, or at its end."""
COMMANDS = {
    "missing_credentials": "codingplan-bar login",
    "invalid_cookie": "codingplan-bar config edit",
    "login_required": "codingplan-bar login",
    "invalid_credentials": "codingplan-bar login",
    "api_key_unavailable": "codingplan-bar login",
    "not_authorised": "codingplan-bar open",
    "no_plan": "codingplan-bar open",
    "endpoint_rejected": "env | grep ALIBABA_CODING_PLAN",
    "network": "codingplan-bar status",
    "api_error": "codingplan-bar status",
    "bad_response": "codingplan-bar doctor --json",
    "config": "codingplan-bar config edit",
    "internal": "codingplan-bar doctor --json",
}
"""The command that leads on from an error; whoever is asked to wait has none to type."""

OF_STEPS = {
    "storage.hint": "export XDG_CACHE_HOME=/FOLDER XDG_STATE_HOME=/FOLDER",
    "storage.full.hint": "df -h ~",
    "storage.home.hint": "export HOME=/FOLDER",
    "session.variable.hint": "codingplan-bar refresh",
    "source.none.hint": "codingplan-bar config unset source",
    "api_key_unavailable.hint": "codingplan-bar config set source web",
    "plan.no_way.hint": "codingplan-bar config unset source",
    "proxy.wrong_setting.hint": "codingplan-bar config unset proxy",
    "proxy.unusable.hint": "unset HTTPS_PROXY ALL_PROXY",
    "mint.clock.hint": "timedatectl set-ntp true",
    "mint.signature.hint": "codingplan-bar login --with-access-key",
    "mint.ended.hint": "codingplan-bar login --with-access-key",
    "tool.other.hint": "bl --version",
    "tool.no_node.hint": "codingplan-bar config edit",
    "tool.update.hint": "npm install -g bailian-cli",
}
"""The command for a step that the command of its error's code would not do."""
OF_PLACES = {"cookie.wrong": "origin", "cookie.none": "origin", "certificates.unreadable": "variable"}
"""The sentences that name a variable or a setting that is wrong, each with its fact."""


def _command_of(message: str, hint: str, environ: Mapping[str, str]) -> str:
    """The command that does what a step says; empty for a step that has none of its own."""
    key, facts = found(message)
    if place := facts.get(OF_PLACES.get(key, "")):
        name = place if place in environ else SETTING_PREFIX + place.upper()
        if name in environ:
            return f"unset {name}"
        return "codingplan-bar config unset ca_bundle" if place == "ca_bundle" else ""
    return OF_STEPS.get(found(hint)[0], "")


OF_SEVERAL = {"bar", "command", "alerts"}
"""The checks of several things, of which one may be right where another is wrong."""
READ = {"provider", "in use", "bar"}
"""The checks whose good news is worth reading each time."""

# The lines as a person reads them, and as a report: the same, in order, ending with the one next step. Pure.

SIGNS = {"ok": "✓", "note": "·", "bad": "✗"}
COLORS = {"ok": "#6cc070", "note": "#9a9a9a", "bad": "#e06c75"}
REPORT_VERSION = 1


def once(lines: Sequence[Line]) -> list[Line]:
    """The lines without what an earlier one of that name has said, and without advice that is the next step anyway.

    What the refresh has found wrong takes the tick from what was found right there before.
    """
    step, wrong = _commands(next_step(lines)), {line.name for line in lines if line.verdict == "bad"} - OF_SEVERAL
    kept: dict[tuple[str, str], Line] = {}
    for line in lines:
        kept.setdefault((line.name, line.text), line)
    return [_seen_with(line, step, wrong) for line in kept.values()]


def _seen_with(line: Line, step: set[str], wrong: set[str]) -> Line:
    """One of the lines, beside the next step's commands and the names of what is wrong."""
    if line.verdict == "ok" and line.name in wrong:
        return replace(line, verdict="note", fold="echo")
    return replace(line, fold="echo") if line.verdict == "ok" and _commands(line.text) & step else line


def next_step(lines: Sequence[Line]) -> str:
    """What to do first: what mends the first bad line, else what the first note advises; empty for nothing.

    What stops every request comes first. Once the provider has answered, no other sign-in is needed.
    """
    answered = any(line.name == "provider" and line.verdict == "ok" for line in lines)
    asked = [line for line in lines if line.next and not (answered and line.name == "browser")]
    bad, notes = ([line for line in asked if line.verdict == verdict] for verdict in ("bad", "note"))
    return next((line.next for line in (*sorted(bad, key=lambda line: not line.stops), *notes)), "")


def drawn(
    lines: Sequence[Line], words: Mapping[str, str], columns: int, *, colorful: bool, everything: bool = True
) -> list[str]:
    """The page: a column of names, each line's text beside it, the next step at the end.

    Without `everything` what says nothing new is folded: one line for what passed, one for what is not there.
    """
    shown, step = [line for line in lines if everything or _is_read(line)], next_step(lines)
    margin = max(width(words[f"name.{line.name}"]) for line in shown) + 4 if shown else 4
    page = []
    for (name, line), texts in zip(_named_once(shown), _told(shown, step), strict=True):
        title = padded(words[f"name.{name}"] if name else "", margin - 4)
        first, *rest = [row for text in texts for row in wrapped(text, max(columns - margin, 20))]
        page += [f"{_sign(line.verdict, colorful=colorful)} {title}  {first}", *(" " * margin + row for row in rest)]
    for verdict, text in () if everything else _folded(lines, words):
        first, *rest = wrapped(text, max(columns - 2, 20))
        page += [f"{_sign(verdict, colorful=colorful)} {first}", *(f"  {row}" for row in rest)]
    return [*page, "", *_ending(step, words, columns)]


def _told(lines: Sequence[Line], step: str) -> Iterator[list[str]]:
    """Each line's texts: its own, and behind a bad one its step. What has been said, or stands at the end, is not."""
    said = {step, *_commands(step)}
    for line in lines:
        step_of_it = {line.next, *_commands(line.next)} if line.verdict == "bad" and line.next else set()
        yield [line.text, *([f"→ {line.next}"] if step_of_it and not step_of_it & said else [])]
        said |= step_of_it


def _commands(step: str) -> set[str]:
    """The commands in a step."""
    return {found[1] or found[2] for found in IN_STEP.finditer(step)}


def _ending(step: str, words: Mapping[str, str], columns: int) -> list[str]:
    """The next step; the command to type stands in a line of its own, whole."""
    said, run, command = step.rpartition(filled(words["run"], ""))
    if not run:
        said = step
        named = IN_STEP.search(step)
        command = (named[1] or named[2]) if named else ""
    told = wrapped(words["next"].format(said.strip()) if step else words["all well"], columns)
    return [*told, "", f"    {typed(command)}"] if command else told


def _is_read(line: Line) -> bool:
    return line.fold == "news" or (not line.fold and (line.verdict != "ok" or line.name in READ))


def _folded(lines: Sequence[Line], words: Mapping[str, str]) -> Iterator[tuple[Verdict, str]]:
    """What the short page says of the lines that it leaves out."""
    there = {line.name for line in lines if _is_read(line)}
    absent = dict.fromkeys(
        words[f"name.{line.name}"] for line in lines if line.fold == "absent" and line.name not in there
    )
    if absent:
        yield "note", filled(words["absent"], words["comma"].join(absent))
    yield "ok", words["passed"].format(sum(line.verdict == "ok" and not _is_read(line) for line in lines))


def _sign(verdict: Verdict, *, colorful: bool) -> str:
    return painted(SIGNS[verdict], COLORS[verdict]) if colorful else SIGNS[verdict]


def as_json(lines: Sequence[Line], answers: Sequence[Mapping[str, object]] = ()) -> str:
    """The same as JSON, with the shapes of what the server answered."""
    checks = [{"name": each.name, "verdict": each.verdict, "text": each.text, "next": each.next} for each in lines]
    told = {"schema_version": REPORT_VERSION, "checks": checks, "next": next_step(lines), "answers": [*answers]}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _named_once(lines: Sequence[Line]) -> Iterator[tuple[str, Line]]:
    """Each line with its name, which stands before the first of several alone."""
    before = ""
    for line in lines:
        yield "" if line.name == before else line.name, line
        before = line.name


DEEPEST, WIDEST, MOST = 10, 80, 6
"""Levels, fields of an object, and answers: the real ones have a third of each."""
LONGEST_TEXT = 256 * 1024
_NAME = re.compile(r"(?!(?:\D*\d){5})[A-Za-z_][A-Za-z0-9_.-]{0,39}")
"""A field's name; five digits or more are somebody's number."""
_TYPES = {str: "text", bool: "switch", int: "number", float: "number", type(None): "null"}
OTHER = "(other)"


class AnswerShapes:
    """Remembers the shape of each JSON answer of one refresh, in their order."""

    def __init__(self) -> None:
        """Nothing is answered yet."""
        self.seen: list[dict[str, object]] = []

    def transports(self, settings: Settings) -> Transports:
        """What sends as usual, and remembers."""

        def listening(deadline: Deadline) -> Send:
            send = network(settings)(deadline)

            def asked(request: Request) -> Answer:
                answer = send(request)
                self._remember(request, answer)
                return answer

            return asked

        return listening

    def _remember(self, request: Request, answer: Answer) -> None:
        try:
            document = json.loads(answer.body[:LONGEST_TEXT])
        except (ValueError, RecursionError):
            return
        host = spoken_host(request.url)
        known = host if host in CONSOLE_HOSTS | HOSTS else OTHER
        told = {"host": known, "status": answer.status, "shape": shape(document)}
        if told not in self.seen:
            self.seen = [*self.seen, told][-MOST:]


def shape(value: object, depth: int = DEEPEST) -> object:
    """Names and types: an object is one of shapes, a list the shapes of its items, each once."""
    if not depth:
        return OTHER
    if isinstance(value, dict):
        return _fields(value, depth)
    if isinstance(value, list):
        items = (shape(each, depth - 1) for each in value[:WIDEST])
        return [json.loads(each) for each in dict.fromkeys(json.dumps(item, sort_keys=True) for item in items)]
    if isinstance(value, str) and value[:1] in ("{", "["):  # the console packs JSON into texts
        try:
            return {"text of": shape(json.loads(value), depth - 1)}
        except (ValueError, RecursionError):
            return "text"
    return _TYPES.get(type(value), OTHER)


def _fields(value: dict[str, object], depth: int) -> dict[str, object]:
    named = {name: each for name, each in [*value.items()][:WIDEST] if _NAME.fullmatch(clean(name, 41))}
    told = {name: shape(each, depth - 1) for name, each in named.items()}
    return {**told, OTHER: OTHER} if len(named) < len(value) else told
