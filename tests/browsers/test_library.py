"""The import library's own program, the process that it runs in, and keyrings in every mood."""

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
from support import handmade
from support.handmade import CN, EVIL, Crumb, Home, names_and_values, signed_in
from support.machine import crowd
from support.realbrowsers.household import PASSWORD
from support.rows import for_each

from codingplan_bar.browsers import chromium as ours
from codingplan_bar.browsers import decrypt_program
from codingplan_bar.browsers.chromium import DecryptJob
from codingplan_bar.browsers.verdicts import StoreProblem
from codingplan_bar.transport.request import Deadline

pytestmark = pytest.mark.usefixtures("leaky")


@pytest.fixture
def store(tmp_path):
    return handmade.make_chromium(tmp_path / "private" / "store", signed_in())


def said(store, name="Chromium", keyring="none"):
    return decrypt_program.read(name, handmade.rows_of(store), keyring, 2)


def test_it_gives_each_cookie_with_its_value(store):
    values = {(fields[0], fields[1]) for fields in said(store)["cookies"]}
    assert values == {("login_aliyunid_ticket", "ticket-of-anna"), ("login_aliyunid_pk", "pk-of-anna")}


def test_it_gives_the_providers_cookies_alone(tmp_path):
    path = handmade.make_chromium(tmp_path / "store", [*EVIL, Crumb(CN, "a", "1"), Crumb(CN, "empty", "")])
    assert [fields[0] for fields in said(path)["cookies"]] == ["a"]


def test_it_gives_what_can_be_decrypted_where_not_all_can(store):
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute(handmade.CHROMIUM_INSERT, (CN, "", "bad", "", b"v10" + b"\0" * 33, "/", 0, 1))
    assert len(said(store)["cookies"]) == 4


@for_each(
    ("content", "name", "problem"),
    [
        (b"", "Chromium", "failed"),
        (b"no store", "Chromium", "failed"),
        (b'{"version": "24", "rows": [[1]]}', "Chromium", "failed"),
        (b"cook", "Safari", "failed"),
        (b"", "Nobody", "failed"),
    ],
)
def test_whatever_it_raises_is_a_word(content, name, problem):
    assert decrypt_program.read(name, content, "none", 2) == {"problem": problem}


def test_a_wrong_key_is_a_word(tmp_path):
    path = handmade.make_chromium(tmp_path / "store", signed_in(), password=b"another")
    assert said(path) == {"problem": "wrong_key"}


def as_a_program(name, end):
    return [sys.executable, "-P", "-m", ours.DECRYPT_MODULE, name, "none", str(end)]


def test_as_a_program_it_prints_one_object_and_nothing_else(store, programs):
    command = as_a_program("Chromium", time.monotonic() + 5)
    done = subprocess.run(command, input=handmade.rows_of(store), capture_output=True, check=True, timeout=20)
    assert len(json.loads(done.stdout)["cookies"]) == 4
    assert done.stderr == b""


