"""The warm road: a bar's line in the time that Python takes to start.

It reads one small file that the cold road has compiled, and imports nothing but `os` and what is built in; `__future__`
is a file, too, so a type that only a checker reads is quoted. Whatever is not as it expects it leaves to the cold road,
which can do all that it can and more.
"""

import _signal  # type: ignore[import-not-found]  # what `signal` is made of, without what costs a millisecond
import gc
import os
import time

from codingplan_bar import facts, paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

BARS = {
    "waybar": "waybar",
    "polybar": "polybar",
    "i3status-rust": "i3status_rust",
    "tmux": "tmux",
    "swiftbar": "swiftbar",
    "xbar": "xbar",
    "argos": "argos",
    "i3blocks": "i3blocks",
    "pango": "pango_line",
    "ansi": "ansi",
    "text": "text",
    "json": "json",
}
SIZE_LIMIT = 64 * 1024


def answer(arguments: list[str]) -> str:
    """Give a bar its line and end the process; come back where the command line is for the cold road.

    `arguments` are what follows the program's name. Gives the bar that is to be watched; empty for all else.
    """
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        # Where there is something to tidy up, dispatch.py takes it up again.
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    gc.disable()  # what an import makes stays: to look through it takes as long as two imports
    bar, options = arguments[:1], arguments[1:]
    if not bar or bar[0] not in BARS or not _takes_plan(options):
        return ""
    if options:
        return bar[0]
    _show_and_leave(bar[0])
    return ""


def _takes_plan(options: list[str]) -> bool:
    """Make `--plan NAME` the variable that it stands for; whether `--watch` or nothing is left of the options then.

    What else is left, or names no plan, the other road tells of.
    """
    for place, option in enumerate(options):
        name, equals, plan = option.partition("=")
        if name == "--plan":
            plan = plan if equals else "".join(options[place + 1 : place + 2])
            if plan not in (*facts.PLANS, *facts.PLANS.values()):
                return False
            os.environ["CODINGPLAN_BAR_PLAN"] = plan
            del options[place : place + (1 if equals else 2)]
            break
    return options in ([], ["--watch"])


def _show_and_leave(bar: str) -> None:
    """End the process once the bar has its line; come back where the warm road cannot give it one."""
    try:
        shown = show(bar)
    except OSError:
        shown = True  # standard output is closed or full: the bar has gone, or cannot take a line
    except (ArithmeticError, LookupError, ValueError):
        shown = False  # facts that are not as they should be are compiled again on the other road
    if shown:
        os._exit(0)  # all is written; taking the interpreter down in good order would take a fifth of the time
    ask_first()


def show(bar: str, environ: "Mapping[str, str]" = os.environ) -> bool:
    """Print what is stored for that bar, and ask for a refresh where one is due.

    False where nothing is stored, or not for these settings: nothing has been printed then.
    """
    folder = paths.working_folder(environ)
    known = stored_facts(folder, environ)
    if known is None:
        return False
    now = time.time()
    text, due = render(bar, known, now, environ), is_due(known, now)
    write(text)
    if due:
        from codingplan_bar.bars import start_refresh

        start_refresh.start(now, environ)
    return True


def ask_first(environ: "Mapping[str, str]" = os.environ) -> None:
    """Start the first refresh, where nothing is stored and something could be.

    It is a process of its own and outlives this one, and it comes before anything slow is imported: some bars kill a
    command that takes longer than a third of a second.
    """
    folder = paths.working_folder(environ)
    plan = environ.get("CODINGPLAN_BAR_PLAN", "")
    stored = paths.of_plan("snapshot.json", facts.PLANS.get(plan, plan))
    if paths.is_usable(folder) and not os.path.lexists(f"{folder}/{stored}"):
        from codingplan_bar.bars import start_refresh

        start_refresh.start(time.time(), environ)


def render(bar: str, known: "Mapping[str, str]", now: float, environ: "Mapping[str, str]") -> str:
    """What that bar prints for these facts at that time, seconds since 1970; without the final new line."""
    from codingplan_bar.bars.view import View

    adapter = __import__("codingplan_bar.bars.adapters." + BARS[bar], fromlist=("render",))
    return str(adapter.render(View(facts.on(known, bar), now, environ)))


def streamed(bar: str, text: str) -> str:
    """One of many prints: SwiftBar wants to be told where the next one begins."""
    return f"~~~\n{text}" if bar == "swiftbar" else text


def stored_facts(folder: str, environ: "Mapping[str, str]") -> dict[str, str] | None:
    """The facts that are stored for these settings; None where there are none, or what they were made from changed."""
    environment = facts.bar_environment(environ)
    known = facts.loads(_read(f"{folder}/{facts.file_name(environment)}"))
    if known is None or not facts.are_safe(known):
        return None
    expected = (environment, facts.inputs(*inputs(folder, environ, known.get("asked", ""))))
    is_good = (known.get("environment"), known.get("inputs")) == expected
    return known if is_good and facts.inputs(*beside(known)) == known.get("beside.state", "") else None


def inputs(folder: str, environ: "Mapping[str, str]", asked: str = "") -> tuple[str, str, str]:
    """The files that facts are made from; `asked` is the plan that they are of, as the facts name it."""
    snapshot, failure = (f"{folder}/{paths.of_plan(name, asked)}" for name in ("snapshot.json", "failure.json"))
    return (paths.config_file(environ), snapshot, failure)


def beside(known: "Mapping[str, str]") -> list[str]:
    """The files of other tools by which it shows that somebody has signed in there; empty in earlier facts."""
    return list(filter(None, known.get("beside", "").split(facts.GAP)))


def is_due(known: "Mapping[str, str]", now: float) -> bool:
    """Whether it is time to ask the provider again; a clock that went back is a reason too."""
    return not int(known["made_at"]) - facts.CLOCK_SLACK <= now < int(known["due"])


def write(text: str) -> None:
    """Print a text and the end of a line to standard output, as UTF-8 whatever the locale. Raises OSError."""
    left = memoryview((text + "\n").encode("utf-8", "replace"))
    while left:
        left = left[os.write(1, left) :]


def _read(path: str) -> str:
    try:
        return paths.content(path, SIZE_LIMIT, owner=paths.is_mine, follow=False).decode("utf-8", "replace")
    except OSError:
        return ""
