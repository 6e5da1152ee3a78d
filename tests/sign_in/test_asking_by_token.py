"""The chain with sign-ins: who is asked first, in which region, what is kept; and thirty days of each way."""

from __future__ import annotations

import json
import random
import time
from contextlib import ExitStack, nullcontext
from itertools import count
from typing import NamedTuple

import pytest
from support.console.console import Console
from support.handmade import FIREFOX, NOW, Home, signed_in
from support.stand_in import plan

from codingplan_bar import snapshot, storage
from codingplan_bar.alerts.decide import Alerter, Sources
from codingplan_bar.commands.login.new_sign_in import keep
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.cookies import Cookie, CookieJar
from codingplan_bar.credentials.other_tools import KEPT, SDK, VARIABLES, AccessKeyPair
from codingplan_bar.credentials.saved import SignIn, kept, with_sign_in
from codingplan_bar.environment import without_secrets
from codingplan_bar.provider import addresses
from codingplan_bar.refresh import sign_in_life, store
from codingplan_bar.refresh.refresh import Refresher
from codingplan_bar.refresh.session import Imported
from codingplan_bar.refresh.sources import Question, client_for
from codingplan_bar.refresh.store import Files
from codingplan_bar.regions import DOMESTIC, INTERNATIONAL, SITES
from codingplan_bar.settings.settings import load
from codingplan_bar.snapshot import to_document
from codingplan_bar.words.errors import english

KEY, SECRET = "LTAI-standing-in", "secret-of-the-stand-in"
GOOD = SignIn("browser", INTERNATIONAL, "ap-southeast-1", "token-from-a-sign-in")
TICKET = Cookie("login_aliyunid_ticket", "made-up", "alibabacloud.com", host_only=False)


@pytest.fixture
def environ(provider, tmp_path):
    return {"HOME": str(tmp_path), addresses.HOST: provider.host, "PATH": "/nonexistent"}


@pytest.fixture
def files(environ):
    return Files(environ)


@pytest.fixture
def ask(environ, files):
    def ask(toml="", *, jar=None, **more):
        question = Question(
            Files(environ | more),
            time.time,
            codexbar_entry=other_tools.CodexBarEntry(),
            browsers=lambda *_: lambda _: Imported(jar, "Firefox") if jar else None,
        )
        asked = question.ask(load(toml, environ | more)).snapshot
        snapshot.check(to_document(asked))
        return asked

    return ask


def test_no_browser_is_looked_at_where_a_sign_in_answers(files, environ, provider):
    keep_sign_in(files, GOOD)
    looked = []
    question = Question(
        files,
        time.time,
        codexbar_entry=other_tools.CodexBarEntry(),
        browsers=lambda *_: lambda _: looked.append("looked"),
    )
    assert question.ask(load("", environ)).snapshot.status == "ok"
    assert looked == []
    provider.tokens = set()
    question.ask(load("", environ))
    assert looked == ["looked"]


def keep_sign_in(files, sign_in):
    storage.replace(files.session, with_sign_in(files.kept_session(), sign_in))


def tried(asked):
    return [(each.source, each.region, each.outcome) for each in asked.attempts]


def bl_has(files, **values):
    folder = files.settings.parent.parent.parent / ".bailian"
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(values))


@pytest.mark.parametrize("source", ["auto", "token"])
def test_a_token_that_bl_has_renewed_is_asked_with_at_once_and_none_is_kept_here(provider, files, ask, source):
    """Its file counts among what a failure waits for: a change of it ends the wait, and no sign-in here is needed."""
    settings = f'source = "{source}"'
    where = {"console_site": "international", "console_region": "ap-southeast-1"}

    def circumstances():
        return client_for(files, load(settings, files.environ), now=time.time).circumstances

    bl_has(files, access_token="one-that-ended", **where)
    assert ("token", "intl", "login_required") in tried(ask(settings))
    before = circumstances()
    assert circumstances() == before
    for token in ("renewed", "renewed again"):
        provider.tokens = {token.replace(" ", "-")}
        bl_has(files, access_token=token.replace(" ", "-"), **where)
        assert circumstances() != before
        assert (ask(settings).source, provider.wrong) == ("token", [])
        before = circumstances()
    assert kept(files.kept_session()) is None


