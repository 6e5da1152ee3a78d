"""What gave the last numbers and is not there now is named with its setting; "sign in" is said only where that helps.

The rule of the issue: a source that worked last time and is not there now says that, and never "sign in".
"""

from __future__ import annotations

import json
import shutil
import stat
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from support.handmade import browser_stores
from support.scenes import Scene, failure

from codingplan_bar import storage
from codingplan_bar.bars.adapters import text
from codingplan_bar.browsers.search import Report
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.cookies import ACCOUNT, TICKET
from codingplan_bar.credentials.other_tools import CodexBarEntry
from codingplan_bar.credentials.saved import SignIn, with_sign_in
from codingplan_bar.errors import NetworkFailure
from codingplan_bar.refresh import in_use
from codingplan_bar.refresh.ask import Question, browsers_of, with_codexbar
from codingplan_bar.refresh.files import Files
from codingplan_bar.refresh.session import nothing_in
from codingplan_bar.regions import INTERNATIONAL
from codingplan_bar.settings.settings import load
from codingplan_bar.transport.request import Answer

COOKIE = {"ALIBABA_CODING_PLAN_COOKIE": "login_aliyunid_ticket=made-up-ticket"}
KEY = {"ALIBABA_CODING_PLAN_API_KEY": "sk-made-up"}
PLAN = {"status": "VALID", "codingPlanQuotaInfo": {"perWeekUsedQuota": 8, "perWeekTotalQuota": 10}}
GOOD = Answer(200, {}, json.dumps({"data": {"codingPlanInstanceInfos": [PLAN]}}).encode())
LOGIN = Answer(200, {}, json.dumps({"code": "ConsoleNeedLogin", "message": "You need to log in."}).encode())
PAGE = Answer(200, {"content-type": "text/html"}, b'<script>SEC_TOKEN: "made-up-token"</script>')
CODEXBAR = CodexBarEntry("~/.codexbar/config.json", api_key="sk-made-up")
PAIR = dict(zip(other_tools.VARIABLES[other_tools.SDK], ("LTAI-made-up", "made-up"), strict=False))
BL = '#!/bin/sh\nexec {} \'{{"perWeek": {{"usedQuota": 3, "totalQuota": 10}}}}\'\n'


@pytest.fixture
def home(tmp_path):
    return {"HOME": str(tmp_path)}


@pytest.fixture
def ask(home):
    """Ask once, with settings as TOML and an environment; `said` is what a quota request gets, or raises."""

    def ask(said=GOOD, toml="", *, browsers=None, entry=None, **environ):
        environ, entry = home | environ, entry or CodexBarEntry()

        def send(request):
            if isinstance(said, Exception):
                raise said
            return PAGE if request.method == "GET" else said

        question = Question(
            Files(environ),
            time.time,
            codexbar_entry=entry,
            browsers=(lambda *_: browsers) if browsers else browsers_of(environ, time.time, False),
            transport=lambda _: send,
        )
        return question.ask(with_codexbar(load(toml, environ), entry)).snapshot

    return ask


class Crumb(NamedTuple):
    name: str
    value: str = "made-up"
    host: str = ".alibabacloud.com"
    path: str = "/"
    expires_at: int = int(time.time()) + 10**8
    secure: bool = True


def tool(folder, printer="echo"):
    path = Path(folder) / "bin/bl"
    path.parent.mkdir(exist_ok=True)
    path.write_text(BL.format(printer))
    path.chmod(stat.S_IRWXU)
    return {"PATH": f"{path.parent}:/usr/bin:/bin"}


def profile(folder, name="work"):
    root = Path(folder) / ".mozilla/firefox"
    browser_stores.make_firefox(root / "x.default", [Crumb(name) for name in (TICKET[0], ACCOUNT[0])])
    (root / "profiles.ini").write_text(f"[Profile0]\nName={name}\nPath=x.default\nIsRelative=1\n")


def signed_in(home, sign_in):
    storage.replace(Files(home).session, with_sign_in(None, sign_in))


def login_of_bl(home):
    path = Path(home["HOME"]) / ".bailian/config.json"
    path.parent.mkdir()
    path.write_text(json.dumps({"access_token": "made-up-token", "console_site": "international"}))
    return path


@pytest.mark.parametrize("variable", [*COOKIE, *KEY, "DASHSCOPE_API_KEY", "ALIBABA_QWEN_API_KEY"])
def test_a_variable_is_named_with_the_setting_that_makes_up_for_it(ask, variable):
    assert ask(**{variable: "login_aliyunid_ticket=made-up"}).status == "ok"
    error = ask().error
    assert (error.code, error.message) == (
        "source_gone",
        f"The variable that gave the last numbers is not set here: {variable}.",
    )
    assert ("cookie_header" if variable.endswith("COOKIE") else "api_key") in error.hint


@pytest.mark.parametrize("name", ["api_key", "cookie_header"])
def test_a_setting_is_named(ask, name):
    value = f'{name} = "login_aliyunid_ticket=made-up"\ncookie_source = "manual"'
    assert ask(toml=value).status == "ok"
    assert named(ask()) == name


def test_another_programs_file_is_named(ask):
    assert ask(entry=CODEXBAR).source == "api"
    assert named(ask()) == CODEXBAR.file


