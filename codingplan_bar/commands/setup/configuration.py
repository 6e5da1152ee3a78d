"""A bar's configuration as a file: read whole or not at all, replaced in one step, with what it was kept beside it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from codingplan_bar.commands.setup.bars.closing_block import LeftAlone

LONGEST = 4 * 1024 * 1024
"""Bytes; the longest configuration that anybody has shown has a hundredth of it."""
PROGRAM = 0o755
BACKUP = ".before-codingplan-bar"


class Configuration:
    """One file of the user's. A link is followed: what it leads to is replaced, and the link stays."""

    def __init__(self, path: Path) -> None:
        """Nothing is read yet."""
        self.named = path
        self.path = Path(os.path.realpath(path))
        self.backup = self.path.with_name(self.path.name + BACKUP)

    def text(self) -> str:
        """What is in it, to the byte; empty where there is no file. Raises `LeftAlone`, and OSError."""
        try:
            handle = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return ""
        with os.fdopen(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise LeftAlone("no file")
            content = file.read(LONGEST + 1)
        if len(content) > LONGEST:
            raise LeftAlone("too long")
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise LeftAlone("no text") from None

    def exists(self) -> bool:
        """Whether there is a file."""
        return self.path.exists()

    def keep(self) -> None:
        """Keep the file as it is beside it, unless an earlier one is kept. Raises OSError."""
        if self.exists() and not self.backup.exists():
            self._put(self.backup, self.path.read_bytes(), self._mode(PROGRAM))

    def replace(self, text: str, *, mode: int) -> None:
        """Put a text there in one step; `mode` is for a file that is new. Raises OSError."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._put(self.path, text.encode(), self._mode(mode))

    def remove(self) -> None:
        """Take the file away. Raises OSError."""
        self.path.unlink()

    def forget_backup(self) -> None:
        """Take the kept file away where it says what the file says again. Raises OSError."""
        if self.backup.exists() and self.backup.read_bytes() == self.path.read_bytes():
            self.backup.unlink()

    def _mode(self, otherwise: int) -> int:
        try:
            return stat.S_IMODE(self.path.stat().st_mode)
        except FileNotFoundError:
            return otherwise

    @staticmethod
    def _put(path: Path, content: bytes, mode: int) -> None:
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                os.fchmod(file.fileno(), mode)
                file.write(content)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
