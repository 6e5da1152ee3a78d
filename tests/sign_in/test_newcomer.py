"""A newcomer on a machine without a browser, by docs/sign-in.md alone: from an empty home to a number in tmux.

The laptop's ssh is left out: what it runs on the server runs here, and its browser is a request to the forwarded port.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sysconfig
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from support.machine import need, until

from codingplan_bar.provider import addresses

ROOT = Path(__file__).parents[2]
SCRIPTS = sysconfig.get_path("scripts")
PAGES = {language: ROOT / f"docs/sign-in{language}.md" for language in ("", ".zh-CN")}
ADDRESS = re.compile(r"notice=127\.0\.0\.1:(\d+)\?state=([0-9a-f]{32})")
FORWARDED = re.compile(r"ssh -L (\d+):127\.0\.0\.1:\1 SERVER '(.*)'")
TOKEN = "token-from-a-sign-in"
LONGEST = 60


def commands(language):
    """The indented lines of the page's section on a server."""
    (section,) = re.findall(r"^### .*?(?=^##)", PAGES[language].read_text(), re.MULTILINE | re.DOTALL)
    return re.findall(r"^    (\S.*)$", section, re.MULTILINE)


@pytest.fixture
def server(tmp_path, provider, programs):
    """What a shell on the server has: an empty home, no screen, and the program in the folder where pipx puts it."""
    need("tmux")
    folder = tmp_path / "home/.local/bin"
    folder.mkdir(parents=True)
    (folder / "codingplan-bar").symlink_to(f"{SCRIPTS}/codingplan-bar")
    given = {name: os.environ[name] for name in ("REQUESTS_CA_BUNDLE", "NO_PROXY", "no_proxy")}
    shell = {"HOME": str(tmp_path / "home"), "PATH": f"{folder}:/usr/bin:/bin", "TERM": "screen-256color"}
    environ = {**shell, **given, "LC_ALL": "C.UTF-8", "TMUX_TMPDIR": str(tmp_path), addresses.HOST: provider.host}
    yield environ
    for name in ("default", "outer"):
        subprocess.run(["tmux", "-L", name, "kill-server"], env=environ, capture_output=True, check=False)


def test_both_languages_name_the_same_commands():
    assert commands("") == commands(".zh-CN")


def test_the_pages_commands_lead_from_an_empty_home_to_a_number_in_tmux(server, provider):
    by_ssh, setup, tmux = commands("")
    port, login = FORWARDED.fullmatch(by_ssh).groups()
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(["sh", "-c", login], env=server, **pipes) as process:
        listening, state = ADDRESS.search(process.stdout.readline().decode()).groups()
        assert listening == port
        connection = HTTPConnection("127.0.0.1", int(port), timeout=10)
        connection.request("POST", "/", urlencode({"access_token": TOKEN, "state": state}))
        assert connection.getresponse().status == 200
        out, _ = process.communicate(timeout=LONGEST)
    assert (process.returncode, b"16%" in out) == (0, True)
    done = subprocess.run(["sh", "-c", setup], env=server, capture_output=True, timeout=LONGEST, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    outer = ["tmux", "-L", "outer", "-f", "/dev/null"]
    start = [*outer, "new-session", "-d", "-x", "160", "-y", "9", shlex.join(["env", "-u", "TMUX", *shlex.split(tmux)])]
    subprocess.run(start, env=server, check=True, timeout=LONGEST)
    seen = [*outer, "capture-pane", "-p"]
    until(
        lambda: b"wk 16%" in subprocess.run(seen, env=server, capture_output=True, check=True).stdout,
        "a number",
        within=LONGEST,
    )
    assert provider.wrong == []
