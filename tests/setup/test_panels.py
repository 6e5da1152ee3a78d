"""Prompts, status lines and panels: what their programs make of what setup writes, and of the user's edits."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.configurations import cases
from support.machine import need, until
from support.realbars.room import Room
from support.realbars.screens import Xvfb

from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.machine import Machine, shell_text
from codingplan_bar.configure.panels import sketchybar, tint2, zjstatus
from codingplan_bar.configure.panels.claude_qwen import claude, qwen
from codingplan_bar.configure.panels.genmon_kde import genmon, kde
from codingplan_bar.configure.panels.i3status_rust_starship import starship
from codingplan_bar.configure.panels.zjstatus import every, nodes
from codingplan_bar.resources import shipped_folder

COMMAND, MOVED = "/home/me/.local/bin/codingplan-bar", "/opt/codingplan-bar"
NAMES = ["codingplan-bar", "a b/codingplan-bar"]
"""Where the program lies below a folder, without a space and with one."""
LAYOUT = """\
layout {
    pane {
        plugin location="file:zjstatus.wasm" {
            format_right "{datetime}"
        }
    }
}
"""
EDITORS = {
    "tint2": (tint2, "panel_items = TEC\nexecp = new\nexecp_command = date\n"),
    "starship": (starship, '[custom.mine]\ncommand = "date"\nwhen = true\n'),
    "zjstatus": (zjstatus, LAYOUT),
    "sketchybar": (sketchybar, "#!/bin/sh\nsketchybar --update\n"),
}
INSIDE = {
    "tint2": ("execp_interval = 60", "execp_interval = 300\nexecp_font = Sans 9"),
    "starship": ('style = "dimmed"', 'style = "bold"'),
    "zjstatus": ('interval   "60"', 'interval   "300"'),
    "sketchybar": ("update_freq=60", "update_freq=300"),
}


@pytest.fixture
def program(tmp_path, request):
    """A stand-in for the program at its path, which says what it was asked for."""
    path = tmp_path / getattr(request, "param", NAMES[0])
    path.parent.mkdir(exist_ok=True)
    path.write_text('#!/bin/sh\necho "Week 42 % $*"\n')
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("bar", EDITORS)
def test_an_edit_inside_of_ours_stays_while_the_programs_path_is_renewed(bar):
    module, before = EDITORS[bar]
    written = module.changed(before, COMMAND)
    assert module.changed(written, MOVED) == module.changed(before, MOVED)
    old, new = INSIDE[bar]
    assert old in written
    edited = written.replace(old, new, 1)
    assert module.changed(edited, COMMAND) == edited
    again = module.changed(edited, MOVED)
    assert new in again
    assert (MOVED in again, COMMAND in again) == (True, False)
    assert module.taken(edited) == module.taken(again) == before


RENAMED = {
    "tint2": [("execp = new\nexecp_command = /home", "# mine\nexecp = new\nexecp_command = /home")],
    "starship": [("custom.codingplan", "custom.plan")],
    "zjstatus": [("command_codingplan", "command_plan")],
}


@pytest.mark.parametrize("bar", RENAMED)
def test_ours_goes_by_the_name_that_the_user_has_given_it(bar):
    module, before = EDITORS[bar]
    edited = module.changed(before, COMMAND)
    for old, new in RENAMED[bar]:
        assert old in edited
        edited = edited.replace(old, new)
    assert module.unseen(edited, Path("x"), Machine({})) == ""
    assert module.changed(edited, COMMAND) == edited
    assert "codingplan" not in module.taken(edited)
    assert [line for line in before.splitlines() if line not in module.taken(edited).splitlines()] == []


def test_tint2_loses_our_letter_wherever_ours_stands_by_then():
    before = "panel_items = TEC\nexecp = new\nexecp_command = date\n"
    written = tint2.changed(before, COMMAND)
    assert "panel_items = TEEC\n" in written
    begins = written.index("# >>>")
    moved = written[begins:] + written[:begins]
    assert tint2.taken(moved.replace("TEEC", "ETEC")) == before.replace("TEC", "TEC")
    assert tint2.unseen(written.replace("TEEC", "TEC"), Path("x"), Machine({})) == "no letter"
    assert tint2.taken(written.replace("TEEC", "TEC")) == before
    assert tint2.changed(written.replace("TEEC", "TEC"), COMMAND) == written


def test_tint2_is_left_alone_where_what_stands_between_our_markers_is_no_executor_any_more():
    written = tint2.changed("panel_items = TC\n", COMMAND)
    assert "\nexecp = new\n" in written
    with pytest.raises(LeftAlone, match="torn"):
        tint2.changed(written.replace("\nexecp = new\n", "\n# execp = new\n"), COMMAND)


def test_starships_undo_makes_no_key_of_the_users_another_tables():
    """What is written below our block is a key of our table by then, and would be one of the user's without it."""
    written = starship.changed("[character]\n", COMMAND) + "add_newline = false\n"
    assert starship.changed(written, COMMAND) == written
    with pytest.raises(LeftAlone, match="not understood"):
        starship.taken(written)
    with_table = written.replace("add_newline", "[git_branch]\nadd_newline")
    assert starship.taken(with_table) == "[character]\n[git_branch]\nadd_newline = false\n"
    broken = starship.changed("[character]\n", COMMAND) + "format = $all\n"
    assert starship.taken(broken) == "[character]\nformat = $all\n"


