"""`setup`, its overview, `doctor` and `--undo` tell one true story of a file and of what stands between our marks."""

from __future__ import annotations

import os
import re
from contextlib import nullcontext
from pathlib import Path

import pytest
from support.configurations import PLACES
from support.machine import need

from codingplan_bar import paths
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands.doctor import bars as doctor
from codingplan_bar.commands.doctor import checks
from codingplan_bar.commands.doctor.report import CheckContext
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.commands.setup import RULE, setup
from codingplan_bar.configure import bar_file
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.machine import Machine, printed_by
from codingplan_bar.configure.tmux import insist_on_key
from codingplan_bar.words import table

LANGUAGES = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}
TWO_BARS = "[bar/a]\nmodules-right = date\n[bar/b]\nmodules-right = date\n[bar/c]\nmodules-left = date\n"
FILES = {
    "polybar": (".config/polybar/config.ini", TWO_BARS),
    "i3blocks": (".config/i3blocks/config", "[time]\ncommand=date\n"),
    "waybar": (".config/waybar/config", '{"modules-right": ["clock"]}\n'),
    "tmux": (".tmux.conf", "set -g mouse on\n"),
}
CHANGES = [("polybar", {"which": "b"}), ("i3blocks", {"click": "page"}), ("waybar", {"click": "page"})]
CHANGES += [("tmux", {"popup": "U"})]
EDITS = {"tmux": ("length 94", "length 95")}
"""What the user changes in ours."""


@pytest.fixture
def home(home):
    """With every program that is asked for."""
    home.install("waybar", "polybar", "i3blocks", "tmux", "foot")
    home.environ["TERMINAL"] = "foot"
    return home


def overview(home, bar, language="en"):
    told = home.setup(None, language)[1].splitlines()
    return next(line for line in told if line.startswith(bar))


def backups(home):
    return {path.name: path.read_text() for path in home.folder.glob(".local/state/*/before-setup/*")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("bar", "change"), CHANGES)
def test_the_file_as_it_was_before_setup_outlives_each_later_change(home, bar, change, language):
    path = home.put(*FILES[bar])
    home.setup(bar, language, write=True)
    (name,) = backups(home)
    written = path.read_text()
    told = home.setup(bar, language, write=True, **change)[1]
    assert backups(home) == {name: FILES[bar][1], f"{name}.later": written}
    assert told.index(f"{name}.later") < told.index(f"{name}{'.' if language == 'en' else '。'}\n")
    path.write_text(path.read_text().replace(*EDITS.get(bar, ("codingplan-bar ", "codingplan-bar -x ")), 2))
    edited = path.read_text()
    told = home.setup(bar, language, undo=True)[1]
    assert backups(home) == {name: FILES[bar][1], f"{name}.later": edited}
    assert (f"{name}.later" in told, f"{name}{'.' if language == 'en' else '。'}\n" in told) == (True, True)


def test_a_comment_that_names_the_program_makes_the_first_copy_no_later_one(home):
    path = home.put(FILES["i3blocks"][0], "# codingplan-bar text is what I want\n[time]\ncommand=date\n")
    before = path.read_text()
    home.setup("i3blocks", write=True)
    assert list(backups(home).values()) == [before]


def test_an_undo_that_leaves_the_very_file_of_before_leaves_no_copy(home):
    home.put(*FILES["polybar"])
    home.setup("polybar", write=True)
    home.setup("polybar", write=True, which="b")
    home.setup("polybar", undo=True)
    assert backups(home) == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("later", "offsets"),
    [
        ("set -g status-right foo\n", [1]),
        ("set-option -gq 'status-right' foo\nset -g mouse off\nset -gu status-right\n", [1, 3]),
        ("source-file ~/theme.conf\n", [1]),
    ],
)
def test_a_line_that_sets_the_status_line_of_tmux_again_is_named_by_all_three(home, later, offsets, language):
    path = home.put(*FILES["tmux"])
    home.put("theme.conf", "set -g status-right theme\n")
    home.setup("tmux", write=True, popup="U")
    lines = len(path.read_text().splitlines())
    numbers = ", ".join(str(lines + offset) for offset in offsets)
    path.write_text(path.read_text() + later)
    code, told, complained = home.setup("tmux", language)
    words = table(language, "setup", "SETUP")
    cause = words["set again"].format(numbers)
    assert (code, told) == (1, "")
    assert cause in complained
    assert overview(home, "tmux", language).endswith(cause)
    assert home.doctor_on("tmux", language).text.endswith(cause)


