"""China's time for every test here."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def everywhere(chinas_time):
    """In each test here."""
