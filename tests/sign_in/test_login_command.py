"""`login` as it is typed, by a browser or by a pair: what is asked, printed and kept; and a newcomer's whole way."""

from __future__ import annotations

import errno
import json
import os
import pty
import re
import shlex
import subprocess
import sys
import sysconfig
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from support.machine import need, until
from support.stand_in import COMMAND, KEY, LONGEST, PAIR, SECRET, TOKEN

from codingplan_bar import paths
from codingplan_bar.commands.login import login
from codingplan_bar.credentials.other_tools import KEPT, SDK
from codingplan_bar.provider import addresses
from codingplan_bar.words.errors import english

ADDRESS = re.compile(r"https://[^/]+/console-login\?notice=127\.0\.0\.1:(\d+)\?state=([0-9a-f]{32})")


def page(address, token=TOKEN):
    """What the console's page does; gives the status of the answer."""
    port, state = ADDRESS.search(address).groups()
    connection = HTTPConnection("127.0.0.1", int(port), timeout=10)
    connection.request("POST", "/", urlencode({"access_token": token, "state": state, "api_key": "sk-of-somebody"}))
    return connection.getresponse().status


def test_a_token_from_a_pipe(provider, person):
    code, out, _ = person.run("login", "--site", "international", "--token-stdin", given=f"Bearer {TOKEN}\n")
    assert (code, "Coding Plan Pro" in out, provider.wrong) == (0, True, [])
    assert (person.sign_in.way, person.sign_in.token, person.sign_in.proven) == ("pipe", TOKEN, True)
    assert json.loads(person.run("fetch")[1])["source"] == "token"


TOLD = {
    "with the line's end of Windows": f"{TOKEN}\r\n",
    "behind the mark of an editor": f"\ufeff{TOKEN}\n",
    "in quotes": f'"{TOKEN}"',
    "in a shell's quotes": f"'{TOKEN}'\n",
    "as a header's value": f"bearer  {TOKEN}",
    "as a header": f"Authorization: Bearer {TOKEN}\r\n",
    "among white space": f"\n\t {TOKEN} \n\n",
}


@pytest.mark.parametrize("given", TOLD.values(), ids=TOLD)
def test_a_token_is_taken_as_tools_print_it(person, given):
    assert person.run("login", "--site", "Intl", "--token-stdin", given=given)[0] == 0
    assert person.sign_in.token == TOKEN


NO_TOKENS = {
    "nothing": b"\n",
    "two": f"{TOKEN}\n{TOKEN}\n".encode(),
    "a sentence": f"token: {TOKEN}".encode(),
    "a zero byte": f"{TOKEN}\0".encode(),
    "another encoding": TOKEN.encode("utf-16"),
    "no text": b"\xff\xfe\x00",
    "a flood": b"x" * 100_000,
}


@pytest.mark.parametrize("given", NO_TOKENS.values(), ids=NO_TOKENS)
def test_what_is_more_or_less_than_a_token_is_refused_without_an_echo(provider, person, given):
    with person.start("login", "--site", "intl", "--token-stdin", stdin=subprocess.PIPE) as process:
        out, err = process.communicate(given, timeout=LONGEST)
    code, out, err = person.looked_through(process.returncode, out.decode(), err.decode())
    assert (code, out, "holds no token" in err, provider.asked) == (2, "", True, [])


@pytest.mark.parametrize("stream", ["<&-", "</dev/null", "< <(:)"])
def test_a_pipe_that_is_closed_or_broken_holds_no_token(provider, person, stream):
    command = f"exec {COMMAND} login --site intl --token-stdin {stream}"
    done = subprocess.run(
        ["bash", "-c", command], env=person.environ, capture_output=True, timeout=LONGEST, check=False
    )
    assert (done.returncode, done.stdout, done.stderr.count(b"\n"), provider.asked) == (2, b"", 1, [])


def test_two_sign_ins_at_once_take_each_its_own_while_two_hundred_others_call(provider, person):
    provider.tokens = {TOKEN, "token-minted-by-the-other"}
    with (
        person.start("login", "--site", "intl", "--no-browser") as one,
        person.start("login", "--site", "intl", "--no-browser") as other,
        ThreadPoolExecutor(8) as pool,
    ):
        addresses_of = [each.stdout.readline().decode() for each in (one, other)]
        strangers = [
            re.sub("state=.*", f"state={number:032x}", address) for address in addresses_of for number in range(100)
        ]
        assert set(pool.map(page, strangers)) == {400}
        assert (one.poll(), other.poll()) == (None, None)
        assert page(addresses_of[1], "token-minted-by-the-other") == 200
        out, err = other.communicate(timeout=LONGEST)
        assert (other.returncode, person.sign_in.token) == (0, "token-minted-by-the-other")
        assert (one.poll(), page(addresses_of[0])) == (None, 200)
        out, err = one.communicate(timeout=LONGEST)
    assert (one.returncode, person.sign_in.token, provider.wrong) == (0, TOKEN, [])
    person.looked_through(0, out.decode(), err.decode())


