"""`uninstall`: ours is taken out of every bar, and the one command that removes the package is said."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shlex
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from itertools import pairwise
from pathlib import Path

from codingplan_bar import paths, storage
from codingplan_bar.commands import output
from codingplan_bar.commands.output import NAME
from codingplan_bar.commands.setup import Job
from codingplan_bar.commands.setup.undo import undone
from codingplan_bar.configure.bars import BARS
from codingplan_bar.configure.files import FOLDER, text_of
from codingplan_bar.configure.machine import Machine, this_machine
from codingplan_bar.process import typed_path
from codingplan_bar.resources import is_passing
from codingplan_bar.words import table


def uninstall(*, environ: Mapping[str, str] = os.environ) -> int:
    """Take ours out of every bar, and say the command that removes the package; 1 where one was left alone."""
    words = table(output.language_of(environ), "setup", "SETUP")
    machine = this_machine(environ)
    if paths.is_nowhere(str(machine.home)):
        return output.homeless(environ)
    jobs = [Job(bar, words, machine, quiet=True) for bar in BARS]
    failed = [job.bar for job in jobs if job.done(undone)]
    if not failed and not any(job.has_done for job in jobs):
        output.tell(words["in no bar"])
    _tell_of_the_rest(words, environ)
    _tell_of_the_package(words, machine)
    return 1 if failed else 0


def _tell_of_the_rest(words: Mapping[str, str], environ: Mapping[str, str]) -> None:
    """Remove our empty folders; say what removes the others, and those that were made for them."""
    settings = str(Path(paths.config_file(environ)).parent)
    folders = [Path(each) for each in dict.fromkeys((settings, *paths.candidate_folders(environ)[::-1]))]
    for each in folders:
        storage.leave(each)
    left = [each for each in folders if _may_be_there(each)]
    if left:
        commands = {"rm -rf": left, "rmdir": _emptied(left)}
        has_copies = any(os.path.exists(each / FOLDER) for each in left)
        output.tell(words["left with copies" if has_copies else "left behind"])
        output.put("  " + " && ".join(_typed(does, those, environ) for does, those in commands.items() if those))


def _may_be_there(folder: Path) -> bool:
    """Whether it is there, or a folder above it keeps the user from seeing that."""
    try:
        return paths.is_folder(folder)
    except PermissionError:
        return True


def _typed(command: str, folders: Sequence[Path], environ: Mapping[str, str]) -> str:
    return " ".join([command, *(typed_path(paths.displayed(str(each), environ)) for each in folders)])


def _emptied(removed: Sequence[Path]) -> list[Path]:
    """The folders that were made for these and have nothing else in them, in the order in which they become empty."""
    gone = list(removed)
    for each in dict.fromkeys(above for folder in removed for above in storage.made_for(folder)):
        if each not in gone and os.access(each, os.R_OK) and all(inside in gone for inside in each.iterdir()):
            gone.append(each)
    return gone[len(removed) :]


def _tell_of_the_package(words: Mapping[str, str], machine: Machine) -> None:
    """The command stands on a line of its own, so that it can be copied."""
    key, fact = removal(installation(), machine)
    output.tell(words[key].format(fact))
    if key == "remove package":
        output.put(f"  {fact}")


# Who has put the package where it is, as far as that can be seen there: the command must remove this and nothing else.

OWNERS = (
    ("dpkg -S", "sudo apt remove {}"),
    ("pacman -Qqo", "sudo pacman -R {}"),
    ("rpm -qf --queryformat %{NAME}", "sudo rpm -e {}"),
)
"""Who is asked for the package that a file is of, and what removes that."""
OF_A_VENV = {"bin", "include", "lib", "lib64", "share", "pyvenv.cfg", ".gitignore", ".lock", "CACHEDIR.TAG"}
"""What an environment's own folder has in it: with anything else, it is not removed as a whole."""


