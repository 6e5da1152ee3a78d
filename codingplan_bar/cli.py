"""The command line with its help and its errors of use, made from the table. The only file that imports click."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from inspect import cleandoc
from typing import Any

import click

from codingplan_bar import __version__
from codingplan_bar.bars import BARS
from codingplan_bar.commands import output
from codingplan_bar.commands.calls import INTERRUPTED, do
from codingplan_bar.commands.table import BARS_TITLE, COMMANDS, GROUPS, PLAN, Argument, Command, Option
from codingplan_bar.text import number
from codingplan_bar.words import filled, listed
from codingplan_bar.words.zh.command_line import HELP, USAGE

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def invoke(arguments: list[str]) -> int:
    """Run a command line; what click itself prints (help, version, completion) leaves as all that is printed does."""
    printed = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(printed, "utf-8", write_through=True)) as texts:
        code = _code(arguments)
        texts.detach()
    text = printed.getvalue().decode().removesuffix("\n")
    return (output.put(text) if text else 0) or code


def _code(arguments: list[str]) -> int:
    try:
        return int(main.main(arguments, prog_name="codingplan-bar", standalone_mode=False) or 0)
    except SystemExit as leaving:  # a completion script has been printed
        return int(leaving.code or 0)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        output.say(_words(error))
        return error.exit_code


class Formatter(click.HelpFormatter):
    """Help whose headings have the colon of the user's language."""

    def write_heading(self, heading: str) -> None:
        """Write one heading."""
        colon = "：" if output.language_of() == "zh" else ":"
        self.write(f"{'':>{self.current_indent}}{heading}{colon}\n")


class SpokenContext(click.Context):
    """What click hands on, with our formatter."""

    formatter_class = Formatter


class Spoken(click.Command):
    """A command whose help is in the user's language: the texts are looked up when they are asked for.

    `is_quiet`: a secret may be among its arguments by mistake, so that what is wrong with them never repeats one.
    """

    context_class = SpokenContext
    is_quiet = False

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write all of it."""
        if output.language_of() == "zh":
            _into_chinese(self, ctx)
        super().format_help(ctx, formatter)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of use."""
        prefix = HELP["usage"] if output.language_of() == "zh" else None
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=prefix)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and for the program its commands."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        rows = [row for each in options if (row := each.get_help_record(ctx)) is not None]
        for argument in self.params:
            if isinstance(argument, click.Argument) and isinstance(argument.type, click.Choice):
                self._write_choices(_name(argument), list(map(str, argument.type.choices)), formatter)
        with formatter.section(HELP["options"] if output.language_of() == "zh" else "Options"):
            formatter.write_dl(rows)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)

    def _write_choices(self, name: str, choices: list[str], formatter: click.HelpFormatter) -> None:
        """Write which words an argument may be."""
        language = output.language_of()
        with formatter.section((HELP["one of"] if language == "zh" else "{} is one of").format(name)):
            for line in output.wrapped(listed(choices, language), formatter.width - 2):
                formatter.write(f"  {line}\n")


def _into_chinese(command: click.Command, ctx: click.Context) -> None:
    """Put the Chinese texts in the place of the English ones."""
    name = command.name or ""
    key = "" if command is main else "BAR" if name in BARS else name
    command.help = cleandoc(HELP[key].format(name)) if key in HELP else command.help
    command.options_metavar = HELP["[OPTIONS]"]
    if isinstance(command, click.Group):
        command.subcommand_metavar = HELP["COMMAND [ARGS]..."]
        for each in command.commands.values():
            own = "BAR" if each.name in BARS else each.name or ""
            said = HELP.get(own, "").format(each.name).partition("\n")[0]
            each.short_help = said or each.short_help
    for option in command.get_params(ctx):
        if isinstance(option, click.Option):
            named = option.opts[-1] if option.opts[-1].startswith("--") else option.opts[0]
            option.help = HELP.get(f"{key} {named}", HELP.get(named, ""))


class Program(Spoken, click.Group):
    """The commands in groups, by what a person wants, and then what a bar's configuration names."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write them."""
        place = int(output.language_of() == "zh")
        for group, titles in GROUPS.items():
            names = [row.name for row in COMMANDS if not row.hidden and (row.group or "settings") == group]
            with formatter.section(titles[place]):
                formatter.write_dl([(name, self.commands[name].get_short_help_str(90)) for name in names])
        with formatter.section(BARS_TITLE[place]):
            for line in output.wrapped(listed(BARS, output.language_of()), formatter.width - 2):
                formatter.write(f"  {line}\n")