@pytest.mark.parametrize("site", ["international", "intl"])
def test_by_the_browser_of_another_machine(provider, person, site):
    with person.start("login", "--site", site, "--no-browser") as process:
        address = process.stdout.readline().decode()
        assert (page(address), page(address, "another")) == (200, 200)
        out, err = process.communicate(timeout=LONGEST)
    code, out, err = person.looked_through(process.returncode, out.decode(), err.decode())
    assert (code, "Coding Plan Pro" in out, provider.wrong) == (0, True, [])
    assert not ADDRESS.search(err)
    assert (person.sign_in.way, person.sign_in.token) == ("browser", TOKEN)
    assert "sk-of-somebody" not in (person.home / ".local/state/codingplan-bar/session.json").read_text()


def test_by_a_browser_of_this_machine(provider, person, tmp_path):
    browser = tmp_path / "firefox"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    with person.start("login", "--site", "international", env={"BROWSER": str(browser)}) as process:
        while not (tmp_path / "opened").exists():
            time.sleep(0.05)
        time.sleep(0.2)
        assert page((tmp_path / "opened").read_text()) == 200
        out, err = process.communicate(timeout=LONGEST)
    assert (process.returncode, b"Coding Plan Pro" in out) == (0, True)
    assert ADDRESS.search(err.decode()).start() < err.decode().index("The page was opened")


