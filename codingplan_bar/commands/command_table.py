"""The commands that a person types, as data: the command line, its help and the manual page are made from it.

What a command does stands in a module of its own, which is imported when the command runs. The bars' own commands are
not here: there is one for each name in `bars.BARS`.
"""

from __future__ import annotations

from typing import NamedTuple

from codingplan_bar.bars import BARS
from codingplan_bar.plans import ASKED, SPANS


class Option(NamedTuple):
    """One option: a flag, a choice of words, a number within `bounds`, or where `kind` says so a text.

    `into` is the argument that it becomes, where its own name is a word of Python's.
    """

    name: str
    text: str
    choices: tuple[str, ...] = ()
    kind: type[str] | None = None
    bounds: tuple[float, float] | None = None
    metavar: str | None = None
    hidden: bool = False
    into: str = ""

    @property
    def is_flag(self) -> bool:
        """Whether it has no value."""
        return not self.choices and self.kind is None and self.bounds is None

    @property
    def is_file(self) -> bool:
        """Whether its value is a file, of which a shell completes those that there are."""
        return self.metavar == "FILE"

    @property
    def argument(self) -> str:
        """The name of the argument that it becomes."""
        return self.into or self.name.removeprefix("--").replace("-", "_")


class Argument(NamedTuple):
    """One word that stands for itself: one of a few, or without `choices` any."""

    name: str
    choices: tuple[str, ...] = ()
    required: bool = True


class Command(NamedTuple):
    """One command: `does` is `module:function` below `codingplan_bar.commands`, which gives the exit code.

    The first paragraph of `text` is what the list of commands says of it.
    """

    name: str
    does: str
    text: str
    options: tuple[Option, ...] = ()
    arguments: tuple[Argument, ...] = ()
    hidden: bool = False
    group: str = ""
    """One of `GROUPS`: what somebody wants who types it; a hidden command has none."""
    keeps_arguments_quiet: bool = False
    """Whether a stray argument may be a secret: it becomes the argument `stray`, and no message repeats it."""


PLAN = Option(
    "--plan",
    "Of this plan, for this call alone: auto, coding-plan, token-plan or token-plan-team.",
    choices=tuple(ASKED),
    metavar="PLAN",
)

GROUPS = {
    "see": ("See", "查看"),
    "sign in": ("Sign in", "登录"),
    "bar": ("Put it into a bar", "添加到状态栏"),
    "settings": ("Settings and help", "设置与帮助"),
    "scripts": ("For scripts", "用于脚本"),
}
"""What people want, in the order in which a newcomer wants it; in English and in Chinese."""

BARS_TITLE = (
    "What a bar runs; with --watch it stays and prints each change",
    "由状态栏运行；加 --watch 则持续运行，每次变化打印一行",
)

SET_UP: tuple[str, ...] = ("waybar", "polybar", "i3status-rust", "tmux", "swiftbar", "xbar", "argos", "i3blocks")
SET_UP += ("claude-code", "qwen-code", "tint2", "starship", "zjstatus", "sketchybar", "xfce-genmon", "kde")

