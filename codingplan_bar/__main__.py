"""The door: a bar's request goes straight to the warm wing, everything else to the commands."""

import sys


def main() -> int:
    """Run the command that the program was started with; gives its exit code."""
    arguments = sys.argv[1:]
    if len(arguments) == 1:
        from codingplan_bar import show

        try:
            if arguments[0] in show.BARS and show.show(arguments[0]):
                return 0
        except OSError:
            return 0  # standard output is closed or full: the bar has gone, or cannot take a line
        except (ArithmeticError, LookupError, ValueError):
            pass  # facts that are not as they should be are compiled anew on the other road
    elif len(arguments) == 2 and arguments[1] == "--watch":
        from codingplan_bar import show

        if arguments[0] in show.BARS:
            from codingplan_bar.show import watch

            return watch.watch(arguments[0])
    from codingplan_bar.cli import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
