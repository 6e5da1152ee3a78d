"""When a sign-in ends, and what is said where what gave the last numbers is gone."""

from __future__ import annotations

import json
import shutil
import stat
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import handmade
from support.judging import texts
from support.rows import for_each
from support.scenes import FETCHED, Scene, failure

from codingplan_bar import storage
from codingplan_bar.alerts import notify
from codingplan_bar.bars import BARS, tooltip
from codingplan_bar.bars.adapters import text
from codingplan_bar.browsers.search import Report
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.cookies import ACCOUNT, TICKET, Cookie, CookieJar, identity
from codingplan_bar.credentials.other_tools import KEPT, AccessKeyPair, CodexBarEntry
from codingplan_bar.credentials.saved import SavedSession, SignIn, with_sign_in
from codingplan_bar.errors import LoginRequired, NetworkFailure
from codingplan_bar.model import Plan, Snapshot, Window
from codingplan_bar.provider.source_order import Outcome
from codingplan_bar.refresh import sign_in_life
from codingplan_bar.refresh.provenance import Here, are_of_another
from codingplan_bar.refresh.session import Found, Imported, RenewingSource, account_in, nothing_in
from codingplan_bar.refresh.sign_in_life import Ending, Lives, Tried
from codingplan_bar.refresh.sources import Question, browsers_of, with_codexbar
from codingplan_bar.refresh.store import Files
from codingplan_bar.regions import INTERNATIONAL, REGIONS, SITES
from codingplan_bar.settings.settings import load
from codingplan_bar.transport.request import Answer

HOUR, DAY = 3_600, 86_400
SITE = SITES["international"]


def after_lives(*hours, source="token", unseen=0.25):
    """What is known at the beginning of the next sign-in, when that many hours of earlier ones are over.

    Each was refused so many hours after it had been taken last: nobody had asked in between.
    """
    lives, now = Lives(), 1_000
    for number, each in enumerate(hours):
        lives = lives.taken(source, f"mark {number}", now).taken(source, f"mark {number}", now + each * HOUR)
        lives = lives.refused(source, [f"mark {number}"], now + (each + unseen) * HOUR)
        now += int(each * HOUR) + DAY
    return lives.taken(source, "the next", now), now


@pytest.mark.parametrize(
    ("hours", "foretold"),
    [
        ((), None),
        ((72, 72), None),
        ((72, 72, 72), 72),
        ((72, 70, 71), 70),
        ((72, 72, 48), None),
        ((24, 72, 71, 72), 71),
        ((72, 72, 72, 24), 72),
        ((72, 10, 72, 30, 72, 50), 72),
        ((30, 30, 30, 72, 72, 72), 72),
        ((72, 10, 30, 72, 50, 20), None),
        ((72, 72, 72, 40, 40, 40, 40), None),
        ((72, 72, 72, 40, 40, 40, 40, 40, 40), 40),
        ((0.5, 72, 72), None),
        ((72, 0.5, 72, 72), 72),
    ],
)
def test_the_three_longest_of_the_last_six_lives_foretell_the_next_where_they_agree(hours, foretold):
    """A sign-in elsewhere ends the first one: that makes a life shorter, and never longer."""
    lives, since = after_lives(*hours)
    at = since + foretold * HOUR if foretold else None
    assert lives.ending("token") == Ending(at, foretold is not None, since)
    assert lives.ending("web").at is None


@pytest.mark.parametrize(
    ("hours", "unseen", "is_learned"),
    [(72, 7, True), (72, 8, False), (105, 63, False), (2, 0.5, True), (72, -1, False)],
)
def test_a_sign_in_that_was_not_seen_to_its_end_teaches_nothing(hours, unseen, is_learned):
    """A laptop that is shut from Friday evening to Monday knows of no sign-in that it ended on Friday."""
    lives, since = after_lives(hours, hours, hours, unseen=unseen)
    assert lives.ending("token") == Ending(since + hours * HOUR if is_learned else None, is_learned, since)


def test_a_known_end_counts_more_than_a_learned_one():
    lives, since = after_lives(72, 72, 72)
    assert lives.ending("token", 5) == Ending(5, is_learned=False, since=since)


def test_an_end_counts_once_and_only_the_sign_in_in_use_ends():
    lives, _ = after_lives(72, 72)
    now = 10 * DAY + 9_000_000
    once = lives.taken("token", "the next", now).refused("token", ["another", "the next"], now)
    assert lives.refused("token", ["another"], now) == lives
    assert once.refused("token", ["the next"], now) == once
    assert len(once.past["token"]) == 3
    assert once.ending("token") == Ending()


