"""Which programs run for this user, and which file a bar reads: by these, by the desktop's, by its own places."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from codingplan_bar.configure import polybar, waybar
from codingplan_bar.configure.bars import parts_of
from codingplan_bar.configure.block import LeftAlone
from codingplan_bar.configure.machine import Machine, running, shell_text
from codingplan_bar.configure.machine.shell_text import in_folder
from codingplan_bar.configure.panels import i3blocks, tint2
from codingplan_bar.configure.panels.i3status_rust_starship import i3status_rust

HOME = Path("/home/me")
STATUS = [
    ("status_command i3status-rs ~/.config/bar/top.toml", ".config/bar/top.toml"),
    ('\tstatus_command exec i3status-rs "$HOME/a b.toml"', "a b.toml"),
    ("    status_command /usr/bin/i3status-rs ~/a.toml # my bar", "a.toml"),
    ("status_command i3status-rs '~/#1.toml' # my bar", "#1.toml"),
    ("set $bar ~/a.toml\nstatus_command i3status-rs $bar", "a.toml"),
    ("set $b ~/no\nset $bar i3status-rs ~/a.toml\nstatus_command $bar", "a.toml"),
    ("set $d $HOME/.config\nset $bar $d/a.toml\nstatus_command exec i3status-rs $bar", ".config/a.toml"),
    ("status_command env LC_ALL=C RUST_LOG=warn i3status-rs ~/a.toml", "a.toml"),
    ('status_command sh -c "sleep 1; exec i3status-rs ~/a.toml"', "a.toml"),
    ("status_command bash -lc 'i3status-rs ${XDG_CONFIG_HOME:-$HOME/.config}/a.toml'", ".config/a.toml"),
    ("status_command i3status-rs \\\n    ~/a.toml", "a.toml"),
    ("status_command ~/bin/status.sh", "script.toml"),
    ("status_command while i3status-rs ~/a.toml; do sleep 1; done", "a.toml"),
    ("include ~/parts/*.conf", "included.toml"),
    ("include parts/*.conf", "included.toml"),
    ("set_from_resource $bar i3.bar ~/a.toml\nstatus_command i3status-rs $bar", "a.toml"),
    ("# status_command i3status-rs ~/a.toml", None),
    ("status_command i3status-rs 'open", None),
    ("status_command while date; do sleep 1; done", None),
    ("status_command echo i3status-rs", None),
]


@pytest.fixture
def home(tmp_path):
    for name, text in {
        "bin/status.sh": '#!/bin/sh\n# i3status-rs no.toml\nCONFIG="$HOME/script.toml"\nexec i3status-rs "$CONFIG"\n',
        "parts/bar.conf": "bar {\n    status_command i3status-rs ~/included.toml\n}\n",
        "parts/start.lua": 'hl.exec_cmd("waybar -c ~/mine")\n',
        "parts/vars.sh": "mine=~/mine\n",
        "parts/bare.sh": "polybar main -c $mine &\n",
        ".config/niri/auto.kdl": 'spawn-at-startup "waybar" "-c" "~/mine"\n',
        ".config/awesome/rc.lua": 'require("parts.start")\n',
        ".config/xmonad/xmonad.hs": "import Start\n",
        "parts/start.hypr": "exec-once = waybar -c ~/mine\n",
        ".config/i3/parts/bar.conf": "bar {\n    status_command i3status-rs ~/included.toml\n}\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(("lines", "name"), STATUS)
def test_i3_and_sway_say_which_file_of_i3status_rust_is_read(home, lines, name):
    (home / ".config/i3/config").write_text(f"{lines}\n")
    found = i3status_rust.place(Machine({"HOME": str(home)}))
    assert found == (home / name if name else None)


STARTED = [
    ("i3/config", "bar {\n status_command i3blocks -c ~/mine\n}\n", i3blocks),
    ("i3/config", "exec_always --no-startup-id polybar -c ~/mine top\n", polybar),
    ("sway/config", "exec waybar -c ~/mine -s ~/other.css\n", waybar),
    ("sway/config", 'bar {\n swaybar_command waybar --config="$HOME/mine"\n}\n', waybar),
    ("sway/config", "exec waybar -s ~/mine\n", waybar.style),
    ("hypr/hyprland.conf", "exec-once = [silent] dunst & waybar -c ~/mine\n", waybar),
    ("bspwm/bspwmrc", '#! /bin/sh\nfor m in a b; do\n  MONITOR=$m polybar --config="$HOME/mine" x &\ndone\n', polybar),
    ("i3/config", "exec_always ~/launch.sh\n", polybar),
    ("sway/config", "bar swaybar_command waybar -c ~/mine\n", waybar),
    ("sway/config", "exec (sleep 1; waybar -c ~/mine) &\n", waybar),
    ("sway/config", "exec nice -n 10 waybar -c ~/mine\n", waybar),
    ("sway/config", "bar {\n status_command 'i3blocks -c ~/mine'\n}\n", i3blocks),
    ("i3/config", "bar {\n status_command /usr/bin/env i3blocks -c ~/mine\n}\n", i3blocks),
    ("hypr/hyprland.conf", "$bar = waybar -c ~/mine\nexec-once = $bar\n", waybar),
    ("hypr/hyprland.conf", "$mine = ~/parts\nsource = $mine/*.hypr\n", waybar),
    ("hypr/hyprland.conf", "exec = pkill -SIGUSR2 waybar || waybar -c ~/mine\n", waybar),
    ("labwc/autostart", "waybar -c ~/mine >/dev/null 2>&1 &\n", waybar),
    ("niri/config.kdl", 'spawn-at-startup "waybar" "-c" "~/mine"\n', waybar),
    ("niri/config.kdl", 'spawn-sh-at-startup "waybar -c ~/mine"\n', waybar),
    ("autostart/bar.desktop", "[Desktop Entry]\nExec=sh -c 'polybar -c ~/mine main'\n", polybar),
    ("systemd/user/waybar.service", "[Service]\nExecStart=/usr/bin/waybar -c %h/mine\n", waybar),
    ("niri/config.kdl", 'include "auto.kdl"\n', waybar),
    ("wayfire.ini", "[command]\nbar = waybar -c ~/no\n[autostart]\nbar = waybar -c ~/mine\n[core]\n", waybar),
    ("mango/config.conf", "exec-once=waybar -c ~/mine\n", waybar),
    ("systemd/user/waybar.service", "[Service]\nExecStart=/usr/bin/waybar -c %E/../mine\n", waybar),
    ("systemd/user/waybar.service", "ExecStart=waybar \\\n# mine\n -s %h/a.css \\\n -c %h/mine\nType=simple\n", waybar),
    ("systemd/user/a.service", "ExecStart=a \\\n  -b\nExecStartPost=c\nExecStart = waybar -c %h/mine\n", waybar),
    ("../.local/share/systemd/user/waybar.service", "[Service]\nExecStart=/usr/bin/waybar -c %h/mine\n", waybar),
    ("hypr/hyprland.conf", "exec-once = app2unit -t service -- waybar -c ~/mine\n", waybar),
    ("hypr/hyprland.conf", "exec-once = uwsm app -s b -- /usr/bin/waybar -c ~/mine\n", waybar),
    ("hypr/hyprland.conf", "exec-once = env -u LANG A=b timeout 9 waybar -c ~/mine\n", waybar),
    ("hypr/hyprland.conf", "exec-once = ls ~/a/waybar -l; pkill waybar; waybar -c ~/mine\n", waybar),
    ("i3/config", "set\t$mine ~/mine\nbar {\n\tstatus_command\ti3blocks -c $mine\n}\n", i3blocks),
    ("hypr/hyprland.conf", "exec-once = systemd-run --user waybar -c ~/mine\n", waybar),
    ("hypr/hyprland.conf", "exec-once = hyprctl dispatch exec '[workspace 1] waybar -c ~/mine'\n", waybar),
    ("hypr/hyprland.lua", 'hl.on("hyprland.start", function() hl.exec_cmd("waybar -c ~/mine") end)\n', waybar),
    ("hypr/hyprland.lua", "local c <const> = 1\nlocal bar = 'waybar -c ' .. [[~/mine]]\nhl.exec_cmd(bar)\n", waybar),
    ("hypr/hyprland.lua", 'a = { "x", "waybar -c ~/mine" }\nfor _, b in ipairs(a) do hl.exec_cmd(b) end\n', waybar),
    ("hypr/hyprland.lua", 'hl.exec_cmd(os.getenv("HOME") .. "/launch.sh")\n', polybar),
    ("hypr/hyprland.lua", 'dofile("../../parts/start.lua")\n', waybar),
    ("river/init", "#!/bin/sh\nriverctl spawn 'pkill waybar; waybar -c ~/mine'\n", waybar),
    ("herbstluftwm/autostart", "#!/bin/sh\nherbstclient spawn polybar -c ~/mine main\n", polybar),
    ("sway/config", "exec_always {\n  true\n  waybar -c ~/mine\n}\nexec foot\n", waybar),
    ("sway/config", "exec swaymsg -q exec 'waybar -c ~/mine'\n", waybar),
    ("i3/config", "exec i3-msg exec --no-startup-id polybar -c ~/mine x\n", polybar),
    ("bspwm/bspwmrc", "export mine=~/mine\nlocal bar=main\npolybar $bar -c $mine &\n", polybar),
    ("bspwm/bspwmrc", "#!/bin/sh\n. ~/parts/vars.sh\nsource ~/parts/bare.sh\n", polybar),
    ("../.xinitrc", "#!/bin/sh\npolybar -c ~/mine main &\nexec i3\n", polybar),
    ("../.xprofile", "cd ~/parts\n(polybar main -c ../mine) &\n", polybar),
    (
        "leftwm/themes/current/up",
        '#!/bin/sh\nD="$(cd "$(dirname "$0")" ; pwd -P)"\npolybar x -c $D/../../../../mine &\n',
        polybar,
    ),
    ("leftwm/up", "#!/bin/sh\npolybar -c ~/mine x &\n", polybar),
    ("awesome/rc.lua", 'awful.spawn.with_shell("polybar -c ~/mine")\n', polybar),
    ("awesome/rc.lua", '-- awful.spawn("polybar")\nrun_once({ "picom -b", "polybar -c ~/mine x" })\n', polybar),
    (
        "awesome/rc.lua",
        'awful.spawn({ "polybar", "main", -- the first\n  "-c", os.getenv("HOME") .. "/mine" })\n',
        polybar,
    ),
    ("awesome/parts/start.lua", "for _, a in ipairs({ 'polybar -c ~/mine' }) do awful.spawn(a) end\n", polybar),
    ("awesome/autorun.sh", "polybar -c ~/mine &\n", polybar),
    ("xmonad/xmonad.hs", 'main = do\n  -- spawn "polybar"\n  spawnOnce "polybar -c ~/mine"\n', polybar),
    ("../.xmonad/xmonad.hs", 'x = className =? "polybar" --> f\n  spawn $ "polybar " ++ "-c ~/mine"\n', polybar),
    ("xmonad/lib/Start.hs", 'start = safeSpawn "polybar" ["-c", "mine"]\n', polybar),
    ("qtile/config.py", 'subprocess.Popen(["waybar", "-c", os.path.expanduser("~/mine")])  # waybar\n', waybar),
    ("qtile/config.py", "home = os.environ['HOME']\nos.system(f'polybar -c {home}/mine &')\n", polybar),
    ("qtile/config.py", "up = os.path.expanduser('~/launch.sh')\nsubprocess.call([up])\n", polybar),
    ("qtile/config.py", 'for each in [["picom", "-b"], ["waybar", "-c", "~/mine"]]:\n  Popen(each)\n', waybar),
    ("qtile/autostart.sh", "polybar -c ~/mine &\n", polybar),
    ("../.dwm/autostart.sh", "#!/bin/sh\npolybar -c ~/mine &\n", polybar),
    ("../.local/share/dwm/autostart.sh", "#!/bin/sh\npolybar -c ~/mine &\n", polybar),
    ("openbox/autostart", "tint2 -c ~/mine &\n", tint2),
    ("herbstluftwm/autostart", "#!/bin/sh\npolybar -c ~/mine &\n", polybar),
    ("../.xsession", 'case "$(hostname)" in\n  a) polybar x -c ~/mine & ;;\nesac\n', polybar),
]


@pytest.mark.parametrize(("name", "text", "bar"), STARTED)
def test_what_the_desktop_starts_is_a_witness_for_every_bar(home, name, text, bar):
    path = home / ".config" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    (home / "launch.sh").write_text("#!/usr/bin/env bash\npkill polybar\npolybar main -c $HOME/mine 2>&1 &\n")
    (home / "mine").touch()
    for default in ("i3blocks/config", "polybar/config", "waybar/config", "waybar/style.css", "tint2/tint2rc"):
        (home / ".config" / default).parent.mkdir(parents=True, exist_ok=True)
        (home / ".config" / default).touch()
    assert bar.place(Machine({"HOME": str(home)})).resolve() == (home / "mine").resolve()


NO_WITNESS = [
    ("qtile/config.py", 'Match(wm_class="polybar")\nKey([], "F1", desc="polybar again")\n'),
    ("awesome/rc.lua", '--[[ awful.spawn("polybar -c ~/no")\n]]\nrule = { class = "polybar" }\n'),
    ("xmonad/xmonad.hs", '{- spawn "polybar -c ~/no" -}\nx = className =? "polybar" --> doFloat\n'),
    ("autostart/bar.desktop", "[Desktop Entry]\nHidden=true\nExec=polybar -c ~/no\n"),
]


@pytest.mark.parametrize(("name", "text"), NO_WITNESS)
def test_what_a_desktop_only_says_of_a_bar_or_has_switched_off_is_no_witness(home, name, text):
    (home / "no").touch()
    path = home / ".config" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    assert not [words for words in Machine({"HOME": str(home)}).configured if Path(words[0]).name == "polybar"]


SCRIPTED = [
    ("polybar/launch.sh", "polybar -c ~/mine x\n", polybar, "config.ini"),
    ("polybar/launch", "#!/usr/bin/env bash\npolybar -c ~/mine x &\n", polybar, "config.ini"),
    ("polybar/themes/a/launch.sh", 'polybar -c "$(dirname "$0")/../../../../mine" x\n', polybar, "config.ini"),
    ("waybar/start.sh", "killall waybar\nwaybar -c ~/mine &\n", waybar, "config.jsonc"),
    ("tint2/start.sh", "tint2 -c ~/mine &\n", tint2, "tint2rc"),
]


@pytest.mark.parametrize(("name", "text", "bar", "default"), SCRIPTED)
def test_a_script_in_a_bars_folder_that_names_another_file_leaves_no_choice_but_to_ask(home, name, text, bar, default):
    script = home / ".config" / name
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text(text)
    (home / "mine").touch()
    machine = Machine({"HOME": str(home)})
    assert bar.place(machine).resolve() == home / "mine"
    stale = home / ".config" / bar.PROGRAM / default
    stale.touch()
    with pytest.raises(LeftAlone, match="which") as left:
        bar.place(machine)
    assert [Path(each).resolve() for each in left.value.about] == [stale, home / "mine"]
    assert bar.place(Machine({"HOME": str(home)}, running=[[bar.PROGRAM]])) == stale


def test_a_file_that_a_witness_names_and_that_is_gone_leaves_no_certainty_about_the_usual_one(home):
    (home / ".config/i3/config").write_text("exec polybar -c ~/gone main\n")
    usual = home / ".config/polybar/config.ini"
    usual.parent.mkdir()
    usual.touch()
    with pytest.raises(LeftAlone, match="which") as left:
        polybar.place(Machine({"HOME": str(home)}))
    assert left.value.about == (str(home / "gone"), str(usual))
    usual.write_text("; >>> codingplan-bar >>>\n")
    assert polybar.place(Machine({"HOME": str(home)})) == usual


def test_a_script_that_starts_a_theme_by_a_word_leaves_all_of_them_to_choose_from(home):
    folder = home / ".config/polybar"
    files = [folder / name for name in ("config.ini", "blocks/config.ini", "hack/config.ini")]
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (folder / "launch.sh").write_text('dir=~/.config/polybar\npolybar -q main -c "$dir/$style/config.ini" &\n')
    with pytest.raises(LeftAlone, match="which") as left:
        polybar.place(Machine({"HOME": str(home)}))
    assert left.value.about == tuple(
        str(folder / name) for name in ("config.ini", "blocks/config.ini", "hack/config.ini")
    )


OWN_FOLDER = [
    '"$(dirname "$0")/mine"',
    "$(dirname $0)/mine",
    "${0%/*}/mine",
    '"${BASH_SOURCE%/*}"/mine',
    '"$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/mine"',
    '"$( cd -- "$( dirname -- "${BASH_SOURCE[0]}" )" &> /dev/null && pwd -P )"/mine',
    '"$(dirname "$(readlink -f "$0")")"/mine',
    '"$(dirname "$(realpath "${BASH_SOURCE[0]}")")/mine"',
]


@pytest.mark.parametrize("file", OWN_FOLDER)
def test_a_script_that_asks_for_its_own_folder_is_answered(home, file):
    for name in ("mine", ".config/polybar/config.ini"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).touch()
    (home / "launch.sh").write_text(f"#!/usr/bin/env bash\nkillall -q polybar\nDIR={file}\npolybar -q x -c $DIR &\n")
    (home / ".config/i3/config").write_text("exec_always ~/launch.sh\n")
    assert polybar.place(Machine({"HOME": str(home)})) == home / "mine"


def test_what_a_command_prints_stands_for_any_name_and_a_folder_is_no_candidate(home):
    for theme in ("a", "b"):
        (home / "themes" / theme).mkdir(parents=True)
        (home / "themes" / theme / "bar").touch()
    (home / ".config/i3/config").write_text("exec ~/launch.sh\n")
    (home / "launch.sh").write_text("#!/bin/sh\ntheme=$(cat ~/.cache/theme)\nwaybar -c ~/themes/$theme/bar &\n")
    with pytest.raises(LeftAlone) as left:
        waybar.place(Machine({"HOME": str(home)}))
    assert left.value.about == (str(home / "themes/a/bar"), str(home / "themes/b/bar"))
    (home / "launch.sh").write_text("#!/bin/sh\nwaybar -c $(theme)/bar &\n")
    with pytest.raises(LeftAlone) as left:
        waybar.place(Machine({"HOME": str(home)}))
    assert left.value.about == (str(home / "…/bar"),)


@pytest.mark.parametrize(
    ("running", "name"),
    [
        ([["sway"]], "a.toml"),
        ([["/usr/bin/i3", "--shmlog-size", "0"]], "b.toml"),
        ([["i3", "-c", "/HOME/other"]], "c.toml"),
        ([["Hyprland"]], None),
        ([["waybar"], ["sway"]], "a.toml"),
    ],
)
def test_the_desktop_that_runs_is_the_witness_and_no_other(home, running, name):
    for place, bar in ((".config/sway/config", "a"), (".config/i3/config", "b"), (".i3/config", "no"), ("other", "c")):
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_text(f"bar {{\n status_command i3status-rs ~/{bar}.toml\n}}\n")
    running = [[word.replace("/HOME", str(home)) for word in words] for words in running]
    found = i3status_rust.place(Machine({"HOME": str(home)}, running=running))
    assert found == (home / name if name else None)


@pytest.mark.parametrize(
    ("places", "name"),
    [
        ([".config/i3/config"], "0.toml"),
        ([".i3/config", ".config/i3/config"], "0.toml"),
        ([".config/sway/config", ".i3/config", ".config/i3/config"], "0.toml"),
        ([".sway/config", ".config/sway/config", ".config/i3/config"], "0.toml"),
    ],
)
def test_sway_reads_the_first_of_its_own_places_and_of_i3s(home, places, name):
    for number, place in enumerate(places):
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_text(f"bar {{\n status_command i3status-rs ~/{number}.toml\n}}\n")
        (home / f"{number}.toml").touch()
    assert i3status_rust.place(Machine({"HOME": str(home)}, running=[["sway"]])) == home / name


def test_where_both_start_one_and_none_of_them_runs_it_is_asked_which(home):
    for place, bar in ((".config/sway/config", "a"), (".config/i3/config", "b")):
        (home / place).parent.mkdir(parents=True, exist_ok=True)
        (home / place).write_text(f"bar {{\n status_command i3status-rs ~/{bar}.toml\n}}\n")
        (home / f"{bar}.toml").touch()
    with pytest.raises(LeftAlone, match="which"):
        i3status_rust.place(Machine({"HOME": str(home)}))


def test_a_file_without_a_bar_is_no_candidate(home):
    folder = home / ".config/polybar"
    folder.mkdir()
    (folder / "colors.ini").write_text("[colors]\nblack = #000\n")
    assert polybar.place(Machine({"HOME": str(home)})) is None


RUNNING = [
    (i3blocks, ["i3blocks", "-c", "mine"]),
    (i3status_rust, ["i3status-rs", "mine"]),
    (polybar, ["polybar", "-c", "mine", "top"]),
    (polybar, ["polybar", "-cmine"]),
    (waybar, ["waybar", "--config=mine"]),
    (waybar.style, ["waybar", "-s", "mine"]),
]


@pytest.mark.parametrize(("bar", "words"), RUNNING)
def test_a_relative_path_starts_from_the_folder_of_the_program_that_runs(home, bar, words):
    for folder in (home, home / "elsewhere"):
        folder.mkdir(exist_ok=True)
        (folder / "mine").touch()
    machine = Machine({"HOME": str(home)}, running=[in_folder(words, home / "elsewhere")])
    assert bar.place(machine) == home / "elsewhere/mine"


@pytest.mark.parametrize(("bar", "words"), RUNNING)
def test_what_the_desktop_starts_is_not_asked_where_a_program_that_runs_has_told(home, bar, words):
    """Which of two files a script of the desktop's gives to its bar, only a shell knows; and nobody needs to."""
    for name in ("mine", "a.conf", "b.conf"):
        (home / name).touch()
    command = " ".join(words).replace("mine", "~/$(hostname).conf")
    (home / ".config/sway").mkdir()
    (home / ".config/sway/config").write_text(f"exec {command}\n")
    with pytest.raises(LeftAlone, match="which"):
        bar.place(Machine({"HOME": str(home)}))
    machine = Machine({"HOME": str(home)}, running=[in_folder(words, home)])
    assert bar.place(machine) == home / "mine"
    assert "configured" not in vars(machine)


