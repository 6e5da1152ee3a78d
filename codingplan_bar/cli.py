"""The command line, made of the table of commands. The only file that imports click."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from importlib import import_module
from inspect import cleandoc
from typing import Any

import click

from codingplan_bar import __version__
from codingplan_bar.commands import streams, table
from codingplan_bar.show import BARS

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
INTERRUPTED = 130
"""128 and SIGINT's number, as a shell tells it."""

COMPLETION = """\
\b
Completion of commands and options, for the present shell:
  bash:  eval "$(_CODINGPLAN_BAR_COMPLETE=bash_source codingplan-bar)"
  zsh:   eval "$(_CODINGPLAN_BAR_COMPLETE=zsh_source codingplan-bar)"
  fish:  _CODINGPLAN_BAR_COMPLETE=fish_source codingplan-bar | source
"""


def run(arguments: list[str]) -> int:
    """Run one command line; gives the exit code. Errors of use go to stderr, with the fix in the same line.

    This is the program's door: what nobody foresaw ends here, in words.
    """
    streams.settle()
    try:
        return _run(arguments)
    except Exception as error:  # noqa: BLE001 - nothing is outside of this door
        return _defect(error, arguments)


def _run(arguments: list[str]) -> int:
    """Run it; what click itself prints (help, version, completion) leaves as all that is printed does."""
    printed = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(printed, "utf-8", write_through=True)) as texts:
        code = _invoke(arguments)
        texts.detach()
    text = printed.getvalue().decode().removesuffix("\n")
    return (streams.put(text) if text else 0) or code


def _invoke(arguments: list[str]) -> int:
    try:
        return int(main.main(arguments, prog_name="codingplan-bar", standalone_mode=False) or 0)
    except SystemExit as leaving:  # a completion script has been printed
        return int(leaving.code or 0)
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        streams.say(_words(error))
        return error.exit_code


def _defect(error: Exception, arguments: list[str]) -> int:
    try:
        from codingplan_bar.commands import defect

        return defect.report(error, arguments)
    except Exception as second:  # noqa: BLE001 - a broken installation cannot even import what tells of it
        streams.say(f"{type(error).__name__}, then {type(second).__name__}. Install codingplan-bar again.")
        return 1


class Program(click.Group):
    """The commands in two lists: what a person types, and what a bar's configuration names."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write both."""
        commands = {name: self.commands[name] for name in self.list_commands(ctx) if not self.commands[name].hidden}
        people = [(name, command.get_short_help_str(90)) for name, command in commands.items() if name not in BARS]
        with formatter.section("Commands"):
            formatter.write_dl(people)
        with formatter.section("What a bar runs, to print what is known; with --watch it stays and prints each change"):
            formatter.write_text(", ".join(BARS))


@click.group(cls=Program, context_settings=CONTEXT, invoke_without_command=True, epilog=COMPLETION)
@click.version_option(__version__, prog_name="codingplan-bar", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """How much of an Alibaba Cloud Coding Plan is used, in the status bar that you already have.

    Every setting of config.toml is also a variable CODINGPLAN_BAR_<NAME>.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def _command(row: table.Command) -> click.Command:
    """The command of one row; what it does is imported when it runs."""

    def do(**given: object) -> int:
        module, _, function = row.does.partition(":")
        return int(getattr(import_module(f"codingplan_bar.commands.{module}"), function)(**given))

    arguments = (click.Argument([each.name], **_word(each)) for each in row.arguments)
    parameters: list[click.Parameter] = [*arguments, *map(_option, row.options)]
    return click.Command(row.name, callback=do, params=parameters, help=cleandoc(row.text), hidden=row.hidden)


def _word(row: table.Argument) -> dict[str, Any]:
    shown = row.name.upper() if row.required else f"[{row.name.upper()}]"
    return {"type": click.Choice(row.choices), "required": row.required, "metavar": shown}


def _option(row: table.Option) -> click.Option:
    names = [row.name, *([row.into] if row.into else [])]
    if not row.choices and row.kind is None:
        return click.Option(names, is_flag=True, help=row.text, hidden=row.hidden)
    kind = click.Choice(row.choices) if row.choices else row.kind
    return click.Option(names, type=kind, help=row.text, metavar=row.metavar, hidden=row.hidden)


def _bar_command(name: str) -> click.Command:
    def show_bar(*, watch: bool) -> int:
        if watch:
            from codingplan_bar.show.watch import watch as stay

            return stay(name)
        from codingplan_bar.commands.bars import show

        return show(name)

    options: list[click.Parameter] = [
        click.Option(["--watch"], is_flag=True, help="Stay, and print whenever what is shown changes.")
    ]
    text = f"Print what is known, for {name}."
    return click.Command(name, callback=show_bar, params=options, help=text, short_help=text)


for _each in (*map(_command, table.COMMANDS), *map(_bar_command, BARS)):
    main.add_command(_each)


def _words(error: click.ClickException) -> str:
    """What is wrong, and where the right way is told, in one line."""
    context = getattr(error, "ctx", None)
    message = error.format_message().replace("\n", " ")
    stop = "" if message.endswith((".", "?")) else "."
    return f"{message}{stop} See: {context.command_path if context else 'codingplan-bar'} --help"