def test_zjstatus_has_our_word_once_and_loses_it_where_the_user_has_removed_the_settings_by_hand():
    written = zjstatus.changed(LAYOUT, COMMAND)
    lines = written.splitlines(keepends=True)
    settings = [line for line in lines if "command_codingplan_" in line]
    for gone in (
        settings,
        settings[:1],
        settings[1:],
        [*settings, *(line for line in lines if "codingplan-bar" in line)],
    ):
        edited = "".join(line for line in lines if line not in gone)
        assert "{command_codingplan}" in edited
        assert zjstatus.changed(zjstatus.taken(edited), COMMAND) == written
        assert zjstatus.changed(edited, COMMAND).count("{command_codingplan}") == 1
        assert zjstatus.taken(edited) == LAYOUT
        assert zjstatus.unseen(edited, Path("x"), Machine({})) == ("" if settings[0] in edited else "absent")


@pytest.mark.parametrize(
    ("config", "words", "name"),
    [
        ("", [], ".config/zellij/layouts/default.kdl"),
        ('default_layout "mine" // x\n', [], ".config/zellij/layouts/mine.kdl"),
        ('layout_dir "HOME/mine"\n', [], "mine/default.kdl"),
        ('layout_dir "HOME/mine"\ndefault_layout "other"\n', [], "mine/other.kdl"),
        ('// layout_dir "HOME/mine"\n', [], ".config/zellij/layouts/default.kdl"),
        ("", ["zellij", "-n", "mine"], ".config/zellij/layouts/mine.kdl"),
        ("", ["zellij", "--layout=mine"], ".config/zellij/layouts/mine.kdl"),
        ("", ["zellij", "--new-session-with-layout", "./other.kdl"], "mine/other.kdl"),
    ],
)
def test_the_layout_that_zellij_reads_is_found_by_its_options_and_its_configuration(tmp_path, config, words, name):
    for each in (".config/zellij/layouts/default", ".config/zellij/layouts/mine", "mine/default", "mine/other"):
        path = tmp_path / f"{each}.kdl"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(LAYOUT)
    (tmp_path / ".config/zellij/config.kdl").write_text(config.replace("HOME", str(tmp_path)))
    running = [shell_text.in_folder(words, tmp_path / "mine")] if words else []
    assert zjstatus.place(Machine({"HOME": str(tmp_path)}, running=running)) == tmp_path / name


def test_zjstatus_loses_what_has_been_copied_into_another_bar_of_the_layout_too():
    """A layout has the plugin once for each kind of tab, and people copy its braces."""
    one, other = LAYOUT.replace("layout {\n", "").rpartition("}")[0], LAYOUT.splitlines(keepends=True)
    written = zjstatus.changed(LAYOUT, COMMAND).splitlines(keepends=True)
    both = "".join([*written[:-1], *written[1:]])
    assert zjstatus.taken(both) == "".join([*other[:-1], one, other[-1]])
    assert zjstatus.changed(both, COMMAND) == both
    assert zjstatus.changed(both, MOVED) == both.replace(COMMAND, MOVED)


RAW = [
    ('r#"{datetime} "now""#', '{datetime} "now"'),
    ('r"{datetime}\\"', "{datetime}\\"),
    ('r##"a "# b"##', 'a "# b'),
    ('r#""#', ""),
    ('"{datetime} \\"x\\""', '{datetime} "x"'),
]


