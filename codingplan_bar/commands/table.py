"""The commands that a person types, as data: the command line, its help and the manual page are made from it.

What a command does stands in a module of its own, which is imported when the command runs. The bars' own commands are
not here: there is one for each name in `show.BARS`.
"""

from __future__ import annotations

from dataclasses import dataclass

from codingplan_bar.show import BARS


@dataclass(frozen=True, slots=True)
class Option:
    """One option: a flag, a choice of words, or where `kind` says so a text or a number.

    `into` is the argument that it becomes, where its own name is a word of Python's.
    """

    name: str
    text: str
    choices: tuple[str, ...] = ()
    kind: type[str | float] | None = None
    metavar: str | None = None
    hidden: bool = False
    into: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """One word that stands for itself: one of a few."""

    name: str
    choices: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Command:
    """One command: `does` is `module:function` below `codingplan_bar.commands`, which gives the exit code.

    The first paragraph of `text` is what the list of commands says of it.
    """

    name: str
    does: str
    text: str
    options: tuple[Option, ...] = ()
    arguments: tuple[Argument, ...] = ()
    hidden: bool = False


COMMANDS = (
    Command(
        "fetch",
        "fetch:fetch",
        """Ask the provider now, print what it says as JSON.

        The result is stored, so that every bar shows it. Exit code 1 where the document is an error's.
        """,
        options=(
            Option("--source", "Ask this source, for this call alone.", choices=("auto", "web", "api", "cli")),
            Option("--region", "Ask this region, for this call alone.", choices=("intl", "cn")),
            Option("--pretty", "Indent the document."),
            Option("--interactive", "Let a keyring ask you for the browsers' session, and wait for you."),
        ),
    ),
    Command(
        "refresh",
        "fetch:refresh",
        "Ask the provider now, print nothing: for clicks and signals.",
        options=(Option("--background", "Ask only where it is due, and let nobody wait.", hidden=True),),
    ),
    Command("status", "status:status", "Show the plan, its windows and where the numbers come from."),
    Command(
        "preview",
        "preview:preview",
        """Show how each preset looks in each state, in your terminal.

        With what is stored of your own plan; where nothing is, or with --demo, with made-up numbers. Asks nobody.
        """,
        options=(Option("--demo", "Made-up numbers, even where your own are stored."),),
    ),
    Command(
        "history",
        "history:history",
        """Show the recorded past as a chart: percent over time for each window.

        Each refresh with numbers is recorded, and kept for a year. A gap in the chart is a time of which nothing is
        known. Exit code 1 where nothing is recorded.
        """,
        options=(
            Option("--json", "Print the record as JSON, all of it unless --days says how much."),
            Option("--csv", "Print it as CSV."),
            Option("--svg", "Write the chart as a picture; - for standard output.", kind=str, metavar="FILE"),
            Option("--days", "Of how many days; 7 where nothing is said.", kind=float, metavar="N"),
        ),
    ),
    Command(
        "guard",
        "guard:guard",
        """Is there enough left? For scripts: exit code 0 yes, 1 no, 69 not known.

        Looks at every window that is shown, or at one.
        """,
        options=(
            Option("--window", "Look at this window alone.", choices=("five_hour", "weekly", "monthly")),
            Option("--min-remaining", "Percent that must be left; 10 where nothing is said.", kind=float, metavar="P"),
        ),
    ),
    Command("alert", "alert:alert", "Tell what a refresh has found; it starts this itself.", hidden=True),
    Command(
        "doctor",
        "doctor:doctor",
        """Walk the whole chain aloud, and end with the one next step.

        Settings, addresses, folders, each browser and profile, keys, the answer itself, the bars and whether their
        command runs in an environment as bare as theirs. There is nothing secret in it.
        """,
        options=(
            Option("--json", "Print a report that can be pasted into an issue as it is."),
            Option("--offline", "Ask nobody."),
            Option(
                "--import",
                "Take the session from the browsers anew; a keyring may ask you to unlock it.",
                into="import_",
            ),
        ),
    ),
    Command("open", "desktop:open_dashboard", "Open the dashboard of the region that answered in a browser."),
    Command(
        "setup",
        "setup:setup",
        """Show what goes where so that a bar shows the quota, or put it there.

        Finds the configuration that the bar really uses. With --write it is changed between two marker lines, and kept
        as it was beside it; the rest stays to the byte, and twice is once. One that cannot be read with certainty is
        left alone. Without a BAR: which file each of them reads.
        """,
        options=(
            Option("--write", "Put it there."),
            Option("--undo", "Take it out again."),
        ),
        arguments=(
            Argument(
                "bar",
                ("waybar", "polybar", "i3status-rust", "tmux", "swiftbar", "xbar", "argos", "i3blocks"),
                required=False,
            ),
        ),
    ),
    Command("preferences", "desktop:open_settings", "Open the settings in an editor.", hidden=True),
    Command("copy", "desktop:copy_view", "Put the view as JSON on the clipboard.", hidden=True),
    Command(
        "demo",
        "demo:demo",
        """See it work with no account: what each bar would show.

        A console on loopback stands in for the provider; the fetcher and the bars are the real ones. With a BAR: what
        it is given in full, and how to put it there.
        """,
        arguments=(Argument("bar", tuple(BARS), required=False),),
    ),
)
