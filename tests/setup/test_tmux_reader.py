"""The real tmux reads the lines that we put below whatever our reader of its language has let through."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.presence import need

from codingplan_bar.configure.tmux import Unfinished, commands

pytestmark = pytest.mark.usefixtures("programs")

PIECES = (
    """set -g @a b|'|"|{|}|#|#c|%if 1|%endif|%else|%elif 0|;|\\|\\;|x|'q'|"d"|#{x}|\\"|\\'|bind x |if -F 1 {\n|}\n"""
)
TEXTS = st.lists(st.sampled_from([*PIECES.split("|"), " ", "\t", "\n", "\n", "\\\n", "\r\n"]), max_size=9).map("".join)


class Server:
    """A tmux of its own, in a folder of its own (short: a socket's path holds 107 bytes)."""

    def __init__(self, folder):
        self.config, self.socket = Path(folder, "c"), f"{folder}/s"
        self.run("-f", "/dev/null", "new-session", "-d", "exec sleep 86400")

    def run(self, *words):
        """The exit code and what was printed."""
        done = subprocess.run(["tmux", "-S", self.socket, *words], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def understands(self, text):
        """Whether it can read the text; nothing of it is done."""
        self.config.write_bytes(text.encode())
        return self.run("source-file", "-n", str(self.config))[0] == 0

    def sets_ours(self, text):
        """Whether a line below the text is done."""
        self.run("set-option", "-gu", "@ours")
        ends = "" if text.endswith("\n") or not text else "\n"
        self.config.write_bytes(f"{text}{ends}# >>> ours >>>\nset-option -g @ours 1\n".encode())
        self.run("source-file", str(self.config))
        return self.run("show-option", "-gqv", "@ours")[1] == "1\n"


@pytest.fixture(scope="module")
def server():
    need("tmux")
    with tempfile.TemporaryDirectory(prefix="cpb-") as folder:
        made = Server(folder)
        yield made
        made.run("kill-server")


@settings(max_examples=150)
@given(text=TEXTS)
def test_a_line_of_ours_below_what_is_let_through_is_read(server, text):
    try:
        commands(text)
    except Unfinished:
        return
    if server.understands(text):
        assert server.sets_ours(text)


def test_a_line_below_what_is_refused_may_be_lost(server):
    open_quote = "set -g @a 'b\n"
    assert server.understands(open_quote)
    assert not server.sets_ours(open_quote)
    with pytest.raises(Unfinished):
        commands(open_quote)