def without_a_reader():
    """What is written into a pipe whose reader has gone."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


NOWHERE = {
    "a pipe without a reader": without_a_reader,
    "the null device": lambda: os.open("/dev/null", os.O_WRONLY),
    "a full disk": lambda: os.open("/dev/full", os.O_WRONLY),
}


@pytest.mark.parametrize("command", [[COMMAND], ["sh", "-c", 'exec "$0" "$@" >&-', COMMAND]], ids=["open", "closed"])
@pytest.mark.parametrize("opened", NOWHERE.values(), ids=NOWHERE)
def test_an_address_that_nobody_can_read_is_not_waited_for(provider, person, command, opened):
    command, out = [*command, "login", "--site", "intl", "--no-browser"], opened()
    done = subprocess.run(command, env=person.environ, stdout=out, stderr=subprocess.PIPE, timeout=LONGEST, check=False)
    os.close(out)
    assert (done.returncode, provider.asked, person.sign_in) == (1, [], None)
    assert b"the address cannot be read" in done.stderr


def test_a_named_port_is_waited_at(person):
    with person.start("login", "--site", "international", "--no-browser", "--port", "39017") as process:
        assert ADDRESS.search(process.stdout.readline().decode())[1] == "39017"
        process.terminate()


def test_a_refused_token_is_not_kept(provider, person):
    code, out, err = person.run("login", "--site", "international", "--token-stdin", given="of-somebody-else")
    assert (code, out, person.sign_in) == (1, "", None)
    assert english("sign_in.over") in err


def test_a_sign_in_that_was_there_outlives_one_that_is_refused(person):
    person.run("login", "--site", "international", "--token-stdin", given=TOKEN)
    assert person.run("login", "--site", "international", "--token-stdin", given="of-somebody-else")[0] == 1
    assert person.sign_in.token == TOKEN


def test_without_a_plan_it_is_accepted(provider, person):
    provider.quota = 200, {"code": "200", "data": {"codingPlanInstanceInfos": []}}
    assert person.run("login", "--site", "intl", "--token-stdin", given=TOKEN)[0] == 0
    assert person.sign_in.proven


REFUSED = {"data": {"success": False, "errorCode": "BailianGateway.Workspace.NotAuthorised"}}


def test_without_the_right_it_is_kept_and_the_next_step_is_said(provider, person):
    provider.quota = 200, REFUSED
    code, _, err = person.run("login", "--site", "intl", "--token-stdin", given=TOKEN)
    assert (code, english("member.none.hint") in err, person.sign_in.token) == (1, True, TOKEN)


USES = {
    ("login", SECRET): "takes no argument",
    ("login", "--with-access-key", KEY, SECRET): "takes no argument",
    ("login", "--site", SECRET): "--site must be intl (international) or cn (China mainland).",
    ("login", "--site", "chna"): "Did you mean cn?",
    ("login", "--site", "intl", "--port", SECRET): "from 1 to 65535",
    ("login", "--site", "intl", "--port", "70000"): "from 1 to 65535",
    ("login", "--site", "intl", "--port", "0"): "from 1 to 65535",
    ("login", "--site", "intl", "--token-stdin", "--with-access-key"): "exclude each other",
    ("login", "--site", "intl", "--with-access-key", "--no-browser"): "exclude each other",
    ("login", "--site", "intl", "--keep"): "need --with-access-key",
    ("login", "--site", "intl", "--profile", "x"): "need --with-access-key",
    ("login", "--token-stdin"): "--site intl",
    ("login",): "--site intl",
    ("login", "--site", "intl", "--token-stdin"): "holds no token",
    ("login", "--site", ""): "--site intl",
    ("login", "--site", "intl", "--port", ""): "from 1 to 65535",
    ("login", "--site", "intl", "--port", "-1"): "from 1 to 65535",
    ("login", "--site", "intl", "--port", "8e3"): "from 1 to 65535",
    ("login", "--site", "intl", "--port", "８０８０"): "from 1 to 65535",
    ("login", "--site", "intl", "--port", "9" * 5_000): "from 1 to 65535",
    ("login", "--site", "intl", "--port", "6000"): "Take another one",
    ("login", "--site", "intl", "--port", "010080"): "Take another one",
    ("login", "--site", "intl", "--with-access-key", "--profile", ""): "--profile takes a name",
    ("login", "--site", "intl", "--profile", ""): "need --with-access-key",
    ("logout", SECRET): "takes no argument",
    ("logout", "--all", SECRET): "takes no argument",
}


@pytest.mark.parametrize("arguments", USES, ids=lambda each: " ".join(each).replace(SECRET, "SECRET"))
def test_a_wrong_use_is_told_and_repeats_nothing(provider, person, arguments):
    code, out, err = person.run(*arguments)
    assert (code, out, USES[arguments] in err) == (2, "", True)
    assert (provider.asked, person.sign_in) == ([], None)


def test_the_site_is_that_of_the_region_where_it_is_set(person):
    env = {"CODINGPLAN_BAR_REGION": "intl"}
    with person.start("login", "--token-stdin", env=env, stdin=subprocess.PIPE) as process:
        process.communicate(TOKEN.encode(), timeout=LONGEST)
    assert (process.returncode, person.sign_in.site.name) == (0, "international")


def test_doctor_says_by_which_way_and_what_to_do_at_its_end(provider, person):
    assert re.search(r"none by `\S*codingplan-bar login`", person.run("doctor", "--offline", "--all")[1])
    person.run("login", "--site", "intl", "--token-stdin", given=TOKEN)
    told = " ".join(person.run("doctor", "--offline", "--all")[1].split())
    assert "by a token of your own, intl, " in told
    assert "a console token, for <1 min now" in told
    assert "An AccessKey pair would ask for no second sign-in" in told
    provider.tokens = set()
    person.run("fetch")
    told = person.run("doctor", "--offline", "--all")[1]
    assert "it has ended" in told
    assert "codingplan-bar login" in told
    provider.tokens = {TOKEN}
    person.run("login", "--site", "intl", "--with-access-key", "--keep", env=PAIR)
    told = person.run("doctor", "--offline", "--all")[1]
    assert "by an AccessKey pair, intl: kept here" in told
    assert "an AccessKey pair, which needs no second sign-in" in told


def test_ctrl_c_ends_it(person):
    with person.start("login", "--site", "intl", "--no-browser") as process:
        process.stdout.readline()
        process.send_signal(2)
        _, err = process.communicate(timeout=LONGEST)
    assert (process.returncode, b"Traceback" in err, person.sign_in) == (130, False, None)


def test_in_chinese(person):
    code, _, err = person.run("login", SECRET, env={"LANG": "zh_CN.UTF-8"})
    assert (code, "不接受参数" in err) == (2, True)


def test_it_needs_nothing_that_is_not_there():
    assert Path(COMMAND).exists(), f"codingplan-bar is not installed for {sys.executable}"


@pytest.mark.parametrize(("language", "ends"), [("en", "when you log out"), ("zh", "注销系统后")])
def test_a_sign_in_that_the_system_will_remove_is_said_to_be_so_and_uninstall_names_its_folder(person, language, ends):
    runtime = person.home / "run"
    runtime.mkdir()
    env = {"XDG_STATE_HOME": "/dev/null/state", "XDG_RUNTIME_DIR": str(runtime), "CODINGPLAN_BAR_LANGUAGE": language}
    _, out, err = person.run("login", "--site", "intl", "--token-stdin", given=TOKEN, env=env)
    assert (runtime / "codingplan-bar/session.json").exists()
    assert "~/run/codingplan-bar" in out + err
    assert ends in out + err
    assert " ~/run/codingplan-bar" in person.run("uninstall", env=env)[1]


def test_nobody_signs_in_where_the_disk_has_no_room_for_it(provider, person, capfd, monkeypatch):
    monkeypatch.setattr(paths, "has_room", lambda _: False)
    assert login(environ=person.environ, site="intl", no_browser=True) == 1
    out, err = capfd.readouterr()
    assert (out, os.strerror(errno.ENOSPC) in err, provider.asked) == ("", True, [])


def test_a_sign_in_at_its_usual_place_is_said_to_be_kept_and_no_more(person):
    _, out, err = person.run("login", "--site", "intl", "--token-stdin", given=TOKEN)
    assert "kept in" not in out + err


def test_the_numbers_of_the_account_before_are_gone_after_a_login_to_one_that_may_not_see_the_plan(provider, person):
    assert person.run("login", "--site", "international", "--token-stdin", given=TOKEN)[0] == 0
    assert "16%" in person.run("text")[1]
    before, provider.quota = provider.quota, (200, REFUSED)
    provider.tokens |= {"of-another-account"}
    assert person.run("login", "--site", "international", "--token-stdin", given="of-another-account")[0] == 1
    assert person.run("text")[1].strip() == "x no access"
    assert person.run("guard")[0] == 69
    provider.quota = before
    assert person.run("login", "--site", "international", "--token-stdin", given=TOKEN)[0] == 0
    assert "16%" in person.run("text")[1]


# `login --with-access-key` as it is typed: where the pair comes from, what is kept of it; and no secret is shown.


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


# A newcomer on a machine without a browser, by docs/sign-in.md alone: from an empty home to a number in tmux.
#
# The laptop's ssh is left out: what it runs on the server runs here, and its browser is a request to the port.


ROOT = Path(__file__).parents[2]
SCRIPTS = sysconfig.get_path("scripts")
PAGES = {language: ROOT / f"docs/sign-in{language}.md" for language in ("", ".zh-CN")}
SHOWN_ADDRESS = re.compile(r"notice=127\.0\.0\.1:(\d+)\?state=([0-9a-f]{32})")
FORWARDED = re.compile(r"ssh -L (\d+):127\.0\.0\.1:\1 SERVER '(.*)'")
SIGN_IN_TOKEN = "token-from-a-sign-in"
LONGEST_STEP = 60


def commands(language):
    """The indented lines of the page's section on a server."""
    (section,) = re.findall(r"^### .*?(?=^##)", PAGES[language].read_text(), re.MULTILINE | re.DOTALL)
    return re.findall(r"^    (\S.*)$", section, re.MULTILINE)


