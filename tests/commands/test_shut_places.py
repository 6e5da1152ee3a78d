"""Files and folders that are shut: what is not known is not told as known, and the step opens what is shut."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codingplan_bar import paths
from codingplan_bar.run import run

PLACE = ".config/codingplan-bar/config.toml"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """One with a file of settings, and without a program but our own."""
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "LANGUAGE", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / PLACE).parent.mkdir(parents=True)
    (tmp_path / PLACE).write_text('region = "cn"\n')
    return tmp_path


@pytest.fixture
def shut(home, monkeypatch):
    """The file cannot be read: its own mode is why, or that of a folder above it."""
    real = paths.content

    def refused(path, *arguments, **more):
        if Path(path).name == "config.toml":
            raise PermissionError(13, os.strerror(13), str(path))
        return real(path, *arguments, **more)

    monkeypatch.setattr(paths, "content", refused)
    return home


def closed(monkeypatch, folder):
    """Let a folder be neither entered nor written, whoever asks."""
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != folder and real(path, mode))


def said(capfd, *arguments):
    code = run([*arguments])
    out, err = capfd.readouterr()
    return code, " ".join((out + err).split())


@pytest.mark.parametrize(("language", "unknown"), [("en", "is not known"), ("zh", "内容无法得知")])
def test_of_a_file_that_cannot_be_read_config_says_that_its_settings_are_not_known(
    shut, capfd, monkeypatch, language, unknown
):
    monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    told = said(capfd, "config")[1]
    assert unknown in told
    assert "valid" not in told.partition("✗")[0]
    assert f"chmod u+rw ~/{PLACE}" in told


@pytest.mark.parametrize("arguments", [("config", "set", "region", "intl"), ("doctor", "--offline"), ("refresh",)])
def test_each_command_names_the_same_step_that_opens_the_file(shut, capfd, arguments, programs):
    told = said(capfd, *arguments)[1]
    assert f"chmod u+rw ~/{PLACE}" in told
    assert "config edit" not in told
    assert "See:" not in told


def test_where_a_folder_is_shut_the_step_opens_that(shut, capfd, monkeypatch):
    closed(monkeypatch, shut / ".config")
    assert "chmod u+rwx ~/.config" in said(capfd, "config", "set", "region", "intl")[1]


def test_a_file_of_another_user_is_not_said_to_be_opened_by_a_command_that_would_fail(shut, capfd, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    told = said(capfd, "config", "set", "region", "intl")[1]
    assert "chmod" not in told
    assert "cannot be read" in told


@pytest.mark.parametrize(("language", "says"), [("en", "is read-only"), ("zh", "只读")])
def test_doctor_says_that_the_folder_of_the_settings_is_read_only(home, capfd, monkeypatch, language, says, programs):
    monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    (home / PLACE).unlink()
    folder = (home / PLACE).parent
    closed(monkeypatch, folder)
    told = said(capfd, "doctor", "--offline")[1]
    assert f"~/{folder.relative_to(home)} {says}" in told


@pytest.mark.parametrize(("language", "step"), [("en", "then this command again"), ("zh", "然后再次运行此命令")])
def test_logout_all_does_what_it_can_and_says_what_stays_and_what_lets_it_go(home, capfd, monkeypatch, language, step):
    monkeypatch.setenv("LANG", {"en": "C.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    cache, state = home / ".cache/codingplan-bar", home / ".local/state/codingplan-bar"
    for path in (cache / "snapshot.json", state / "session.json", state / "history.db"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    real = Path.unlink

    def unlink(path, *arguments, **more):
        if path.parent == cache:
            raise PermissionError(13, os.strerror(13), str(path))
        real(path, *arguments, **more)

    monkeypatch.setattr(Path, "unlink", unlink)
    code, told = said(capfd, "logout", "--all")
    assert code == 1
    assert [path.name for path in state.iterdir() if path.name in ("session.json", "history.db")] == []
    assert 'cookie_source = "off"' in (home / PLACE).read_text()
    assert 'cookie_source = "off"' in told
    assert "~/.cache/codingplan-bar/snapshot.json" in told
    assert "chmod u+w ~/.cache/codingplan-bar" in told
    assert step in told
    assert "any longer" not in told
