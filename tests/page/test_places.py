"""Where the page comes: in a terminal's window of its own, and in a popup of tmux by the key that setup writes."""

from __future__ import annotations

import os
import subprocess

import pytest
from support.machine import need, until

from codingplan_bar.commands.clicks import Emulator, floating, open_window, terminals
from codingplan_bar.configure.machine import Machine
from codingplan_bar.resources import command


@pytest.fixture
def have(tmp_path):
    """have(name, …) -> the environment of a user who has these programs, and no others."""

    def have(*names, **environ):
        for name in names:
            (tmp_path / name).write_text("")
            (tmp_path / name).chmod(0o755)
        return {"PATH": str(tmp_path), "HOME": str(tmp_path), **environ}

    return have


def first(environ, ask=lambda _: None):
    return next(terminals(environ, ask), None)


def test_the_users_own_terminal_comes_first_with_what_it_is_to_be_told(have):
    environ = have("foot", "kitty", "footwear", TERMINAL="kitty --single-instance")
    found = first(environ)
    assert found.words[:6] == ("kitty", "--single-instance", "--class", "codingplan-bar", "--title", "Coding Plan")
    assert found.program == "kitty"


def test_the_title_is_one_word_of_the_command(have):
    assert "--title=Coding Plan" in first(have("foot")).words
    kitty = first(have("kitty", TERMINAL="kitty")).words
    assert kitty[kitty.index("--title") + 1] == "Coding Plan"


def test_one_that_is_not_known_is_given_the_option_that_terminals_share(have):
    assert first(have("myterm", TERMINAL="myterm")).words == ("myterm", "-e")


def test_a_terminal_variable_that_names_nothing_is_no_obstacle(have):
    assert first(have("alacritty", TERMINAL="gone -x")).program == "alacritty"
    assert first(have("alacritty", TERMINAL="'")).program == "alacritty"


def test_what_the_desktop_has_chosen_comes_before_what_is_only_there(have):
    environ = have("xdg-terminal-exec", "foot", "alacritty", "gnome-terminal")
    assert first(environ, lambda _: "Alacritty.desktop\n").program == "alacritty"
    assert first(environ, lambda _: "org.gnome.Terminal.desktop\n").program == "gnome-terminal"
    assert first(environ, lambda _: None).words == ("xdg-terminal-exec",)


def test_debians_name_is_followed_to_the_terminal_that_it_means(have, tmp_path):
    environ = have("foot", "odd")
    (tmp_path / "x-terminal-emulator").symlink_to(tmp_path / "foot")
    assert first(environ).words[0] == "foot"
    (tmp_path / "x-terminal-emulator").unlink()
    (tmp_path / "x-terminal-emulator").symlink_to(tmp_path / "odd")
    assert first(environ).words == ("x-terminal-emulator", "-T", "Coding Plan", "-e")


def test_the_first_that_starts_shows_the_page_with_the_bars_own_plan_and_environment(have):
    environ = have("foot", "alacritty", CODINGPLAN_BAR_PLAN="token-plan", DASHSCOPE_API_KEY="the bar's")
    started = []

    def start(words, told, *, is_ours):
        started.append(words)
        assert is_ours
        assert told == environ
        return words[0] == "alacritty"

    assert open_window(environ, start) == 0
    assert [words[0] for words in started] == ["foot", "alacritty"]
    assert started[1][-6:] == [command(), "status", "--watch", "--window", "--plan", "token-plan"]


def test_without_a_terminal_a_click_opens_the_console(have, programs, tmp_path):
    browser = tmp_path / "browser"
    opened = tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$*" >{opened}\n')
    browser.chmod(0o755)
    assert open_window(have(BROWSER=str(browser))) == 0
    address = until(lambda: opened.exists() and opened.read_text(), "the browser")
    assert address.startswith("https://modelstudio.console.alibabacloud.com/")


def test_without_a_terminal_and_a_browser_a_click_says_what_to_type(have, capfd):
    assert open_window(have()) == 1
    told = " ".join(capfd.readouterr().err.split())
    assert told.endswith("window could be opened (no display). In this terminal: codingplan-bar status --watch")


def test_a_second_click_closes_the_window_and_a_third_one_opens_it_again(home, opened, tmp_path):
    terminal = tmp_path / "terminal"
    terminal.write_text('#!/bin/sh\nshift; echo "$*" >>"$HOME/started"; exec sleep 3\n')
    terminal.chmod(0o755)
    home.environ["TERMINAL"] = str(terminal)
    started = home.folder / "started"

    def clicked():
        assert home.run("status", "--window").returncode == 0
        return started.read_text().splitlines()

    assert clicked() == [f"{command()} status --watch --window"]
    page = opened("status", "--watch", "--window")
    assert page.shows("q close")
    assert opened("status", "--watch", "--window").ends() == 0  # of two clicks at once the second page is one too many
    assert opened("status", "--watch").shows("q close")  # and what is typed is no click
    assert len(clicked()) == 1
    assert page.ends() == 0
    assert page.is_as_before()
    assert len(clicked()) == 2


