"""Of what stands between our marks `setup`, its overview, `doctor` and `--undo` tell one story, and a true one."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
from support.configurations import PLACES
from support.machine import need

from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands.doctor import bars as doctor
from codingplan_bar.commands.doctor import checks
from codingplan_bar.commands.doctor.page import CheckContext
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.commands.setup import seen, setup
from codingplan_bar.configure import bars
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.machine import Machine, said
from codingplan_bar.configure.tmux import insist_on_key
from codingplan_bar.words import table

TEXTS = {
    "waybar": '{"modules-right": ["clock"]}\n',
    "polybar": "[bar/main]\nmodules-right = date\n[module/date]\ntype = internal/date\n",
    "i3blocks": "[time]\ncommand=date\ninterval=once\n",
    "i3status_rust": '[[block]]\nblock = "time"\n',
    "starship": "",
}
WITH_A_NAME = sorted(set(TEXTS) - {"i3status_rust"})
"""Whose module has a name, so that it is ours whatever it runs; a block of i3status-rust is what it runs."""
PLACE = {**PLACES, "starship": ".config/starship.toml"}


class World:
    def __init__(self, folder, capfd):
        self.folder, self.capfd = folder, capfd
        self.environ = {"HOME": str(folder), "PATH": "/nowhere", "LANG": "en_US.UTF-8", "COLUMNS": "400"}
        self.program = folder / "bin/codingplan-bar"
        self.program.parent.mkdir()
        self.program.write_text("#!/bin/sh\n")
        self.program.chmod(0o755)

    def written(self, bar):
        """The configuration of a bar, with ours in it by setup."""
        path = self.folder / PLACE[bar]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXTS[bar])
        assert self.setup(bar, write=True)[0] == 0
        return path

    def setup(self, bar, **more):
        name = bar and bar.replace("_", "-")
        code = setup(name, **{"write": False, "undo": False} | more, environ=self.environ)
        return code, "".join(self.capfd.readouterr())

    def visit(self):
        words = table(self.language, "commands", "DOCTOR")
        return CheckContext(
            self.environ, open_refresher(self.environ), words, words_for(self.language, {}), offline=True
        )

    @property
    def language(self):
        return "zh" if "zh" in self.environ["LANG"] else "en"

    def doctor(self, bar):
        name = bar.replace("_", "-")
        return next(line for line in doctor.bars(self.visit()) if line.name == "bar" and name in line.text)


@pytest.fixture
def world(tmp_path, capfd, monkeypatch):
    for module in ("setup", "doctor.bars"):
        monkeypatch.setattr(f"codingplan_bar.commands.{module}.this_machine", Machine)
    for module in ("setup.job", "setup.seen", "doctor.bars"):
        monkeypatch.setattr(f"codingplan_bar.commands.{module}.missing", lambda *_: "")
    made = World(tmp_path, capfd)
    monkeypatch.setattr(bars, "command", lambda: str(made.program))
    return made


def told_by_all(world, bar):
    """What each of them says of a bar whose lines show nothing; nothing was changed by them."""
    path = world.folder / PLACE[bar]
    before = path.read_text()
    dry, write, overview = world.setup(bar), world.setup(bar, write=True), world.setup(None)[1]
    line = world.doctor(bar)
    assert (dry[0], write[0]) == (1, 1)
    assert path.read_text() == before
    mine = next(each for each in overview.splitlines() if each.startswith(bar.replace("_", "-")))
    assert mine == line.text
    assert dry[1].count("\n") == 1
    return [dry[1], write[1], mine], line


@pytest.mark.parametrize("is_there", [False, True])
@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
@pytest.mark.parametrize("bar", WITH_A_NAME)
def test_lines_that_run_another_program_are_told_by_all_with_the_commands_that_write_them_anew(
    world, bar, language, is_there
):
    world.environ["LANG"] = language
    path, name = world.written(bar), bar.replace("_", "-")
    other = world.program.with_name("other")
    if is_there:
        other.write_text("#!/bin/sh\n")
        other.chmod(0o755)
    path.write_text(path.read_text().replace("codingplan-bar " + told(path, name), "other " + told(path, name)))
    texts, line = told_by_all(world, bar)
    assert line.verdict == ("note" if is_there else "bad")  # a script of the user's own may show it
    for text in texts:
        assert ("~/bin/other" in text) == (not is_there)
        assert f"codingplan-bar setup {name} --undo" in text
        assert f"codingplan-bar setup {name} --write" in text
    assert f"codingplan-bar setup {name} --undo && codingplan-bar setup {name} --write" in line.next
    assert world.setup(bar, undo=True)[0] == world.setup(bar, write=True)[0] == 0
    assert world.doctor(bar).verdict == "ok"


def told(path, name):
    """The word by which a bar's configuration has its line."""
    return next(word for word in (name, "text") if f"codingplan-bar {word}" in path.read_text())


