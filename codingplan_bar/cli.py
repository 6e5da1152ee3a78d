"""The command line with its help and its errors of use, made from the table. The only file that imports click."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import redirect_stdout
from inspect import cleandoc
from typing import Any

import click

from codingplan_bar import __version__
from codingplan_bar.bars import BARS
from codingplan_bar.bars.phrases import padded, width
from codingplan_bar.commands import INTERRUPTED, do, output
from codingplan_bar.commands.command_table import BARS_TITLE, COMMANDS, GROUPS, PLAN, Argument, Command, Option
from codingplan_bar.settings.faults import WrongValue, nearest, wrong_value
from codingplan_bar.settings.settings import SETTINGS
from codingplan_bar.settings.values import choice
from codingplan_bar.text import number
from codingplan_bar.words import filled, listed, tidied
from codingplan_bar.words.zh.help import HELP, METAVARS

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def invoke(arguments: list[str]) -> int:
    """Run a command line; gives the exit code. What click prints (help, version, completion) goes through `output`."""
    printed = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(printed, "utf-8", write_through=True)) as texts:
        code = _code(arguments)
        texts.detach()
    text = printed.getvalue().decode().removesuffix("\n")
    unprinted = output.put(text) if text else 0
    return unprinted or code


def _code(arguments: list[str]) -> int:
    try:
        return int(main.main(arguments, prog_name=output.NAME, standalone_mode=False) or 0)
    except SystemExit as leaving:  # a completion script has been printed
        return int(leaving.code or 0)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        output.say(_words(error, arguments))
        return error.exit_code


class Formatter(click.HelpFormatter):
    """Help in columns of the terminal, of which a Chinese character takes two; click counts characters."""

    def write_heading(self, heading: str) -> None:
        """Write one heading, with the colon of the user's language."""
        colon = "：" if output.language_of() == "zh" else ":"
        self.write("\n".join(output.broken(heading + colon, self.width)) + "\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line of use; what does not fit behind the program's name stands below it."""
        head = f"{prefix or 'Usage: '}{prog}"
        if width(head) + 1 + width(args) <= self.width:
            self.write(f"{head} {args}".rstrip() + "\n")
            return
        self.write(f"{head}\n")
        for line in output.broken(args, self.width - 4):
            self.write(f"    {line}\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs, each broken to the width."""
        self.write("\n".join(self._paragraphs(text, self.current_indent)) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names in a column, and what is said of each beside it, or below it where the name is long."""
        names = [(name, said) for name, said in rows]
        column = min(max(width(name) for name, _ in names), col_max) + col_spacing + self.current_indent
        for name, said in names:
            head = " " * self.current_indent + name
            first, *rest = self._paragraphs(said, column) or [""]
            if width(head) > column - col_spacing:
                self.write(f"{head}\n{first}\n")
            else:
                self.write(f"{padded(head, column)}{first.lstrip()}".rstrip() + "\n")
            self.write("".join(f"{line}\n" for line in rest))

    def _paragraphs(self, text: str, margin: int) -> list[str]:
        lines: list[str] = []
        for part in filter(None, (tidied(" ".join(part.split())) for part in text.split("\n\n"))):
            if lines:
                lines.append("")
            lines += [" " * margin + line for line in output.broken(part, self.width - margin, framed=True)]
        return lines


class TranslatedContext(click.Context):
    """What click hands on, with our formatter."""

    formatter_class = Formatter


class TranslatedCommand(click.Command):
    """A command whose help is in the user's language: the texts are looked up when they are asked for.

    `is_quiet`: a secret may be among its arguments by mistake, so that what is wrong with them never repeats one.
    """

    context_class = TranslatedContext
    is_quiet = False
    takes_values = False
    """Whether its words may be values, so that a negative number is one and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words."""
        first = next((place for place, word in enumerate(args) if re.match(r"-\.?\d", word)), None)
        if self.takes_values and first is not None and "--" not in args:
            args = [*args[:first], "--", *args[first:]]
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of use."""
        pieces = " ".join(_placeholder(_said(piece, piece)) for piece in self.collect_usage_pieces(ctx) if piece)
        formatter.write_usage(_typed(ctx), pieces, prefix=_said("Usage: ", "Usage: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write what it does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(_said(_key(self), self.help or "").format(self.name))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write which words each argument may be, the options, and for the program its commands."""
        for each in self.params:
            if isinstance(each, click.Argument) and isinstance(each.type, OneOf):
                with formatter.section(filled(_said("one of", "{} is one of"), _placeholder(_name(each)))):
                    formatter.write_text(listed(each.type.choices, output.language_of()))
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        with formatter.section(_said("Options", "Options")):
            formatter.write_dl(self._said_of(options, ctx))
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def _said_of(self, options: Iterable[click.Option], ctx: click.Context) -> Iterator[tuple[str, str]]:
        for option in options:
            shown = option.get_help_record(ctx)
            name = next((each for each in option.opts if each.startswith("--")), "")
            if shown is not None:
                word = option.metavar or ""
                usage = shown[0].removesuffix(word) + _placeholder(word, name)
                yield usage, _said(f"{_key(self)} {name}", _said(name, shown[1]))


def _said(key: str, english: str) -> str:
    """The text of help in the user's language."""
    return HELP.get(key, english) if output.language_of() == "zh" else english


def _placeholder(word: str, option: str = "") -> str:
    """What stands for a word to be typed, in the user's language; `word` may stand in brackets."""
    bare, table = word.strip("[]"), METAVARS if output.language_of() == "zh" else {}
    return word.replace(bare, table.get(f"{option} {bare}") or table.get(bare, bare)) if bare else word


def _first(command: click.Command) -> str:
    """What a command does, in one sentence."""
    return _said(_key(command), command.help or "").partition("\n\n")[0]


def _key(command: click.Command) -> str:
    """The name of a command's texts; empty for the program itself."""
    if command is main:
        return ""
    return "BAR" if command.name in BARS else command.name or ""


SUBCOMMAND = "[COMMAND] [ARGS]..."
"""What stands behind the program's name; click's own word for it changes from version to version."""


class Program(TranslatedCommand, click.Group):
    """The commands in groups, by what a person wants, and then what a bar's configuration names."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write them."""
        place = 1 if output.language_of() == "zh" else 0
        for group, titles in GROUPS.items():
            names = [row.name for row in COMMANDS if not row.hidden and (row.group or "settings") == group]
            with formatter.section(titles[place]):
                formatter.write_dl([(name, _first(self.commands[name])) for name in names])
        with formatter.section(BARS_TITLE[place]):
            for line in output.broken(listed(BARS, output.language_of()), formatter.width - 2):
                formatter.write(f"  {line}\n")


@click.group(cls=Program, context_settings=CONTEXT, invoke_without_command=True, subcommand_metavar=SUBCOMMAND)
@click.version_option(__version__, prog_name=output.NAME, message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """How much of an Alibaba Cloud Coding Plan is used, in the status bar that you already have.

    Every setting of config.toml is also a variable CODINGPLAN_BAR_<NAME>.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


class WrongChoice(click.BadParameter):
    """A word that is not among the choices: `value` is the word, `wrong` what is told of it."""

    def __init__(self, value: str, wrong: WrongValue, param: click.Parameter | None, ctx: click.Context | None) -> None:
        """Keep them."""
        super().__init__("", ctx, param)
        self.value, self.wrong = value, wrong


class OneOf(click.Choice):  # type: ignore[type-arg]  # earlier versions of click have it without
    """One of a few words. An option with the name of a setting is read as that is, in all its spellings.

    A plan is handed on as it was typed.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The word; fails as a setting does."""
        name = param.name if isinstance(param, click.Option) else ""
        read = SETTINGS[name].read if name in SETTINGS and name != "plan" else choice(*map(str, self.choices))
        try:
            return read(value)
        except WrongValue as wrong:
            raise WrongChoice(str(value), wrong, param, ctx) from None


class Number(click.ParamType):  # type: ignore[type-arg]  # earlier versions of click have it without
    """A number within bounds, both included, read as the settings' numbers are."""

    name = "number"

    def __init__(self, lowest: float, highest: float) -> None:
        """Between these two."""
        self.bounds = lowest, highest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; fails for anything else."""
        try:
            return number(value, *self.bounds)
        except ValueError:
            self.fail("", param, ctx)


def _command(row: Command) -> click.Command:
    """The command of one row; what it does is imported when it runs."""

    def does(**given: object) -> int:
        return do(row.does, given)

    arguments = (click.Argument([each.name], **_word(each), **_completed(row, each)) for each in row.arguments)
    stray = [click.Argument(["stray"], nargs=-1, metavar="")] if row.keeps_arguments_quiet else []
    parameters: list[click.Parameter] = [*arguments, *stray, *(_option(each, row) for each in row.options)]
    made = TranslatedCommand(row.name, callback=does, params=parameters, help=cleandoc(row.text), hidden=row.hidden)
    made.is_quiet = row.keeps_arguments_quiet
    made.takes_values = any(each.name == "value" for each in row.arguments)
    return made


def _word(row: Argument) -> dict[str, Any]:
    shown = row.name.upper() if row.required else f"[{row.name.upper()}]"
    return {"type": OneOf(row.choices) if row.choices else str, "required": row.required, "metavar": shown}


def _completed(command: Command | None, word: Argument | Option) -> dict[str, Any]:
    """How a shell completes a word that is not one of a few."""
    if command is None or word.choices:
        return {}

    def complete(context: click.Context, _: click.Parameter, begun: str) -> list[str]:
        from codingplan_bar.commands.completion import completions  # nothing else needs it

        return completions(command.name, word.name, context.params, begun)

    return {"shell_complete": complete}


def _option(row: Option, of: Command | None = None) -> click.Option:
    names = [row.name, row.into] if row.into else [row.name]
    if row.is_flag:
        return click.Option(names, is_flag=True, help=row.text, hidden=row.hidden)
    if row.is_file:
        return click.Option(names, type=click.Path(readable=False), help=row.text, metavar=row.metavar)
    kind: Any = row.kind
    if row.choices:
        kind = OneOf(row.choices)
    elif row.bounds:
        kind = Number(*row.bounds)
    return click.Option(names, type=kind, help=row.text, metavar=row.metavar, hidden=row.hidden, **_completed(of, row))


def _bar_command(name: str) -> click.Command:
    def show_bar(*, watch: bool, plan: str | None) -> int:
        return do("refresh:stay" if watch else "refresh:show", {"bar": name, "plan": plan})

    options: list[click.Parameter] = [
        click.Option(["--watch"], is_flag=True, help="Stay, and print whenever what is shown changes."),
        _option(PLAN),
    ]
    return TranslatedCommand(name, callback=show_bar, params=options, help=f"Print what is known, for {name}.")


for _each in (*map(_command, COMMANDS), *map(_bar_command, BARS)):
    main.add_command(_each)


def _words(error: click.ClickException, arguments: list[str]) -> str:
    """What is wrong and what to do, in the user's language; click's own words are English."""
    from codingplan_bar.commands.misuse import wrong_use  # what only a mistake needs

    key, facts = _fault(error, arguments)
    context = getattr(error, "ctx", None)
    named = [each for each in arguments[:1] if each in main.commands]  # without its value, an option is told early
    command = _typed(context) if context else " ".join([output.called(), *named])
    return wrong_use(key, {**facts, "name": _placeholder(facts.get("name", ""))}, command)


def _typed(context: click.Context) -> str:
    """The program as this user types it, and the command."""
    return " ".join([output.called(), *context.command_path.split(" ")[1:]])


def _is_quiet(error: click.ClickException) -> bool:
    context = getattr(error, "ctx", None)
    return context is not None and getattr(context.command, "is_quiet", False)


def _fault(error: click.ClickException, arguments: list[str]) -> tuple[str, dict[str, Any]]:
    """What is wrong, as a key of the words USAGE with its facts; nothing is repeated of what may be a secret."""
    guess = next(iter(getattr(error, "possibilities", None) or []), "")
    if isinstance(error, click.NoSuchOption):
        key = "no such option" if _is_quiet(error) else "no option"
        return key, {"name": output.briefly(error.option_name), "guess": guess}
    if isinstance(error, click.BadOptionUsage):
        return _wrong_option(error, arguments[0])
    if isinstance(error, WrongChoice):
        return _wrong_choice(error, arguments)
    if isinstance(error, click.BadParameter):
        key = "missing" if isinstance(error, click.MissingParameter) else _wrong_value(error.param)
        return key, {**_facts(error.param), "guess": guess}
    context, said = getattr(error, "ctx", None), output.briefly(error.message)
    if context and context.command is main:
        name = said.partition("'")[2].rpartition("'")[0]
        shown = [command.name for command in COMMANDS if not command.hidden]
        return "no command", {"name": name, "bar": name, "guess": nearest(name, [*shown, *BARS])}
    return "extra", {"name": said.partition("(")[2].rpartition(")")[0]}


def _wrong_option(error: click.BadOptionUsage, command: str) -> tuple[str, dict[str, Any]]:
    """A value too many, or none."""
    if "does not take" in error.message:
        return "takes no value", {"name": error.option_name}
    found = (each for each in main.commands[command].params if error.option_name in each.opts)
    return "needs a value", _facts(next(found, None))


def _wrong_choice(error: WrongChoice, arguments: list[str]) -> tuple[str, dict[str, Any]]:
    """A word that is not among the choices, told by its kind, else as for a setting; `config` may have a secret."""
    facts = {**_facts(error.param), "guess": error.wrong.guess}
    kind, value = facts["name"], error.value
    if kind == "ACTION":
        from codingplan_bar.commands.misuse import meant  # what only a mistake needs

        guess = meant(arguments[arguments.index(error.value) :], _placeholder("VALUE"))
        return "no action", {"guess": guess} if guess else facts
    if value and kind in ("BAR", "SHELL"):
        guess = "" if value in main.commands else error.wrong.guess  # who writes a command has not mistyped a bar
        named = {"value": output.briefly(value), "bar": value if kind == "BAR" else "", "guess": guess}
        return f"no {kind}", {**facts, **named}
    return "said", {"said": wrong_value(kind, error.wrong, output.language_of())}


def _wrong_value(parameter: click.Parameter | None) -> str:
    kind = parameter.type if parameter else None
    return "number" if isinstance(kind, Number) else "wrong"


def _facts(parameter: click.Parameter | None) -> dict[str, Any]:
    """Its name as it is typed, and the values that it can have."""
    kind = parameter.type if parameter else None
    facts: dict[str, Any] = {"name": _name(parameter)}
    if isinstance(kind, click.Choice):
        facts["choices"] = listed(map(str, kind.choices), output.language_of())
    if isinstance(kind, Number):
        facts["lowest"], facts["highest"] = kind.bounds
    return facts


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return ""
    return parameter.opts[-1] if isinstance(parameter, click.Option) else (parameter.name or "").upper()
