"""A process that has all of the program imported, and lets copies of itself import a session, to be struck by signals.

Each line that it reads is `SIGNAL STEP`: the copy sends itself that signal before its STEPth step, a file that is
opened, made, renamed or removed, a process that is started, a database that is connected to; with STEP 0 it sends none.
It answers with the copy's process id; an empty line waits for the copy, and answers with how it ended.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

from codingplan_bar import storage
from codingplan_bar.browsers.search import Wanted, search
from codingplan_bar.regions import CN, INTL

STEPS = ("open", "os.", "shutil.", "tempfile.", "sqlite3.", "subprocess.", "fcntl.")


def strike_at(number, step):
    left = step

    def hook(event, _):
        nonlocal left
        if event.startswith(STEPS):
            left -= 1
            if not left:
                os.kill(os.getpid(), number)

    sys.addaudithook(hook)


def import_and_keep():
    """As a refresh does it: the search, with a store that is decrypted; then the one file that holds a session."""
    found = search(os.environ, Wanted((INTL, CN), time.time(), ("chromium", "firefox")))
    storage.replace(Path(os.environ["HOME"]) / "state/session.json", json.dumps(found.jar.to_data()))


def in_a_copy(number, step):
    child = os.fork()
    if child:
        return child
    code = 0
    try:
        if step:
            strike_at(number, step)
        import_and_keep()
    except KeyboardInterrupt:
        code = 130
    os._exit(code)


def main():
    signal.signal(signal.SIGINT, signal.default_int_handler)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    import_and_keep()  # so that all is imported that a copy will need
    print("ready", file=answers, flush=True)
    child = 0
    for line in sys.stdin:
        if words := line.split():
            child = in_a_copy(*map(int, words))
            print(child, file=answers, flush=True)
        else:
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)


if __name__ == "__main__":
    main()
