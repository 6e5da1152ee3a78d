"""What the machine may do to a command: whatever it is, there are words and an exit code, and never a traceback."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time

import pytest
from support.console import moods

NOWHERE = "/proc/nowhere"  # where not even root can make a folder
FULL = "/dev/full"


def no_file_may_grow():
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


@contextlib.contextmanager
def full():
    handle = os.open(FULL, os.O_WRONLY)
    yield handle
    os.close(handle)


@contextlib.contextmanager
def without_a_reader():
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@pytest.mark.parametrize("command", ["fetch", "--help"])
def test_a_full_standard_output_is_told_and_is_a_failure(visitor, command):
    with full() as handle:
        done = visitor.run(command, stdout=handle)
    assert done.code == 1
    assert done.err == (
        "codingplan-bar: standard output cannot be written: No space left on device. Send it to another place.\n"
    )


@pytest.mark.parametrize("command", ["fetch", "--version"])
def test_a_reader_that_has_gone_is_no_failure(visitor, command):
    with without_a_reader() as pipe:
        done = visitor.run(command, stdout=pipe)
    assert (done.code, done.err) == (0, "")


def test_with_standard_output_closed_the_result_is_stored_whole(visitor):
    done = visitor.run("status", preexec_fn=lambda: os.close(1))
    assert (done.code, done.err) == (0, "")
    assert visitor.stored["status"] == "ok"


LAST_WORDS = """
import os, sys
from codingplan_bar.__main__ import leave
sys.stdout.write("the last words")
sys.stderr.write("a complaint")
{fault}
leave(3)
"""


@pytest.mark.parametrize("fault", ["pass", "sys.stderr.close()", "sys.stderr = None", "os.close(2)"])
def test_what_is_written_last_comes_out_before_the_process_ends(programs, fault):
    command = [sys.executable, "-c", LAST_WORDS.format(fault=fault)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    assert (done.returncode, done.stdout) == (3, b"the last words")


def test_standard_error_may_be_closed_or_full(user):
    assert user.run("fecth", preexec_fn=lambda: os.close(2)).code == 2
    with full() as handle:
        assert user.run("fecth", stderr=handle).code == 2


def test_a_full_disk_is_told_on_stderr_and_the_document_is_printed_all_the_same(visitor):
    done = visitor.run("fetch", env=visitor.unmeasured, preexec_fn=no_file_may_grow)
    assert (done.code, done.document["status"]) == (0, "ok")
    assert "Cannot write" in done.err
    assert "File too large" in done.err
    assert "XDG_CACHE_HOME" in done.err
    assert str(visitor.home) not in done.err


def test_a_cache_that_is_a_file_and_a_state_that_cannot_be_made_stop_nobody(visitor):
    (visitor.home / ".cache").write_text("a file")
    done = visitor.run("status", env={"XDG_STATE_HOME": NOWHERE})
    assert done.code == 0
    assert (visitor.home / ".cache").read_text() == "a file"


def test_a_home_that_cannot_be_written_is_told_and_stops_nobody(visitor):
    done = visitor.run("fetch", env={"HOME": NOWHERE})
    assert (done.code, done.document["status"]) == (0, "ok")
    assert done.err.startswith(f"codingplan-bar: HOME is '{NOWHERE}', which is not a folder")


NO_PLACE = {
    "nothing can be written": {"env": {"HOME": NOWHERE}},
    "the disk is full": {"preexec_fn": no_file_may_grow},
}


TOLD = {"nothing can be written": "which is not a folder", "the disk is full": "No request is sent: Cannot write"}


@pytest.mark.parametrize("fault", NO_PLACE)
@pytest.mark.parametrize("mood", [moods.counters(), moods.rate_limited(600)], ids=["good", "Retry-After"])
def test_where_the_wait_cannot_be_remembered_no_bar_asks(visitor, console, fault, mood):
    """A bar prints every few seconds: each print would ask."""
    console.answer_quota = mood
    for bar in ("waybar", "tmux", "text", "waybar"):
        done = visitor.run(bar, **{**NO_PLACE[fault], "env": {**visitor.unmeasured, **NO_PLACE[fault].get("env", {})}})
        assert (done.code, done.err) == (0, "")
        assert "not asked yet" in done.out
    assert not console.requests


@pytest.mark.parametrize("fault", NO_PLACE)
@pytest.mark.parametrize(("command", "code"), [("refresh", 1), ("refresh --click", 0), ("guard", 69)])
def test_where_the_wait_cannot_be_remembered_no_click_and_no_loop_asks(visitor, console, fault, command, code):
    place = {**NO_PLACE[fault], "env": {**visitor.unmeasured, **NO_PLACE[fault].get("env", {})}}
    for _ in range(3):
        done = visitor.run(*command.split(), **place)
        assert done.code == code
        assert command == "guard" or TOLD[fault] in done.err
    assert not console.requests


def test_without_a_home_the_password_file_knows_one(visitor):
    places = {name: str(visitor.home / name) for name in ("XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME")}
    done = visitor.run("fetch", env={"HOME": None, **places})
    assert (done.code, done.err, done.document["status"]) == (0, "", "ok")


def test_the_bytes_are_utf_8_whatever_the_locale(visitor):
    done = visitor.run("status", env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"})
    assert done.code == 0
    assert "▰" in done.out


def test_settings_that_are_a_pipe_which_nobody_writes_to_are_told_at_once(user):
    user.configure("")
    path = user.home / ".config/codingplan-bar/config.toml"
    path.unlink()
    os.mkfifo(path)
    done = user.run("status")
    assert (done.code, done.err) == (1, "")
    assert "~/.config/codingplan-bar/config.toml cannot be read: it is no regular file." in done.out


def test_what_a_newer_version_wrote_is_left_as_it_is(visitor):
    visitor.cache.mkdir(parents=True)
    newer = visitor.cache / "snapshot.json"
    newer.write_text('{"schema_version": 3, "more": "than we know"}')
    assert visitor.run("fetch").document["status"] == "ok"
    assert visitor.run("open").code == 1  # no screen here; the address is told
    assert newer.read_text() == '{"schema_version": 3, "more": "than we know"}'


def test_what_somebody_has_changed_in_the_stored_document_is_asked_for_anew(visitor):
    visitor.run("fetch")
    changed = visitor.stored | {"dashboard_url": "https://example.org/?steal"}
    changed["windows"]["weekly"]["used"] = "\x1b[31m"
    (visitor.cache / "snapshot.json").write_text(json.dumps(changed))
    done = visitor.run("status")
    assert done.code == 0
    assert "example.org" not in done.out
    assert visitor.stored["windows"]["weekly"]["used"] > 0


def test_an_interrupt_ends_it_at_once_and_quietly(visitor, console):
    console.answer_quota = moods.slow(moods.counters(), seconds=30)
    with visitor.start("fetch", start_new_session=True) as process:
        while not console.requests and process.poll() is None:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=5)
    assert (process.returncode, out, err.strip()) == (130, b"", b"")
    assert not [path for path in visitor.home.rglob("*") if ".tmp" in path.name]


@pytest.mark.parametrize(
    ("missing", "command", "code", "said"),
    [
        ("requests", "fetch", 1, '"code":"internal"'),
        ("requests", "status", 1, "codingplan-bar: Unexpected ModuleNotFoundError in transport/http.py:"),
        ("tomllib", "status", 1, "Install codingplan-bar again."),
    ],
)
def test_a_broken_installation_is_told_in_the_voice_of_the_command(visitor, missing, command, code, said):
    """A package that cannot be imported is what no code of ours foresees."""
    begin = f"import sys; sys.modules[{missing!r}] = None"
    start = f"{begin}; from codingplan_bar.dispatch import run; sys.exit(run(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", start, command], env=visitor.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
