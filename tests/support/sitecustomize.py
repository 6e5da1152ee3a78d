"""What a Python program that a test starts finds as its `sitecustomize`: another clock, and somebody who notes.

`driven` gives the environment. The clock is SHIFTED seconds late, or stopped AT an instant; what counts time steadily
(`time.monotonic`) goes on. The file that OBSERVED names gets a line an event: `connect ADDRESS`, or `start ARGUMENTS`.
It is Python's own audit that tells, so nothing in the process can go past it; programs that are not Python are seen
when they are started.
"""

import os
import sys
import time
from pathlib import Path

STARTS = {"subprocess.Popen", "os.posix_spawn", "os.exec"}


def driven(folder, *, shifted=None, at=None, observed=None):
    """The variables by which a Python program is driven so; `folder` is where the file for it is put."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(Path(__file__).read_text("utf-8"), "utf-8")
    chosen = {"SHIFTED": shifted, "AT": at, "OBSERVED": observed}
    return {"PYTHONPATH": str(folder), **{name: str(value) for name, value in chosen.items() if value is not None}}


if "AT" in os.environ:
    time.time = lambda at=float(os.environ["AT"]): at
elif "SHIFTED" in os.environ:
    time.time = lambda now=time.time, by=float(os.environ["SHIFTED"]): now() + by

if "OBSERVED" in os.environ:
    NOTE = os.open(os.environ["OBSERVED"], os.O_WRONLY | os.O_APPEND)

    def observe(event, arguments, write=os.write, note=NOTE, starts=STARTS):
        if event == "socket.connect":
            write(note, f"connect {arguments[1]!r}\n".encode("utf-8", "replace"))
        elif event in starts:
            write(note, f"start {arguments[:2]!r}\n".encode("utf-8", "replace"))

    sys.addaudithook(observe)