@pytest.mark.parametrize(("written", "said"), RAW)
def test_a_raw_string_of_kdl_is_read_and_keeps_its_hashes_around_our_word(written, said):
    before = LAYOUT.replace('"{datetime}"', written)
    right = next(node for node in every(nodes(before)) if node.name == "format_right")
    assert [word.said for word in right.words] == ["format_right", said]
    after = zjstatus.changed(before, COMMAND)
    right = next(node for node in every(nodes(after)) if node.name == "format_right")
    assert [word.said for word in right.words] == ["format_right", f"{{command_codingplan}} {said}"]
    assert zjstatus.taken(after) == before


def test_what_stands_in_a_comment_within_a_comment_of_kdl_is_no_node():
    kept = "/* a /* b */ format_left { x } */\n"
    assert [node.name for node in every(nodes(f"{kept}layout {{ pane; }}"))] == ["layout", "pane"]
    with pytest.raises(LeftAlone):
        nodes("/* a /* b */ layout")


def of_zjstatus(command):
    """The words that zjstatus (src/widgets/command.rs, `commandline_parser`) makes of a command."""
    words, buffer, quote = [], "", ""
    for sign in command:
        if sign == quote or (sign == " " and not quote):
            words.append(buffer)
            buffer, quote = "", ""
        elif sign in "\"'" and not quote:
            quote = sign
        else:
            buffer += sign
    return [*words, buffer] if buffer else words


@pytest.mark.parametrize("program", NAMES, indirect=True)
def test_zjstatus_runs_our_command_and_our_click_at_any_path(program, programs):
    plugin = next(node for node in every(nodes(zjstatus.changed(LAYOUT, program))) if node.name == "plugin")
    said = {node.name: node.words[1].said for node in plugin.nodes}
    assert said["format_right"] == "{command_codingplan} {datetime}"
    for name, verb in (("command", "ansi"), ("clickaction", "open")):
        words = of_zjstatus(said[f"command_codingplan_{name}"])
        assert subprocess.run(words, capture_output=True, check=True).stdout == f"Week 42 % {verb}\n".encode()
    for hostile in ("/a'b/codingplan-bar", '/a"b/codingplan-bar'):
        with pytest.raises(LeftAlone, match="command"):
            zjstatus.changed(LAYOUT, hostile)


@pytest.mark.parametrize("theirs", ["", "execp = new\nexecp_command = date\n"])
@pytest.mark.parametrize("edit", [lambda block: "", lambda block: block * 2, lambda block: block * 3])
def test_an_undo_leaves_no_letter_of_an_executor_that_the_user_has_removed_or_doubled(theirs, edit):
    text = f"panel_items = T{'E' * bool(theirs)}SC\n{theirs}"
    written = tint2.changed(text, "/x/codingplan-bar")
    block = written[written.index("execp = new", len(text)) : written.index("# <<<")]
    edited = written.replace(block, edit(block))
    assert tint2.taken(edited) == text
    again = tint2.changed(edited, "/x/codingplan-bar")
    assert tint2.changed(again, "/x/codingplan-bar") == again
    assert re.search("panel_items.*", again)[0].count("E") == 1 + bool(theirs)  # it is shown once
    assert tint2.taken(again) == text


@pytest.mark.parametrize("program", [*NAMES, "it's/codingplan-bar"], indirect=True)
def test_sketchybar_is_given_an_item_with_its_text_a_script_and_a_click(program, tmp_path, programs):
    asked = tmp_path / "asked"
    stand_in = tmp_path / "sketchybar"
    stand_in.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >>{asked}\n')
    stand_in.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "NAME": "codingplan"}
    subprocess.run(["sh", "-c", sketchybar.changed("", program)], check=True, env=environ)
    words = asked.read_text().splitlines()
    said = dict(word.split("=", 1) for word in words if "=" in word)
    assert words[:4] == ["--add", "item", "codingplan", "right"]
    assert said["label"] == "Week 42 % text"
    asked.unlink()
    subprocess.run(["sh", "-c", said["script"]], check=True, env=environ)
    assert asked.read_text() == "--set\ncodingplan\nlabel=Week 42 % text\n"
    clicked = subprocess.run(["sh", "-c", said["click_script"]], check=True, env=environ, capture_output=True)
    assert clicked.stdout == b"Week 42 % open\n"