@pytest.fixture
def server(tmp_path, provider, programs):
    """What a shell on the server has: an empty home, no screen, and the program in the folder where pipx puts it."""
    need("tmux")
    folder = tmp_path / "home/.local/bin"
    folder.mkdir(parents=True)
    (folder / "codingplan-bar").symlink_to(f"{SCRIPTS}/codingplan-bar")
    given = {name: os.environ[name] for name in ("REQUESTS_CA_BUNDLE", "NO_PROXY", "no_proxy")}
    shell = {"HOME": str(tmp_path / "home"), "PATH": f"{folder}:/usr/bin:/bin", "TERM": "screen-256color"}
    environ = {**shell, **given, "LC_ALL": "C.UTF-8", "TMUX_TMPDIR": str(tmp_path), addresses.HOST: provider.host}
    yield environ
    for name in ("default", "outer"):
        subprocess.run(["tmux", "-L", name, "kill-server"], env=environ, capture_output=True, check=False)


def test_both_languages_name_the_same_commands():
    assert commands("") == commands(".zh-CN")


def test_the_pages_commands_lead_from_an_empty_home_to_a_number_in_tmux(server, provider):
    by_ssh, setup, tmux = commands("")
    port, login = FORWARDED.fullmatch(by_ssh).groups()
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(["sh", "-c", login], env=server, **pipes) as process:
        listening, state = SHOWN_ADDRESS.search(process.stdout.readline().decode()).groups()
        assert listening == port
        connection = HTTPConnection("127.0.0.1", int(port), timeout=10)
        connection.request("POST", "/", urlencode({"access_token": SIGN_IN_TOKEN, "state": state}))
        assert connection.getresponse().status == 200
        out, _ = process.communicate(timeout=LONGEST_STEP)
    assert (process.returncode, b"16%" in out) == (0, True)
    done = subprocess.run(["sh", "-c", setup], env=server, capture_output=True, timeout=LONGEST_STEP, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    outer = ["tmux", "-L", "outer", "-f", "/dev/null"]
    start = [*outer, "new-session", "-d", "-x", "160", "-y", "9", shlex.join(["env", "-u", "TMUX", *shlex.split(tmux)])]
    subprocess.run(start, env=server, check=True, timeout=LONGEST_STEP)
    seen = [*outer, "capture-pane", "-p"]
    until(
        lambda: b"wk 16%" in subprocess.run(seen, env=server, capture_output=True, check=True).stdout,
        "a number",
        within=LONGEST_STEP,
    )
    assert provider.wrong == []
