"""Another process that has a database open, and does something with it until it is told to end."""

from __future__ import annotations

import contextlib
import subprocess
import sys

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
