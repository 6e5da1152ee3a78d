"""The commands that a person types. The only file that imports click; what they do stands in commands/."""

from __future__ import annotations

import sys

import click

from codingplan_bar import __version__
from codingplan_bar.show import BARS

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def run(arguments: list[str]) -> int:
    """Run one command line; gives the exit code. Errors of use go to stderr, with the fix in the same line."""
    try:
        return int(main.main(arguments, prog_name="codingplan-bar", standalone_mode=False) or 0)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.Abort:
        return 130
    except click.ClickException as error:
        _complain(error)
        return error.exit_code


@click.group(context_settings=CONTEXT)
@click.version_option(__version__, prog_name="codingplan-bar")
def main() -> None:
    """How much of an Alibaba Cloud Coding Plan is used, in the status bar that you already have.

    Every setting of config.toml is also a variable CODINGPLAN_BAR_<NAME>.
    """


@main.command()
@click.option(
    "--source", type=click.Choice(["auto", "web", "api", "cli"]), help="Ask this source, for this call alone."
)
@click.option("--region", type=click.Choice(["intl", "cn"]), help="Ask this region, for this call alone.")
@click.option("--pretty", is_flag=True, help="Indent the document.")
def fetch(source: str | None, region: str | None, *, pretty: bool) -> int:
    """Ask the provider now, store the result and print the document."""
    from codingplan_bar.commands.fetch import fetch as do

    return do(source=source, region=region, pretty=pretty)


@main.command()
@click.option("--background", is_flag=True, hidden=True)
def refresh(*, background: bool) -> int:
    """Ask for a refresh now; prints nothing. For clicks and signals."""
    from codingplan_bar.commands.fetch import refresh as do

    return do(background=background)


@main.command()
def status() -> int:
    """Show the plan, its windows and where the numbers come from, in a terminal."""
    from codingplan_bar.commands.status import status as do

    return do(sys.stdout)


@main.command(name="open")
def open_console() -> int:
    """Open the dashboard of the region that answered."""
    from codingplan_bar.commands.desktop import open_dashboard

    return open_dashboard(click.launch)


@main.command(hidden=True)
def preferences() -> int:
    """Open the settings in an editor."""
    from codingplan_bar.commands.desktop import open_settings

    return open_settings(click.launch)


@main.command(hidden=True)
def copy() -> int:
    """Put the view as JSON on the clipboard."""
    from codingplan_bar.commands.desktop import copy_view

    return copy_view()


@main.command()
@click.argument("bar", required=False, type=click.Choice(list(BARS)))
def demo(bar: str | None) -> int:
    """Show it all with no account and no network: a console on loopback, the real fetcher, the real bars."""
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
        click.Option(["--watch"], is_flag=True, help="Stay, and print a line whenever what is shown changes.")
    ]
    text = f"Print what is known, for {name}."
    return click.Command(name, callback=show_bar, params=options, help=text, short_help=text)


for _bar in BARS:
    main.add_command(_bar_command(_bar))


def _complain(error: click.ClickException) -> None:
    context = getattr(error, "ctx", None)
    where = f" See '{context.command_path} --help'." if context else ""
    click.echo(f"codingplan-bar: {error.format_message()}{where}", err=True)
