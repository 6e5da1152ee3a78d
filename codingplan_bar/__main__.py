"""The door: a bar's request goes straight to the warm road, everything else to the commands."""

import _signal  # type: ignore[import-not-found]  # what `signal` is made of, without what costs a millisecond
import gc
import sys


def main() -> int:
    """Run the command that the program was started with; gives its exit code."""
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # run.py takes it up again, where there is something to tidy up
    gc.disable()  # what an import makes stays: to look through it takes as long as two imports
    arguments = sys.argv[1:]
    bar, options = arguments[:1], arguments[1:]
    if bar and _takes_plan(options):
        (_watch_and_leave if options else _show_and_leave)(bar[0])
    gc.enable()
    from codingplan_bar.run import run

    return run(arguments)


def _takes_plan(options: list[str]) -> bool:
    """Make `--plan NAME` the variable that it stands for; whether `--watch` or nothing is left of the options then.

    What else is left, or names no plan, the other road tells of.
    """
    for place, option in enumerate(options):
        name, equals, plan = option.partition("=")
        if name == "--plan":
            import os

            from codingplan_bar.facts import PLANS

            plan = plan if equals else "".join(options[place + 1 : place + 2])
            if plan not in (*PLANS, *PLANS.values()):
                return False
            os.environ["CODINGPLAN_BAR_PLAN"] = plan
            del options[place : place + (1 if equals else 2)]
            break
    return options in ([], ["--watch"])


def _show_and_leave(bar: str) -> None:
    """End the process once the bar has its line; come back where the warm road cannot give it one."""
    from codingplan_bar import bars

    try:
        shown = bar in bars.BARS and bars.show(bar)
    except OSError:
        shown = True  # standard output is closed or full: the bar has gone, or cannot take a line
    except (ArithmeticError, LookupError, ValueError):
        shown = False  # facts that are not as they should be are compiled again on the other road
    if shown:
        _leave()
    if bar in bars.BARS:
        bars.ask_first()


def _watch_and_leave(bar: str) -> None:
    """End the process once the bar has gone; come back where it is not a bar."""
    from codingplan_bar import bars

    if bar in bars.BARS:
        from codingplan_bar.bars import watch

        gc.enable()
        try:
            number = watch.watch(bar)
        except Exception:  # noqa: BLE001 - the other road comes to the same end, and says so in the bar's own way
            return
        _leave(number)


def _leave(number: int = 0) -> None:
    """All is written; taking the interpreter down in good order would take a fifth of the time.

    `number`: the signal that is to have ended it.
    """
    import os

    if number:
        _signal.signal(number, _signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
