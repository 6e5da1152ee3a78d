"""The page in a popup of a real tmux, by the key that `setup` writes; and that `setup` takes it out again."""

from __future__ import annotations

import subprocess

import pytest
from support.presence import need
from support.terminal import Terminal


@pytest.fixture
def tmux(home, tmp_path):
    """A client of a tmux of its own that reads the home's configuration; its server ends with the test."""
    need("tmux")
    words = ["/usr/bin/env", "tmux", "-u", "-S", str(tmp_path / "socket")]
    home.environ["SHELL"] = "/bin/sh"
    clients = []

    def tmux():
        clients.append(Terminal([*words, "new-session", "exec sleep 86400"], home.environ))
        return clients[-1]

    yield tmux
    subprocess.run([*words, "kill-server"], env=home.environ, check=False, capture_output=True)
    for each in clients:
        each.close()


def test_the_key_that_setup_writes_shows_the_page_in_a_popup_and_q_closes_it(home, tmux):
    done = home.run("setup", "tmux", "--popup", "U", "--write")
    assert (done.returncode, done.stderr) == (0, b"")
    client = tmux()
    assert client.shows("5h")
    client.type("\x02U")
    assert client.shows("5 hours", "Month", "r refresh", "q close")
    client.type("h")
    assert client.shows("The last 7 days")
    client.type("q")
    assert client.lacks("The last 7 days", "Esc back")


def test_undo_takes_the_key_out_with_the_rest_and_a_second_setup_keeps_it(home, programs):
    before = "set -g mouse on\n"
    config = home.folder / ".tmux.conf"
    config.write_text(before)
    home.run("setup", "tmux", "--popup", "U", "--write")
    written = config.read_text()
    assert "bind-key U display-popup" in written
    assert b"has it already" in home.run("setup", "tmux", "--write").stdout
    assert config.read_text() == written
    done = home.run("setup", "tmux", "--undo")
    assert config.read_text() == before
    assert b"with what you had changed" not in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tmux", "--popup", "m"), b"The key m has a meaning in it already"),
        (("tmux", "--popup", "a b"), b"--popup takes a key as tmux names it"),
        (("i3blocks", "--popup", "U"), b"--popup is for tmux"),
    ],
)
def test_a_key_that_cannot_be_had_changes_nothing_and_the_reason_is_told(home, words, said):
    config = home.folder / ".tmux.conf"
    config.write_text("bind m set -g mouse on\n")
    blocks = home.folder / ".config/i3blocks/config"
    blocks.parent.mkdir(parents=True)
    blocks.write_text("[time]\ncommand=date\n")
    done = home.run("setup", *words, "--write")
    assert done.returncode == 1
    assert said in done.stderr
    assert config.read_text() == "bind m set -g mouse on\n"
    assert blocks.read_text() == "[time]\ncommand=date\n"
