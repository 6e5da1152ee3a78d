"""A process that has all of the program imported, and lets copies of itself run refreshes to be killed in.

Each line that it reads is a word: `free` runs one refresh; a number N runs one that ends itself by SIGKILL at the Nth
time that it is about to open, rename, remove or make a file, or to connect. It answers with the copy's process id; an
empty line waits for the copy, and answers with how it ended.
"""

from __future__ import annotations

import os
import signal
import sys

from codingplan_bar.commands import refresh

STEPS = ("open", "os.", "socket.connect", "fcntl.flock")


def kill_at(number):
    left = number

    def hook(event, _arguments):
        nonlocal left
        if event.startswith(STEPS):
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def refresh_in_a_copy(word):
    child = os.fork()
    if child:
        return child
    if word != "free":
        kill_at(int(word))
    os._exit(refresh.fetch(source=None, region=None, pretty=False))


def main():
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the copies print is nobody's business
    refresh.fetch(source=None, region=None, pretty=False)  # so that all is imported that a copy will need
    child = 0
    for line in sys.stdin:
        if word := line.strip():
            child = refresh_in_a_copy(word)
            print(child, file=answers, flush=True)
        else:
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), file=answers, flush=True)


if __name__ == "__main__":
    main()
