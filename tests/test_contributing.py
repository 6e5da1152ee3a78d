"""CONTRIBUTING.md keeps its word, and what a docstring or a comment mentions is there."""

from __future__ import annotations

import ast
import io
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import tokenize
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent
PAGE = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8")
TABLE = PAGE.partition("# Where to change what")[2].partition("\n# ")[0]
ROWS = re.findall(r"^\| ([^|]+) \| `([\w/.]+)` \| `(\w+)` \|$", TABLE, re.MULTILINE)
STEPS = PAGE.partition("# A new bar")[2].partition("\n# ")[0]
LONGEST = 600
"""Seconds for a run of pytest over one bar: a quiet machine takes 15."""
JUDGES = ("bars", "test_house.py", "test_documents.py", "real_bars/integrations/test_pages.py")
JUDGES = tuple(f"tests/{judge}" for judge in JUDGES)
"""Who has something to say of a new bar, besides the programs that are started."""


def defined(path):
    """The names that the file itself makes, at its top and in its classes."""
    top = ast.parse(path.read_text("utf-8")).body
    for node in [*top, *(inner for each in top if isinstance(each, ast.ClassDef) for inner in each.body)]:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        for target in getattr(node, "targets", [getattr(node, "target", None)]):
            yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name)) if target else ()


def test_each_row_of_the_table_is_read():
    assert len(ROWS) == TABLE.count("\n| ") - 2
    assert len(ROWS) >= 10


@pytest.mark.parametrize(("what", "file", "name"), ROWS, ids=[row[0] for row in ROWS])
def test_what_is_to_be_changed_is_made_in_that_file(what, file, name):
    assert name in defined(REPOSITORY / "codingplan_bar" / file)


def pytest_run(folder, *arguments):
    """Pytest in that folder, with the package and the conftest of the folder's own; gives its code and what it says."""
    theirs = ("PYTEST_", "COV")  # the options of the run around this one
    ours = {name: value for name, value in os.environ.items() if not name.startswith(theirs)}
    environ = {**ours, "PYTHONPATH": os.pathsep.join(map(str, (folder, folder / "tests")))}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    return done.returncode, done.stdout


def test_who_starts_a_program_without_the_fixture_fails_and_what_a_run_does_not_ask_for_is_left_out(tmp_path, programs):
    (tmp_path / "tests").mkdir()
    shutil.copy(REPOSITORY / "tests/conftest.py", tmp_path / "tests")
    (tmp_path / "tests/test_it.py").write_text(
        "import subprocess\n"
        "def test_without(): subprocess.run(['true'])\n"
        "def test_with(programs): subprocess.run(['true'])\n"
        "def test_nothing(): pass\n"
        "@__import__('pytest').mark.slow\n"
        "def test_slow(): pass\n"
        "@__import__('pytest').mark.long\n"
        "def test_long(): pass\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    assert "1 failed, 1 passed, 3 deselected" in pytest_run(tmp_path)[1]
    assert "1 failed, 3 passed, 1 deselected" in pytest_run(tmp_path, "--all")[1]
    for everything in (("--all", "--long"), ("tests",)):
        assert "1 failed, 4 passed" in pytest_run(tmp_path, *everything)[1]
    assert "1 passed, 4 deselected" in pytest_run(tmp_path, "-m", "process")[1]


ADAPTER = '''"""Conky: `execpi` reads `${…}`, so a dollar is written twice."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.bars.view import View


def render(view: "View") -> str:
    """One line."""
    return view.text.replace("$", "$$")
'''
GRAMMAR = '''"""What conky's `execpi` makes of a line: `$$` is a dollar, any other `$` begins a variable."""

from __future__ import annotations

import re

from support.grammar.oneline import Line


def read(output: bytes) -> Line:
    text = output.decode().removesuffix("\\n")
    pieces = text.split("$$")
    return Line("$".join(pieces), expansions=tuple(each for piece in pieces for each in re.findall(r"\\$\\w*", piece)))
'''
PAGE_OF_THE_BAR = """# conky

Copy it into the text of the configuration: `${execpi 60 codingplan-bar conky}`.

A click is not known to conky; `codingplan-bar open` opens the console. It updates every minute.
To remove it, take the line out.
"""
LAST = "| SketchyBar, anything else"
ROW = f"| conky | `codingplan-bar conky` | [integrations/conky](integrations/conky/README.md) |\n{LAST}"
"""What each step of the page is for this bar: the file, and its text, or what is put in the place of what."""
PLACES = {
    "codingplan_bar/bars/adapters/conky.py": ADAPTER,
    "codingplan_bar/bars/__init__.py": ('    "json": "json",\n', '    "conky": "conky",\n    "json": "json",\n'),
    "tests/support/grammar/conky.py": GRAMMAR,
    "integrations/conky/README.md": PAGE_OF_THE_BAR,
    "README.md": (LAST, ROW),
    "README.zh-CN.md": ("| SketchyBar、其他", ROW.replace(LAST, "| SketchyBar、其他")),
}


@pytest.fixture
def copy(tmp_path):
    """A copy of the repository to which a bar is added, by the steps of the page alone."""
    built = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "build")
    made = shutil.copytree(REPOSITORY, tmp_path / "copy", ignore=built)
    for place, what in PLACES.items():
        path = made / place
        path.parent.mkdir(exist_ok=True)
        text = what if isinstance(what, str) else path.read_text("utf-8").replace(*what, 1)
        assert isinstance(what, str) or what[1] in text
        path.write_text(text, "utf-8")
    return made


