"""The options of the test run."""

from __future__ import annotations


def pytest_addoption(parser):
    parser.addoption("--bless", action="store_true", help="write the golden files anew from what is printed now")
