"""The installed command in a home of its own, against a console over real TLS."""

from __future__ import annotations

import pytest
from support.staging import certificate, console, home
from support.world import World

__all__ = ["certificate", "console", "home"]
"""Fixtures that are the same in other folders."""


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


@pytest.fixture(autouse=True)
def no_thread_left_behind(every_thread_ends):
    """In each test here."""
