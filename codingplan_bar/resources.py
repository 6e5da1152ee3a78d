"""Where the program is, and what is shipped with it: the files that a person copies, pages, and schemas."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from codingplan_bar.paths import NAME, READ_LIMIT, content

PACKAGE = Path(__file__).parent


def command() -> str:
    """The program's absolute path, since a bar is started with a bare PATH."""
    started, beside = Path(sys.argv[0]), Path(sys.executable).with_name(NAME)
    candidates = [started.absolute() if started.name == NAME else beside, beside]
    if found := next((path for path in candidates if os.access(path, os.X_OK)), None):
        return str(found)
    from shutil import which  # it is rarely wanted, and costs as much as the rest

    return which(NAME) or str(beside)


def has_a_space_in_its_first_line(program: str) -> bool:
    """Whether a script's first line names its Python by a path with a space: no system can start such a script."""
    try:
        first = content(program, READ_LIMIT).decode().partition("\n")[0]
    except (OSError, ValueError):
        return False
    return first.startswith("#!/") and " " in first.strip() and os.path.exists(Path(first.removeprefix("#!").strip()))


def is_passing(prefix: Path) -> bool:
    """Whether `uvx` or `pipx run` has made that environment, in a cache, for one run."""
    if os.path.isfile(prefix / "pipx_metadata.json"):
        return prefix.parent.name != "venvs"
    name, _, version = prefix.parent.name.rpartition("-v")
    return name in ("archive", "environments") and version.isdecimal()


def shipped_folder() -> Path:
    """Where the bars' files are: in the installed package, or beside it in a checkout."""
    return _installed_or_beside("integrations")


def document(*names: str) -> Path:
    """The manual page, or below `completions` what a shell reads."""
    return _installed_or_beside("docs").joinpath(*names)


def schema_text(name: str) -> str:
    """The schema of that name."""
    return (_installed_or_beside("schemas") / f"{name}.schema.json").read_text("utf-8")


def _installed_or_beside(name: str) -> Path:
    folder = PACKAGE / name
    return folder if os.path.exists(folder) else PACKAGE.parent / name
