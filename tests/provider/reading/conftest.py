"""China's time for every test here: what has ended is told by the day of the user's zone."""

from __future__ import annotations

import time

import pytest


@pytest.fixture(autouse=True)
def chinas_time(monkeypatch):
    """A zone without names of its own, so that no time zone data is needed."""
    monkeypatch.setenv("TZ", "CST-8")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()
