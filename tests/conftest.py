"""The options of the test run, and what tests of several folders share."""

from __future__ import annotations

import gc
import threading
import time

import pytest

ENDING = 5.0
"""Seconds that a thread may take to end after what it worked for: the machine may be busy."""


def pytest_addoption(parser):
    parser.addoption("--bless", action="store_true", help="write the golden files anew from what is printed now")


@pytest.fixture
def every_thread_ends():
    """A test that asks for this leaves no thread behind."""
    before = set(threading.enumerate())
    yield
    gc.collect()
    end = time.monotonic() + ENDING
    while not set(threading.enumerate()) <= before and time.monotonic() < end:
        time.sleep(0.01)
    assert set(threading.enumerate()) <= before
