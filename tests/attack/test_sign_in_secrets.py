"""No token and no AccessKey pair leaves: planted in each place that one can come from, in each way of signing in."""

from __future__ import annotations

import json

import pytest

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
ASKING = [
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
    printed = [text for arguments in ASKING for text in ran(signed_in, arguments)]
    assert [place for place in signed_in.leaks(*printed) if place not in THEIRS] == []
    assert signed_in.world.proxy.connected


def test_a_secret_on_the_command_line_is_repeated_nowhere(signed_in):
    done = signed_in.run("login", STORED["typed"])
    assert (done.code, STORED["typed"] in done.out + done.err) == (2, False)


def ran(household, arguments):
    done = household.run(*arguments)
    return done.out, done.err
