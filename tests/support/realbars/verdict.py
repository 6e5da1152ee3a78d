"""What a comparison answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Whether a bar shows what was expected; true or false, and its repr says why, for a failed assertion."""

    yes: bool
    reason: str

    def __bool__(self) -> bool:
        """The verdict."""
        return self.yes

    def __repr__(self) -> str:
        """The reason."""
        return f"<{self.reason}>"
