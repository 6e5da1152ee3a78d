"""SSLKEYLOGFILE would let whoever reads that file decrypt what we say: nothing of ours, nor what we start, obeys it."""

from __future__ import annotations

import time

import pytest

from codingplan_bar.environment import KEY_LOG, without_secrets


@pytest.fixture
def log(visitor, tmp_path):
    visitor.environ[KEY_LOG] = str(tmp_path / "keys.log")
    return tmp_path / "keys.log"


@pytest.mark.parametrize(
    "command", [["fetch"], ["fetch", "--source", "web"], ["refresh"], ["doctor"], ["status"]], ids=" ".join
)
def test_no_connection_is_read_along(visitor, console, log, command):
    visitor.run(*command)
    assert console.requests or command == ["status"]
    assert not log.exists()


def test_nor_one_by_a_key(key_holder, console, tmp_path):
    key_holder.environ[KEY_LOG] = str(tmp_path / "keys.log")
    key_holder.run("fetch")
    assert console.requests
    assert not (tmp_path / "keys.log").exists()


def test_nor_one_of_the_refresh_that_a_bar_starts(visitor, console, log):
    visitor.run("text")
    end = time.monotonic() + 30
    while not (visitor.cache / "snapshot.json").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    assert not log.exists()


def test_no_program_that_we_start_is_told_of_it(visitor, log, tmp_path):
    """The provider's tool speaks TLS itself."""
    tool, told = tmp_path / "bl", tmp_path / "told"
    tool.write_text(f"#!/bin/sh\nenv > {told}\n")
    tool.chmod(0o755)
    visitor.run("fetch", "--source", "cli", env={"CODINGPLAN_BAR_BL_PATH": str(tool)})
    assert "HOME=" in told.read_text()
    assert KEY_LOG not in told.read_text()
    assert KEY_LOG not in without_secrets(visitor.environ)
