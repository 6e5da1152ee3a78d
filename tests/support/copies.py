"""A process that has all of the program imported, and copies of it that do one thing each, to be struck by signals.

Started as `copies.py refresh` or `copies.py import`, it reads lines. `SIGNAL STEP` starts a copy, which sends itself
that signal before its STEPth step: a file that is opened, made, renamed or removed, a process that is started, what is
connected to; with STEP 0 it sends none. The answer is the copy's process id. An empty line waits for the copy, and the
answer is how it ended. So no copy pays the price of starting Python.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

STEPS = {
    "refresh": ("open", "os.", "socket.connect", "fcntl.flock"),
    "import": ("open", "os.", "shutil.", "tempfile.", "sqlite3.", "subprocess.", "fcntl."),
}


class Copies:
    """That process, as a test talks to it."""

    def __init__(self, deed, environ):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen([sys.executable, __file__, deed], env=environ, **pipes)
        assert self.process.stdout.readline() == "ready\n"

    def start(self, number=0, step=0):
        """Start a copy; its process id."""
        return int(self._ask(f"{int(number)} {step}"))

    def ended(self):
        """The exit code of the last one; negative for a signal."""
        return int(self._ask(""))

    def _ask(self, words):
        print(words, file=self.process.stdin, flush=True)
        return self.process.stdout.readline()

    def close(self):
        self.process.stdin.close()
        self.process.wait(20)
        self.process.stdout.close()


def refresh():
    """One `fetch`."""
    from codingplan_bar.commands.refresh import fetch

    return fetch(source=None, region=None, pretty=False)


def import_and_keep():
    """As a refresh does it: the search, with a store that is decrypted; then the one file that holds a session."""
    from codingplan_bar import storage
    from codingplan_bar.browsers.search import Wanted, search
    from codingplan_bar.regions import CN, INTL

    found = search(os.environ, Wanted((INTL, CN), time.time(), ("chromium", "firefox")))
    storage.replace(Path(os.environ["HOME"]) / "state/session.json", json.dumps(found.jar.to_data()))
    return 0


DEEDS = {"refresh": refresh, "import": import_and_keep}


def strike_at(number, step, steps):
    left = step

    def hook(event, _):
        nonlocal left
        if event.startswith(steps):
            left -= 1
            if not left:
                os.kill(os.getpid(), number)

    sys.addaudithook(hook)


def in_a_copy(deed, number, step):
    child = os.fork()
    if child:
        return child
    code = 130
    try:
        if step:
            strike_at(number, step, STEPS[deed])
        code = DEEDS[deed]()
    except KeyboardInterrupt:
        """The code of a program that was interrupted."""
    os._exit(code)


def main(deed):
    signal.signal(signal.SIGINT, signal.default_int_handler)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what the copies print is nobody's business
    DEEDS[deed]()  # so that all is imported that a copy will need
    print("ready", file=answers, flush=True)
    child = 0
    for line in sys.stdin:
        if words := line.split():
            child = in_a_copy(deed, *map(int, words))
            print(child, file=answers, flush=True)
        else:
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