def test_a_sign_in_comes_first_and_is_one_request(provider, files, ask):
    keep_sign_in(files, GOOD)
    asked = ask(jar=CookieJar((TICKET,)))
    assert (asked.source, asked.region, asked.status) == ("token", "intl", "ok")
    assert (provider.asked, provider.wrong) == (["/cli/api.json"], [])
    assert kept(files.kept_session()).proven


ANOTHER = SignIn("pipe", INTERNATIONAL, "ap-southeast-1", "token-of-another")


@pytest.mark.parametrize("held", [True, False], ids=["locked", "without the lock"])
@pytest.mark.parametrize("left", [None, ANOTHER], ids=["out", "in"])
def test_a_refresh_that_was_at_it_for_too_long_undoes_no_sign_in_or_out(
    provider, environ, files, monkeypatch, left, held
):
    """A process that was stopped, as by Ctrl-Z, or that waits for a keyring, is not waited for without end."""
    monkeypatch.setattr(store, "LOCK_SLACK", -60)
    settings = load("", environ)
    keep_sign_in(files, GOOD)

    def meanwhile():
        keep(Files(environ), settings, left)
        return 200, plan(0)

    provider.quota = meanwhile
    question = Question(
        files, time.time, codexbar_entry=other_tools.CodexBarEntry(), browsers=lambda *_: lambda _: None
    )
    with files.undisturbed(settings) if held else nullcontext():
        assert question.ask(settings).snapshot.status == "ok"
    assert kept(Files(environ).kept_session()) == left


@pytest.mark.parametrize("region", ["intl", "cn"])
def test_it_is_asked_where_it_signed_in_whatever_the_region(provider, files, ask, region):
    provider.site, provider.region = "domestic", "ap-southeast-1"
    keep_sign_in(files, SignIn("browser", DOMESTIC, "ap-southeast-1", "token-from-a-sign-in"))
    asked = ask(f'region = "{region}"')
    assert (tried(asked), provider.wrong) == ([("token", "cn", "ok")], [])
    assert asked.dashboard_url.startswith("https://bailian.console.aliyun.com/")


def test_a_token_that_has_ended_is_said_once_and_never_asked_again(provider, files, ask):
    provider.tokens = set()
    keep_sign_in(files, GOOD)
    asked = ask()
    assert [each[0] for each in tried(asked)] == ["token", "web", "api"]
    assert (asked.error.code, asked.error.hint) == ("login_required", english("sign_in.hint"))
    assert kept(files.kept_session()).token == ""
    asked = ask('source = "token"')
    assert (asked.error.code, provider.asked) == ("login_required", ["/cli/api.json"])


def test_a_page_on_the_way_ends_no_token(provider, files, ask):
    keep_sign_in(files, GOOD)
    for answer in ((401, {}), (200, b"<html>sign in to the hotel</html>"), (302, b"")):
        provider.quota = answer
        ask('source = "token"')
        assert kept(files.kept_session()).token == "token-from-a-sign-in"


def test_a_missing_right_is_said_and_nothing_else_is_asked(provider, files, ask):
    keep_sign_in(files, GOOD)
    provider.quota = 200, {"data": {"success": False, "errorCode": "BailianGateway.Workspace.NotAuthorised"}}
    asked = ask()
    assert (tried(asked), asked.error.hint) == ([("token", "intl", "not_authorised")], english("member.none.hint"))
    assert kept(files.kept_session()).token == "token-from-a-sign-in"


