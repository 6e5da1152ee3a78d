"""Watchers, made up or started as the bar starts them; the home and the console are those of tests/refresh."""

from __future__ import annotations

import pytest
from support.staging import Watching, certificate, console, home

__all__ = ["certificate", "console", "home"]
"""Fixtures that are the same in other folders."""


@pytest.fixture
def start(home):
    """Starts watchers, each with its first line read; none outlives its test."""
    started = []

    def start(bar="text", *, first=True, **more):
        started.append(Watching(home, bar, **more))
        if first:
            assert started[-1].line()
        return started[-1]

    yield start
    for watching in started:
        watching.close()