def test_a_new_bar_needs_the_steps_of_the_page_alone(copy, programs):
    assert len(PLACES) <= 6
    names = {place.replace("conky", "NAME") for place in PLACES}
    assert all(f"`{name}`" in STEPS.replace("integrations/NAME/", "integrations/NAME/README.md") for name in names)
    code, said = pytest_run(copy, "tests/bars/test_golden.py", "--bless", "-k", "prints and waybar")
    assert code == 0, said
    code, said = pytest_run(copy, *JUDGES, "-m", "not process", "-k", "conky or left_over or house or twins or pages")
    assert code == 0, said
    assert int(re.search(r"(\d+) passed", said)[1]) > 100
    done = subprocess.run(
        [sys.executable, "-m", "codingplan_bar", "demo", "conky"], cwd=copy, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "5h 21%" in done.stdout


# What a docstring or a comment mentions is there: each file, each folder, each dotted name of ours.


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


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


class Source:
    """Of one file: its prose (docstrings, the texts below a value, comments), the names it makes, its other texts."""

    def __init__(self, path):
        text = (REPOSITORY / path).read_text("utf-8")
        nodes = list(ast.walk(ast.parse(text)))
        said = [node.value for node in nodes if isinstance(node, ast.Expr) and is_text(node.value)]
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        self.prose = [node.value for node in said] + [each.string for each in tokens if each.type == tokenize.COMMENT]
        self.makes = set(filter(None, map(made_by, nodes)))
        kept = set(map(id, said))
        self.values = {node.value for node in nodes if is_text(node) and id(node) not in kept}


def made_by(node):
    """The name that a definition or an assignment makes, at whatever depth."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return node.name
    is_stored = isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store)
    return (node.id if isinstance(node, ast.Name) else node.attr) if is_stored else None


@cache
def sources():
    """Each file of Python by its path. No syntax tree is kept: a million nodes make each collection of garbage slow."""
    return {path: Source(path) for path in everything() if path.suffix == ".py"}


def mentioned(pattern):
    """Where something is mentioned, and what."""
    for path, source in sources().items():
        for found in (each for text in source.prose for each in pattern.finditer(text)):
            if not PLACEHOLDERS.search(found[0]):
                yield path.as_posix(), found


@cache
def made():
    """By the name of a module or a package, what its files make at any depth; a package's modules too."""
    names = defaultdict(set)
    for path, source in sources().items():
        names[path.parent.name if path.stem == "__init__" else path.stem] |= source.makes
        names[path.parent.name].add(path.stem)
    return names


@cache
def values():
    """Every text of the code that is no prose: the names of facts and of messages are among them."""
    return {text for source in sources().values() for text in source.values}


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
    paths = [path.parts for path in sources()]
    ends = {"/".join(parts[begin:]) for parts in paths for begin in range(len(parts))}
    mentions = [(where, found[0].lstrip("/")) for where, found in mentioned(FILE)]
    assert len(mentions) > 30
    assert [(where, file) for where, file in mentions if file not in ends] == []


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