def test_a_pair_keeps_it_going_without_a_person(provider, files, ask):
    keep_sign_in(files, SignIn("access_key", INTERNATIONAL, "ap-southeast-1", "old", which=SDK))
    pair = dict(zip(VARIABLES[SDK], (KEY, SECRET), strict=False))
    for minted in ("token-minted-1", "token-minted-2"):
        assert ask(**pair).status == "ok"
        assert kept(files.kept_session()).token == minted
        provider.tokens = set()
    assert SECRET not in files.session.read_text()


def test_a_pair_that_is_gone_is_named(files, ask):
    keep_sign_in(files, SignIn("access_key", INTERNATIONAL, "ap-southeast-1", which=SDK))
    asked = ask('source = "token"')
    assert (asked.error.code, asked.error.message) == (
        "missing_credentials",
        english("pair.gone", {"place": ", ".join(VARIABLES[SDK][:2])}),
    )


def test_a_pair_that_merely_lies_about_is_never_used(provider, files, ask):
    pair = dict(zip(VARIABLES[SDK], (KEY, SECRET), strict=False))
    bl_has(files, access_key_id=KEY, access_key_secret=SECRET)
    for toml in ("", 'source = "token"'):
        assert ask(toml, **pair).error.code == "missing_credentials"
    assert provider.asked == []


def test_what_bl_has_stored_comes_after_the_browser(provider, files, ask):
    bl_has(files, access_token="token-from-a-sign-in", console_site="international")
    assert tried(ask())[-1] == ("token", "intl", "ok")
    assert [each[0] for each in tried(ask())] == ["web", "token"]
    assert tried(ask('source = "token"')) == [("token", "intl", "ok")]
    assert not files.session.exists()
    assert provider.wrong == []


def test_a_damaged_file_of_bl_is_named_only_where_tokens_are_asked_for(files, ask):
    bl_has(files)
    (files.settings.parent.parent.parent / ".bailian/config.json").write_text("{")
    assert "token" not in [each[0] for each in tried(ask())]
    asked = ask('source = "token"')
    assert (asked.error.code, "~/.bailian/config.json" in asked.error.message) == ("missing_credentials", True)


def test_without_any_token_the_next_step_is_said(ask):
    asked = ask('source = "token"')
    assert (asked.error.code, asked.error.hint) == ("missing_credentials", english("sign_in.none.hint"))


def test_the_browsers_session_and_the_sign_in_are_kept_side_by_side(provider, files, ask):
    provider.tokens = set()
    keep_sign_in(files, GOOD)
    ask(jar=CookieJar((TICKET,)))
    data = json.loads(files.session.read_text())
    assert data["session"]
    assert kept(files.session.read_text()) is not None
    assert files.session.stat().st_mode & 0o777 == 0o600


def test_no_program_of_others_sees_a_pair_or_a_token():
    secrets = {name: "secret" for names in VARIABLES.values() for name in names} | {"DASHSCOPE_ACCESS_TOKEN": "secret"}
    assert without_secrets(secrets | {"PATH": "/bin"}) == {"PATH": "/bin"}


# Thirty days of each way of signing in: the real refresh under a driven clock, the provider a stand-in.
#
# Tickets and tokens live one to four days there, and a sign-in elsewhere ends the one before.


HOUR, HOURS, STEP = 3_600, 30 * 24, 3
"""In hours: how long it goes, and how far apart two refreshes are."""
LEAD = 6
"""Hours before an end at which an alert is wanted."""
COMES_TRUE = 24
"""Hours after an alert within which the end has to come."""


class Month(NamedTuple):
    """What came of it: the hours with true numbers, how often somebody signed in, and at which hours what happened."""

    true: int
    acts: int
    foretold: list[float]
    ended: list[float]
    signed_out: list[float]

    @property
    def share(self):
        return self.true / HOURS

    def come_true(self):
        """The share of the alerts that an end followed in time; 1 without any."""
        good = [any(0 <= end - hour <= COMES_TRUE for end in self.ended) for hour in self.foretold]
        return sum(good) / len(good) if good else 1


