"""The corpus: each is shown once it is written, or refused with the cause. Nothing is torn or lost."""

from __future__ import annotations

import os
import re
import shlex
import shutil

import pytest
from support.configurations import cases

from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import setup as command
from codingplan_bar.commands.doctor import bars as doctor
from codingplan_bar.commands.doctor.report import CheckContext
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.configure.bars import PLUGINS
from codingplan_bar.configure.machine import Machine, tmux_trial
from codingplan_bar.words.en.doctor import DOCTOR
from codingplan_bar.words.en.setup import SETUP

COMMENTS = {"waybar": "// {}\n", "polybar": "; {}\n", "zjstatus": "// {}\n"}
FIXED = {"nowhere": "was not found", "which": "--file", "no such bar": "It has no bar"}


CASES = list(cases())
STARTS = [pytest.mark.process]  # a fixture is for all the cases of a test
everyone = pytest.mark.parametrize(
    "case", [pytest.param(case, marks=STARTS * ("real" in case.words), id=str(case)) for case in CASES]
)


class World:
    """A home with the files of a configuration, and a machine that says what it says of itself."""

    def __init__(self, case, home, monkeypatch, capfd):
        self.case, self.home, self.capfd = case, home, capfd
        self.environ = {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "en_US.UTF-8"}
        self.environ["XDG_CONFIG_HOME"] = str(home / ".config")
        for name, (text, mode) in case.files.items():
            (home / name).parent.mkdir(parents=True, exist_ok=True)
            (home / name).write_bytes(text.encode())
            (home / name).chmod(mode)
        case.put_links(home)
        for module in (command, doctor):
            monkeypatch.setattr(module, "this_machine", lambda environ: self.machine)
            monkeypatch.setattr(module, "missing", lambda _bar, _machine: "")

    @property
    def machine(self):
        known = str(self.home)
        running = [[word.replace("~", known) for word in shlex.split(each)] for each in self.case.runs]
        folder = self.case.words.get("folder")

        def said(asked):
            return folder if asked[0] == "defaults" else None

        def tried(files, lines):
            return tmux_trial.tried(files, lines, self.environ) if "real" in self.case.words else None

        return Machine(self.environ, printed_by=said, running=running, tried=tried)

    def setup(self, *, write=False, undo=False):
        which = self.case.words.get("bar")
        code = command.setup(self.case.bar, write=write, undo=undo, which=which, environ=self.environ)
        return code, *self.capfd.readouterr()

    def files(self):
        """The user's own files, not those of this program, and where the links lead."""
        outer = [path for path in self.home.iterdir() if path.name not in (".local", ".cache")]
        paths = [path for each in outer for path in (each, *each.rglob("*"))]
        paths = [path for path in paths if path.is_symlink() or path.is_file()]
        read = {path: os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes() for path in paths}
        return {str(path.relative_to(self.home)): content for path, content in read.items()}

    def doctor(self):
        words = words_for("en", self.environ)
        visit = CheckContext(self.environ, open_refresher(self.environ), DOCTOR, words, offline=True)
        lines = (line for line in doctor.bars(visit) if line.name == "bar")
        return next((line for line in lines if line.text.startswith(f"{self.case.bar} ")), None)


@pytest.fixture
def world(case, tmp_path, monkeypatch, capfd):
    if "real" in case.words and not shutil.which("tmux"):
        pytest.skip("there is no tmux")
    return World(case, tmp_path, monkeypatch, capfd)


def by_hand(world, name):
    """An edit of the user's own, above all that is there."""
    path = world.home / name
    text = path.read_bytes().decode()
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    line = COMMENTS.get(world.case.bar, "# {}\n").format("a line of my own")
    path.write_bytes((mark + line + text.removeprefix(mark)).encode())
    return mark.encode() + line.encode()


@everyone
def test_a_configuration_is_shown_or_refused_and_an_undo_leaves_the_users_own_whole(world, case):
    before = world.files()
    dry = world.setup()
    assert world.files() == before
    done = world.setup(write=True)
    assert done[0] == dry[0] == (case.end != "shown")
    if done[0]:
        refused(world, case, dry, done, before)
        return
    written = world.files()
    changed = {name for name, text in written.items() if before.get(name) != text}
    main = case.words.get("in") or next(name for name in case.files if name in changed)
    assert main in changed
    assert set(before) <= set(written)
    assert_beside(case, written[main].decode())
    assert world.setup(write=True)[0] == 0
    assert world.files() == written
    assert world.doctor().verdict == "ok"
    edit = by_hand(world, main) if case.bar not in {*PLUGINS, "claude-code", "qwen-code"} else b""
    edited = world.files()
    assert world.setup(write=True)[0] == 0
    assert world.files() == edited
    assert world.doctor().verdict == "ok"
    assert world.setup(undo=True)[0] == 0
    after = world.files()
    if main in before:
        after[main] = after[main].replace(edit.removeprefix("\ufeff".encode()), b"", 1)
        assert after == before
    else:
        assert {name: text for name, text in after.items() if name != main} == before
        assert after.get(main, edit) == edit


def refused(world, case, dry, done, before):
    cause = FIXED.get(case.end) or SETUP[case.end].split("{")[0]
    if case.end == "nowhere":
        assert "Nothing was changed." in done[2]
    else:
        assert dry == done
    assert cause in dry[1] + dry[2]
    assert cause in done[1] + done[2]
    assert world.files() == before
    world.setup(undo=True)
    assert world.files() == before


def assert_beside(case, text):
    name = case.words.get("beside")
    if name is None:
        return
    if case.bar == "waybar":
        assert re.search(rf'"custom/codingplan",? /\* <<< codingplan-bar <<< \*/\s*(?://.*\s*)?"{name}"', text)
    else:
        assert re.search(rf'^\s*\S+\s*=\s*"?(?:.* )?{name} codingplan', text, re.MULTILINE)


def test_the_corpus_has_a_hundred_and_twenty_and_each_has_structures_that_no_other_has_together():
    assert len(CASES) >= 120
    sets = [(case.bar, case.adds) for case in CASES]
    assert len(set(sets)) == len(sets)
