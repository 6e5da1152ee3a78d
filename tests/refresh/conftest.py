"""A refresh with all made up but the files, or the installed command against a console over real TLS."""

from __future__ import annotations

from support.staging import certificate, console, home, world

__all__ = ["certificate", "console", "home", "world"]
"""Fixtures that are the same in other folders."""
