"""Someone whose every connection and every secret is watched, while all commands are run."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "commands"), str(HERE.parent / "browsers")]

from household import Household  # noqa: E402 - it stands in this folder
from realbrowsers.world import World  # noqa: E402


@pytest.fixture(scope="session")
def world():
    """The console under the provider's names, and the proxy that leads there and takes down who asked for whom."""
    with World() as made:
        yield made


@pytest.fixture
def household(tmp_path, world):
    return Household(tmp_path, world)