@pytest.mark.parametrize("later", ["set -ag status-right foo\n", "set -go status-right foo\n", "set -g mouse off\n"])
def test_a_line_that_adds_to_the_status_line_of_tmux_is_no_fault(home, later):
    path = home.put(*FILES["tmux"])
    home.setup("tmux", write=True)
    path.write_text(path.read_text() + later)
    assert overview(home, "tmux") == "tmux is set up: ~/.tmux.conf"
    assert home.doctor_on("tmux").verdict == "ok"


def test_a_printed_block_has_the_key_of_the_popup_that_is_set_up(home):
    path = home.put(*FILES["tmux"])
    home.setup("tmux", write=True, popup="U")
    path.write_text(path.read_text().replace("CODINGPLAN_COMMAND '/", "CODINGPLAN_COMMAND '/elsewhere/"))
    assert "bind-key U display-popup" in home.setup("tmux")[1]


@pytest.mark.parametrize(
    ("bar", "old", "new", "shown"),
    [
        ("polybar", "date codingplan", "date", "modules-right = date codingplan\n"),
        ("waybar", '"custom/codingplan",', "", '"custom/codingplan", /* <<<'),
    ],
)
def test_where_a_word_alone_is_missing_that_line_alone_is_shown(home, bar, old, new, shown):
    path = home.put(*FILES[bar])
    home.setup(bar, write=True)
    path.write_text(path.read_text().replace(old, new))
    assert "would not show it" in overview(home, bar)
    assert home.doctor_on(bar).verdict == "bad"
    code, told, _ = home.setup(bar)
    lines = [line for line in told.splitlines() if not line.startswith("# ")]
    assert (code, shown in told, len(lines)) == (0, True, 1)


UNREADABLE = [
    ("waybar", '{"modules-right": [ oops'),
    ("i3blocks", "[time]\ncommand=date"),
    ("polybar", ""),
    ("tmux", 'set -g status-right "open\n'),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("bar", "text"), UNREADABLE)
def test_why_setup_refuses_a_file_stands_in_the_overview_and_in_doctor(home, bar, text, language):
    home.put(FILES[bar][0], text)
    refusal = home.setup(bar, language)[2].removeprefix("codingplan-bar: ").strip()
    reason = refusal.removesuffix(table(language, "setup", "SETUP")["untouched"]).strip()
    assert reason.startswith("~/")
    assert reason in overview(home, bar, language)
    assert reason in home.doctor_on(bar, language).text


def test_a_missing_end_of_the_last_line_is_mended_by_the_command_that_is_told(home):
    home.put(FILES["i3blocks"][0], "[time]\ncommand=date")
    assert "`echo >> ~/.config/i3blocks/config`" in home.setup("i3blocks")[2]
    other = home.put("my blocks/config", "[time]\ncommand=date")
    assert f"`echo >> '{other}'`" in home.setup("i3blocks", file=str(other))[2]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("bar", FILES)
def test_a_file_that_cannot_be_read_is_called_so_with_the_command_that_opens_it(home, bar, language, monkeypatch):
    path = home.put(*FILES[bar])
    read, access = paths.content, os.access

    def shut(file, *rest, **more):
        if Path(file) == path:
            raise PermissionError(13, "shut", str(file))
        return read(file, *rest, **more)

    monkeypatch.setattr(paths, "content", shut)
    monkeypatch.setattr(os, "access", lambda file, way, **more: Path(file) != path and access(file, way, **more))
    cause = table(language, "setup", "SETUP")["closed"].format(f"~/{FILES[bar][0]}")
    code, told, complained = home.setup(bar, language, write=True)
    assert (code, told, cause in complained) == (1, "", True)
    assert cause in overview(home, bar, language)
    line = home.doctor_on(bar, language)
    assert (line.verdict, cause in line.text) == ("bad", True)
    assert f"`chmod u+rX ~/{FILES[bar][0]}`" in line.next