@pytest.mark.parametrize("word", ["wybar", "login", "waybarr"])
@pytest.mark.parametrize("bar", WITH_A_NAME)
def test_a_word_that_shows_nothing_in_a_bar_is_told_by_all(world, bar, word):
    path, name = world.written(bar), bar.replace("_", "-")
    path.write_text(path.read_text().replace("codingplan-bar " + told(path, name), "codingplan-bar " + word))
    texts, line = told_by_all(world, bar)
    assert line.verdict == "bad"
    assert all(f"`codingplan-bar {word}`" in text for text in texts)
    assert world.setup(bar, undo=True)[0] == world.setup(bar, write=True)[0] == 0
    assert world.doctor(bar).verdict == "ok"


@pytest.mark.parametrize("bar", TEXTS)
def test_a_path_that_leads_to_no_program_is_told_and_written_anew(world, bar):
    path = world.written(bar)
    world.program.rename(world.folder / "bin/moved")
    line = world.doctor(bar)
    assert (line.verdict, "~/bin/codingplan-bar, is not there" in line.text) == ("bad", True)
    assert line.text in world.setup(None)[1]
    assert f"codingplan-bar setup {bar.replace('_', '-')} --write" in line.next
    other = world.folder / "codingplan-bar"
    (world.folder / "bin/moved").rename(other)
    world.program = other
    assert world.setup(bar, write=True)[0] == 0
    assert (str(other) in path.read_text(), world.doctor(bar).verdict) == (True, "ok")


@pytest.mark.parametrize("bar", TEXTS)
def test_a_path_that_stays_in_a_line_of_the_users_own_is_told_with_the_commands_that_write_it_anew(world, bar):
    path, name = world.written(bar), bar.replace("_", "-")
    word = told(path, name)
    theirs = f"/gone/codingplan-bar {word} --plan coding-plan"
    path.write_text(path.read_text().replace(f"{world.program} {word}", theirs))
    assert theirs in path.read_text()
    texts, line = told_by_all(world, bar)
    assert line.verdict == "bad"
    assert all(f"codingplan-bar setup {name} --undo" in text for text in texts)
    assert "--undo && " in line.next
    assert world.setup(bar, undo=True)[0] == world.setup(bar, write=True)[0] == 0
    assert world.doctor(bar).verdict == "ok"


@pytest.mark.parametrize(("language", "words"), [("en_US.UTF-8", "is set up: ~/"), ("zh_CN.UTF-8", "已设置好：~/")])
def test_setup_and_doctor_have_one_word_for_a_bar_that_would_show_it(world, language, words):
    world.environ["LANG"] = language
    world.written("waybar")
    line = world.doctor("waybar").text
    assert words in line
    assert line in world.setup(None)[1].splitlines()


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_a_bar_that_is_not_set_up_is_told_with_its_command(world, language):
    world.environ["LANG"] = language
    path = world.written("waybar")
    path.write_text(TEXTS["waybar"])
    world.written("polybar")
    assert "`codingplan-bar setup waybar --write`" in world.doctor("waybar").text


