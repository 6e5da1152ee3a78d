"""The rules of the house: who may import whom, how long things are, what is never mentioned. Each lists offenders."""

from __future__ import annotations

import ast
import importlib.util
import os
import re
import sys
from collections import Counter, defaultdict
from contextlib import suppress
from functools import cache
from pathlib import Path

from support import sources

import codingplan_bar

PACKAGE = Path(codingplan_bar.__file__).parent
REPOSITORY = Path(__file__).parent.parent
NAME = "codingplan_bar"
MODULES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}

FLOORS = (
    ("words",),
    (
        "environment",
        "errors",
        "facts",
        "model",
        "themes",
        "paths",
        "plans",
        "process",
        "regions",
        "resources",
        "snapshot",
        "storage",
        "text",
    ),
    ("transport",),
    ("credentials",),
    ("provider", "browsers", "configure", "history"),
    ("looks",),
    ("settings",),
    ("refresh", "alerts", "bars"),
    ("demo_provider",),
    ("commands",),
    ("cli", "dispatch", "__main__"),
)
"""From the ground up. A folder imports what stands below it, and never its neighbour on the same floor."""
NEIGHBOURS = {("ground", "ground"), ("dispatch", "cli"), ("__main__", "dispatch")}
"""The nouns may name each other, and the door leads to the command line."""
WAYS_OF_ASKING = {"provider/web.py", "provider/token.py", "provider/api_key.py", "provider/bl.py"}
KNOWS_NO_PROVIDER = ("browsers/", "configure/")

DOORS = {"dispatch.py", "__main__.py"}
WILD = {"browsers/decrypt_program.py"}
"""What wraps a package that raises whatever it likes."""
QUICK = {"sys", "os", "time", "gc", "_signal"}
"""All of the standard library that the warm road may import: each of the others costs a bar time."""
NEVER_ON_THE_ROAD = {"bars/watch.py"}
"""What `--watch` needs besides is paid for once in days."""
ONE_FILE_EACH = {
    "click": "cli.py",
    "requests": "transport/http.py",
    "jsonschema": "snapshot.py",
    "browser_cookie3": "browsers/decrypt_program.py",
    "lz4": "browsers/firefox.py",
    "jeepney": "alerts/notify.py",
}

LONGEST_FILE, SHORTEST_FILE, LONGEST_FUNCTION, FULLEST_FOLDER = 400, 60, 20, 12
SHORT_FILES = {
    "browsers/verdicts.py": "the words that all of the folder raise",
    "__main__.py": "`python -m`",
    "resources.py": "where a checkout and an installation differ",
}
"""A file below 60 lines, and why it stands by itself."""
ROOMY_FOLDERS = {"bars/adapters", "commands"}
"""One file a bar, one a verb."""
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}


def teardown_module():
    sources.forget()


def tree(module):
    return sources.tree(MODULES[module])


def nodes(module):
    return sources.nodes(MODULES[module])


@cache
def imports(module, *, typing=True):
    """The full names that a module imports; without `typing`, those that only a type checker sees are left out."""
    left_out = set()
    for node in nodes(module):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test) and not typing:
            left_out |= set(ast.walk(node))
    names = []
    for node in nodes(module):
        if isinstance(node, ast.Import) and node not in left_out:
            names += [each.name for each in node.names]
        if isinstance(node, ast.ImportFrom) and node not in left_out:
            assert not node.level, f"{module}: a relative import hides where a name lives"
            names += [f"{node.module}.{each.name}" for each in node.names]
    return names


@cache
def module_of(name):
    """The file of a dotted name of ours, None for what is not ours."""
    parts = name.split(".")
    if parts[0] != NAME:
        return None
    for end in range(len(parts), 0, -1):
        for file in ("/".join(parts[1:end]) + ".py", "/".join([*parts[1:end], "__init__.py"])):
            if file in MODULES:
                return file
    return None


def room_of(module):
    first = module.removesuffix(".py").split("/")[0]
    return "ground" if first in FLOORS[1] or first == "__init__" else first


def floor_of(room):
    return 1 if room == "ground" else next((n for n, rooms in enumerate(FLOORS) if room in rooms), None)


