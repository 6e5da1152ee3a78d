"""The house rules that no other tool knows: who may import whom, how long things are, and what is never mentioned."""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

import pytest

import codingplan_bar

PACKAGE = Path(codingplan_bar.__file__).parent
REPOSITORY = Path(__file__).parent.parent
MODULES = sorted(PACKAGE.rglob("*.py"))
NAME = "codingplan_bar"

FLOORS = {
    "ground": {"ground"},
    "show": {"ground", "show"},
    "fetch": {"ground", "fetch"},
    "demo": {"demo"},
    "commands": {"ground", "show", "fetch", "demo", "commands"},
    "door": {"ground", "show", "fetch", "demo", "commands", "door"},
}
"""Who may import whom: no wing the other, and nothing what stands above it."""

DOORS = {"cli", "__main__"}
WILD = {"fetch/browsers/library.py"}
"""What wraps a package that raises whatever it likes."""
QUICK = {"sys", "os", "time"}
"""All of the standard library that the warm wing may import: each of the others costs a bar milliseconds."""
WATCHERS = {"show/alarm.py", "show/folders.py", "show/watch.py", "show/watcher.py"}
"""What `--watch` needs besides is paid for once in days."""

LONGEST_FILE = 200
LONGER_FILES = {"errors.py": 210}
"""One tree, with its picture."""
LONGEST_FUNCTION = 20
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}


def module_name(path):
    return str(path.relative_to(PACKAGE))


every_module = pytest.mark.parametrize("path", MODULES, ids=module_name)


@cache
def tree(path):
    return ast.parse(path.read_text("utf-8"))


def imports(path, *, typing=True):
    """The full names that a module imports, relative ones resolved; without those for its types on demand."""
    body = tree(path)
    left_out = set()
    for node in ast.walk(body):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and not typing:
            left_out |= set(ast.walk(node))
    for node in ast.walk(body):
        if node in left_out:
            continue
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide where a name lives"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def floor_of(name):
    """The floor of one of the package's modules, by its full name."""
    inside = name.split(".")[1:]
    if inside and inside[0] in DOORS:
        return "door"
    return inside[0] if inside and inside[0] in FLOORS else "ground"


@every_module
def test_no_wing_imports_the_other_and_nothing_imports_upward(path):
    own = floor_of(".".join([NAME, *path.relative_to(PACKAGE).with_suffix("").parts]))
    ours = [name for name in imports(path) if name.partition(".")[0] == NAME]
    assert {floor_of(name) for name in ours} <= FLOORS[own]


@every_module
def test_the_warm_wing_imports_nothing_slow(path):
    if floor_of(".".join([NAME, *path.relative_to(PACKAGE).parts])) == "show" and module_name(path) not in WATCHERS:
        outside = {name.partition(".")[0] for name in imports(path, typing=False)} - {NAME, "__future__"}
        assert outside <= QUICK


def test_each_package_of_others_is_imported_in_exactly_one_file():
    where = {}
    for path in MODULES:
        for name in imports(path):
            package = name.partition(".")[0]
            if package not in sys.stdlib_module_names and package != NAME:
                where.setdefault(package, set()).add(module_name(path))
    assert {package: files for package, files in where.items() if len(files) > 1} == {}
    assert where["click"] == {"cli.py"}
    assert where["requests"] == {"fetch/http.py"}
    assert where["jsonschema"] == {"fetch/contract.py"}
    assert where["Cryptodome"] == {"demo/certificate.py"}


def ends_everything(handler):
    """Whether it catches whatever is raised, and lets nothing of it go on."""
    caught = {"Exception"} if handler.type is None else {getattr(node, "id", "") for node in ast.walk(handler.type)}
    return "Exception" in caught and not isinstance(handler.body[-1], ast.Raise)


@every_module
def test_only_the_doors_catch_everything(path):
    handlers = [node for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler)]
    assert path.stem in DOORS or module_name(path) in WILD or not any(map(ends_everything, handlers))


@every_module
def test_a_file_can_be_read_in_one_sitting(path):
    assert len(path.read_text("utf-8").splitlines()) <= LONGER_FILES.get(module_name(path), LONGEST_FILE)


def functions(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def lines_of(function):
    """The lines of its body that are no docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


@every_module
def test_a_function_is_short(path):
    assert {each.name: lines_of(each) for each in functions(path) if lines_of(each) > LONGEST_FUNCTION} == {}


def public(node):
    """What others may use of a module or a class, inside out."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.ClassDef | ast.FunctionDef) and not each.name.startswith("_"):
            yield each
            yield from public(each) if isinstance(each, ast.ClassDef) else ()


@every_module
def test_what_is_public_says_what_it_is(path):
    assert [node.name for node in public(tree(path)) if not ast.get_docstring(node)] == []


@every_module
def test_a_module_begins_with_one_sentence(path):
    first = (ast.get_docstring(tree(path)) or "").split("\n\n")[0].replace("\n", " ")
    assert first.endswith((".", ":"))


@every_module
def test_a_file_is_named_after_what_is_in_it(path):
    assert not VAGUE_NAMES & set(path.relative_to(PACKAGE).with_suffix("").parts)


def texts():
    """Every text of the repository, by its path."""
    for path in sorted(REPOSITORY.rglob("*")):
        own = path.relative_to(REPOSITORY)
        built = {".git", ".venv", "build", "dist", "__pycache__", ".hypothesis", "node_modules"} & set(own.parts)
        cached = any(part.endswith(("_cache", ".egg-info")) for part in own.parts)
        if path.is_file() and not built and not cached:
            try:
                yield str(own), path.read_text("utf-8")
            except UnicodeDecodeError:
                continue  # a picture


UNMENTIONABLE = re.compile(
    "|".join(
        [
            r"/work/(?:main|shared)",
            r"\.\./share" + "d/",
            r"py" + r"pi\.org",
            r"python" + r"hosted\.org",
            r"registry\." + r"npm",
            r"(?:index|static)\.crates" + r"\.io",
            r"proxy\.go" + r"lang\.org",
            r"ruby" + r"gems\.org",
        ]
    )
)
"""Places of one machine, and hosts that a machine behind a mirror does not reach. Spelt so as not to find itself."""


def test_no_text_names_a_place_of_one_machine_or_the_host_of_a_registry():
    found = {
        own: match[0] for own, text in texts() if own != "tests/test_house.py" and (match := UNMENTIONABLE.search(text))
    }
    assert found == {}


def test_nothing_is_left_for_later():
    later = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"]))
    found = [own for own, text in texts() if own.endswith((".py", ".sh", ".toml", ".md")) and later.search(text)]
    assert found == []
