"""The clock of a program that a test starts, as its `sitecustomize`: SHIFTED seconds late, or stopped AT an instant.

Nothing else is changed: what counts time steadily (`time.monotonic`) goes on. `driven` gives the environment.
"""

import os
import time
from pathlib import Path


def driven(folder, *, shifted=None, at=None):
    """The variables by which a Python program has that clock; `folder` is where the file for it is put."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(Path(__file__).read_text("utf-8"), "utf-8")
    chosen = {"SHIFTED": shifted, "AT": at}
    return {"PYTHONPATH": str(folder), **{name: str(value) for name, value in chosen.items() if value is not None}}


if "AT" in os.environ:
    time.time = lambda at=float(os.environ["AT"]): at
elif "SHIFTED" in os.environ:
    time.time = lambda now=time.time, by=float(os.environ["SHIFTED"]): now() + by
