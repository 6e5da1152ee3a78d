"""The door: a bar's request goes straight to the warm wing, everything else to the commands."""

import sys


def main() -> int:
    """Run the command that the program was started with; gives its exit code."""
    arguments = sys.argv[1:]
    if len(arguments) == 1:
        _show_and_leave(arguments[0])
    elif len(arguments) == 2 and arguments[1] == "--watch":
        _watch_and_leave(arguments[0])
    from codingplan_bar.cli import run

    return run(arguments)


def _show_and_leave(bar: str) -> None:
    """End the process once the bar has its line; come back where the warm wing cannot give it one."""
    from codingplan_bar import show

    try:
        shown = bar in show.BARS and show.show(bar)
    except OSError:
        shown = True  # standard output is closed or full: the bar has gone, or cannot take a line
    except (ArithmeticError, LookupError, ValueError):
        shown = False  # facts that are not as they should be are compiled anew on the other road
    if shown:
        _leave()


def _watch_and_leave(bar: str) -> None:
    """End the process once the bar has gone; come back where it is no bar."""
    from codingplan_bar import show

    if bar in show.BARS:
        from codingplan_bar.show import watch

        try:
            watch.watch(bar)
        except Exception:  # noqa: BLE001 - the other road comes to the same end, and says so in the bar's own way
            return
        _leave()


def _leave() -> None:
    """All is written; taking the interpreter down in good order would take a fifth of the time."""
    import os

    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
