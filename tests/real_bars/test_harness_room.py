"""The harness's room: private, readable where it must be, and empty in the end."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.presence import need
from support.realbars.room import Room, borrowed, mapped, ordinary, processes
from support.waiting import until

pytestmark = pytest.mark.usefixtures("programs")

HERE = Path(__file__).parent
TESTS = HERE.parent
ACCOUNTS = [mapped(), borrowed()] if os.geteuid() == 0 and mapped().run("true") else [ordinary()]


@pytest.fixture(params=ACCOUNTS, ids=lambda account: account.prefix[0] if account.prefix else "own")
def quarters(request):
    made = Room(request.param)
    yield made
    made.close()


def test_a_command_runs_as_nobodys_root_in_a_folder_and_environment_of_its_own(quarters):
    quarters.script("who", '#!/bin/sh\nid -u; pwd; echo "$HOME"; env | wc -l\n')
    number, folder, home, variables = quarters.run("who").decode().split()
    assert number != "0"
    assert folder == home == str(quarters.folder)
    assert int(variables) <= len(quarters.environ) + 3  # the shell adds PWD, OLDPWD, SHLVL, _


def test_a_command_can_write_into_the_room(quarters):
    quarters.run("sh", "-c", "echo yes >made")
    assert (quarters.folder / "made").read_text() == "yes\n"


def test_what_failed_says_so_with_its_own_words(quarters):
    with pytest.raises(OSError, match="sh ended with 3: oh no"):
        quarters.run("sh", "-c", "echo oh no >&2; exit 3")


def test_a_file_that_the_account_cannot_read_is_named(room, tmp_path):
    with pytest.raises(PermissionError, match=r"cannot read .*absent"):
        room.readable(tmp_path / "absent")


def test_a_folder_that_only_its_owner_may_enter_is_readable_unless_the_account_is_borrowed(quarters, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed/command").write_text("")
    assert quarters.account.reads(tmp_path / "closed/command") == (quarters.account != borrowed())


def test_whatever_was_started_in_the_room_ends_with_it():
    made = Room()
    made.script("deaf", "#!/bin/sh\ntrap '' TERM\nsetsid sleep 1000 &\nexec sleep 1000\n")
    made.start("deaf", log="deaf.log")
    until(lambda: list(made.alive().values()).count("sleep 1000") == 2, "two sleepers")
    made.close()
    assert processes(made.runtime) == {}
    assert not made.folder.exists()


def test_a_killed_run_leaves_no_program_behind():
    code = "from support.realbars.room import Room; r = Room(); r.start('sleep', '1000', log='l')"
    code += "; print(r.folder, flush=True); input()"
    environ = {**os.environ, "PYTHONPATH": str(TESTS)}
    killed = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environ,
        stdin=-1,
        stdout=-1,
        text=True,
    )
    folder = Path(killed.stdout.readline().strip())
    until(lambda: "sleep 1000" in processes(folder / "run").values(), "the program")
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    until(lambda: not processes(folder / "run"), "the end of the program")
    subprocess.run(["rm", "-r", str(folder)], check=True)


def test_a_failing_test_leaves_no_bar_behind(tmp_path):
    need("tmux")
    test = """
    import pytest

    @pytest.fixture(scope="session")
    def programs():
        pass

    def test_that_fails(room, tmux):
        tmux("set -g status-right x")
        print("FOLDER", room.folder)
        assert 0
    """
    (tmp_path / "test_it.py").write_text("\n".join(line[4:] for line in test.split("\n")))
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}  # this run's options
    environ = {**ours, "PYTHONPATH": os.pathsep.join([str(HERE), str(TESTS), *sys.path])}
    options = shlex.split("-q -p conftest -p no:cacheprovider -c /dev/null --rootdir . test_it.py")
    command = [sys.executable, "-m", "pytest", *options]
    told = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False).stdout
    assert "1 failed" in told
    folder = Path(told.split("FOLDER ")[1].split()[0])
    assert processes(folder / "run") == {}
    assert not folder.exists()