def test_as_a_program_it_ends_by_itself_in_time(programs):
    with subprocess.Popen(as_a_program("Safari", 0), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.wait(20) == -signal.SIGALRM  # its input never ends


@pytest.mark.parametrize("what", ["open(os.devnull)", "tempfile.mkdtemp()", "shutil.copy('a', 'b')"])
def test_the_library_has_no_way_to_a_file(store, what):
    """Whatever it opens is the store in memory, and it cannot make a copy: the copies that it makes have names."""
    said(store)
    try:
        found = eval(what, vars(decrypt_program.browser_cookie3))
    except AttributeError:
        return
    assert found.read() == b""


def read(path, environ, seconds=5.0):
    return ours.decrypted(DecryptJob("Chromium", handmade.rows_of(path), "none"), environ, Deadline(seconds))


def test_the_process_gives_cookies(store, home, programs):
    (ticket,) = (c for c in read(store, home.environ) if c.name == "login_aliyunid_ticket" and c.domain == "aliyun.com")
    assert (ticket.value, ticket.host_only, ticket.secure) == ("ticket-of-anna", False, True)


SLEEPER = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", *sys.argv[1:]])
time.sleep(60)
"""


@pytest.fixture
def sleeper(monkeypatch, tmp_path):
    """In the place of the library's program, one that never ends, nor does what it starts."""
    (tmp_path / "sleeper.py").write_text(SLEEPER)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(ours, "DECRYPT_MODULE", "sleeper")


@pytest.mark.usefixtures("sleeper")
def test_a_process_that_takes_too_long_is_ended_with_all_that_it_has_started(tmp_path, home, programs):
    began = time.monotonic()
    with pytest.raises(StoreProblem) as raised:
        ours.decrypted(DecryptJob(str(tmp_path), b"", "none"), home.environ, Deadline(0.6))
    assert raised.value.verdict == "too_slow"
    assert time.monotonic() - began < 2 * crowd()
    assert _commands_with(str(tmp_path)) == []


def _commands_with(text):
    return [command for command in map(_command, Path("/proc").glob("[0-9]*")) if text in command]


def _command(process):
    try:
        return (process / "cmdline").read_text(errors="replace")
    except OSError:
        return ""


@pytest.mark.usefixtures("sleeper")
def test_an_interrupt_ends_the_process_too(tmp_path, home, programs):
    main = threading.main_thread().ident
    interrupt = threading.Timer(0.4, signal.pthread_kill, [main, signal.SIGINT])
    interrupt.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            ours.decrypted(DecryptJob(str(tmp_path), b"", "none"), home.environ, Deadline(20))
    finally:
        interrupt.cancel()  # else it would strike the next test where this one ends early
    assert _commands_with(str(tmp_path)) == []


def test_the_environment_is_bare():
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
    given = ours.environment(environ)
    assert "" not in given.pop("PYTHONPATH").split(os.pathsep)
    assert set(given) == {"HOME", "LANG", "LC_ALL", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"}


def test_without_an_address_the_bus_is_where_systemd_has_it(tmp_path, monkeypatch):
    import socket

    assert "DBUS_SESSION_BUS_ADDRESS" not in ours.environment({"XDG_RUNTIME_DIR": str(tmp_path)})
    with socket.socket(socket.AF_UNIX) as bus:
        monkeypatch.chdir(tmp_path)  # an address of a socket is short
        bus.bind("bus")
        given = ours.environment({"XDG_RUNTIME_DIR": str(tmp_path)})
    assert given["DBUS_SESSION_BUS_ADDRESS"] == f"unix:path={tmp_path}/bus"


def test_no_value_is_in_the_arguments(store, home, programs):
    seen = []
    watcher = threading.Thread(target=lambda: [seen.extend(_commands_with("")) or time.sleep(0.01) for _ in range(60)])
    watcher.start()
    read(store, home.environ)
    watcher.join()
    assert any(ours.DECRYPT_MODULE in command for command in seen)
    assert not any("ticket-of" in command or "pk-of" in command for command in seen)


@for_each(
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
        ours._cookies(output)
    assert raised.value.verdict == "failed"


# Keyrings in every mood: each has a word, none is waited for, none is made to ask unless it may.


SECRETS, KWALLET = "org.freedesktop.secrets", "org.kde.kwalletd5"
ANNA = {("login_aliyunid_ticket", "ticket-of-anna"), ("login_aliyunid_pk", "pk-of-anna")}


@pytest.fixture
def user(home, bus):
    """Somebody whose Chromium encrypts by the keyring; on a bus where nobody is yet."""
    home.environ["DBUS_SESSION_BUS_ADDRESS"] = bus.household.environ["DBUS_SESSION_BUS_ADDRESS"]
    home.chromium(signed_in(), prefix=b"v11", password=PASSWORD)
    return home


def verdict(home: Home, **wish):
    (report,) = home.search(**wish).reports
    assert home.left_behind() == []
    return report.verdict


def test_a_key_of_the_keyring_opens_the_values(user, bus):
    bus.start_service(SECRETS, "open")
    found = user.search()
    assert (found.origin, names_and_values(found.jar)) == ("Chromium, Default", ANNA)


@pytest.mark.parametrize(
    ("mood", "word"),
    [("locked", "keyring_locked"), ("empty", "keyring_no_key"), ("error", "keyring_no_key"), ("mute", "keyring_mute")],
)
def test_a_keyring_that_gives_no_key_has_a_word(user, bus, mood, word):
    bus.start_service(SECRETS, mood)
    began = time.monotonic()
    assert verdict(user) == word
    assert time.monotonic() - began < 2.5 * crowd()


@pytest.mark.parametrize(
    "case",
    [
        (SECRETS, "open", "silent", None),
        (SECRETS, "locked", "silent", "keyring_locked"),
        (SECRETS, "empty", "ask", "keyring_no_key"),
        (SECRETS, "error", "silent", "keyring_no_key"),
        (SECRETS, "open", "none", "wrong_key"),
        (KWALLET, "open", "ask", None),
        (KWALLET, "open", "silent", "would_ask"),
        ("org.example.other", "open", "silent", "keyring_absent"),
    ],
)
def test_the_library_is_told_by_the_guard(user, bus, monkeypatch, case):
    name, mood, keyring, said = case
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", user.environ["DBUS_SESSION_BUS_ADDRESS"])
    bus.start_service(name, mood)
    (store,) = user.stores()
    answer = decrypt_program.read("Chromium", handmade.rows_of(store.path), keyring, 2)
    assert (answer.get("problem"), bool(answer.get("cookies"))) == (said, not said)


def test_on_a_bus_without_a_keyring_that_is_said(user):
    assert verdict(user) == "keyring_absent"


@pytest.mark.parametrize("address", ["", "unix:path=/nonexistent", "tcp:host=localhost,port=1", "nonsense"])
def test_without_a_bus_that_is_said(home, address, programs):
    home.environ["DBUS_SESSION_BUS_ADDRESS"] = address
    home.chromium(signed_in(), prefix=b"v11", password=PASSWORD)
    assert verdict(home) == "keyring_absent"


def test_a_bus_that_does_not_answer_is_not_waited_for(home, programs):
    import socket

    with socket.socket(socket.AF_UNIX) as mute:
        path = home.runtime / "mute"
        mute.bind(str(path))
        mute.listen()
        home.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={path}"
        home.chromium(signed_in(), prefix=b"v11", password=PASSWORD)
        began = time.monotonic()
        (report,) = home.search().reports
        assert report.verdict == "keyring_mute"
        assert time.monotonic() - began < 2.5 * crowd()


def test_a_key_that_everybody_knows_needs_no_bus(home, programs):
    home.environ["DBUS_SESSION_BUS_ADDRESS"] = "nonsense"
    home.chromium(signed_in())
    assert verdict(home) == "signed_in"


def test_the_keyring_is_not_asked_about_what_everybody_knows(user, bus, tmp_path):
    bus.start_service(SECRETS, "open", tmp_path / "log")
    user.chromium(signed_in())
    assert (user.search().origin, (tmp_path / "log").exists()) == ("Chromium, Default", False)


def test_the_keyring_is_not_asked_where_the_names_are_not_there(user, bus, tmp_path):
    bus.start_service(SECRETS, "open", tmp_path / "log")
    names = signed_in()
    user.chromium([crumb._replace(name="x") for crumb in names])
    assert (verdict(user), (tmp_path / "log").exists()) == ("not_signed_in", False)


def test_kwallet_is_not_opened_unless_it_may_ask(user, bus, tmp_path):
    bus.start_service(KWALLET, "open", tmp_path / "log")
    assert verdict(user) == "would_ask"
    assert not (tmp_path / "log").exists()
    assert verdict(user, may_prompt=True) == "signed_in"
    assert "open" in (tmp_path / "log").read_text().split()


def test_a_keyring_may_take_its_time_where_it_may_ask(user, bus):
    bus.start_service(SECRETS, "mute")
    began = time.monotonic()
    assert verdict(user, may_prompt=True, seconds=3.5) == "keyring_mute"
    assert 2 < time.monotonic() - began < 5 * crowd()


def test_a_real_keyring_gives_no_key_that_it_has_not(user, bus):
    bus.start_keyring()
    assert verdict(user) == "keyring_no_key"