@click.group(cls=Program, context_settings=CONTEXT, invoke_without_command=True)
@click.version_option(__version__, prog_name="codingplan-bar", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """How much of an Alibaba Cloud Coding Plan is used, in the status bar that you already have.

    Every setting of config.toml is also a variable CODINGPLAN_BAR_<NAME>.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


class Number(click.ParamType):  # type: ignore[type-arg]  # earlier versions of click have it without
    """A number within bounds, both included, read as the settings' numbers are."""

    name = "number"

    def __init__(self, lowest: float, highest: float) -> None:
        """Nothing is read yet."""
        self.bounds = lowest, highest

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; fails in words that name the option and the bounds."""
        try:
            return number(value, *self.bounds)
        except ValueError:
            self.fail("it must be a number from {} to {}".format(*self.bounds), param, ctx)


def _command(row: Command) -> click.Command:
    """The command of one row; what it does is imported when it runs."""

    def does(**given: object) -> int:
        return do(row.does, given)

    arguments = (click.Argument([each.name], **_word(each)) for each in row.arguments)
    stray = [click.Argument(["stray"], nargs=-1, metavar="")] if row.keeps_arguments_quiet else []
    parameters: list[click.Parameter] = [*arguments, *stray, *map(_option, row.options)]
    made = Spoken(row.name, callback=does, params=parameters, help=cleandoc(row.text), hidden=row.hidden)
    made.is_quiet = row.keeps_arguments_quiet
    return made


def _word(row: Argument) -> dict[str, Any]:
    shown = row.name.upper() if row.required else f"[{row.name.upper()}]"
    return {"type": click.Choice(row.choices) if row.choices else str, "required": row.required, "metavar": shown}


def _option(row: Option) -> click.Option:
    names = [row.name, *([row.into] if row.into else [])]
    if row.is_flag:
        return click.Option(names, is_flag=True, help=row.text, hidden=row.hidden)
    kind = click.Choice(row.choices) if row.choices else Number(*row.bounds) if row.bounds else row.kind
    return click.Option(names, type=kind, help=row.text, metavar=row.metavar, hidden=row.hidden)


def _bar_command(name: str) -> click.Command:
    def show_bar(*, watch: bool, plan: str | None) -> int:
        return do("refresh:stay" if watch else "refresh:show", {"bar": name, "plan": plan})

    options: list[click.Parameter] = [
        click.Option(["--watch"], is_flag=True, help="Stay, and print whenever what is shown changes."),
        _option(PLAN),
    ]
    text = f"Print what is known, for {name}."
    return Spoken(name, callback=show_bar, params=options, help=text, short_help=text)


for _each in (*map(_command, COMMANDS), *map(_bar_command, BARS)):
    main.add_command(_each)


def _words(error: click.ClickException) -> str:
    """What is wrong, and where the right way is told, in one line."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "codingplan-bar"
    if output.language_of() == "zh":
        key, facts = _fault(error)
        guess = facts.get("guess") and filled(USAGE["guess"], **facts)
        told = "".join(filter(None, (filled(USAGE[key], **facts), guess)))
        return f"{told}{USAGE['see'].format(command=command)}"
    message = _quietly(error) or output.briefly(error.format_message())
    stop = "" if message.endswith((".", "?")) else "."
    return f"{message}{stop} See: {command} --help"


def _is_quiet(error: click.ClickException) -> bool:
    context = getattr(error, "ctx", None)
    return context is not None and getattr(context.command, "is_quiet", False)


def _quietly(error: click.ClickException) -> str:
    """What is wrong, where click's own sentence would repeat what was typed and may be a secret; else empty."""
    if _is_quiet(error) and isinstance(error, click.NoSuchOption):
        guess = next(iter(error.possibilities or ()), "")
        return f"No such option. Did you mean {guess}?" if guess else "No such option."
    if _is_quiet(error) and isinstance(error, click.BadParameter):
        _, facts = _wrong_value(error.param)
        return f"Invalid value for {facts['name']}. Choose from: {facts.get('choices', '')}."
    return ""


def _fault(error: click.ClickException) -> tuple[str, dict[str, Any]]:
    """What is wrong, as a key of the words USAGE with its facts: click's own sentences are English."""
    if isinstance(error, click.NoSuchOption):
        return "no such option" if _is_quiet(error) else "no option", {
            "name": output.briefly(error.option_name),
            "guess": next(iter(error.possibilities or ()), ""),
        }
    if isinstance(error, click.BadOptionUsage):
        return ("takes no value" if "does not take" in error.message else "needs a value"), {"name": error.option_name}
    if isinstance(error, click.MissingParameter):
        return "missing", {"name": _name(error.param)}
    if isinstance(error, click.BadParameter):
        return _wrong_value(error.param)
    context = getattr(error, "ctx", None)
    if context and isinstance(context.command, click.Group):
        return "no command", {"name": output.briefly(error.message).partition("'")[2].rpartition("'")[0]}
    return ("extra" if "extra argument" in error.message else "other"), {}


def _wrong_value(parameter: click.Parameter | None) -> tuple[str, dict[str, Any]]:
    kind = parameter.type if parameter else None
    facts: dict[str, Any] = {"name": _name(parameter)}
    if isinstance(kind, click.Choice):
        return "choice", {**facts, "choices": listed(map(str, kind.choices), output.language_of())}
    if isinstance(kind, Number):
        return "number", {**facts, "lowest": kind.bounds[0], "highest": kind.bounds[1]}
    return "wrong", facts


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return ""
    return parameter.opts[-1] if isinstance(parameter, click.Option) else (parameter.name or "").upper()
