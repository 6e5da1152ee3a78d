"""What a docstring or a comment mentions is there: each file, each folder, each dotted name of ours."""

from __future__ import annotations

import ast
import io
import os
import pkgutil
import re
import tokenize
from collections import defaultdict
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
BUILT = {".git", ".venv", "build", "dist", "__pycache__", "node_modules"}
PLACEHOLDERS = re.compile(r"\b(NAME|STATE|LANGUAGE|FILE|TARGET)\b")
"""What stands for any name."""
OF_OTHERS = {"data.DataV2"}
"""A part of the provider's answer."""

FILE = re.compile(r"[\w/-]*\w\.py\b")
FOLDER = re.compile(r"(?<![\w/.~`<-])([a-z_]+)/(?![\w*/-])|`([\w/]+)/`")
DOTTED = re.compile(r"`([a-z_]+)\.(?!py`)(\w+)`")


@cache
def everything():
    """Each path of the repository, from its top, that no tool has built."""
    found = []
    for folder, inner, names in os.walk(REPOSITORY):
        inner[:] = [name for name in inner if name not in BUILT]
        found += [Path(folder, name).relative_to(REPOSITORY) for name in (*inner, *names) if name not in BUILT]
    return found


@cache
def files():
    """The text of each file of Python, by its path."""
    paths = (path for path in everything() if path.suffix == ".py")
    return {path: (REPOSITORY / path).read_text("utf-8") for path in paths}


@cache
def nodes():
    """By the file: its definitions, the names that it stores, its texts, and what stands alone in a line."""
    kept = (ast.FunctionDef, ast.ClassDef, ast.Name, ast.Attribute, ast.Constant, ast.Expr)
    return {path: [n for n in ast.walk(ast.parse(text)) if isinstance(n, kept)] for path, text in files().items()}


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


@cache
def prose(path):
    """The docstrings, the texts below a value, and the comments of a file."""
    said = [n.value.value for n in nodes()[path] if isinstance(n, ast.Expr) and is_text(n.value)]
    tokens = tokenize.generate_tokens(io.StringIO(files()[path]).readline)
    return said + [token.string for token in tokens if token.type == tokenize.COMMENT]


def mentioned(pattern):
    """Where something is mentioned, and what."""
    for path in files():
        for found in (each for text in prose(path) for each in pattern.finditer(text)):
            if not PLACEHOLDERS.search(found[0]):
                yield path.as_posix(), found


@cache
def made():
    """By the name of a module or a package, what its files make at any depth; a package's modules too."""
    names = defaultdict(set)
    for path, found in nodes().items():
        own = names[path.parent.name if path.stem == "__init__" else path.stem]
        names[path.parent.name].add(path.stem)
        for node in found:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                own.add(node.name)
            elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
                own.add(node.id if isinstance(node, ast.Name) else node.attr)
    return names


@cache
def values():
    """Every text of the code that is no prose: the names of facts and of messages are among them."""
    found = [node for each in nodes().values() for node in each]
    said = {id(node.value) for node in found if isinstance(node, ast.Expr)}
    return {node.value for node in found if is_text(node) and id(node) not in said}


def resolved(name):
    """What Python has by that dotted name, None without it."""
    try:
        return pkgutil.resolve_name(name)
    except (ImportError, AttributeError):
        return None


def is_in_the_module(module, name):
    """Whether a module of that name has it, be it ours or another's; None without such a module."""
    whole = f"{module}.{name}"
    if whole in values() or name in made().get(module, ()) or resolved(whole) is not None:
        return True
    return None if module not in made() and resolved(module) is None else False


def test_each_file_that_a_docstring_or_a_comment_mentions_is_there():
    ends = {"/" + path.as_posix() for path in files()}
    mentions = [(where, found[0].lstrip("/")) for where, found in mentioned(FILE)]
    assert len(mentions) > 30
    assert [(where, file) for where, file in mentions if not any(end.endswith("/" + file) for end in ends)] == []


def test_each_folder_that_a_docstring_or_a_comment_mentions_is_there():
    folders = {"/" + path.as_posix() for path in everything() if (REPOSITORY / path).is_dir()}
    mentions = [(where, found[1] or found[2]) for where, found in mentioned(FOLDER)]
    assert len(mentions) > 10
    assert [(where, name) for where, name in mentions if not any(each.endswith("/" + name) for each in folders)] == []


def test_each_dotted_name_that_a_docstring_or_a_comment_mentions_is_there():
    """With a small letter it may be an attribute of something that is called so here, and not of a module."""
    mentions = [(where, found[0].strip("`"), found[1], found[2]) for where, found in mentioned(DOTTED)]
    assert len(mentions) > 30
    there = {name: is_in_the_module(module, last) for _, name, module, last in mentions}
    lost = {name for name, found in there.items() if found is False or (found is None and not name.islower())}
    assert sorted((where, name) for where, name, *_ in mentions if name in lost - OF_OTHERS) == []
