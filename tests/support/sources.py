"""The syntax of files of Python, parsed and walked once for all the tests of one file."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@cache
def tree(path: Path) -> ast.Module:
    """What is in a file."""
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Its syntax tree, node by node."""
    return tuple(ast.walk(tree(path)))


def forget() -> None:
    """Whoever has asked calls this in the end: a million nodes cost each later collection of garbage a second."""
    tree.cache_clear()
    nodes.cache_clear()
