"""A table of small facts as one test: each row is tried, and a failure names every row that does not hold.

`@for_each(names, rows)` reads as pytest's `parametrize` does, and costs what one test costs: a test of its own takes
two milliseconds before it does anything, and ten thousand rows twenty seconds. So it is for rows that take no time and
leave nothing behind: a fixture is one for all of them. A row that writes a file, needs a server or leaves what it has
printed unread is a test of its own.
"""

from __future__ import annotations

import functools
import inspect
import traceback

import pytest

WRONG = (Exception, pytest.fail.Exception)
LONGEST = 200
"""Characters of a row by which it is told."""


def for_each(names, rows, *, ids=None):
    """Make one test of a claim on each row. `names`, `rows` and `ids`, the rows' names, are as in `parametrize`."""
    fields = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    table = [row if len(fields) > 1 else (row,) for row in rows]
    assert table, f"there is no row of {fields}"
    called = [ids(*row) for row in table] if callable(ids) else ids or [", ".join(map(repr, row)) for row in table]

    def joined(claim):
        @functools.wraps(claim)
        def tried(*own, **fixtures):  # coverage takes the claim, whose name begins with `test`, for the test
            wrong = []
            for name, row in zip(called, table, strict=True):
                try:
                    claim(*own, **fixtures, **dict(zip(fields, row, strict=True)))
                except WRONG as error:
                    wrong.append((name, error))
            if wrong:
                said = "\n".join(f"[{name[:LONGEST]}] {_said(error, claim)}" for name, error in wrong)
                pytest.fail(f"{len(wrong)} of {len(table)} rows:\n{said}", pytrace=False)

        parameters = inspect.signature(claim).parameters
        assert set(fields) <= set(parameters)
        asked = [parameter for name, parameter in parameters.items() if name not in fields]
        tried.__signature__ = inspect.Signature(asked)
        return tried

    return joined


def _said(error, claim):
    """What is wrong, and where in the claim."""
    file = inspect.getfile(inspect.unwrap(claim))
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    place = f"line {lines[0]}: " if lines else ""
    return place + "".join(traceback.format_exception_only(error)).strip()
