"""Mozilla's compressed JSON: eight letters, the length of the text in four bytes, one block of LZ4."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import lz4.block

MAGIC = b"mozLz40\0"
LARGEST_FILE = 32 * 1024 * 1024
LARGEST_TEXT = 128 * 1024 * 1024
"""Bytes; a session with a thousand tabs has 20 million."""


def load(path: Path) -> Any:
    """What the file says; None where there is none, or none that can be read."""
    content = _content(path)
    size = int.from_bytes(content[len(MAGIC) : len(MAGIC) + 4], "little")
    if not content.startswith(MAGIC) or not 0 < size <= LARGEST_TEXT:
        return None
    try:
        return json.loads(lz4.block.decompress(content[len(MAGIC) + 4 :], uncompressed_size=size))
    except (lz4.block.LZ4BlockError, ValueError, RecursionError, MemoryError):
        return None


def _content(path: Path) -> bytes:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
            regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            content = file.read(LARGEST_FILE + 1) if regular else b""
    except OSError:
        return b""
    return content if len(content) <= LARGEST_FILE else b""
