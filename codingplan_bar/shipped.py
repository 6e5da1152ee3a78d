"""What is shipped beside the code: the files that a person copies, one folder a bar, pages, and schemas."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def shipped_folder() -> Path:
    """Where the bars' files are: in the installed package, or beside it in a checkout."""
    return _installed_or_beside("integrations")


def document(*names: str) -> Path:
    """The manual page, or below `completions` what a shell reads."""
    return _installed_or_beside("docs").joinpath(*names)


def schema_text(name: str) -> str:
    """The schema of that name."""
    return (_installed_or_beside("schemas") / f"{name}.schema.json").read_text("utf-8")


def _installed_or_beside(name: str) -> Path:
    folder = PACKAGE / name
    return folder if folder.exists() else PACKAGE.parent / name
