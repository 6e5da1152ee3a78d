"""The door, behind which a bar's command never comes: it has been answered before. `python -m codingplan_bar` too."""

import _signal  # type: ignore[import-not-found]  # what `signal` is made of, without what costs a millisecond
import gc
import os
import sys

from codingplan_bar import bars


def main(watched: str) -> int:
    """Run what `bars.answer` has left to do: the bar that is `watched`, or a command; gives its exit code."""
    gc.enable()
    if watched:
        _watch_and_leave(watched)
    from codingplan_bar.dispatch import run

    return run(sys.argv[1:])


def leave(code: int) -> None:
    """End the process with that exit code, once all is written.

    Every file and program is closed where it was opened. To take the interpreter down in good order would take another
    fifth of a refresh.
    """
    for stream in (sys.stdout, sys.stderr):
        try:  # noqa: SIM105 - a watcher comes by here without contextlib
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass  # there is none, nobody reads it, or it is closed
    os._exit(code)


def _watch_and_leave(bar: str) -> None:
    """End the process once the bar has gone, by the signal that it was to end by, if any."""
    from codingplan_bar.bars import watch

    try:
        number = watch.watch(bar)
    except Exception:  # noqa: BLE001 - the other road comes to the same end, and says so in the bar's own way
        return
    if number:
        _signal.signal(number, _signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(0)


if __name__ == "__main__":
    leave(main(bars.answer(sys.argv[1:])))
