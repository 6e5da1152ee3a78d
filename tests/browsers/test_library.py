"""The import library's own program, and the process that it runs in."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from handmade import chromium
from handmade.cookies import CN, EVIL, Crumb, signed_in

from codingplan_bar.fetch.browsers import library, reader
from codingplan_bar.fetch.browsers.reader import Job
from codingplan_bar.fetch.browsers.verdicts import StoreProblem
from codingplan_bar.fetch.deadline import Deadline

pytestmark = pytest.mark.usefixtures("leaky")


@pytest.fixture
def store(tmp_path):
    return chromium.make(tmp_path / "private" / "store", signed_in())


def said(store, name="Chromium", keyring="none"):
    return library.read(name, str(store), keyring, 2)


def test_it_gives_each_cookie_with_its_value(store):
    values = {(fields[0], fields[1]) for fields in said(store)["cookies"]}
    assert values == {("login_aliyunid_ticket", "ticket-of-anna"), ("login_aliyunid_pk", "pk-of-anna")}


def test_it_gives_the_providers_cookies_alone(tmp_path):
    path = chromium.make(tmp_path / "store", [*EVIL, Crumb(CN, "a", "1"), Crumb(CN, "empty", "")])
    assert [fields[0] for fields in said(path)["cookies"]] == ["a"]


def test_it_gives_what_can_be_decrypted_where_not_all_can(store):
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute(chromium.INSERT, (CN, "", "bad", "", b"v10" + b"\0" * 33, "/", 0, 1))
    assert len(said(store)["cookies"]) == 4


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"", "Chromium", "failed"),
        (b"no store", "Chromium", "failed"),
        (b"cook", "Safari", "failed"),
        (b"", "Nobody", "failed"),
    ],
)
def test_whatever_it_raises_is_a_word(tmp_path, content, name, problem):
    (tmp_path / "store").write_bytes(content)
    assert said(tmp_path / "store", name) == {"problem": problem}


def test_a_wrong_key_is_a_word(tmp_path):
    path = chromium.make(tmp_path / "store", signed_in(), password=b"another")
    assert said(path) == {"problem": "wrong_key"}


def test_as_a_program_it_prints_one_object_and_nothing_else(store):
    command = [sys.executable, "-P", "-m", reader.PROGRAM, "Chromium", str(store), "none", str(time.monotonic() + 5)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=20)
    assert len(json.loads(done.stdout)["cookies"]) == 4
    assert done.stderr == b""


def test_as_a_program_it_ends_by_itself_in_time(tmp_path):
    os.mkfifo(tmp_path / "store")  # opening it waits for ever
    command = [sys.executable, "-P", "-m", reader.PROGRAM, "Safari", str(tmp_path / "store"), "none", "0"]
    assert subprocess.run(command, check=False, timeout=20).returncode == -signal.SIGALRM


def read(path, environ, seconds=5.0, name="Chromium"):
    return reader.read(Job(name, path, "none"), environ, Deadline(seconds))


def test_the_process_gives_cookies(store, home):
    (ticket,) = (c for c in read(store, home.environ) if c.name == "login_aliyunid_ticket" and c.domain == "aliyun.com")
    assert (ticket.value, ticket.host_only, ticket.secure) == ("ticket-of-anna", False, True)


def test_a_process_that_takes_too_long_is_ended_with_all_that_it_has_started(tmp_path, home):
    os.mkfifo(tmp_path / "store")
    began = time.monotonic()
    with pytest.raises(StoreProblem) as raised:
        read(tmp_path / "store", home.environ, 0.6, "Safari")
    assert raised.value.verdict == "too_slow"
    assert time.monotonic() - began < 2
    mine = [
        command for command in map(_command, _processes()) if reader.PROGRAM in command and str(tmp_path) in command
    ]
    assert mine == []


def _processes():
    return list(Path("/proc").glob("[0-9]*"))


def _command(process):
    try:
        return (process / "cmdline").read_text(errors="replace")
    except OSError:
        return ""


def test_an_interrupt_ends_the_process_too(tmp_path, home):
    os.mkfifo(tmp_path / "store")
    main = threading.main_thread().ident
    interrupt = threading.Timer(0.4, signal.pthread_kill, [main, signal.SIGINT])
    interrupt.start()
    with pytest.raises(KeyboardInterrupt):
        read(tmp_path / "store", home.environ, 20, "Safari")
    assert not [pid for pid in _processes() if str(tmp_path) in _command(pid)]


def test_the_environment_is_bare(tmp_path):
    environ = {
        "HOME": "/h",
        "LANG": "C",
        "LC_ALL": "C",
        "XDG_RUNTIME_DIR": "/r",
        "DBUS_SESSION_BUS_ADDRESS": "unix:path=/b",
        "ALIBABA_CODING_PLAN_COOKIE": "secret",
        "DASHSCOPE_API_KEY": "secret",
        "LD_PRELOAD": "evil.so",
        "PYTHONSTARTUP": "evil.py",
    }
    given = reader.environment(environ, tmp_path)
    assert given.pop("TMPDIR") == str(tmp_path)
    assert "" not in given.pop("PYTHONPATH").split(os.pathsep)
    assert set(given) == {"HOME", "LANG", "LC_ALL", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"}


def test_without_an_address_the_bus_is_where_systemd_has_it(tmp_path):
    import socket

    assert "DBUS_SESSION_BUS_ADDRESS" not in reader.environment({"XDG_RUNTIME_DIR": str(tmp_path)}, tmp_path)
    with socket.socket(socket.AF_UNIX) as bus:
        os.chdir(tmp_path)
        bus.bind("bus")
        given = reader.environment({"XDG_RUNTIME_DIR": str(tmp_path)}, tmp_path)
    assert given["DBUS_SESSION_BUS_ADDRESS"] == f"unix:path={tmp_path}/bus"


def test_no_value_is_in_the_arguments(store, home):
    seen = []
    watcher = threading.Thread(
        target=lambda: [seen.extend(map(_command, _processes())) or time.sleep(0.01) for _ in range(40)]
    )
    watcher.start()
    read(store, home.environ)
    watcher.join()
    mine = [command for command in seen if reader.PROGRAM in command and str(store) in command]
    assert mine or not _processes()
    assert not any("ticket-of" in command or "pk-of" in command for command in seen)


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"garbage",
        b"[]",
        b"{}",
        b'{"cookies": 5}',
        b'{"cookies": [5]}',
        b'{"cookies": [["a"]]}',
        b'{"cookies": [[1, "v", "d", true, "/", null, true]]}',
        b'{"cookies": [["n", "v", "d", true, "/", "soon", true]]}',
        b'{"problem": "of no kind"}',
        b'{"problem": ["list"]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_answer_is_a_failure(output):
    with pytest.raises(StoreProblem) as raised:
        reader._cookies(output)
    assert raised.value.verdict == "failed"
