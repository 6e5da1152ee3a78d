"""A refresh with all made up but the files, or the installed command against a console over real TLS."""

from __future__ import annotations

import pytest
from support.staging import certificate, console, home, world

__all__ = ["certificate", "console", "home", "world"]
"""Fixtures that are the same in other folders."""


@pytest.fixture(autouse=True)
def no_thread_left_behind(every_thread_ends):
    """In each test here."""
