"""The files that a person copies, as they are shipped: one folder a bar."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent.parent


def folder() -> Path:
    """Where they are: in the installed package, or beside it in a checkout."""
    shipped = PACKAGE / "integrations"
    return shipped if shipped.exists() else PACKAGE.parent / "integrations"


def how_to(bar: str) -> str:
    """The page of a bar, for a terminal, and where the files lie that it names."""
    files = folder() / bar
    page = files / "README.md"
    if not page.exists():
        return f"There is no page about {bar}: build on it what you like."
    return f"{page.read_text('utf-8')}\nThe files lie in {files}"
