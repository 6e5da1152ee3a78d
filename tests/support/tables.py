"""Tables of attacks: `make attack` tries all of a table, any other run one of so many rows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")
IS_WHOLE = os.environ.get("CODINGPLAN_BAR_TEST_TABLES") == "all"


def sample(rows: Sequence[Row], step: int) -> Sequence[Row]:
    """All rows for `make attack`, else the first of each `step`."""
    return rows if IS_WHOLE else rows[::step]
