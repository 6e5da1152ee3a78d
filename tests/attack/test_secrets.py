"""No secret leaves: planted wherever one can come from, looked for in all that any command prints, writes or starts.

A token and an AccessKey pair are planted in each place that one can come from, in each way of signing in.
"""

from __future__ import annotations

import json
import signal
import stat
import sys
import time
from pathlib import Path

import pytest
from support.console import moods
from support.household import command_lines, with_account

FAILURES = {
    "signed out": moods.signed_out(),
    "not authorised": with_account(moods.not_authorised()),
    "token refused": moods.token_expired(),
    "rate limited": moods.rate_limited(1),
    "failing": moods.server_error(500),
    "elsewhere": moods.elsewhere("https://evil-aliyun.com/"),
    "empty": moods.empty_success(),
    "no plan": moods.no_plan(),
    "too slow": moods.slow(moods.counters(), seconds=8),
}
ASKING = [
    ("fetch",),
    ("fetch", "--source", "api"),
    ("fetch", "--source", "cli"),
    ("refresh",),
    ("status",),
    ("waybar",),
]


@pytest.mark.parametrize("arguments", command_lines(), ids=" ".join)
def test_no_command_lets_one_out(household, arguments):
    household.run("fetch")
    done = household.run(*arguments)
    assert household.leaks(done.out, done.err) == []


@pytest.mark.parametrize("mood", FAILURES)
def test_no_failure_lets_one_out(household, mood):
    household.console.answer_quota = FAILURES[mood]
    printed = [text for arguments in ASKING for text in household.run(*arguments)[1:]]
    assert household.leaks(*printed) == []
    assert household.console.requests or household.world.proxy.connected


def test_what_is_planted_would_be_found(household):
    """The search itself: a secret in a file, and one that is printed."""
    (household.home / "note").write_text(household.console.sec_token)
    assert household.leaks(f"x{household.console.api_key}x") == ["printed", "home/note"]


@pytest.mark.parametrize("more", [{"PYTHONDEVMODE": "1"}, {"PYTHONFAULTHANDLER": "1"}, {"PYTHONVERBOSE": "1"}])
def test_a_python_that_talks_lets_none_out(household, more):
    done = household.run("fetch", environ=more)
    assert household.leaks(done.out, done.err) == []


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV, signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_a_command_that_is_ended_while_it_asks_lets_none_out(household, number):
    household.console.answer_quota = moods.slow(moods.counters(), seconds=30)
    with household.start("fetch", environ={"PYTHONFAULTHANDLER": "1"}, cwd=household.folder) as process:
        _until_it_asks(household)
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert household.leaks(out.decode(), err.decode()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process's limits")
def test_no_dump_of_a_process_that_has_read_one_can_be_made(household):
    household.console.answer_quota = moods.slow(moods.counters(), seconds=30)
    with household.start("fetch") as process:
        _until_it_asks(household)
        limits = Path(f"/proc/{process.pid}/limits").read_text()
        process.kill()
        process.communicate()
    soft = next(line.split()[4] for line in limits.splitlines() if line.startswith("Max core file size"))
    assert soft == "0"


def test_the_session_is_kept_where_only_the_user_reads_it_whatever_the_umask(household):
    household.run("fetch", umask=0)
    for path in (household.home / ".local/state/codingplan-bar", household.home / ".cache/codingplan-bar"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        assert {stat.S_IMODE(file.stat().st_mode) for file in path.iterdir()} == {0o600}


def test_a_kept_session_that_is_a_link_is_replaced_and_never_written_through(household):
    kept = household.home / ".local/state/codingplan-bar/session.json"
    kept.parent.mkdir(parents=True)
    target = household.folder / "somebody-else"
    target.write_text("{}")
    kept.symlink_to(target)
    household.run("fetch")
    assert target.read_text() == "{}"
    assert not kept.is_symlink()
    assert json.loads(kept.read_text())


def _until_it_asks(household):
    end = time.monotonic() + 20
    while time.monotonic() < end and not any(each.path == "/data/api.json" for each in household.console.requests):
        time.sleep(0.02)


CANARIES = {
    name: f"canary-of-{name.lower().replace('_', '-')}-0123456789"
    for name in (
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        "ALIBABA_CLOUD_SECURITY_TOKEN",
        "BAILIAN_ACCESS_KEY_ID",
        "BAILIAN_ACCESS_KEY_SECRET",
        "DASHSCOPE_ACCESS_TOKEN",
    )
}
STORED = {name: f"canary-of-a-stored-{name}-0123456789" for name in ("token", "id", "secret", "bl", "aliyun", "typed")}
BL = {"access_token": STORED["bl"], "access_key_id": STORED["bl"], "access_key_secret": STORED["bl"]}
ALIYUN = {"name": "a", "mode": "AK", "access_key_id": STORED["aliyun"], "access_key_secret": STORED["aliyun"]}
PAIR = {"id": STORED["id"], "secret": STORED["secret"], "token": ""}
WAYS = {
    "browser": {"way": "browser", "token": STORED["token"]},
    "kept pair": {"way": "access_key", "token": STORED["token"], "which": "kept", "pair": PAIR},
    "pair in variables": {"way": "access_key", "token": "", "which": "variables:ALIBABA_CLOUD"},
    "pair of a profile": {"way": "access_key", "token": "", "which": "aliyun:a"},
    "pair that is gone": {"way": "access_key", "token": "", "which": "aliyun:gone"},
}
MINTING = [
    ("fetch",),
    ("fetch", "--source", "token"),
    ("status",),
    ("waybar",),
    ("json",),
    ("doctor", "--json"),
    ("logout",),
    ("logout", "--all"),
]
THEIRS = ("home/.bailian/config.json", "home/.aliyun/config.json")


@pytest.fixture
def signed_in(household):
    """The household, with a secret in each new place."""
    household.secrets |= {*CANARIES.values(), *STORED.values()}
    household.environ |= CANARIES
    for folder, data in ((".bailian", BL), (".aliyun", {"current": "a", "profiles": [ALIYUN]})):
        (household.home / folder).mkdir()
        (household.home / folder / "config.json").write_text(json.dumps(data))
    return household


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_signing_in_lets_one_out(signed_in, way):
    state = signed_in.home / ".local/state/codingplan-bar"
    state.mkdir(parents=True)
    record = {"site": "international", "region": "ap-southeast-1", **WAYS[way]}
    (state / "session.json").write_text(json.dumps({"sign_in": record}))
    printed = [text for arguments in MINTING for text in ran(signed_in, arguments)]
    assert [place for place in signed_in.leaks(*printed) if place not in THEIRS] == []
    assert signed_in.world.proxy.connected


def test_a_secret_on_the_command_line_is_repeated_nowhere(signed_in):
    done = signed_in.run("login", STORED["typed"])
    assert (done.code, STORED["typed"] in done.out + done.err) == (2, False)


def ran(household, arguments):
    done = household.run(*arguments)
    return done.out, done.err
