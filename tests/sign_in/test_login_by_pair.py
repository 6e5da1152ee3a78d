"""`login --with-access-key` as it is typed: where the pair comes from, what is kept of it; and no secret is shown."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import time

from support.stand_in import COMMAND, KEY, LONGEST, PAIR, SECRET

from codingplan_bar.credentials.other_tools import KEPT, SDK


def test_by_a_pair_in_variables(provider, person):
    code, out, err = person.run("login", "--site", "international", "--with-access-key", env=PAIR)
    assert (code, "Coding Plan Pro" in out, provider.wrong) == (0, True, [])
    assert (person.sign_in.which, person.sign_in.pair, person.sign_in.token) == (SDK, None, "token-minted-1")
    assert "--keep" in err
    provider.tokens = set()
    assert json.loads(person.run("fetch", env=PAIR)[1])["status"] == "ok"


def test_a_pair_that_is_kept_needs_no_variables(provider, person):
    assert person.run("login", "--site", "international", "--with-access-key", "--keep", env=PAIR)[0] == 0
    provider.tokens = set()
    assert (person.sign_in.which, json.loads(person.run("fetch")[1])["status"]) == (KEPT, "ok")


def test_a_pair_of_a_profile(provider, person):
    (person.home / ".aliyun").mkdir()
    profile = {"name": "work", "mode": "AK", "access_key_id": KEY, "access_key_secret": SECRET}
    config = person.home / ".aliyun/config.json"
    config.write_text(json.dumps({"current": "other", "profiles": [profile]}))
    with_profile = ("login", "--site", "international", "--with-access-key", "--profile")
    done = subprocess.run([COMMAND, *with_profile, "work"], env=person.environ, capture_output=True, check=False)
    assert (done.returncode, person.sign_in.which) == (0, "aliyun:work")
    odd = subprocess.run([COMMAND, *with_profile, "x\x1b[31m\ny"], env=person.environ, capture_output=True, check=False)
    assert (odd.returncode, odd.stderr.count(b"\n"), b"\x1b" in odd.stderr) == (1, 1, False)
    gone = subprocess.run([COMMAND, *with_profile, "aliyun:gone"], env=person.environ, capture_output=True, check=False)
    assert (gone.returncode, b"~/.aliyun/config.json has no profile gone" in gone.stderr) == (1, True)


def test_the_policy_that_is_missing_is_named(provider, person):
    provider.minted = 403, {"Code": "NoPermission", "Message": "ImplicitDeny"}
    code, _, err = person.run("login", "--site", "international", "--with-access-key", env=PAIR)
    assert (code, "modelstudio:GenerateCLIAccessToken" in err, person.sign_in.way) == (1, True, "access_key")


def test_a_pair_is_typed_and_its_secret_is_not_shown(person):
    own, theirs = pty.openpty()
    command = [COMMAND, "login", "--site", "international", "--with-access-key"]
    pipes = {"stdin": theirs, "stderr": theirs, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=person.environ, start_new_session=True, **pipes) as process:
        os.close(theirs)
        seen = read_until(own, "AccessKey id: ")
        os.write(own, f"{KEY}\n".encode())
        seen += read_until(own, "not shown): ")
        time.sleep(0.2)
        os.write(own, f"{SECRET}\n".encode())
        seen += read_until(own, "accepts")
        assert (process.wait(LONGEST), SECRET in seen) == (0, False)
    os.close(own)
    assert (person.sign_in.which, person.sign_in.pair.secret) == (KEPT, SECRET)


def read_until(handle, words):
    seen, end = "", time.monotonic() + LONGEST
    while words not in seen and time.monotonic() < end:
        seen += os.read(handle, 4096).decode("utf-8", "replace")
    return seen