def functions(module):
    return [node for node in nodes(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_nothing_imports_upward_and_no_neighbour():
    upward = []
    for module in MODULES:
        own = room_of(module)
        others = map(room_of, filter(None, map(module_of, imports(module))))
        beside = (other for other in others if other != own and (own, other) not in NEIGHBOURS)
        upward += [f"{module} -> {other}" for other in beside if floor_of(other) >= floor_of(own)]
    assert upward == []


def test_what_the_tests_and_their_scripts_import_of_the_support_is_there():
    """A script that a person starts once in months would be the last to tell."""
    texts = (path.read_text("utf-8") for path in (REPOSITORY / "tests").rglob("*.py"))
    modules = {
        module for text in texts for module in re.findall(r"^ *from (support\.[\w.]+) import", text, re.MULTILINE)
    }
    assert len(modules) > 40
    assert sorted(module for module in modules if importlib.util.find_spec(module) is None) == []


def test_each_file_that_a_rule_names_is_there():
    kinds = (WAYS_OF_ASKING, DOORS, WILD, NEVER_ON_THE_ROAD, ONE_FILE_EACH.values(), SHORT_FILES, *ONE_WAY.values())
    assert {file for files in kinds for file in files} - set(MODULES) == set()


def test_every_room_stands_on_a_floor():
    assert [module for module in MODULES if floor_of(room_of(module)) is None] == []


def test_the_picture_of_the_house_has_these_floors():
    picture = (REPOSITORY / "CONTRIBUTING.md").read_text("utf-8").partition("codingplan_bar/\n")[2].partition("```")[0]
    lines = (re.findall(r"^    ((?:\w+(?:/|\.py) ?)+)", floor, re.MULTILINE) for floor in picture.split("\n\n"))
    floors = [{name.removesuffix(".py").rstrip("/") for line in floor for name in line.split()} for floor in lines]
    assert floors[::-1] == [set(floor) for floor in FLOORS]


def test_no_import_runs_in_a_circle():
    arrows = {
        module: {other for other in map(module_of, imports(module, typing=False)) if other and other != module}
        for module in MODULES
    }
    done, circles = set(), []

    def visit(module, path):
        if module in path:
            circles.append(" -> ".join([*path[path.index(module) :], module]))
        elif module not in done:
            for other in sorted(arrows[module]):
                visit(other, [*path, module])
            done.add(module)

    for module in MODULES:
        visit(module, [])
    assert circles == []


def test_the_ways_of_asking_know_nothing_of_each_other():
    mixed = {
        module: found
        for module in sorted(WAYS_OF_ASKING & set(MODULES))
        if (found := set(map(module_of, imports(module))) & (WAYS_OF_ASKING - {module}))
    }
    assert mixed == {}


def test_browsers_and_configure_know_nothing_of_the_provider():
    assert [
        f"{module} -> {other}"
        for module in MODULES
        if module.startswith(KNOWS_NO_PROVIDER)
        for other in map(module_of, imports(module))
        if other and other.startswith("provider/")
    ] == []


def test_the_warm_road_imports_nothing_slow():
    slow = {
        module: outside
        for module in MODULES
        if module.startswith("bars/") and module not in NEVER_ON_THE_ROAD
        if (outside := {name.partition(".")[0] for name in imports(module, typing=False)} - {NAME} - QUICK)
    }
    assert slow == {}


def test_each_package_of_others_is_imported_in_one_file():
    where = defaultdict(set)
    for module in MODULES:
        for package in {name.partition(".")[0] for name in imports(module)} - set(sys.stdlib_module_names) - {NAME}:
            where[package].add(module)
    assert {package: files for package, files in where.items() if len(files) > 1} == {}
    assert {package: where[package] for package in ONE_FILE_EACH} == {p: {f} for p, f in ONE_FILE_EACH.items()}


def ends_everything(handler):
    """Whether it catches whatever is raised, and lets nothing of it go on."""
    caught = {"Exception"} if handler.type is None else {getattr(node, "id", "") for node in ast.walk(handler.type)}
    return "Exception" in caught and not isinstance(handler.body[-1], ast.Raise)


def test_only_the_doors_catch_everything():
    assert [
        f"{module}:{node.lineno}"
        for module in MODULES
        if module not in DOORS | WILD
        for node in nodes(module)
        if isinstance(node, ast.ExceptHandler) and ends_everything(node)
    ] == []


def starts_a_program(node):
    return isinstance(node, ast.Import) and "subprocess" in {each.name for each in node.names}


def reads_a_variable_of_xdg(node):
    """`environ.get("XDG_…")`, `environ["XDG_…"]`."""
    gets = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"get", "getenv"}
    key = node.args[0] if gets and node.args else node.slice if isinstance(node, ast.Subscript) else None
    return isinstance(key, ast.Constant) and str(key.value).startswith("XDG_")


def puts_a_file_in_anothers_place(node):
    """`os.replace`, `os.rename`, `shutil.move`, and `path.replace(other)`: that of a text has two arguments."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    named = ast.unparse(node.func) in {"os.replace", "os.rename", "shutil.move"}
    return named or (node.func.attr in {"replace", "rename"} and len(node.args) == 1 and not node.keywords)


def asks_a_path_what_it_is(node):
    """`Path.exists`, `is_file`, `is_dir`: where a folder keeps the user out, some Pythons raise and others say no."""
    is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    return (
        is_call
        and node.func.attr in {"exists", "is_file", "is_dir"}
        and ast.unparse(node.func.value) not in {"os.path", "paths"}
    )


ONE_WAY = {
    starts_a_program: {
        "process.py": "the one way",
        "browsers/chromium.py": "cookies go in and out by pipes, and nothing of them may be in an argument or a file",
        "configure/machine/tmux_trial.py": "a server of tmux's own, with a life of its own",
    },
    asks_a_path_what_it_is: {},  # `paths.is_file`, or `os.path`
    reads_a_variable_of_xdg: {},  # `paths.named` is given the name
    puts_a_file_in_anothers_place: {
        "storage.py": "the one way for files of ours",
        "configure/files.py": "the one way for the user's: owner, mode and what changed meanwhile count",
    },
}


def test_there_is_one_way_of_each_thing():
    for way, files in ONE_WAY.items():
        found = {module for module in MODULES if any(map(way, nodes(module)))}
        assert found == set(files), way.__name__


def lines_of(module):
    return len(MODULES[module].read_text("utf-8").splitlines())


def is_a_room_of_one_subject(module):
    """What may be short: an adapter, a verb, and the words on a folder."""
    return module.startswith(("bars/adapters/", "commands/")) or module.endswith("__init__.py")


def test_a_file_has_sixty_to_four_hundred_lines_or_a_reason():
    found = {module: lines_of(module) for module in MODULES}
    assert {module: count for module, count in found.items() if count > LONGEST_FILE} == {}
    short = {m for m, count in found.items() if count < SHORTEST_FILE and not is_a_room_of_one_subject(m)}
    assert short == set(SHORT_FILES)


def test_a_folder_has_at_most_a_dozen_files():
    filled = Counter(str(Path(module).parent) for module in MODULES if not module.endswith("__init__.py"))
    assert {f: n for f, n in filled.items() if n > FULLEST_FOLDER and f not in ROOMY_FOLDERS and f != "."} == {}


def body_lines(function):
    """The lines of its body that are no docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_a_function_is_short():
    assert [
        f"{module}: {each.name} has {body_lines(each)} lines"
        for module in MODULES
        for each in functions(module)
        if body_lines(each) > LONGEST_FUNCTION
    ] == []


def public(node):
    """What others may use of a module or a class, inside out."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.ClassDef | ast.FunctionDef) and not each.name.startswith("_"):
            yield each
            yield from public(each) if isinstance(each, ast.ClassDef) else ()


def test_what_is_public_and_each_module_says_what_it_is():
    silent = [f"{m}: {node.name}" for m in MODULES for node in public(tree(m)) if not ast.get_docstring(node)]
    first = {m: (ast.get_docstring(tree(m)) or "").split("\n\n")[0].replace("\n", " ") for m in MODULES}
    assert silent + [module for module, said in first.items() if not said.endswith((".", ":"))] == []


def test_a_class_has_a_name_of_its_own():
    where = defaultdict(list)
    for module in MODULES:
        for node in tree(module).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(module)
    assert {name: files for name, files in where.items() if len(files) > 1} == {}


def test_a_file_is_named_after_what_is_in_it():
    assert [module for module in MODULES if VAGUE_NAMES & set(Path(module).with_suffix("").parts)] == []


BUILT = {".git", ".venv", "build", "dist", "__pycache__", ".hypothesis", "node_modules"}


def texts():
    """Every text of the repository, by its path."""
    for folder, inner, names in os.walk(REPOSITORY):
        inner[:] = sorted(name for name in inner if name not in BUILT and not name.endswith(("_cache", ".egg-info")))
        for path in (Path(folder, name) for name in sorted(set(names) - BUILT)):  # a worktree has a file `.git`
            with suppress(UnicodeDecodeError):  # a picture
                yield path.relative_to(REPOSITORY).as_posix(), path.read_text("utf-8")


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
    found = {own: m[0] for own, text in texts() if own != "tests/test_house.py" and (m := UNMENTIONABLE.search(text))}
    assert found == {}


def test_nothing_is_left_for_later():
    later = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK:"]))
    found = [own for own, text in texts() if own.endswith((".py", ".sh", ".toml", ".md")) and later.search(text)]
    assert found == []
