"""China's time for every test here."""

from __future__ import annotations

import os
import time

import pytest


@pytest.fixture(autouse=True)
def chinas_time():
    """A zone without names of its own, so that no time zone data is needed."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "CST-8"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()