@pytest.mark.parametrize("bar", TEXTS)
def test_that_a_change_of_the_users_own_in_ours_stays_is_said(world, bar):
    path, name = world.written(bar), bar.replace("_", "-")
    stays = "What you have changed in it stays."
    assert stays not in world.setup(bar)[1] + world.setup(bar, write=True)[1]
    word = "codingplan-bar " + told(path, name)
    path.write_text(path.read_text().replace(word, word + " --plan coding-plan"))
    before = path.read_text()
    assert stays in world.setup(bar)[1]
    assert stays in world.setup(bar, write=True)[1]
    assert path.read_text() == before


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_nobody_is_told_to_make_a_style_sheet_that_would_replace_waybars_own(world, language, write):
    world.environ["LANG"] = language
    told_without = world.setup("waybar", write=write)[1]
    world.written("waybar")
    told_with = world.setup("waybar", write=True)[1]
    sentence = table(world.language, "setup", "SETUP")["no style"].format("~/.config/waybar/style.css")
    assert sentence in told_without.replace("\n# ", " ")
    assert sentence in told_with
    assert "#custom-codingplan" not in told_without


def test_a_style_sheet_that_is_there_is_offered_its_lines_without_a_configuration_too(world):
    (world.folder / ".config/waybar").mkdir(parents=True)
    (world.folder / ".config/waybar/style.css").write_text("* {}\n")
    assert "#custom-codingplan" in world.setup("waybar")[1]


def test_a_command_that_no_bar_can_start_is_bad_and_comes_before_the_sign_in(world, monkeypatch):
    python = world.folder / "a b/python"
    python.parent.mkdir()
    python.write_text("")
    world.program.write_text(f"#!{python}\n")
    monkeypatch.setattr(checks, "command", lambda: str(world.program))
    line = next(checks.program(world.visit()))
    assert (line.verdict, line.stops) == ("bad", True)
    assert "no bar can be set up" in line.text


@pytest.mark.parametrize(
    ("key", "text", "does"),
    [
        ("c", "", "new-window"),
        ("d", "set -g mouse on\n", "detach-client"),
        ("C-o", "", "rotate-window"),
        ("C-O", "", "rotate-window"),
        ("c", "unbind -n c\nunbind -T copy-mode c\nunbind d\n", "new-window"),
        ("c", "unbind c\n", ""),
        ("c", "unbind-key -T prefix 'c'\n", ""),
        ("c", "unbind -a\n", ""),
        ("U", "", ""),
        ("u", "", ""),
    ],
)
def test_a_key_to_which_tmux_itself_gives_a_meaning_is_not_taken_unless_it_has_been_freed(key, text, does, programs):
    need("tmux")
    machine = Machine({}, said=said)
    if not does:
        return insist_on_key(key, text, machine)
    with pytest.raises(LeftAlone) as refused:
        insist_on_key(key, text, machine)
    assert (refused.value.reason, refused.value.about) == ("key of tmux", (key, does))
    return None


@pytest.mark.parametrize(("language", "words"), [("en_US.UTF-8", "`new-window`"), ("zh_CN.UTF-8", "`new-window`")])
def test_setup_says_what_the_key_does_and_changes_nothing(world, language, words, monkeypatch, programs):
    need("tmux")
    world.environ["LANG"] = language
    monkeypatch.setattr("codingplan_bar.commands.setup.this_machine", lambda environ: Machine(environ, said=said))
    path = world.folder / ".tmux.conf"
    path.write_text("set -g mouse on\n")
    for write in (False, True):
        code, told = world.setup("tmux", write=write, popup="c")
        assert (code, words in told, "unbind-key c" in told, told.count("\n")) == (1, True, True, 1)
    assert path.read_text() == "set -g mouse on\n"
    path.write_text("unbind c\n")
    assert world.setup("tmux", write=True, popup="c")[0] == 0
    assert world.setup("tmux", write=True)[0] == 0


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ('"exec": "codingplan-bar wybar"', True),
        ('"exec": "codingplan-bar login"', True),
        ('"exec": "codingplan-bar wybar", "on-click": "codingplan-bar status --window"', True),
        ('"exec": "codingplan-bar waybar --watch"', False),
        ('"exec": "codingplan-bar status | head -1"', False),
        ('// codingplan-bar is here\n"exec": "codingplan-bar text"', False),
        ("# codingplan-bar makes this\n", False),
    ],
)
def test_the_words_that_print_the_quota_are_known(text, is_told):
    class Waybar:
        is_main, bar, shown = True, "waybar", "~/x"

    with pytest.raises(LeftAlone) if is_told else nullcontext():
        seen.insist_on_words(Waybar(), text)