class Person:
    """Somebody with a home, the program in it, and a clock; how they sign in stands in `sign_in`."""

    def __init__(self, tmp_path, environ, sign_in, is_over):
        self.now, self.alerts, self.acts = float(NOW), [], 0
        self.home = Home(tmp_path)
        self.environ = self.home.environ | environ
        self.sign_in_by, self.is_over = sign_in, is_over
        self.files, self.settings = Files(self.environ), load("", self.environ)

    @property
    def hour(self):
        return (self.now - NOW) / HOUR

    def sign_in(self):
        self.acts += 1
        self.sign_in_by(self)

    def refresher(self):
        asker = client_for(self.files, self.settings, now=lambda: self.now)
        alerter = Alerter(
            self.files.alerts,
            self.settings,
            self.environ,
            start=lambda text, _: self.alerts.append((self.hour, json.loads(text)["alerts"])),
            sources=Sources(session_ends=lambda latest: sign_in_life.kept_end(self.files, latest)),
        )
        return Refresher(self.files, asker, [alerter.witness])

    def live(self, *, again_after=None):
        """A month from the first sign-in on; `again_after` hours without numbers there is another one, if at all."""
        self.sign_in()
        true, ended, was_over, dark = 0, [], False, 0
        for _ in range(0, HOURS, STEP):
            over = self.is_over(self.now)
            ended += [self.hour] if over and not was_over else []
            was_over = over
            shown = self.refresher().refresh("when due")
            is_true = shown.error is None and shown.fetched_at == int(self.now)
            assert is_true is False or not over
            true, dark = true + STEP * is_true, 0 if is_true else dark + STEP
            if again_after and dark >= again_after:
                self.sign_in()
            self.now += STEP * HOUR
        told = [(hour, each["kind"]) for hour, alerts in self.alerts for each in alerts]
        return Month(
            true,
            self.acts,
            [hour for hour, kind in told if kind == "session_ends"],
            ended,
            [hour for hour, kind in told if kind == "signed_out"],
        )


@pytest.fixture
def by_token(tmp_path, provider):
    """Somebody who signs in by the console's page; a token lives as many hours as `lives` gives next."""

    def person(lives):
        numbers, dies = count(1), {}

        def sign_in(who):
            token = f"token-{next(numbers)}"
            dies[token] = who.now + next(lives) * HOUR
            provider.tokens = {token}
            site = SITES["international"]
            keep(who.files, who.settings, SignIn("browser", site, site.region.id, token, since=int(who.now)))

        def is_over(now):
            provider.tokens = {token for token in provider.tokens if dies[token] > now}
            return not provider.tokens

        return Person(tmp_path, {addresses.HOST: provider.host}, sign_in, is_over)

    return person


@pytest.fixture
def by_browser(tmp_path, monkeypatch):
    """Somebody whose browser has the session: the ticket's end is in the cookie, and the console keeps to it."""
    with ExitStack() as stack:

        def person(lives):
            alive = {}

            def sign_in(who):
                ends_at = int(who.now + next(lives) * HOUR)
                alive.clear()
                alive[f"ticket-of-{ends_at}"] = ends_at
                store = who.home.folder / FIREFOX / "x1y2.default/cookies.sqlite"
                store.unlink(missing_ok=True)
                who.home.firefox(signed_in(str(ends_at), expires_at=ends_at), journal="delete")

            console = stack.enter_context(Console(clock=lambda: who.now))
            environ = dict(console.environment)
            del environ["ALIBABA_CODING_PLAN_COOKIE"]
            for name in ("REQUESTS_CA_BUNDLE", "NO_PROXY", "no_proxy"):
                monkeypatch.setenv(name, environ[name])
            who = Person(tmp_path, environ, sign_in, lambda now: not any(end > now for end in alive.values()))
            console.accepts_session = lambda cookies: alive.get(cookies.get("login_aliyunid_ticket"), 0) > who.now
            return who

        yield person


def one_to_four_days(seed):
    rng = random.Random(seed)
    while True:
        yield rng.uniform(24, 96)


