"""codingplan-bar as a package manager would install it, in a folder that every account of this machine can read."""

from __future__ import annotations

import re
import shutil
import sys
import sysconfig
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING

import codingplan_bar

if TYPE_CHECKING:
    from support.realbars.room import Account

ROOT = Path(__file__).parents[3]
"""The repository."""

DATA = ("schemas", "integrations")
"""What the wheel takes into the package from beside it (pyproject.toml, force-include)."""

COMMAND = """\
#!{python}
import sys
from codingplan_bar import bars
watched = bars.answer(sys.argv[1:])
from codingplan_bar.__main__ import main
sys.exit(main(watched))
"""


class Installation:
    """A copy of the package and of what it needs, in a virtual environment: `command` is the installed program.

    A copy, since the checkout and the tests' own environment may lie where the bars' account may not look.
    `environ` is what the interpreter needs to run there.
    """

    def __init__(self, account: Account) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="cpb-installed-"))
        self.folder.chmod(0o755)
        self.environ: dict[str, str] = {}
        self._make_environment(self._interpreter(account))
        self._copy_packages()
        self.command = self.folder / "bin/codingplan-bar"
        self.command.write_text(COMMAND.format(python=self.folder / "bin/python"))
        self.command.chmod(0o755)

    def remove(self) -> None:
        """Take it away again."""
        shutil.rmtree(self.folder)

    @property
    def _packages(self) -> Path:
        return self.folder / sysconfig.get_path("purelib", "posix_prefix", {"base": "."})

    def _interpreter(self, account: Account) -> Path:
        """The running interpreter, or a copy of it where it lies in a home that is closed to the account."""
        program, prefix = Path(sys.executable).resolve(), Path(sys.base_prefix)
        if account.reads(program):
            return program
        unneeded = shutil.ignore_patterns("site-packages", "test", "include", "share", "*.a", "idlelib")
        shutil.copytree(prefix, self.folder / "python", symlinks=True, ignore=unneeded)
        self.environ["LD_LIBRARY_PATH"] = str(self.folder / "python/lib")
        return self.folder / "python" / program.relative_to(prefix)

    def _make_environment(self, program: Path) -> None:
        """What `python -m venv` makes of it (https://peps.python.org/pep-0405/)."""
        (self.folder / "bin").mkdir()
        (self.folder / "bin/python").symlink_to(program)
        (self.folder / "pyvenv.cfg").write_text(f"home = {program.parent}\n")

    def _copy_packages(self) -> None:
        package = Path(codingplan_bar.__file__).parent
        shutil.copytree(package, self._packages / "codingplan_bar")
        for name in DATA:
            shutil.copytree(ROOT / name, self._packages / "codingplan_bar" / name, dirs_exist_ok=True)
        for name in needed("codingplan-bar"):
            _copy_distribution(name, self._packages)


def needed(name: str) -> set[str]:
    """The distributions that this one needs, and those that they need, as far as they are installed."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for one in _required(waiting.pop()) - found:
            found.add(one)
            waiting.append(one)
    return found


def _required(name: str) -> set[str]:
    """What it needs without its extras; a requirement that this machine does not meet is none of this machine's."""
    named = (re.match("[A-Za-z0-9._-]+", line) for line in distribution(name).requires or () if "extra ==" not in line)
    return {match[0] for match in named if match and _is_installed(match[0])}


def _is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def _copy_distribution(name: str, target: Path) -> None:
    for file in distribution(name).files or ():
        source = Path(file.locate())
        if ".." not in file.parts and source.exists():
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target / file)