def test_of_two_that_run_with_files_of_their_own_it_is_asked_which(home):
    files = [home / "a", home / "b"]
    for path in files:
        path.touch()
    machine = Machine({"HOME": str(home)}, running=[["waybar", "-c", str(path)] for path in files])
    with pytest.raises(LeftAlone, match="which") as refused:
        waybar.place(machine)
    assert refused.value.about == tuple(map(str, files))


def test_waybars_own_variable_comes_before_its_other_places(home):
    for folder in (".config/waybar", "chosen"):
        (home / folder).mkdir()
        (home / folder / "config").touch()
    assert waybar.place(Machine({"HOME": str(home)})) == home / ".config/waybar/config"
    for chosen in (str(home / "chosen"), "~/chosen", "$HOME/chosen/"):
        machine = Machine({"HOME": str(home), "WAYBAR_CONFIG_DIR": chosen})
        assert waybar.place(machine) == home / "chosen/config"


@pytest.mark.parametrize("folder", ["", "relative", "settings", "settings/"])
def test_what_the_folder_of_the_settings_is_called_is_the_same_for_all_that_name_it(home, folder):
    whole = str(home / folder) + "/" * folder.endswith("/") if "settings" in folder else folder
    settings = home / ("settings" if "settings" in folder else ".config")
    (settings / "waybar").mkdir(parents=True, exist_ok=True)
    (settings / "waybar/mine").touch()
    (settings / "sway").mkdir()
    (settings / "sway/config").write_text("exec waybar -c ${XDG_CONFIG_HOME:-$HOME/.config}/waybar/mine\n")
    machine = Machine({"HOME": str(home), "XDG_CONFIG_HOME": whole, "WAYBAR_CONFIG_DIR": ""})
    assert waybar.place(machine) == settings / "waybar/mine"
    (main, style, *_) = parts_of("waybar", machine)
    assert (main.usual, style.usual) == (main.shown, str(settings / "waybar/style.css").replace(str(home), "~"))


