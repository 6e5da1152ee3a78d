"""A home in which `setup`, `uninstall`, `theme` and `doctor` run in this process, on a machine that tells nothing."""

from __future__ import annotations

import re

import pytest

from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import uninstall
from codingplan_bar.commands.doctor import bars as doctor
from codingplan_bar.commands.doctor.report import CheckContext
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.commands.setup import setup
from codingplan_bar.commands.theme import theme
from codingplan_bar.configure.machine import Machine
from codingplan_bar.words import table

LOCALES = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}


class Home:
    """`setup` and `uninstall` give the exit code, what was printed, and what was printed on standard error."""

    def __init__(self, folder, capfd):
        self.folder, self.capfd = folder, capfd
        self.environ = {"HOME": str(folder), "PATH": str(folder / "programs"), "LANG": LOCALES["en"]}

    def put(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    def install(self, *programs):
        """Programs of these names, which fail."""
        for program in programs:
            self.put(f"programs/{program}", "#!/bin/sh\nexit 1\n").chmod(0o755)

    def environ_in(self, language):
        return self.environ | {"LANG": LOCALES[language]}

    def setup(self, bar, language="en", **more):
        code = setup(bar, **{"write": False, "undo": False} | more, environ=self.environ_in(language))
        return code, *self.capfd.readouterr()

    def uninstall(self, language="en"):
        return uninstall.uninstall(environ=self.environ_in(language)), *self.capfd.readouterr()

    def theme(self):
        assert theme(name=None, environ=self.environ) == 0
        return self.capfd.readouterr().out

    def doctor(self, name="bar", language="en"):
        """The lines of that name, one after the other: the last one of all starts the program."""
        environ, words = self.environ_in(language), table(language, "doctor", "DOCTOR")
        visit = CheckContext(environ, open_refresher(environ), words, words_for(language, {}), offline=True)
        return (line for line in doctor.bars(visit) if line.name == name)

    def doctor_on(self, bar, language="en"):
        """The line about that bar."""
        about = (line for line in self.doctor("bar", language) if re.search(rf"(^| ){bar}\b", line.text))
        return next(about)


@pytest.fixture
def home(tmp_path, monkeypatch, capfd):
    for module in ("setup", "uninstall", "theme", "doctor.bars"):
        monkeypatch.setattr(f"codingplan_bar.commands.{module}.this_machine", Machine)
    (tmp_path / "home").mkdir()
    return Home(tmp_path / "home", capfd)
