"""The files that a person copies, as they are shipped: one folder a bar."""

from __future__ import annotations

from pathlib import Path

from codingplan_bar.show import BARS

PACKAGE = Path(__file__).parent.parent


def folder() -> Path:
    """Where they are: in the installed package, or beside it in a checkout."""
    shipped = PACKAGE / "integrations"
    return shipped if shipped.exists() else PACKAGE.parent / "integrations"


def how_to(bar: str) -> str:
    """The page of a bar, for a terminal; empty where it has none."""
    page = folder() / bar / "README.md"
    return page.read_text("utf-8") if page.exists() else ""


def overview() -> str:
    """How to go on, a line a bar that has a page."""
    lines = [f"  codingplan-bar demo {bar}" for bar in BARS if (folder() / bar / "README.md").exists()]
    return "\n".join(["How to put it into your bar:", *lines]) + "\n"
