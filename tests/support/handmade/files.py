"""What befalls files: another process has them open, they may not be read, and whatever is made beside them is seen."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in sys.argv[2:]:
    connection.execute(statement)
print("done", flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def elsewhere(path, *statements):
    """These statements have been executed there, and the database is still open, while the block lasts."""
    command = [sys.executable, "-c", PROGRAM, str(path), *statements]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "done\n"
        yield process
    finally:
        process.kill()
        process.communicate()


NOBODY = 65_534


@contextlib.contextmanager
def stranger(*paths):
    """Nobody may look into these paths inside the block, but for their owner's being root."""
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0)
    try:
        with _as_nobody() if os.geteuid() == 0 else contextlib.nullcontext():
            yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


@contextlib.contextmanager
def _as_nobody():
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


IN_MOVED_TO, IN_CREATE = 0x80, 0x100
NONBLOCK = 0o4000
LIBC = ctypes.CDLL(None, use_errno=True)


@contextlib.contextmanager
def created_in(*folders):
    """A list, to which is added at the end of the block every path that was made in one of the folders."""
    made = []
    watch = LIBC.inotify_init1(NONBLOCK)
    assert watch >= 0
    by_number = {LIBC.inotify_add_watch(watch, os.fsencode(f), IN_CREATE | IN_MOVED_TO): Path(f) for f in folders}
    assert -1 not in by_number
    try:
        yield made
        with contextlib.suppress(BlockingIOError):
            while data := os.read(watch, 1 << 16):
                made.extend(by_number[number] / name for number, name in _events(data))
    finally:
        os.close(watch)


def _events(data):
    at = 0
    while at < len(data):
        number, _, _, length = struct.unpack_from("iIII", data, at)
        yield number, os.fsdecode(data[at + 16 : at + 16 + length].rstrip(b"\0"))
        at += 16 + length
