"""The commands that a person types. The only file that imports click; what they do stands in commands/."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

import click

from codingplan_bar import __version__
from codingplan_bar.commands import streams
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


@main.command()
@click.option(
    "--source", type=click.Choice(["auto", "web", "api", "cli"]), help="Ask this source, for this call alone."
)
@click.option("--region", type=click.Choice(["intl", "cn"]), help="Ask this region, for this call alone.")
@click.option("--pretty", is_flag=True, help="Indent the document.")
def fetch(source: str | None, region: str | None, *, pretty: bool) -> int:
    """Ask the provider now, print what it says as JSON.

    The result is stored, so that every bar shows it. Exit code 1 where the document is an error's.
    """
    from codingplan_bar.commands.fetch import fetch as do

    return do(source=source, region=region, pretty=pretty)


@main.command()
@click.option("--background", is_flag=True, hidden=True)
def refresh(*, background: bool) -> int:
    """Ask the provider now, print nothing: for clicks and signals."""
    from codingplan_bar.commands.fetch import refresh as do

    return do(background=background)


@main.command()
def status() -> int:
    """Show the plan, its windows and where the numbers come from."""
    from codingplan_bar.commands.status import status as do

    return do()


@main.command(name="open")
def open_console() -> int:
    """Open the dashboard of the region that answered in a browser."""
    from codingplan_bar.commands.desktop import open_dashboard

    return open_dashboard()


@main.command(hidden=True)
def preferences() -> int:
    """Open the settings in an editor."""
    from codingplan_bar.commands.desktop import open_settings

    return open_settings()


@main.command(hidden=True)
def copy() -> int:
    """Put the view as JSON on the clipboard."""
    from codingplan_bar.commands.desktop import copy_view

    return copy_view()


@main.command()
@click.argument("bar", required=False, metavar="[BAR]", type=click.Choice(list(BARS)))
def demo(bar: str | None) -> int:
    """See it work with no account: what each bar would show.

    A console on loopback stands in for the provider; the fetcher and the bars are the real ones. With a BAR: what it
    is given in full, and how to put it there.
    """
    from codingplan_bar.commands.demo import demo as do

    return do(bar)


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


for _bar in BARS:
    main.add_command(_bar_command(_bar))


def _words(error: click.ClickException) -> str:
    """What is wrong, and where the right way is told, in one line."""
    context = getattr(error, "ctx", None)
    message = error.format_message().replace("\n", " ")
    stop = "" if message.endswith((".", "?")) else "."
    return f"{message}{stop} See: {context.command_path if context else 'codingplan-bar'} --help"