@pytest.mark.parametrize("language", LANGUAGES)
def test_which_bar_it_will_be_in_is_told_before_anything_is_written_with_the_names_of_the_others(home, language):
    home.put(*FILES["polybar"])
    told = table(language, "setup", "SETUP")["takes bar"]
    others = {"en": "b, c", "zh": "b、c"}[language]
    assert told.format("a", "polybar", others, "NAME") in home.setup("polybar", language)[1]
    told = home.setup("polybar", which="b")[1]
    assert "It will be in the bar b. For another one (a, c)" in told
    assert "`codingplan-bar setup polybar --bar b --write` puts it there" in told
    assert "the bar" not in home.setup("i3blocks")[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_folder_that_cannot_be_looked_into_is_called_so_by_all_and_by_an_undo(home, language, monkeypatch):
    folder = home.put(*FILES["polybar"]).parent
    home.setup("polybar", language, write=True)
    stat, access = os.stat, os.access

    def shut(path, **more):
        if isinstance(path, str | Path) and folder in Path(path).parents:
            raise PermissionError(13, "shut", str(path))
        return stat(path, **more)

    def allowed(path, way, **more):
        inside = folder in Path(path).parents or (Path(path) == folder and way == os.X_OK)
        return not inside and access(path, way, **more)

    monkeypatch.setattr(os, "stat", shut)
    monkeypatch.setattr(os, "access", allowed)
    cause = table(language, "setup", "SETUP")["shut folder"].format("~/.config/polybar")
    assert cause in overview(home, "polybar", language)
    assert cause in home.doctor_on("polybar", language).text
    for action in ({}, {"write": True}, {"undo": True}):
        code, told, complained = home.setup("polybar", language, **action)
        assert (code, told, cause in complained) == (1, "", True)


@pytest.mark.parametrize("bar", ["waybar", "polybar", "i3blocks"])
def test_a_folder_of_the_desktop_that_cannot_be_looked_into_keeps_no_bar_from_its_quota(home, bar, monkeypatch):
    home.put(*FILES[bar])
    shut, stat = home.put(".config/sway/config", "exec waybar -c ~/other\n").parent, os.stat

    def looked_at(path, *also, **more):
        if isinstance(path, str | Path) and shut in Path(path).parents:
            raise PermissionError(13, "shut", str(path))
        return stat(path, *also, **more)

    monkeypatch.setattr(os, "stat", looked_at)
    assert home.setup(bar, write=True)[0] == 0


CIRCLES = {
    "polybar": ("include-file = {}\n", ".config/polybar/other.ini"),
    "waybar": ('{{"include": "{}"}}', ".config/waybar/other"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("times", [1, 12])
@pytest.mark.parametrize("bar", CIRCLES)
def test_two_files_that_include_one_another_are_told_by_all_and_an_undo_goes_on(home, bar, times, language):
    line, other = CIRCLES[bar]
    name, text = FILES[bar]
    path = home.put(name, text)
    assert home.setup(bar, language, write=True)[0] == 0
    if bar == "polybar":
        path.write_text(line.format("other.ini") * times + path.read_text())
        home.put(other, line.format(path.name) * times)
    else:
        files = '", "'.join([f"~/{other}"] * times)
        path.write_text(path.read_text().replace("{", f'{{"include": ["{files}"],', 1))
        home.put(other, line.format(f"~/{name}"))
    cause = table(language, "setup", "SETUP")["circle"].format(bar, f"~/{name}")
    assert cause in overview(home, bar, language)
    assert cause in home.doctor_on(bar, language).text
    before = path.read_text()
    assert cause in home.setup(bar, language, write=True)[2]
    assert path.read_text() == before
    assert home.setup(bar, language, undo=True)[0] == 0


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("where", ["main", "included"])
@pytest.mark.parametrize(("sign", "reason"), [("\\x41", "newer escape"), ("\t", "control sign")])
def test_what_some_waybars_do_not_read_is_told_by_all_with_and_without_ours(home, sign, reason, where, language):
    home.install("waybar")
    hostile = f'"format": "{sign} {{:%H}}"'
    within = f'"clock": {{{hostile}}}' if where == "main" else '"include": "~/more.jsonc"'
    path = home.put(".config/waybar/config", f'{{\n"modules-right": ["clock"], {within}}}\n')
    home.put("more.jsonc", f"{{\n\n{hostile}}}\n")
    words = table(language, "setup", "SETUP")
    cause = words[reason] if where == "main" else words[f"{reason} in"].format("~/more.jsonc:3")
    line = "~/.config/waybar/config:2" if where == "main" else "~/.config/waybar/config"
    before = path.read_text()
    assert words["refused"].format("waybar", line, cause) in overview(home, "waybar", language)
    assert cause in home.doctor_on("waybar", language).text
    assert cause in home.setup("waybar", language, write=True)[2]
    assert path.read_text() == before
    for file in (path, home.folder / "more.jsonc"):
        file.write_text(file.read_text().replace(sign, ""))
    assert home.setup("waybar", language, write=True)[0] == 0
    for file in (path, home.folder / "more.jsonc"):
        file.write_text(file.read_text().replace('" {', f'"{sign} {{'))
    told = home.doctor_on("waybar", language)
    assert told.verdict == "note"
    assert told.text in overview(home, "waybar", language)
    assert home.setup("waybar", language, undo=True)[0] == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("bar", "command"), [("argos", "chmod +x"), ("i3blocks", "echo >>")])
def test_doctor_ends_in_the_one_command_that_a_bars_line_names(home, bar, command, language):
    if bar == "argos":
        path = home.put(".config/argos/codingplan.1m.sh", "")
        path.unlink()
        assert home.setup(bar, language, write=True)[0] == 0
        path.chmod(0o644)
    else:
        path = home.put(FILES[bar][0], FILES[bar][1].rstrip("\n"))
    line = home.doctor_on(bar, language)
    whole = f"`{command} ~/{path.relative_to(home.folder)}`"
    assert whole in line.text
    assert line.next == table(language, "doctor", "DOCTOR")["bar.ready.next"].replace("`{}`", whole)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_it_is_not_certain_which_file_a_bar_reads_doctor_says_so_and_the_step_settles_it(home, language):
    home.install("waybar")
    for name in ("a b.json", "c.json"):
        home.put(name, '{"modules-right": ["clock"]}\n')
    home.put(".config/sway/config", "exec waybar -c ~/'a b.json'\nexec waybar -c ~/c.json\n")
    line = home.doctor_on("waybar", language)
    assert line.text in home.setup(None, language)[1].splitlines()
    assert line.verdict == "note"
    assert "codingplan-bar setup waybar --write --file ~/'a b.json'" in line.next
    assert home.setup("waybar", language, write=True)[0] == 1
    assert home.setup("waybar", language, write=True, file=str(home.folder / "a b.json"))[0] == 0
    assert home.doctor_on("waybar", language).verdict == "ok"
    other = home.put(".config/polybar/a.ini", "[bar/a]\nmodules-right = x\n").with_name("b.ini")
    other.write_text("[bar/b]\nmodules-right = x\n")
    line = home.doctor_on("polybar", language)
    assert (line.verdict, line.next) == ("note", "")


# Of what stands between our marks `setup`, its overview, `doctor` and `--undo` tell one story, and a true one.


TEXTS = {
    "waybar": '{"modules-right": ["clock"]}\n',
    "polybar": "[bar/main]\nmodules-right = date\n[module/date]\ntype = internal/date\n",
    "i3blocks": "[time]\ncommand=date\ninterval=once\n",
    "i3status_rust": '[[block]]\nblock = "time"\n',
    "starship": "",
}
MARKED = TEXTS | {
    "tmux": "set -g mouse on\n",
    "tint2": "panel_items = TC\ntime1_format = %H\n",
    "zjstatus": 'layout {\n pane {\n  plugin location="zjstatus.wasm" {\n   format_left "{mode}"\n  }\n }\n}\n',
    "sketchybar": "#!/bin/sh\nsketchybar --update\n",
}
"""Each kind of file that has our marks."""
WORDS = "waybar|polybar|i3blocks|i3status-rust|text|pango|ansi"
PLACE = {
    **PLACES,
    "starship": ".config/starship.toml",
    "tint2": ".config/tint2/tint2rc",
    "zjstatus": ".config/zellij/layouts/default.kdl",
    "sketchybar": ".config/sketchybar/sketchybarrc",
}


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
        path.write_text(MARKED[bar])
        assert self.setup(bar, write=True)[0] == 0
        return path

    def setup(self, bar, **more):
        name = bar and bar.replace("_", "-")
        code = setup(name, **{"write": False, "undo": False} | more, environ=self.environ)
        return code, "".join(self.capfd.readouterr())

    def visit(self):
        words = table(self.language, "doctor", "DOCTOR")
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
        monkeypatch.setattr(f"codingplan_bar.commands.{module}.missing", lambda *_: "")
    made = World(tmp_path, capfd)
    monkeypatch.setattr(bar_file, "command", lambda: str(made.program))
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
@pytest.mark.parametrize(("of", "language"), [("the line", "en_US.UTF-8"), ("the clicks, too", "zh_CN.UTF-8")])
@pytest.mark.parametrize("bar", MARKED)
def test_lines_that_run_another_program_are_told_by_all_with_the_commands_that_write_them_anew(
    world, bar, of, language, is_there
):
    world.environ["LANG"] = language
    path, name = world.written(bar), bar.replace("_", "-")
    other = world.program.with_name("other")
    if is_there:
        other.write_text("#!/bin/sh\n")
        other.chmod(0o755)
    clicks = "" if of == "the line" else "open|refresh|"
    path.write_text(re.sub(rf"codingplan-bar(?=(?: (?:{clicks}{WORDS}))|'\n)", "other", path.read_text()))
    texts, line = told_by_all(world, bar)
    assert line.verdict == ("note" if is_there else "bad")  # a script of the user's own may show it
    for text in texts:
        assert ("~/bin/other" in text) == (not is_there)
        assert f"codingplan-bar setup {name} --undo" in text
        assert f"codingplan-bar setup {name} --write" in text
    assert f"codingplan-bar setup {name} --undo && codingplan-bar setup {name} --write" in line.next
    assert world.setup(bar, undo=True)[0] == 0
    assert path.read_text() == MARKED[bar]
    assert world.setup(bar, write=True)[0] == 0
    assert world.doctor(bar).verdict == "ok"


@pytest.mark.parametrize("bar", sorted(set(MARKED) - {"waybar", "zjstatus"}))
def test_marks_without_anything_between_them_are_no_quota_and_setup_writes_it_there(world, bar):
    path, name = world.written(bar), bar.replace("_", "-")
    marks = [line for line in path.read_text().splitlines() if re.search("codingplan-bar (>>>|<<<)", line)]
    path.write_text(MARKED[bar] + "".join(f"{line}\n" for line in marks))
    line = world.doctor(bar)
    assert (line.verdict, f"`codingplan-bar setup {name} --write`" in line.text) == ("note", True)
    assert "may not" not in world.setup(None)[1]
    assert world.setup(bar, write=True)[0] == 0
    assert world.doctor(bar).verdict == "ok"
    assert world.setup(bar, undo=True)[0] == 0
    assert path.read_text() == MARKED[bar]


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_a_plugin_that_runs_another_program_is_called_the_users_by_all(world, language):
    world.environ["LANG"] = language
    path = world.folder / ".config/argos/codingplan.1m.sh"
    path.parent.mkdir(parents=True)
    assert world.setup("argos", write=True)[0] == 0
    path.write_text(path.read_text().replace(f"command={world.program}", "command=/bin/date"))
    cause = table(world.language, "setup", "SETUP")["not ours"]
    line = world.doctor("argos")
    assert (line.verdict, cause in line.text) == ("note", True)
    assert line.text in world.setup(None)[1].splitlines()
    for more in ({}, {"write": True}, {"undo": True}):
        code, said = world.setup("argos", **more)
        assert (code, cause in said) == (1, True)


@pytest.mark.parametrize("bar", ["i3status_rust", "tint2"])
def test_what_the_user_puts_in_the_place_of_ours_is_theirs_unless_it_has_a_line_of_ours(world, bar):
    path = world.written(bar)
    theirs = {"i3status_rust": '[[block]]\nblock = "cpu"\n', "tint2": "execp = new\nexecp_command = date\n"}[bar]
    text = path.read_text()
    begins, ends = text.index("\n", text.index("# >>>")) + 1, text.index("# <<<")
    path.write_text(text[:begins] + theirs + text[ends:])
    assert world.setup(bar, write=True)[0] == 0
    assert world.doctor(bar).verdict == "ok"
    assert world.setup(bar, undo=True)[0] == 0
    assert theirs in path.read_text()


def told(path, name):
    """The word by which a bar's configuration has its line."""
    return next(word for word in (name, "text") if f"codingplan-bar {word}" in path.read_text())


@pytest.mark.parametrize("word", ["wybar", "login", "waybarr"])
@pytest.mark.parametrize("bar", TEXTS)
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


UNMARKED = re.compile(r"(?m)^[ \t]*(?:[#;]|//) (?:>>>|<<<) codingplan-bar (?:>>>|<<<)\n|/\* (?:>>>|<<<).*? \*/ ?")


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
@pytest.mark.parametrize("fault", ["path", "word"])
@pytest.mark.parametrize("bar", MARKED)
def test_a_line_of_the_users_own_that_shows_nothing_is_told_with_a_step_that_an_undo_is_no_part_of(
    world, bar, fault, language
):
    world.environ["LANG"] = language
    path, name = world.written(bar), bar.replace("_", "-")
    text = UNMARKED.sub("", path.read_text())
    path.write_text(text)
    assert world.doctor(bar).verdict == "ok"
    if fault == "path":
        path.write_text(text.replace(str(world.program), "/gone/codingplan-bar"))
    else:
        path.write_text(re.sub(rf"(codingplan-bar'?) (?:{WORDS})\b", r"\1 login", text))
        if bar in ("tmux", "i3blocks"):  # theirs has no such word, or it is told in other words
            return
    line = world.doctor(bar)
    assert line.verdict == "bad"
    assert line.text in world.setup(None)[1].splitlines()
    assert "--undo" not in line.text + line.next
    assert line.next.count(f"`codingplan-bar setup {name}`") == 1
    path.write_text(MARKED[bar])  # what the step asks for first
    assert world.setup(bar)[0] == world.setup(bar, write=True)[0] == 0
    assert world.doctor(bar).verdict == "ok"


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("bar", sorted(set(MARKED) - {"waybar"}))
def test_where_the_user_has_made_comments_of_our_lines_no_step_is_told_that_does_not_help(world, bar, whole):
    path, sign = world.written(bar), {"polybar": "; ", "zjstatus": "// "}.get(bar, "# ")
    lines = path.read_text().splitlines()
    begins, ends = (
        next(at for at, line in enumerate(lines) if f"{mark} codingplan" in line) for mark in (">>>", "<<<")
    )
    inside = range(begins, ends + 1) if whole else range(begins + 1, ends)
    path.write_text("".join(f"{sign if at in inside else ''}{line}\n" for at, line in enumerate(lines)))
    line = world.doctor(bar)
    assert line.verdict != "ok"
    if "--undo && " in line.next:
        assert world.setup(bar, undo=True)[0] == 0
    if "--write" in line.next:
        assert world.setup(bar, write=True)[0] == 0
        assert world.doctor(bar).verdict == "ok"


@pytest.mark.parametrize(
    "named", ["$HOME/bin/codingplan-bar", '\\"${HOME}/bin/codingplan-bar\\"', "~/bin/codingplan-bar"]
)
def test_a_path_by_a_variable_is_one_that_leads_to_the_program_or_to_none(world, named, programs):
    module = f'"custom/q": {{"exec": "{named} waybar --watch", "return-type": "json"}}'
    path = world.folder / PLACE["waybar"]
    path.parent.mkdir(parents=True)
    path.write_text(f'{{"modules-right": ["custom/q"], {module}}}')
    world.program.write_text("#!/bin/sh\necho {}\n")
    lines = {line.name: line for line in doctor.bars(world.visit())}
    assert (lines["bar"].verdict, lines["command"].verdict) == ("ok", "ok")
    assert "~/bin/codingplan-bar waybar" in lines["command"].text
    world.program.unlink()
    assert world.doctor("waybar").verdict == "bad"


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


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
@pytest.mark.parametrize("cache", ["uv/archive-v0", "uv/environments-v2", "pipx"])
@pytest.mark.parametrize("bar", MARKED)
def test_a_program_that_was_put_into_a_cache_for_one_run_is_written_nowhere(world, bar, cache, language):
    world.environ["LANG"] = language
    path = world.written(bar)
    text = path.read_text()
    world.program = world.folder / f".cache/{cache}/3f9c/bin/codingplan-bar"
    world.program.parent.mkdir(parents=True)
    if cache == "pipx":
        (world.program.parents[1] / "pipx_metadata.json").touch()
    for content in (text, MARKED[bar]):
        path.write_text(content)
        for more in ({}, {"write": True}):
            code, said = world.setup(bar, **more)
            assert code == 1
            assert f"~/.cache/{cache}/3f9c/bin/codingplan-bar" in said
        assert path.read_text() == content
        assert world.setup(bar, undo=True)[0] == 0
        assert path.read_text() == MARKED[bar]


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
    machine = Machine({}, printed_by=printed_by)
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
    monkeypatch.setattr(
        "codingplan_bar.commands.setup.this_machine", lambda environ: Machine(environ, printed_by=printed_by)
    )
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

        def is_written_anew(self, _text):
            return True

    with pytest.raises(LeftAlone) if is_told else nullcontext():
        RULE.insist_on_words(Waybar(), text)