def test_a_value_for_a_variable_that_is_missing_is_told_apart_from_one_for_an_empty_one():
    known = {"full": "a", "empty": ""}
    for text, meant in (("${empty:-b}", "b"), ("${empty-b}", ""), ("${full:-b}${none-c}${none:-d}", "acd")):
        assert shell_text.expanded(text, known) == meant


def test_the_style_of_a_dark_and_of_a_light_desktop_is_there_too_unless_a_command_names_one(home):
    folder = home / ".config/waybar"
    folder.mkdir()
    machine = Machine({"HOME": str(home)})
    assert waybar.dark.place(machine) is None
    for name in ("style-dark.css", "style-light.css"):
        (folder / name).touch()
    assert waybar.dark.place(machine) == folder / "style-dark.css"
    assert waybar.light.place(machine) == folder / "style-light.css"
    (home / "mine.css").touch()
    named = Machine({"HOME": str(home)}, running=[["waybar", "-s", str(home / "mine.css")]])
    assert waybar.dark.place(named) is None
    assert waybar.style.place(named) == home / "mine.css"


def test_the_included_file_that_names_the_modules_is_the_one_to_change(home):
    folder = home / ".config/waybar"
    folder.mkdir()
    (folder / "config").write_text('{"height": 30, "include": ["~/.config/waybar/modules.json", "none"]}')
    (folder / "modules.json").write_text('{"modules-right": ["clock"]}')
    assert waybar.place(Machine({"HOME": str(home)})) == folder / "modules.json"
    (home / ".config/polybar").mkdir()
    main = home / ".config/polybar/config.ini"
    (main.with_name("bars.ini")).write_text("[bar/top]\nmodules-right = date\n")
    main.write_text("include-file = bars.ini\n; mine\n\n[colors]\nblack = #000\n")
    assert polybar.place(Machine({"HOME": str(home)})) == main.with_name("bars.ini")
    main.write_text("[global/wm]\ninclude-file = bars.ini\nmargin-top = 1\n")
    assert polybar.place(Machine({"HOME": str(home)})) == main


@pytest.fixture
def sleeper():
    """Starts a process with that home, which says that it runs; ends it afterwards."""
    started = []

    def start(home):
        command = [sys.executable, "-c", "print(flush=True); input()", "the one"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        process = subprocess.Popen(command, env={"HOME": home}, **pipes)
        started.append(process)
        process.stdout.readline()
        return command

    yield start
    for process in started:
        process.communicate(b"\n")


@pytest.mark.usefixtures("programs")
@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has /proc.")
def test_the_words_of_a_process_are_told(sleeper):
    assert sleeper("/home/me") in running("/home/me")


@pytest.mark.usefixtures("programs")
@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux has /proc.")
def test_one_that_has_another_home_reads_other_files(sleeper):
    assert sleeper("/home/other") not in running("/home/me")