def test_a_script_with_lines_of_windows_shows_nothing_in_sketchybar_and_is_left_alone(tmp_path):
    text = sketchybar.changed("#!/bin/sh\nsketchybar --update\n", "/x/codingplan-bar").replace("\n", "\r\n")
    with pytest.raises(LeftAlone, match="not understood"):
        sketchybar.unseen(text, tmp_path, Machine({}))
    with pytest.raises(LeftAlone, match="not understood"):
        sketchybar.changed(text, "/x/codingplan-bar")


def test_the_shipped_lines_of_sketchybar_are_those_of_setup():
    page = (shipped_folder() / "text/README.md").read_text("utf-8")
    assert sketchybar.lines("codingplan-bar") in page


WIDGETS = {
    ".config/xfce4/panel/genmon-7.rc": (genmon, "Command={}\nUpdatePeriod=60000\n"),
    ".config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml": (
        genmon,
        '<property name="plugin-7" value="genmon">\n<property name="command" type="string" value="{}"/>\n',
    ),
    ".config/plasma-org.kde.plasma.desktop-appletsrc": (kde, "plugin=com.github.zren.commandoutput\ncommand={}\n"),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_what_has_been_entered_in_a_dialog_is_found_and_left_to_the_dialog(tmp_path, name):
    editor, form = WIDGETS[name]
    path, machine = tmp_path / name, Machine({"HOME": str(tmp_path)})
    path.parent.mkdir(parents=True)
    path.write_text(form.format("date"))
    assert editor.place(machine) == path
    assert editor.unseen(path.read_text(), path, machine) == "absent"
    assert editor.taken(path.read_text()) == path.read_text()
    with pytest.raises(LeftAlone, match="dialog"):
        editor.changed(path.read_text(), COMMAND)
    entered = editor.shown(COMMAND).strip()
    signs = {"&": "&amp;", '"': "&quot;", "<": "&lt;", ">": "&gt;"} if path.suffix == ".xml" else {}
    text = form.format("".join(signs.get(sign, sign) for sign in entered))
    assert editor.unseen(text, path, machine) == ""
    assert editor.changed(text, COMMAND) == text
    with pytest.raises(LeftAlone, match="dialog undo"):
        editor.taken(text)


@pytest.mark.parametrize("program", [*NAMES, "it's/codingplan-bar"], indirect=True)
def test_genmon_which_has_no_shell_is_given_its_text_and_a_click(program, programs):
    words = shlex.split(genmon.shown(program))
    said = subprocess.run(words, capture_output=True, check=True).stdout.decode()
    text, click = re.fullmatch(r"<txt>(.*)</txt><txtclick>(.*)</txtclick>", said).groups()
    assert text == "Week 42 % pango"
    assert shlex.split(click) == [program, "open"]


def test_tint2_starts_our_command_in_every_configuration_that_setup_has_written(programs):
    need("tint2")
    room = Room()
    try:
        display = Xvfb(room).display
        shown = [case for case in cases() if case.bar == "tint2" and case.end == "shown"]
        for number, case in enumerate(shown):
            script = '#!/bin/sh\n[ "$1" = pango ] && touch "${0%/*}/ran"\necho x\n'
            command = room.write(f"{number}/codingplan-bar", script, 0o755)
            text = next(text for text, _ in case.files.values())
            config = room.write(f"{number}/tint2rc", tint2.changed(text, str(command)))
            room.start("tint2", "-c", str(config), log=f"said-{number}", environ={"DISPLAY": display})
            room.own(room.folder / str(number), 0o777)
        for number, case in enumerate(shown):
            until((room.folder / str(number) / "ran").exists, str(case), within=40.0)
        assert len(shown) >= 6
    finally:
        room.close()


@pytest.mark.parametrize("editor", [claude, qwen], ids=lambda each: each.program)
@pytest.mark.parametrize("before", ["", "\n", "\n\n  \n", "\r\n", " "])
def test_settings_that_say_nothing_are_as_they_were_once_ours_is_out(editor, before):
    written = editor.changed(before, COMMAND)
    assert editor.changed(written, COMMAND) == written
    assert editor.unseen(written, Path("/none"), Machine({})) == ""
    assert editor.taken(written) == before


@pytest.mark.parametrize("remark", ["// mine\n", "/* mine */"])
def test_what_the_user_writes_around_ours_in_settings_that_were_made_for_it_stays(remark):
    written = qwen.changed("", COMMAND)
    for place in (0, written.index("{") + 1, written.index("{", 1) + 1, written.rindex("}"), len(written)):
        edited = written[:place] + remark + written[place:]
        rest = qwen.taken(edited)
        assert remark.strip() in rest
        assert "codingplan" not in rest
        assert qwen.taken(qwen.changed(rest, COMMAND)) == rest


@pytest.mark.parametrize(
    ("text", "by_claude", "by_qwen"),
    [
        ('{"a": [1, 2,], "ui": {}}', False, False),
        ('{"ui": {"b": 1,},\n}', False, False),
        ('{"ui": {}, "a": "x\ty"}', False, False),
        ('{"ui": {}} // mine', False, True),
        ('{"ui": {/* mine, */}, "a": "// , ]"}', False, True),
        ('{"ui": {}, "a": "/* , ] */"}', True, True),
    ],
)
def test_what_a_program_reads_of_its_settings_is_shown_and_any_other_text_is_left_alone(text, by_claude, by_qwen):
    for editor, is_read in ((claude, by_claude), (qwen, by_qwen)):
        if is_read:
            assert editor.unseen(editor.changed(text, COMMAND), Path("/none"), Machine({})) == ""
            continue
        with pytest.raises(LeftAlone, match="no json"):
            editor.changed(text, COMMAND)
        line = json.dumps({"statusLine": {"type": "command", "command": f"{COMMAND} ansi"}})[1:-1]
        ours = text.replace('"ui": {', f'"ui": {{{line},') if editor is qwen else text.replace("{", f"{{{line},", 1)
        assert editor.unseen(ours.replace(",}", "}"), Path("/none"), Machine({})) == "no strict json"


QUOTED = "/opt/it's here/codingplan-bar"
ELSEWHERE = "/opt/b/codingplan-bar"
COMMANDS = st.text(max_size=40).filter(lambda text: "codingplan" not in text)
LAYOUTS = st.sampled_from(["{}", '{{"a": 1, "statusLine": {}}}', '{{\n  "statusLine": {},\n  "b": [1]\n}}\n'])


def command_of(text, within=None):
    settings = json.loads(text)
    return (settings[within] if within else settings)["statusLine"]["command"]


@given(own=COMMANDS, layout=LAYOUTS.filter(lambda text: text != "{}"), escaped=st.booleans())
def test_the_users_command_stays_as_it_was_written_and_comes_out_again(own, layout, escaped):
    line = json.dumps({"type": "command", "command": own, "padding": 0}, ensure_ascii=escaped)
    text = layout.format(line)
    written = claude.changed(text, QUOTED)
    assert own in command_of(written)
    assert claude.changed(written, QUOTED) == written
    moved = claude.changed(written, ELSEWHERE)
    assert QUOTED.split("'", maxsplit=1)[0] not in command_of(moved)
    assert claude.taken(written) == claude.taken(moved) == text


@pytest.mark.parametrize("own", ["cat", "cat # mine", "read -r line; printf '%s' \"$line\"", 'echo "a  \\"b\\""'])
def test_both_are_printed_on_one_line_and_the_users_reads_what_the_program_says(tmp_path, own, programs):
    program = tmp_path / "codingplan-bar"
    program.write_text("#!/bin/sh\necho 'Week 42 %'\n")
    program.chmod(0o755)
    written = claude.changed(json.dumps({"statusLine": {"type": "command", "command": own}}), str(program))
    both = run(command_of(written))
    assert both == f"{run(own)}  Week 42 %"


def run(command):
    return subprocess.run(
        ["sh", "-c", command], input="opus", capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize("editor", [claude, qwen])
@pytest.mark.parametrize("text", ["", "{}", "{}\n", '{\n  "a": 1\n}\n', '{"ui": {"b": 2}, "a": {}}'])
def test_what_was_there_comes_back_also_after_an_edit_beside_ours(editor, text):
    written = editor.changed(text, QUOTED)
    assert command_of(written, editor.within).endswith(" ansi")
    assert editor.taken(written) == text
    edited = written.replace("{", '{"mine": [1],', 1)
    rest = json.loads(editor.taken(edited))
    assert rest.pop("mine") == [1]
    assert {key: value for key, value in rest.items() if value or key != "ui"} == json.loads(text or "{}")


def test_an_edit_of_ours_stays_while_the_path_is_renewed():
    written = claude.changed("{}", QUOTED).replace(" ansi", " ansi | cut -c1-20")
    assert command_of(claude.changed(written, ELSEWHERE)) == f"{ELSEWHERE} ansi | cut -c1-20"
    assert claude.taken(written) == "{}"