@dataclass(frozen=True)
class Installation:
    """Where the package is: `folder` is that of its metadata, None where it is not installed.

    `is_managed`: a distribution forbids pip to change it. `has_pip` is said of the Python that runs this, `python`.
    """

    folder: Path | None
    prefix: Path
    is_venv: bool
    python: str
    has_pip: bool = True
    is_managed: bool = False


def installation() -> Installation:
    """The one that runs this. Metadata in a folder of sources are those of a build, which has installed nothing."""
    folder = None
    with suppress(metadata.PackageNotFoundError):
        folder = Path(str(metadata.distribution(NAME).locate_file("")))
    return Installation(
        folder=None if folder and os.path.isfile(folder / "pyproject.toml") else folder,
        prefix=Path(sys.prefix),
        is_venv=sys.prefix != sys.base_prefix,
        python=sys.executable,
        has_pip=importlib.util.find_spec("pip") is not None,
        is_managed=os.path.exists(Path(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")),
    )


def removal(here: Installation, machine: Machine) -> tuple[str, str]:
    """The command that removes the package, or where it is if none is known; first the name of the words for it."""
    if here.folder is None:
        return "not installed", paths.displayed(str(Path(__file__).parents[1]), machine.environ)
    if here.folder.parts[:3] == ("/", "nix", "store"):
        return "in nix", str(here.folder)
    is_inside = here.is_venv and here.prefix in here.folder.parents
    if is_inside and is_passing(here.prefix):
        return "not installed", paths.displayed(str(here.prefix), machine.environ)
    ways = _of_environment(here, machine) if is_inside else _of_system(here, machine)
    return "remove package", next(command for command in (_of_brew(here.folder), *ways) if command)


def _of_brew(folder: Path) -> str:
    return f"brew uninstall {NAME}" if ("Cellar", NAME) in pairwise(folder.parts) else ""


def _of_environment(here: Installation, machine: Machine) -> Iterator[str]:
    """By the notes of pipx and uv, by the place of the README's own environment, else by the environment's Python."""
    yield _of_pipx(here.prefix)
    if os.path.isfile(here.prefix / "uv-receipt.toml") and here.prefix.name == NAME:
        yield f"uv tool uninstall {NAME}"
    link = machine.home / ".local/bin" / NAME
    is_linked = os.path.islink(link) and Path(os.path.realpath(link)).is_relative_to(os.path.realpath(here.prefix))
    link_too = f" ~/.local/bin/{NAME}" if is_linked else ""
    if here.prefix == machine.home / ".local/lib" / NAME and {each.name for each in here.prefix.iterdir()} <= OF_A_VENV:
        yield f"rm -r ~/.local/lib/{NAME}{link_too}"
    python = shlex.quote(here.python)
    by_pip = f"{python} -m pip uninstall {NAME}" if here.has_pip else f"uv pip uninstall --python {python} {NAME}"
    yield by_pip + (f" && rm{link_too}" if link_too else "")


def _of_pipx(prefix: Path) -> str:
    """For pipx, which notes what it has put into an environment, and for whom it is."""
    try:
        notes = json.loads(text_of(prefix / "pipx_metadata.json"))
        main, injected = notes["main_package"]["package"], notes["injected_packages"]
    except (ValueError, KeyError, TypeError):
        return ""
    pipx, venv = "sudo pipx {} --global" if prefix.is_relative_to("/opt/pipx") else "pipx {}", shlex.quote(prefix.name)
    if main == NAME:
        return f"{pipx.format('uninstall')} {venv}"
    return f"{pipx.format('uninject')} {venv} {NAME}" if NAME in injected else ""


def _of_system(here: Installation, machine: Machine) -> Iterator[str]:
    """By the distribution whose file the package is, else by pip."""
    for asks, removes in OWNERS:
        name = (machine.printed_by([*asks.split(), str(Path(__file__))]) or "").partition(": ")[0].strip()
        if re.fullmatch(r"[\w.+-]+(?::\w+)?", name):
            yield removes.format(name)
    forced = " --break-system-packages" if here.is_managed else ""
    yield f"{shlex.quote(here.python)} -m pip uninstall{forced} {NAME}"
