"""Put where each Python process of a test finds it as `sitecustomize`: tells whom it connects to, and what it starts.

One line an event in the file that OBSERVED names: `connect ADDRESS`, or `start ARGUMENTS`. It is Python's own audit
that tells, so nothing in the process can go past it; programs that are not Python are seen when they are started.
"""

import os
import sys

STARTS = {"subprocess.Popen", "os.posix_spawn", "os.exec"}

if "OBSERVED" in os.environ:
    NOTE = os.open(os.environ["OBSERVED"], os.O_WRONLY | os.O_APPEND)

    def observe(event, arguments, write=os.write, note=NOTE, starts=STARTS):
        if event == "socket.connect":
            write(note, f"connect {arguments[1]!r}\n".encode("utf-8", "replace"))
        elif event in starts:
            write(note, f"start {arguments[:2]!r}\n".encode("utf-8", "replace"))

    sys.addaudithook(observe)
