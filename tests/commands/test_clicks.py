"""`open`, and what the menus of some bars call: the desktop's own programs are started, and fail in words."""

from __future__ import annotations

import json
import time
import tomllib

import pytest

from codingplan_bar import process
from codingplan_bar.commands import clicks
from codingplan_bar.model import Attempt, Problem, Snapshot
from codingplan_bar.refresh.store import Files
from codingplan_bar.settings.settings import SETTINGS, load
from codingplan_bar.snapshot import encoded

INTL = "https://modelstudio.console.alibabacloud.com/ap-southeast-1/?tab=globalset#/efm/coding_plan"
CN = "https://bailian.console.aliyun.com/cn-beijing/?tab=model#/efm/coding_plan"
SCREEN = {"DISPLAY": ":0"}


@pytest.fixture
def started():
    return []


@pytest.fixture
def start(started):
    """Starts nothing, and remembers."""
    return lambda command: not started.append(command)


def stand_in(folder, name, script):
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_the_dashboard_of_the_region_that_answered_is_opened(visitor, start, started):
    visitor.run("fetch", "--region", "cn")
    assert clicks.open_dashboard(start, visitor.environ | SCREEN) == 0
    assert started == [["xdg-open", CN]]


def test_before_anything_is_stored_it_is_the_region_of_the_settings(user, start, started):
    clicks.open_dashboard(start, user.environ | SCREEN | {"CODINGPLAN_BAR_REGION": "cn"})
    clicks.open_dashboard(start, user.environ | SCREEN)
    assert [command[-1] for command in started] == [CN, INTL]


def test_before_any_answer_it_is_that_of_the_users_own_sign_in_unless_a_region_is_given(user, start, started):
    attempt = Attempt("token", "cn", "network", "The server could not be reached.")
    failed = Snapshot(1, INTL, attempts=(attempt,), error=Problem("network", "The server could not be reached."))
    Files(user.environ).save(failed, encoded(failed))
    clicks.open_dashboard(start, user.environ | SCREEN)
    clicks.open_dashboard(start, user.environ | SCREEN | {"CODINGPLAN_BAR_REGION": "intl"})
    assert [command[-1] for command in started] == [CN, INTL]


def test_an_address_that_was_stored_is_never_opened(visitor, start, started):
    visitor.run("fetch")
    stored = visitor.cache / "snapshot.json"
    stored.write_text(stored.read_text().replace(INTL, "https://example.org/"))
    assert json.loads(stored.read_text())["dashboard_url"] == "https://example.org/"
    clicks.open_dashboard(start, visitor.environ | SCREEN)
    assert started == [["xdg-open", INTL]]


def test_a_settings_file_that_cannot_be_read_stops_no_click(user, start, started):
    user.configure("region = ")
    assert clicks.open_dashboard(start, user.environ | SCREEN) == 0
    assert started == [["xdg-open", INTL]]


def test_where_no_browser_can_be_started_the_address_is_told(user, capfd):
    assert clicks.open_dashboard(lambda _: False, user.environ | SCREEN) == 1
    assert capfd.readouterr() == ("", f"codingplan-bar: no browser could be started. Open {INTL}\n")


def test_without_a_screen_nothing_takes_over_the_terminal():
    assert process.browsers({}, "linux", INTL) == []


def test_the_users_own_browser_comes_first_as_its_variable_spells_it():
    environ = SCREEN | {"BROWSER": "lynx -x:'my browser' --to=%s::un'closed"}
    assert process.browsers(environ, "linux", INTL) == [
        ["lynx", "-x", INTL],
        ["my browser", f"--to={INTL}"],
        ["xdg-open", INTL],
        ["gio", "open", INTL],
    ]


def test_macos_opens_by_itself():
    assert process.browsers({}, "darwin", INTL) == [["open", INTL]]
    assert process.editors({}, "darwin", "/settings") == [["open", "-t", "/settings"]]
    assert process.clipboards({}, "darwin") == [["/usr/bin/env", "LC_ALL=en_US.UTF-8", "pbcopy"]]


def test_the_installed_command_tries_one_program_after_the_other_and_stays_silent(user, tmp_path):
    stand_in(tmp_path, "xdg-open", "echo noise; echo noise >&2; exit 3")
    stand_in(tmp_path, "gio", f'echo noise; printf %s "$2" > {tmp_path}/opened')
    done = user.run("open", env=SCREEN | {"PATH": str(tmp_path), "BROWSER": "not-there"})
    assert (done.code, done.out, done.err) == (0, "", "")
    assert (tmp_path / "opened").read_text() == INTL


def test_a_browser_that_stays_is_not_waited_for_and_goes_on(tmp_path, programs):
    after = tmp_path / "after"
    browser = stand_in(tmp_path, "browser", f"sleep 0.6; echo lived > {after}")
    assert process.start([str(browser)], patience=0.1)
    assert not after.exists()
    latest = time.monotonic() + 20
    while not after.exists() and time.monotonic() < latest:
        time.sleep(0.05)
    assert after.exists()


def test_a_program_that_reads_nothing_is_given_up(tmp_path, programs):
    mute = stand_in(tmp_path, "mute", "exec sleep 5")
    assert not process.feed([str(mute)], "text", patience=0.1)


def test_the_settings_are_made_first_and_say_everything_behind_a_hash(user, start, started):
    assert clicks.open_settings(start, user.environ | SCREEN) == 0
    path = user.home / ".config/codingplan-bar/config.toml"
    assert started == [["xdg-open", str(path)]]
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    assert load(text, {}).given == frozenset()
    said = tomllib.loads("\n".join(line.removeprefix("#") for line in text.splitlines() if not line.startswith("# ")))
    assert said == {name: row.unset for name, row in SETTINGS.items()}
    assert load(text.replace("\n#", "\n").replace("\n ", "\n# "), {}).given == set(SETTINGS)


def test_settings_that_are_there_are_not_touched_nor_is_a_link_to_nowhere(user, start):
    user.configure("# mine\n")
    clicks.open_settings(start, user.environ | SCREEN)
    path = user.home / ".config/codingplan-bar/config.toml"
    assert path.read_text() == "# mine\n"
    path.unlink()
    path.symlink_to(user.home / "dotfiles/config.toml")
    clicks.open_settings(start, user.environ | SCREEN)
    assert path.is_symlink()


def test_settings_that_cannot_be_made_or_opened_are_told(user, capfd):
    assert clicks.open_settings(lambda _: False, user.environ) == 1
    assert "edit " in capfd.readouterr().err
    assert clicks.open_settings(lambda _: True, user.environ | {"XDG_CONFIG_HOME": "/proc/nowhere"}) == 1
    assert "XDG_CONFIG_HOME" in capfd.readouterr().err


def test_the_view_is_copied_by_the_first_program_that_takes_it(user, tmp_path):
    taken = tmp_path / "taken"
    stand_in(tmp_path, "wl-copy", "exit 1")
    stand_in(tmp_path, "xclip", f"exec /bin/cat > {taken}")
    user.run("fetch")
    done = user.run("copy", env=SCREEN | {"WAYLAND_DISPLAY": "wayland-1", "PATH": str(tmp_path)})
    assert (done.code, done.out, done.err) == (0, "", "")
    assert json.loads(taken.read_text())["state"] == "signed_out"


def test_without_a_clipboard_program_the_packages_are_named(user):
    done = user.run("copy")
    assert (done.code, done.out) == (1, "")
    assert "wl-clipboard" in done.err
