"""The options of the test run, the marker of what starts programs, and what tests of several folders share."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("searching", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("searching"), derandomize=True)
settings.register_profile("brief", settings.get_profile("steady"), max_examples=50)
"""A shared machine stalls, so the clock judges no example. Each run tries the same ones; `make attack` searches.

The inner loop tries half of them. All are tried where markers or files are named, and with `--all`: in CI on the oldest
Python and on the newest (`.ci/pythons`), and where the coverage is measured (`.ci/full`).
"""

ENDING = 5.0
"""Seconds that a thread may take to end after what it worked for: the machine may be busy."""

MEMORY, ENOUGH = Path("/dev/shm"), 4 * 1024**3
"""Where files need no disk, and the bytes that must be free there: each refresh waits for the disk three times."""

STARTS = {"subprocess.Popen", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system"}
"""What Python tells its auditors before a process starts: https://docs.python.org/3/library/audit_events.html."""

OF_THE_USER = ("CODINGPLAN_BAR_", "ALIBABA_CODING_PLAN_", "LC_", "LANG", "XDG_", "COLOR", "COLUMNS", "NO_COLOR")
"""How the variables begin by which whoever starts the tests could change what is printed or read."""

OF_THE_TESTS = ("CODINGPLAN_BAR_TEST_", "CODINGPLAN_BAR_REQUIRE_ALL")
"""What says how the tests run."""

IGNORED = (signal.SIGQUIT, signal.SIGHUP)
"""A job in the background ignores SIGINT and SIGQUIT, and one of `nohup` SIGHUP; what it starts would ignore them too.

One that has a handler goes on as well, and what it starts has the default: execve(2).
"""

MARKER, FIXTURE = "process", "programs"
ASKED_FOR = {MARKER: "--all", "slow": "--all", "long": "--long"}
"""What a run without these options leaves out, unless a file or a folder is named, or markers are by `-m`."""


class Running:
    """The test that runs now, and nothing between two tests."""

    item: pytest.Item | None = None


def pytest_addoption(parser):
    parser.addoption("--bless", action="store_true", help="write the golden files from what is printed now")
    parser.addoption("--all", action="store_true", help="the tests that start programs or are slow, too")
    parser.addoption("--long", action="store_true", help="the tests that are long for what they add, too")


def pytest_configure(config):
    """A plain `pytest` is the inner loop: it leaves out what starts programs, is slow or long. What is named is run."""
    _keep_files_in_memory()
    _leave_out_the_users_own()
    config.addinivalue_line("markers", f"{MARKER}: it starts a program; the fixture `{FIXTURE}` sets it")
    config.addinivalue_line("markers", "slow: it takes seconds by itself; a plain `pytest` leaves it out")
    config.addinivalue_line("markers", "long: a minute or more for a part that others try in short; `.ci/full` runs it")
    is_named = config.args_source is pytest.Config.ArgsSource.ARGS or bool(config.option.markexpr)
    is_brief = not is_named and not config.getoption("--all")
    profile = os.environ.setdefault("HYPOTHESIS_PROFILE", "brief" if is_brief else "steady")  # the workers are told so
    settings.load_profile(profile)
    if not is_named:
        left_out = [marker for marker, option in ASKED_FOR.items() if not config.getoption(option)]
        config.option.markexpr = " and ".join(f"not {marker}" for marker in left_out)
    sys.addaudithook(_keep_to_the_marker)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in IGNORED:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _go_on)


def _go_on(*_):
    """The run was not to hear this signal."""


IN_EACH_TEST = {
    "bars": ("chinas_time",),
    **dict.fromkeys(("commands", "demo", "refresh", "watch"), ("every_thread_ends",)),
}
"""By the folder of the tests."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if FIXTURE in getattr(item, "fixturenames", ()):
            item.add_marker(MARKER)


def pytest_collection_finish():
    """Ten thousand tests are no rubbish: a collector that looked at them each time would take half of the run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def programs():
    """What starts a program asks for this, and each test that uses it is marked: `-m "not process"` leaves it out."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    Running.item = item
    try:
        return (yield)
    finally:
        Running.item = None


def _keep_files_in_memory():
    """Make the folder for temporary files one in memory, unless the caller names one or programs cannot run there."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return
    if shutil.disk_usage(MEMORY).free > ENOUGH:
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None  # it is found once, and kept


def _leave_out_the_users_own():
    """Let the tests see the same environment in each language, desktop, terminal and time zone."""
    for name in [each for each in os.environ if each.startswith(OF_THE_USER) and not each.startswith(OF_THE_TESTS)]:
        del os.environ[name]
    os.environ["LANG"] = "C.UTF-8"
    os.environ["TZ"] = "UTC0"  # by rule, as `chinas_time` below: a machine may have no data of time zones
    time.tzset()


def _keep_to_the_marker(event, _):
    if event in STARTS and Running.item and not Running.item.get_closest_marker(MARKER):
        pytest.fail(f"it starts a program ({event}) and does not ask for the fixture `{FIXTURE}`")


@pytest.fixture(autouse=True)
def of_its_folder(request):
    """What each test of its folder has."""
    for name in IN_EACH_TEST.get(request.path.parent.name, ()):
        request.getfixturevalue(name)


@pytest.fixture(autouse=True)
def the_folder_is_left_as_it_was():
    """A test that went to a folder of its own leaves the next one where that folder is no more."""
    before = Path.cwd()
    yield
    assert Path.cwd() == before


@pytest.fixture
def open_files():
    """Gives the files that this process has open, each by its descriptor, its device and its inode.

    A test asks that none is new, `<=`: what an earlier test left is closed when it is collected, at any moment.
    """

    def files():
        found = set()
        for descriptor in (int(path.name) for path in Path("/dev/fd").iterdir()):
            with contextlib.suppress(OSError):  # the one by which the list was read
                status = os.fstat(descriptor)
                found.add((descriptor, status.st_dev, status.st_ino))
        return found

    return files


@pytest.fixture
def every_thread_ends():
    """A test that asks for this leaves no thread behind."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + ENDING
    while not set(threading.enumerate()) <= before and time.monotonic() < end:
        gc.collect()  # a pool that nobody holds ends its threads; it takes a fifth of a second late in a run
        time.sleep(0.01)
    assert set(threading.enumerate()) <= before


@pytest.fixture
def local_time(monkeypatch):
    """Gives a function that sets the zone of this process; afterwards it is as it was."""

    def set_zone(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield set_zone
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def chinas_time(local_time):
    """A zone without names of its own, so that no time zone data is needed."""
    local_time("CST-8")