def test_the_tools_token_is_named_by_its_file_or_its_variable(ask, home):
    path = login_of_bl(home)
    assert ask().source == "token"
    path.unlink()
    assert named(ask()) == "~/.bailian/config.json"
    assert ask(DASHSCOPE_ACCESS_TOKEN="made-up-token").source == "token"
    assert named(ask()) == "DASHSCOPE_ACCESS_TOKEN"


def test_the_tool_is_named_by_its_path_and_so_is_its_setting(ask, home, programs):
    assert ask(**tool(home["HOME"])).source == "cli"
    asked = ask(PATH="/usr/bin:/bin")
    assert named(asked) == "~/bin/bl"
    assert "bl_path" in asked.error.hint


@pytest.mark.parametrize(("printer", "said"), [("node-of-nowhere", "Node.js was not found"), ("cat", "")])
def test_a_tool_that_is_there_and_cannot_start_says_why(ask, home, programs, printer, said):
    assert ask(**tool(home["HOME"])).source == "cli"
    error = ask(**tool(home["HOME"], printer)).error
    assert (error.code, said in error.message) == ("source_gone", True)


def test_a_browsers_profile_is_named(ask, home):
    profile(home["HOME"])
    assert ask().source == "web"
    shutil.rmtree(Path(home["HOME"]) / ".mozilla")
    asked = ask(LOGIN)
    assert named(asked) == "Firefox, work"
    assert "browsers" in asked.error.hint


def test_a_profile_whose_name_is_the_beginning_of_the_gone_one_s_is_another(ask, home):
    profile(home["HOME"], "work2")
    assert ask().source == "web"
    Files(home).session.unlink()
    shutil.rmtree(Path(home["HOME"]) / ".mozilla")
    profile(home["HOME"], "work")
    assert named(ask(LOGIN)) == "Firefox, work2"


@pytest.mark.parametrize(("name", "is_there"), [("work", True), ("work, container 2", True), ("work2", False)])
def test_a_container_is_of_its_profile(home, name, is_there):
    profile(home["HOME"])
    here = in_use.Here(home, load("", home), CodexBarEntry(), None)
    assert here._has("browser", f"Firefox, {name}") is is_there


def test_cookies_that_can_no_longer_be_read_say_so(ask, home):
    """The keyring is locked, say: whoever has signed in need not do so again."""
    profile(home["HOME"])
    assert ask().source == "web"
    Files(home).session.unlink()

    def shut(_):
        raise nothing_in((Report("Firefox", "work", "keyring_locked", "the keyring is locked", "Unlock it."),))

    error = ask(browsers=shut).error
    assert (error.code, error.hint) == (
        "source_gone",
        "The cookies of Firefox (work) cannot be read: the keyring is locked. Unlock it.",
    )


def test_a_sign_in_is_named_by_its_file(ask, home):
    signed_in(home, SignIn("browser", INTERNATIONAL, "ap-southeast-1", "made-up-token"))
    assert ask().source == "token"
    Files(home).session.unlink()
    assert named(ask()) == "~/.local/state/codingplan-bar/session.json"


def test_a_pair_is_named_by_its_place(ask, home):
    signed_in(home, SignIn("access_key", INTERNATIONAL, "ap-southeast-1", "made-up-token", which=other_tools.SDK))
    assert ask(**PAIR).source == "token"
    asked = ask(LOGIN)
    assert named(asked) == ", ".join(PAIR)
    assert "--keep" in asked.error.hint


def named(asked):
    """What the error says is gone; nobody is asked to sign in."""
    error = asked.error
    assert error.code == "source_gone"
    assert "sign in" not in error.message + error.hint
    return error.message.partition(": ")[2].removesuffix(".")


@pytest.mark.parametrize(("language", "words"), [("en", "sign in"), ("zh", "登录")])
@pytest.mark.parametrize("later", [120, 10**6])
def test_no_bar_asks_for_a_sign_in(ask, language, words, later):
    ask(**COOKIE)
    view = Scene(problem=ask().error, settings=f'language = "{language}"', later=later).view()
    assert view.state != "signed_out"
    assert words not in text.render(view)
    assert words not in Scene(failure(ask().error), settings=f'language = "{language}"').view().text


@pytest.mark.parametrize("after", [{"toml": 'source = "cli"'}, {"toml": 'source = "token"'}])
def test_who_has_chosen_another_source_is_asked_for_that_one(ask, after):
    ask(**COOKIE)
    assert ask(**after).error.code == "missing_credentials"


def test_what_is_there_and_turned_down_asks_for_a_sign_in(ask):
    ask(**COOKIE)
    assert ask(LOGIN, **COOKIE).error.code == "login_required"


def test_a_failure_of_the_network_stays_one(ask):
    ask(**COOKIE)
    assert ask(NetworkFailure("host.reset", host="h"), **KEY).error.code == "network"


def test_whoever_signs_out_is_asked_to_sign_in(ask, home):
    signed_in(home, SignIn("browser", INTERNATIONAL, "ap-southeast-1", "made-up-token"))
    ask()
    storage.replace(Files(home).session, with_sign_in(Files(home).kept_session(), None))
    assert ask().error.code == "missing_credentials"


def test_an_answer_from_elsewhere_takes_the_place_of_the_one_before(ask, home):
    ask(**COOKIE)
    ask(**KEY)
    assert in_use.loads(Files(home).ends.read_text()).came_by == f"api variable {next(iter(KEY))}"
