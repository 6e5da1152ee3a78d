"""Single-line faults, drawn once from an old commit, and how many of them the tests of today catch.

    python tests/mutation/mutate.py draw COMMIT        writes faults.json, by a fixed seed
    python tests/mutation/mutate.py run                plants each where its statement is today
        [--out FILE] [--from N] [--to N] [--programs]  a part of them; what starts programs tries the survivors, too

A fault is found again by its statement and the function around it, wherever a move has put them. The tests that run
are those that execute the statement (by coverage's contexts), of those that start no program; the first failure ends a
fault's turn. A run that does not end catches nothing: it is counted by itself. What is not caught is named at the end.
Needs a quiet machine: a stalled one makes tests fail that would not.
"""

from __future__ import annotations

import argparse
import ast
import copy
import difflib
import json
import os
import random
import shutil
import signal
import subprocess
import sysconfig
import tempfile
import time
import venv
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parent.parent
PACKAGE = "codingplan_bar"
FAULTS = HERE / "faults.json"
SEED, HOW_MANY = 20261128, 160
LEFT_OUT = ("demo/", "english.py", "chinese.py", "/words/")
"""What stands in for the provider, and what is words alone."""
SWAPS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Div: ast.Mult,
}  # fmt: skip


def variants(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statement with one thing wrong: an operator, a number, a truth, a negation, what is returned or called."""
    spots = [node for node in ast.walk(statement) if not isinstance(node, ast.stmt) or node is statement]
    for index, node in enumerate(spots):
        twin = copy.deepcopy(statement)
        other = [each for each in ast.walk(twin) if not isinstance(each, ast.stmt) or each is twin][index]
        if _break(node, other):
            yield twin
    if isinstance(statement, ast.Return) and statement.value is not None and not _is_constant(statement.value):
        yield ast.Return(value=ast.Constant(value=None))
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        yield ast.Pass()


def _break(node: ast.AST, other: ast.AST) -> bool:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
        other.ops[0] = SWAPS[type(node.ops[0])]()
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in SWAPS:
        other.op = SWAPS[type(node.op)]()
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        other.value = not node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        other.value = node.value + 1
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        other.op, other.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
    else:
        return False
    return True


def _is_constant(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant)


def statements(source: str) -> Iterator[tuple[str, ast.stmt, ast.stmt]]:
    """Each statement of one line that is no import or docstring: its function, it, and it without what is below it."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[str, ast.stmt, ast.stmt]]:
        for child in ast.iter_child_nodes(node):
            name = f"{inside}.{child.name}".strip(".") if hasattr(child, "name") else inside
            if isinstance(child, ast.stmt) and (head := _head(child)) is not None:
                yield inside, child, head
            yield from walk(child, name if isinstance(child, ast.FunctionDef | ast.ClassDef) else inside)

    yield from walk(ast.parse(source), "")


def _head(node: ast.stmt) -> ast.stmt | None:
    if isinstance(node, ast.If | ast.While):
        if node.test.lineno != node.test.end_lineno:
            return None
        return type(node)(test=node.test, body=[ast.Pass()], orelse=[])
    simple = isinstance(node, ast.Assign | ast.AugAssign | ast.Return | ast.Expr | ast.Raise)
    if not simple or node.lineno != node.end_lineno or (isinstance(node, ast.Expr) and _is_constant(node.value)):
        return None
    return node


def text(node: ast.AST) -> str:
    """The statement as one line, whatever its layout was."""
    return ast.unparse(ast.fix_missing_locations(node)).split("\n")[0]


def draw(commit: str) -> None:
    """Write faults of that commit, each statement as likely as any other, by chance of a fixed seed."""
    names = _git("ls-tree", "-r", "--name-only", commit, PACKAGE).split()
    every = []
    for name in names:
        if name.endswith(".py") and not any(part in name for part in LEFT_OUT):
            for function, _, head in statements(_git("show", f"{commit}:{name}")):
                wrong = [text(each) for each in variants(head)]
                if wrong:
                    every.append((name, function, text(head), wrong))
    chance = random.Random(SEED)
    drawn = [
        {"file": name, "function": function, "before": before, "after": chance.choice(wrong)}
        for name, function, before, wrong in chance.sample(every, HOW_MANY)
    ]
    FAULTS.write_text(
        json.dumps({"commit": commit, "seed": SEED, "faults": drawn}, indent=1, ensure_ascii=False) + "\n"
    )
    print(f"{len(drawn)} faults of {len(every)} statements")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout


def place_of(fault: dict[str, str], tree: Path) -> tuple[Path, ast.stmt, str] | None:
    """Where the statement is in that tree, and what to write there; None where it is no longer."""
    best: tuple[float, Path, ast.stmt, str] | None = None
    function = fault["function"].rpartition(".")[2]
    for path in sorted((tree / PACKAGE).rglob("*.py")):
        for inside, node, head in statements(path.read_text("utf-8")):
            now = text(head)
            likeness = _likeness(now, fault["before"]) + 0.2 * (inside.rpartition(".")[2] == function)
            likeness += 0.1 * (path.name == Path(fault["file"]).name)
            if likeness >= 0.95 and (best is None or likeness > best[0]):
                wrong = fault["after"] if now == fault["before"] else _wrong_like(head, fault)
                if wrong is not None:
                    best = (likeness, path, node, wrong)
    return None if best is None else best[1:]


def _likeness(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if abs(len(one) - len(other)) > 0.4 * len(other):
        return 0.0
    matcher = difflib.SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.quick_ratio() > 0.75 else 0.0


def _wrong_like(head: ast.stmt, fault: dict[str, str]) -> str | None:
    """The variant of a statement whose names have changed that is wrong in the same way."""
    wrong = [text(each) for each in variants(head)]
    return max(wrong, key=lambda each: difflib.SequenceMatcher(None, each, fault["after"]).ratio(), default=None)


def plant(path: Path, node: ast.stmt, wrong: str) -> str:
    """Write the wrong statement; gives what was there."""
    source = path.read_text("utf-8")
    lines = source.splitlines(keepends=True)
    last = node.test.end_lineno if isinstance(node, ast.If | ast.While) else node.end_lineno
    indent = " " * node.col_offset
    first_line = lines[node.lineno - 1]
    if first_line[node.col_offset :].startswith("elif"):
        wrong = "el" + wrong
    lines[node.lineno - 1 : last] = [f"{indent}{wrong}\n"]
    path.write_text("".join(lines), "utf-8")
    return source


def installed(tree: Path) -> str:
    """A Python for which the copy is what is installed, also in the programs that the tests start."""
    environment = tree / ".venv"
    venv.create(environment)
    python, command = environment / "bin/python", environment / "bin/codingplan-bar"
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "copy.pth").write_text(f"{tree}\n{sysconfig.get_path('purelib')}\n", "utf-8")
    command.write_text((tree / "bin/codingplan-bar").read_text("utf-8").replace("#!python", f"#!{python}", 1), "utf-8")
    command.chmod(0o755)
    return str(python)


def contexts(tree: Path, python: str) -> dict[str, dict[int, list[str]]]:
    """Which tests execute which line of each file, without those that run in processes of their own."""
    out = tree / "contexts.json"
    if not out.exists():
        rc = tree / ".mutation-coverage"
        rc.write_text(f"[run]\nbranch = false\nsource_pkgs = {PACKAGE}\ndynamic_context = test_function\n")
        command = ["-m", "coverage", "run", f"--rcfile={rc}", "-m", "pytest", "-q", "-p", "no:cacheprovider", *INNER]
        environ = {**os.environ, "COVERAGE_FILE": str(tree / ".mutation-data")}
        if subprocess.run([python, *command], cwd=tree, env=environ, check=False, stdin=subprocess.DEVNULL).returncode:
            raise SystemExit("A test fails without a fault: every fault would count as caught.")
        report = ["-m", "coverage", "json", f"--rcfile={rc}", "--show-contexts", "-q", "-i", "-o", str(out)]
        subprocess.run([python, *report], cwd=tree, env=environ, check=True)
    files = json.loads(out.read_text())["files"]
    return {
        str(Path(name)).rpartition(f"{PACKAGE}/")[2]: {
            int(line): [each for each in tests if each] for line, tests in entry["contexts"].items()
        }
        for name, entry in files.items()
    }


LONGEST, LONGEST_PROGRAMS, NOTHING_TO_RUN = 240, 1800, 5
"""Seconds for the tests of a fault, and for all that start programs; pytest's exit code where none is chosen."""

INNER: list[str] = os.environ.get("MUTATION_TESTS", "").split()
QUICK = "not process and not slow and not long"
AT_ONCE = ("-n", "2", "--dist", "loadfile")
"""How all of them run, which takes a minute: where no test is known to execute the line."""


OUTCOMES = ("caught", "caught by programs", "survived", "does not end", "gone")


def run(out: Path, numbers: range, *, programs: bool) -> None:
    """Plant each fault of these numbers in a copy of the checkout in turn, and write what became of it as it comes."""
    faults = json.loads(FAULTS.read_text())["faults"]
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        tree = Path(os.environ.get("MUTATION_TREE") or shutil.copytree(
            REPOSITORY, Path(folder) / "tree", ignore=shutil.ignore_patterns(".git", ".venv", "build", "__pycache__")
        ))  # fmt: skip
        python = installed(tree)
        lines = contexts(tree, python)
        results = []
        for number in numbers:
            fault = faults[number]
            began = time.monotonic()
            outcome = attempt(fault, tree, python, lines, programs=programs)
            results.append({**fault, **outcome, "seconds": round(time.monotonic() - began, 1)})
            print(number, outcome["outcome"], fault["file"], fault["before"], "->", fault["after"], flush=True)
            out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    print(", ".join(f"{sum(r['outcome'] == each for r in results)} {each}" for each in OUTCOMES))
    for each in results:
        if each["outcome"] != "caught":
            print(f"{each['outcome']}: {each.get('now', each['file'])}: {each['before']} -> {each['after']}")


def attempt(
    fault: dict[str, str], tree: Path, python: str, lines: dict[str, dict[int, list[str]]], *, programs: bool
) -> dict[str, str]:
    """What became of one fault: caught, survived, or gone, with the tests that were tried."""
    found = place_of(fault, tree)
    if found is None:
        return {"outcome": "gone"}
    path, node, wrong = found
    name = str(path.relative_to(tree / PACKAGE))
    functions = lines.get(name, {}).get(node.lineno, [])
    original = plant(path, node, wrong)
    try:
        outcome = _outcome(tree, python, functions)
        if outcome == "survived" and programs:
            tried = _outcome(tree, python, [], "--all", "-m", "process", longest=LONGEST_PROGRAMS)
            outcome = "caught by programs" if tried == "caught" else tried
    finally:
        path.write_text(original, "utf-8")
    return {"outcome": outcome, "now": f"{name}:{node.lineno}", "tests": str(len(functions))}


def _outcome(tree: Path, python: str, functions: list[str], *options: str, longest: int = LONGEST) -> str:
    """What the tests say: those that execute the line, or all of the inner loop where no test is known to."""
    files = sorted({_file_of(each, tree) for each in functions} - {""})
    names = sorted({each.rpartition(".")[2] for each in functions})
    chosen = [*files, "-k", " or ".join(names)] if files and len(names) <= 60 else files or [*INNER, *AT_ONCE]
    command = [python, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header", "-m", QUICK]
    silent = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
    with subprocess.Popen([*command, *chosen, *options], cwd=tree, start_new_session=True, **silent) as tests:
        try:
            return "survived" if tests.wait(longest) in (0, NOTHING_TO_RUN) else "caught"
        except subprocess.TimeoutExpired:
            os.killpg(tests.pid, signal.SIGKILL)
            return "does not end"


def _file_of(context: str, tree: Path) -> str:
    """The file of a test, from what coverage calls it: `tests.show.test_view.test_name`, or the file's own name."""
    parts = context.split(".")
    for end in range(len(parts) - 1, 0, -1):
        path = Path(*parts[:end]).with_suffix(".py")
        for candidate in [path] if (tree / path).exists() else (tree / "tests").rglob(f"{parts[end - 1]}.py"):
            return str(candidate if candidate.is_absolute() else tree / candidate)
    return ""


def main() -> None:
    """See the module's own words."""
    parser = argparse.ArgumentParser()
    parser.add_argument("verb", choices=["draw", "run"])
    parser.add_argument("commit", nargs="?", default="HEAD")
    parser.add_argument("--out", type=Path, default=HERE / "results.json")
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--to", type=int, default=HOW_MANY - 1, dest="last")
    parser.add_argument("--programs", action="store_true")
    given = parser.parse_args()
    numbers = range(given.first, given.last + 1)
    draw(given.commit) if given.verb == "draw" else run(given.out, numbers, programs=given.programs)


if __name__ == "__main__":
    main()
