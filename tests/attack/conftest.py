"""Someone whose every connection and every secret is watched, while all commands are run."""

from __future__ import annotations

import pytest
from support.household import Household
from support.realbrowsers.world import World


@pytest.fixture(scope="session")
def world():
    """The console under the provider's names, and the proxy that leads there and takes down who asked for whom."""
    with World() as made:
        yield made


@pytest.fixture
def household(tmp_path, world, programs):
    return Household(tmp_path, world)