def test_of_two_clicks_at_once_the_second_one_does_nothing(home, tmp_path):
    terminal = tmp_path / "terminal"
    terminal.write_text('#!/bin/sh\necho "$*" >>"$HOME/started"; exec sleep 3\n')
    terminal.chmod(0o755)
    clicks = [
        subprocess.Popen([command(), "status", "--window"], env={**home.environ, "TERMINAL": str(terminal)})
        for _ in range(2)
    ]
    assert [click.wait(60) for click in clicks] == [0, 0]
    assert len((home.folder / "started").read_text().splitlines()) == 1


NAMED, TITLED = Emulator(("foot",), is_named=True), Emulator(("xterm",), is_named=False)


@pytest.mark.parametrize(
    ("manager", "version", "terminal", "line"),
    [
        ("sway", "", NAMED, 'for_window [app_id="^codingplan-bar$"] floating enable'),
        ("sway", "", TITLED, 'for_window [title="^Coding Plan$"] floating enable'),
        ("i3", "", NAMED, 'for_window [class="^codingplan-bar$"] floating enable'),
        ("niri", "", NAMED, 'window-rule { match app-id="^codingplan-bar$"; open-floating true; }'),
        ("river", "", TITLED, "riverctl rule-add -title 'Coding Plan' float"),
        ("bspwm", "", TITLED, "bspc rule -a '*:*:Coding Plan' state=floating"),
        ("Hyprland", "Hyprland 0.41.2 built from", NAMED, "windowrulev2 = float, class:^(codingplan-bar)$"),
        ("Hyprland", "Hyprland 0.53.1 built from", NAMED, "windowrule = float on, match:class ^(codingplan-bar)$"),
        ("Hyprland", "", TITLED, 'hl.window_rule({ match = { title = "^(Coding Plan)$" }, float = true })'),
    ],
)
def test_the_line_that_lets_it_float_is_that_of_the_window_manager_that_runs(manager, version, terminal, line):
    machine = Machine({}, printed_by=lambda _: version, running=[["waybar"], [f"/usr/bin/{manager}", "-c", "x"]])
    assert floating(terminal, machine) == (manager, line)


def test_a_desktop_that_floats_its_windows_needs_no_line():
    assert floating(NAMED, Machine({}, running=[["gnome-shell"], [os.devnull]])) is None


@pytest.fixture
def tmux(home, terminal, tmp_path):
    """A client of a tmux of its own that reads the home's configuration; its server ends with the test."""
    need("tmux")
    words = ["/usr/bin/env", "tmux", "-u", "-S", str(tmp_path / "socket")]
    home.environ["SHELL"] = "/bin/sh"
    yield lambda: terminal([*words, "new-session", "exec sleep 86400"])
    subprocess.run([*words, "kill-server"], env=home.environ, check=False, capture_output=True)


def test_the_key_that_setup_writes_shows_the_page_in_a_popup_and_q_closes_it(home, tmux):
    done = home.run("setup", "tmux", "--popup", "U", "--write")
    assert (done.returncode, done.stderr) == (0, b"")
    client = tmux()
    assert client.shows("%")  # of 80 columns one window has its share
    client.type("\x02U")
    assert client.shows("5 hours", "Month", "r refresh", "q close")
    client.type("h")
    assert client.shows("The last 7 days")
    client.type("q")
    assert client.lacks("The last 7 days", "Esc back")


def test_undo_takes_the_key_out_with_the_rest_and_a_second_setup_keeps_it(home, programs):
    before = "set -g mouse on\n"
    config = home.folder / ".tmux.conf"
    config.write_text(before)
    home.run("setup", "tmux", "--popup", "U", "--write")
    written = config.read_text()
    assert "bind-key U display-popup" in written
    assert b"has it already" in home.run("setup", "tmux", "--write").stdout
    assert config.read_text() == written
    done = home.run("setup", "tmux", "--undo")
    assert config.read_text() == before
    assert b"not as setup had written it" not in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tmux", "--popup", "m"), b"The key m has a meaning in it already"),
        (("tmux", "--popup", "a b"), b"--popup takes a key as tmux names it"),
        (("i3blocks", "--popup", "U"), b"--popup is for tmux"),
    ],
)
def test_a_key_that_cannot_be_had_changes_nothing_and_the_reason_is_told(home, words, said):
    config = home.folder / ".tmux.conf"
    config.write_text("bind m set -g mouse on\n")
    blocks = home.folder / ".config/i3blocks/config"
    blocks.parent.mkdir(parents=True)
    blocks.write_text("[time]\ncommand=date\n")
    done = home.run("setup", *words, "--write")
    assert done.returncode == 1
    assert said in done.stderr
    assert config.read_text() == "bind m set -g mouse on\n"
    assert blocks.read_text() == "[time]\ncommand=date\n"