def test_a_sign_in_that_was_replaced_before_its_end_teaches_nothing():
    lives, now = after_lives(72, 72)
    assert lives.taken("token", "a newer one", now + DAY).past == lives.past


def refreshed(lives, now, *, old, new=None):
    """What a refresh learns that found the kept session `old` turned down, and `new` in the browsers, if any."""

    class Console:
        name, home = "web", None

        def __init__(self, found):
            self.found = found

        def covers(self, _region):
            return True

        def ask(self, _region):
            if self.found.jar == old:
                raise LoginRequired("session.over", store="Firefox")
            return "numbers"

    def browsers(_turned_down):
        if new is None:
            raise LoginRequired("session.over", store="Firefox")
        return Imported(new, "Firefox")

    source = RenewingSource(Found(old, SavedSession(), "Firefox", old, was_kept=True), Console, browsers)
    with suppress(LoginRequired):
        source.ask(REGIONS["intl"])
    return sign_in_life.after(lives, Outcome((), None, "web" if new else None, None), Tried(source, [], None), now)


def test_a_session_in_whose_place_a_newer_one_stands_when_it_is_refused_teaches_nothing():
    """Somebody has signed in again in the browser while the first one lived: the second has ended it."""
    first = Lives().taken("web", identity(jar("anna")), 0).taken("web", identity(jar("anna")), 19 * HOUR // 2)
    replaced = refreshed(first, 10 * HOUR, old=jar("anna"), new=jar("anna again"))
    assert (dict(replaced.past), replaced.present["web"].mark) == ({}, identity(jar("anna again")))
    ended = refreshed(first, 10 * HOUR, old=jar("anna"))
    assert ended.past == {"web": (19 * HOUR // 2,)}
    assert refreshed(ended, 11 * HOUR, old=jar("anna"), new=jar("anna again")).past == ended.past


def test_the_numbers_of_another_account_are_said_for_a_day():
    lives = Lives().taken("web", "a", 0, "anna").taken("web", "b", 10, "anna")
    assert not lives.has_moved("web", 10)
    lives = lives.taken("web", "c", DAY, "bert").taken("web", "c", 2 * DAY - 1, "bert")
    assert [lives.has_moved("web", now) for now in (DAY, 2 * DAY - 1, 2 * DAY)] == [True, True, False]


def test_the_bars_say_whose_numbers_they_are_and_that_an_end_is_learned():
    past = {"session.moved": "yes", "session.learned": "yes", "session.ends_at": str(FETCHED + HOUR)}
    view = Scene(past=past).view()
    assert view.words["session_moved"] in tooltip.note_lines(view)
    assert view.value("session").startswith("sign-in probably ends in 58 min")
    assert view.words["session_moved"] not in tooltip.note_lines(Scene().view())


@for_each(("settings", "words"), [("", "other account"), ('language = "zh"', "另一账号")])
@for_each("own", ["", 'format = "{weekly.left}"', 'icons = "emoji"'])
@for_each("bar", BARS)
def test_every_bar_says_in_its_line_that_the_numbers_are_another_accounts(bar, own, settings, words):
    """Also in a line of the user's own, and beside old numbers: whose they are matters before how many there are."""
    for later in (0, 2_000):
        moved = Scene(past={"session.moved": "yes"}, settings=f"{settings}\n{own}", later=later)
        line = texts(bar, moved.view())[0]
        assert words in line
        assert words not in texts(bar, replace(moved, past={}).view())[0]


def test_a_refresh_a_few_minutes_after_another_changes_nothing_so_nothing_is_written():
    lives = Lives().taken("web", "mark", 1_000)
    for seconds, is_longer in ((300, False), (sign_in_life.STEP - 1, False), (sign_in_life.STEP, True)):
        assert (lives.taken("web", "mark", 1_000 + seconds).to_text() != lives.to_text()) is is_longer


def test_what_is_kept_is_read_again_and_holds_no_secret():
    lives, _ = after_lives(72, 72, 72)
    assert sign_in_life.loads(lives.to_text()) == lives


def test_what_a_newer_version_notes_beside_takes_no_life_away():
    lives = Lives().taken("web", "mark", 1_000)
    noted = json.loads(lives.to_text())
    noted["present"]["web"]["later"] = [1]
    assert sign_in_life.loads(json.dumps(noted)) == lives


PLAIN = st.none() | st.booleans() | st.integers() | st.text()
NAMES = st.sampled_from(["present", "past", "web", "mark", "first"])
DATA = st.recursive(PLAIN, lambda each: st.lists(each) | st.dictionaries(NAMES, each))


@given(st.text() | DATA.map(json.dumps))
def test_whatever_stands_in_the_file_is_no_reason_to_fail(text):
    assert isinstance(sign_in_life.loads(text).ending("web"), Ending)


def jar(who, ends_at=None, domain="alibabacloud.com"):
    names = {"login_aliyunid_ticket": f"ticket of {who}", "login_aliyunid_pk": who}
    return CookieJar(tuple(Cookie(name, value, domain, expires_at=ends_at) for name, value in names.items()))


def numbers(source, region="intl"):
    """What came by that source."""
    return Snapshot(FETCHED, "https://example.invalid/", source, region, Plan("Pro"), (Window("weekly", 1, 100),))


@pytest.mark.parametrize(
    "number", [10**400, -(10**400), 2**63, -1, True, 0.5, None], ids=lambda number: str(number)[:5]
)
@pytest.mark.parametrize("place", ["first", "last", "moved_at", "past"])
def test_no_number_in_the_file_is_one_to_fail_by(place, number):
    document = json.loads(after_lives(72, 72, 72)[0].to_text())
    if place == "past":
        document["past"]["token"] = [number] * 3
    else:
        document["present"]["token"][place] = number
    lives = sign_in_life.loads(json.dumps(document))
    assert lives.ending("token").at is None
    assert not lives.has_moved("token", 5.0)
    assert lives.refused("token", ["the next"], 5.0).ending("token") == Ending()


@pytest.mark.parametrize(("ends_at", "known"), [(None, None), (9_000, 9_000), (0, 0), (-1, None), (2**63, None)])
def test_a_browsers_session_ends_with_its_cookies(ends_at, known):
    text = Found(jar("anna", ends_at), SavedSession(), "Firefox", jar("anna", ends_at)).to_text()
    assert sign_in_life.ending(Lives(), numbers("web"), text).at == known
    assert sign_in_life.ending(Lives(), numbers("api"), text).at is None
    assert sign_in_life.facts(Lives(), numbers("web"), text, 0)["session.ends_at"] == str(known or "")
    assert sign_in_life.facts(Lives(), numbers("token"), text, 0)["session.ends_at"] == ""


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize(("region", "known"), [("intl", 9_000), ("cn", 5_000), (None, 9_000)])
def test_of_a_browser_that_is_signed_in_to_both_sites_the_one_that_gave_the_numbers_counts(region, known, is_turned):
    both = [*jar("anna", 9_000).cookies, *jar("bert", 5_000, "aliyun.com").cookies]
    sessions = CookieJar(tuple(both[::-1] if is_turned else both))
    text = Found(sessions, SavedSession(), "Firefox", sessions).to_text()
    assert sign_in_life.ending(Lives(), numbers("web", region) if region else None, text).at == known
    if region:
        assert account_in(sessions, region, 0) == {"intl": "anna", "cn": "bert"}[region]


@pytest.mark.parametrize("ends_at", [None, 9_000])
def test_a_temporary_pair_ends_and_one_of_a_ram_user_does_not(ends_at):
    pair = AccessKeyPair("LTAI-a", "secret", ends_at=ends_at)
    sign_in = SignIn("access_key", SITE, SITE.region.id, which=KEPT, pair=pair, ends_at=ends_at)
    text = with_sign_in(None, sign_in)
    assert sign_in_life.ending(Lives(), numbers("token"), text).at == ends_at
    assert sign_in_life.way("token", text) == ("pair that ends" if ends_at else "pair")


def test_the_alert_says_when_and_what_to_do():
    for language, words in (("en", "login --with-access-key"), ("zh", "login --with-access-key")):
        title, text = notify.told([{"kind": "session_ends", "ends_at": 1_795_000_000}], language)
        assert title
        assert words in text


# What gave the last numbers and is not there now is named with its setting; "sign in" is said only where that helps.


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
    handmade.make_firefox(root / "x.default", [Crumb(name) for name in (TICKET[0], ACCOUNT[0])])
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
    here = Here(home, load("", home), CodexBarEntry(), None)
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
    assert sign_in_life.loads(Files(home).ends.read_text()).came_by == f"api variable {next(iter(KEY))}"


# Whose numbers are shown: known without a request, by what gave them and what would be asked with now.

OTHER = {"ALIBABA_CODING_PLAN_COOKIE": "login_aliyunid_ticket=another; login_aliyunid_pk=2"}
OTHER_KEY = dict.fromkeys(KEY, "sk-another")


@pytest.fixture
def moved(home, ask):
    """Whether the numbers that came before are another's, with settings as TOML and an environment."""

    def moved(came, toml="", entry=None, **now):
        settings = {"toml": came.pop("toml", ""), "entry": came.pop("entry", None)}
        shown = ask(**settings, **came)
        assert shown.status == "ok"
        environ, entry = home | now, entry or CodexBarEntry()
        files = Files(environ)
        here = Here(environ, with_codexbar(load(toml, environ), entry), entry, files.kept_session())
        return are_of_another(shown, sign_in_life.loads(files.texts[files.ends]), here)

    return moved


@pytest.mark.parametrize(
    ("came", "now", "is_moved"),
    [
        (KEY, KEY, False),
        (KEY, OTHER_KEY, True),
        (KEY, {}, False),  # a bar without the variable: another one's has it
        (KEY, {"toml": 'api_key = "sk-another"'}, True),
        (KEY, {"toml": 'source = "web"', **KEY}, True),
        (KEY, {"toml": 'region = "cn"', **KEY}, True),
        (KEY, {"toml": "theme = 'dark'\ntimeout = 9", **KEY}, False),
        (KEY, dict.fromkeys(KEY, "sk-\u4f60"), True),
        ({"toml": 'api_key = "sk-a"'}, {"toml": 'api_key = "sk-a"'}, False),
        ({"toml": 'api_key = "sk-a"'}, {"toml": 'api_key = "sk-b"'}, True),
        ({"entry": CODEXBAR}, {"entry": CODEXBAR}, False),
        ({"entry": CODEXBAR}, {"entry": replace(CODEXBAR, api_key="sk-another")}, True),
        (COOKIE, COOKIE, False),
        (COOKIE, OTHER, True),
        (COOKIE, {}, False),
        (COOKIE, {**COOKIE, **OTHER_KEY}, False),  # which is asked with after the session
        (COOKIE, {"toml": 'cookie_source = "off"'}, False),
    ],
)
def test_numbers_are_anothers_where_another_key_session_source_or_region_is_asked_now(moved, came, now, is_moved):
    assert moved(dict(came), **now) is is_moved


@pytest.mark.parametrize("way", ["browser", "access_key"])
def test_numbers_are_anothers_after_a_sign_in_to_another_account_and_not_after_a_new_token(home, moved, way):
    mine = SignIn(way, INTERNATIONAL, "ap-southeast-1", "made-up-token", which=KEPT, pair=AccessKeyPair("LTAI1", "x"))
    signed_in(home, mine)
    assert not moved({})
    signed_in(home, replace(mine, token="", since=1))
    assert not moved_now(home)
    signed_in(home, replace(mine, token="another", pair=AccessKeyPair("LTAI2", "x")))
    assert moved_now(home)


def moved_now(home):
    """The same of what is stored as if it had come a moment ago by a token."""
    files = Files(home)
    shown = Scene().snapshot._replace(source="token")
    here = Here(home, load("", home), CodexBarEntry(), files.kept_session())
    return are_of_another(shown, sign_in_life.loads(files.ends.read_text()), here)


def test_numbers_of_the_browser_are_anothers_once_somebody_has_signed_in_by_login_since(home, moved):
    assert not moved(dict(COOKIE), **COOKIE)
    signed_in(home, SignIn("browser", INTERNATIONAL, "ap-southeast-1", "made-up-token", since=FETCHED + 1))
    shown, lives = Scene().snapshot, Lives()
    here = Here(home, load("", home), CodexBarEntry(), Files(home).kept_session())
    assert are_of_another(shown, lives, here)
    assert not are_of_another(shown._replace(fetched_at=FETCHED + 2), lives, here)


def test_numbers_of_the_tools_token_are_anothers_where_it_has_another(home, moved):
    path = login_of_bl(home)
    assert not moved({})
    path.write_text(json.dumps({"access_token": "another-token", "console_site": "international"}))
    assert moved_now(home)
    path.write_text("[]")
    assert moved_now(home), "what cannot be asked with is not what gave them"


def test_what_an_earlier_version_has_kept_says_nothing_of_it(home, moved):
    moved(dict(KEY))
    files = Files(home)
    storage.replace(files.ends, json.dumps({**json.loads(files.ends.read_text()), "came_with": 7}))
    assert sign_in_life.loads(files.ends.read_text()).came_with == ""