COMMANDS = (
    Command(
        "fetch",
        "refresh:fetch",
        """Ask the provider now, print what it says as JSON.

        The result is stored, so that every bar shows it. Exit code 1 where the document is an error's.
        """,
        options=(
            Option("--source", "Ask this source, for this call alone.", choices=("auto", "web", "token", "cli", "api")),
            Option("--region", "Ask this region, for this call alone.", choices=("intl", "cn")),
            PLAN,
            Option("--pretty", "Indent the document."),
            Option("--interactive", "Let a keyring ask you for the browsers' session, and wait for you."),
        ),
        group="scripts",
    ),
    Command(
        "refresh",
        "refresh:refresh",
        "Ask the provider now, print nothing: for clicks and signals.",
        options=(
            PLAN,
            Option("--background", "Ask only if it is due, and do not wait.", hidden=True),
            Option("--click", "End with 0 whatever came of it: some bars read again only then.", hidden=True),
        ),
        group="scripts",
    ),
    Command(
        "login",
        "login:login",
        """Sign in once: by your browser, by a token, or by an AccessKey pair.

        Opens the console's sign-in page in your browser and waits for what it delivers to 127.0.0.1, 15 minutes at
        most. With an AccessKey pair no second sign-in is needed; it is looked for where Alibaba Cloud's tools keep
        one, and asked for otherwise. No secret is ever an argument. Exit code 0 where the provider accepts it.
        """,
        options=(
            Option(
                "--site",
                "Where the account is: intl (international, alibabacloud.com) or cn (China mainland, aliyun.com).",
                kind=str,
                metavar="SITE",
            ),
            Option("--no-browser", "Print the address alone on standard output, and open nothing."),
            Option("--port", "Wait at this port, so that ssh can forward it.", kind=str, metavar="N"),
            Option("--token-stdin", "Take a token from a pipe."),
            Option("--with-access-key", "Sign in by an AccessKey pair."),
            Option(
                "--profile",
                "For --with-access-key: the pair of this profile, aliyun:NAME or bl:NAME.",
                kind=str,
                metavar="NAME",
            ),
            Option("--keep", "For --with-access-key: save the pair in this program's private file."),
            Option("--browser", "Open the console, and wait until your browser's own session is there."),
        ),
        keeps_arguments_quiet=True,
        group="sign in",
    ),
    Command(
        "logout",
        "logout:logout",
        """Forget the sign-in of `login`; what other programs keep is left alone.

        With --all no browser is read from now on, either, and nothing of the provider's answers stays on this machine.
        """,
        options=(Option("--all", "Set cookie_source to off, and remove the stored numbers.", into="everything"),),
        keeps_arguments_quiet=True,
        group="sign in",
    ),
    Command(
        "status",
        "status:status",
        """Show the plan, its windows and where the numbers come from.

        With --watch it stays as a page, and is drawn again whenever something changes: r refreshes, o opens the
        console, Tab shows the next plan, h the history, ? all keys, q ends it. Exit code 2 without a terminal.
        """,
        options=(
            PLAN,
            Option("--watch", "Stay, as a page with keys, until q is pressed."),
            Option("--window", "Show that page in a terminal window of its own, or close it: for clicks."),
        ),
        group="see",
    ),
    Command(
        "preview",
        "preview:preview",
        """Show how each preset looks in each state, in your terminal.

        With what is stored of your own plan; where nothing is, or with --demo, with made-up numbers.
        No request is sent.
        """,
        options=(Option("--demo", "Made-up numbers, even where your own are stored."),),
        group="see",
    ),
    Command(
        "theme",
        "theme:theme",
        """Show the themes that a bar can have, or choose one by its NAME.

        With your own numbers, or made-up ones where none are stored; each on its own ground, as far as the terminal has
        the colours. The NAME goes into the settings.
        """,
        arguments=(Argument("name", required=False),),
        group="see",
    ),
    Command(
        "history",
        "history:history",
        """Show the recorded past as a chart: percent over time for each window.

        Each refresh with numbers is recorded, and kept for a year. A gap in the chart is a time of which nothing is
        known. Exit code 1 where nothing is recorded.
        """,
        options=(
            PLAN,
            Option("--json", "Print the record as JSON, all of it unless --days says how much."),
            Option("--csv", "Print it as CSV."),
            Option("--svg", "Write the chart as a picture; - for standard output.", kind=str, metavar="FILE"),
            Option("--days", "Of how many days; 7 where nothing is said.", bounds=(0.01, 366), metavar="N"),
            Option("--windows", "Show how full each past window was."),
            Option("--backtest", "Show how good the forecast would have been; --json has all that it would have said."),
            Option(
                "--from", "Take what --json has printed; - for standard input.", kind=str, metavar="FILE", into="from_"
            ),
        ),
        group="see",
    ),
    Command(
        "guard",
        "guard:guard",
        """Is there enough left? For scripts: exit code 0 yes, 1 no, 69 not known.

        Looks at every window that is shown, or at one. Where something of a usage pack is left, that is enough.
        """,
        options=(
            PLAN,
            Option("--window", "Look at this window alone.", choices=tuple(SPANS)),
            Option(
                "--min-remaining", "Percent that must be left; 10 where nothing is said.", bounds=(0, 100), metavar="P"
            ),
            Option("--outlook", "A window that is foretold to run out before its reset is too little, too."),
        ),
        group="scripts",
    ),
    Command(
        "config",
        "config:config",
        """Show what is set and from where, or change one setting.

        Without an ACTION: what is set, from where, what is wrong, and what else there is. Comments, order and
        everything else in the file stay as they are. A list has commas: `codingplan-bar config set thresholds 80,95`. A
        secret is asked for in a terminal, else read from standard input, and never shown. Exit code
        2 for a wrong name or value, with the nearest guess.
        """,
        arguments=(
            Argument("action", ("get", "set", "unset", "edit", "path"), required=False),
            Argument("key", required=False),
            Argument("value", required=False),
        ),
        keeps_arguments_quiet=True,
        group="settings",
    ),
    Command(
        "privacy",
        "privacy:privacy",
        "Show what is read, kept, sent and run on this machine.",
        group="settings",
    ),
    Command(
        "completion",
        "completion:completion",
        """Print what a shell reads to complete commands and options.

        fish: `codingplan-bar completion fish | source` in ~/.config/fish/config.fish.

        bash: `eval "$(codingplan-bar completion bash)"` in ~/.bashrc.

        zsh: `eval "$(codingplan-bar completion zsh)"` in ~/.zshrc, below compinit.
        """,
        arguments=(Argument("shell", ("bash", "zsh", "fish")),),
        group="settings",
    ),
    Command(
        "manual",
        "manual:manual",
        "Show the manual page; plain text where it goes to no terminal.",
        group="settings",
    ),
    Command("alert", "alert:alert", "Tell what a refresh has found; it starts this itself.", hidden=True),
    Command(
        "doctor",
        "doctor:doctor",
        """Check every step from the settings to the bar, and say what to do next.

        Settings, addresses, folders, each browser and profile, keys, the answer itself, the bars and whether their
        command runs in an environment as bare as theirs. There is nothing secret in it. It ends with 1 where a line
        has a ✗, else with 0.
        """,
        options=(
            PLAN,
            Option("--json", "Print a report that can be pasted into an issue as it is."),
            Option("--all", "Show each check, also what passed and what is not there.", into="all_"),
            Option("--offline", "Send no request."),
            Option(
                "--import",
                "Take the session from the browsers again; a keyring may ask you to unlock it.",
                into="import_",
            ),
        ),
        group="settings",
    ),
    Command(
        "open",
        "clicks:open_dashboard",
        "Open the dashboard of the region that answered in a browser.",
        options=(PLAN,),
        group="see",
    ),
    Command(
        "setup",
        "setup:setup",
        """Show what goes where so that a bar shows the quota, or put it there.

        Finds the configuration that the bar really uses. With --write it is changed between two marker lines, and a
        copy of it as it was is kept in a folder of this program. Everything else stays the same, and a second run
        changes nothing. A configuration that cannot be read with certainty is left alone. Of several, --file or --bar
        names the right one. Without a BAR: which file each bar of this machine reads.
        """,
        options=(
            Option("--write", "Put it there."),
            Option("--undo", "Take it out again."),
            Option("--bar", "Of several bars in one file: this one.", kind=str, metavar="NAME", into="which"),
            Option(
                "--file", "The bar's configuration, where it is not certain which it reads.", kind=str, metavar="FILE"
            ),
            Option("--click", "A click opens the console, or the page in a window.", choices=("console", "page")),
            Option(
                "--popup", "tmux: this key, after the prefix, shows status --watch in a popup.", kind=str, metavar="KEY"
            ),
        ),
        arguments=(Argument("bar", SET_UP, required=False),),
        group="bar",
    ),
    Command(
        "uninstall",
        "uninstall:uninstall",
        "Take it out of every bar, and say how the package is removed.",
        group="bar",
    ),
    Command("preferences", "clicks:open_settings", "Open the settings in an editor.", hidden=True),
    Command("copy", "clicks:copy_view", "Put the view as JSON on the clipboard.", (PLAN,), hidden=True),
    Command(
        "demo",
        "demo:demo",
        """See it work with no account: what each bar would show.

        A made-up server answers in this process; the fetcher and the bars are the real ones. With a BAR: what it is
        given in full, and how to put it there.
        """,
        arguments=(Argument("bar", tuple(BARS), required=False),),
        group="see",
    ),
)
