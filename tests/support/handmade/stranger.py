"""Files that this process may not read, also where the tests run as root."""

from __future__ import annotations

import contextlib
import os

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