def alike(hours, spread, seed):
    rng = random.Random(seed)
    while True:
        yield rng.uniform(hours * (1 - spread), hours)


@pytest.mark.slow
def test_an_access_key_pair_needs_one_act_for_a_month(tmp_path, provider):
    """Its tokens end, too, one by one, and by each sign-in elsewhere; each is replaced in the same refresh."""
    lives, moment = one_to_four_days(1), {"ends": 0.0}

    def is_over(now):
        if now >= moment["ends"]:
            provider.tokens, moment["ends"] = set(), now + next(lives) * HOUR
        return False

    def sign_in(who):
        site, pair = SITES["international"], AccessKeyPair(*next((k, s) for k, (s, _) in provider.pairs.items()))
        keep(who.files, who.settings, SignIn("access_key", site, site.region.id, which=KEPT, pair=pair))

    month = Person(tmp_path, {addresses.HOST: provider.host}, sign_in, is_over).live()
    assert (month.share >= 0.999, month.acts, month.foretold, month.signed_out) == (True, 1, [], [])
    assert provider.count > 8
    assert provider.wrong == []


@pytest.mark.slow
def test_a_token_shows_true_numbers_for_as_long_as_it_lives_and_nobody_can_foretell_the_first_end(by_token):
    month = by_token(one_to_four_days(2)).live()
    assert month.true == pytest.approx(month.ended[0], abs=STEP)
    assert (month.acts, month.foretold, len(month.signed_out)) == (1, [], 1)


@pytest.mark.slow
def test_from_the_fourth_token_on_the_end_is_foretold(by_token):
    """All live three days, give or take two hours; somebody signs in again some hours after each end."""
    month = by_token(alike(72, 0.03, seed=3)).live(again_after=4)
    assert month.come_true() >= 0.8
    assert month.share > 0.9
    later = month.ended[sign_in_life.LEARNED_FROM :]
    assert later
    assert all(any(0 < end - hour <= LEAD + COMES_TRUE for hour in month.foretold) for end in later)
    assert len(month.foretold) == len(later) + (month.foretold[-1] > later[-1])


@pytest.mark.slow
def test_lives_that_differ_foretell_nothing_false(by_token):
    month = by_token(one_to_four_days(4)).live(again_after=4)
    assert len(month.ended) > sign_in_life.LEARNED_FROM
    assert month.come_true() >= 0.8


def cut_short(hours, spread, seed, often=0.4):
    """Lives of that many hours, of which so many are ended before by a sign-in elsewhere."""
    rng, natural = random.Random(seed), alike(hours, spread, seed)
    while True:
        life = next(natural)
        yield rng.uniform(2, life) if rng.random() < often else life


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_sign_in_elsewhere_ends_the_first_and_is_not_learned_as_its_own_end(by_token, seed):
    """Forty hours are a token's own life, and two in five end before: most of the others are foretold all the same."""
    lives, lived = cut_short(40, 0.03, seed), []
    recorded = (lived.append(life) or life for life in lives)
    month = by_token(recorded).live(again_after=4)
    assert month.come_true() >= 0.8
    natural = [end for end, life in zip(month.ended, lived, strict=False) if life > 38]
    assert len(natural) > sign_in_life.LEARNED_FROM + 1 < len(month.ended) - 1
    later = natural[sign_in_life.LEARNED_FROM + 1 :]
    foretold = [end for end in later if any(0 < end - hour <= LEAD + COMES_TRUE for hour in month.foretold)]
    assert len(foretold) >= 0.6 * len(later)


@pytest.mark.slow
def test_the_end_that_stands_in_a_cookie_never_comes_without_an_alert(by_browser):
    month = by_browser(one_to_four_days(7)).live(again_after=2)
    assert len(month.ended) > 5
    assert len(month.foretold) in (len(month.ended), len(month.ended) + 1)
    for end in month.ended:
        assert any(0 < end - hour <= LEAD + STEP for hour in month.foretold)
    assert month.come_true() >= 0.8
