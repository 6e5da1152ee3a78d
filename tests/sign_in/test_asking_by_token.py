"""The chain with sign-ins: who is asked first, in which region, and what is kept of it."""

from __future__ import annotations

import json
import time

import pytest

from codingplan_bar import snapshot, storage
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.cookies import Cookie, CookieJar
from codingplan_bar.credentials.other_tools import SDK, VARIABLES
from codingplan_bar.credentials.saved import SignIn, kept, with_sign_in
from codingplan_bar.environment import without_secrets
from codingplan_bar.provider import addresses
from codingplan_bar.refresh.ask import Question, client_for
from codingplan_bar.refresh.files import Files
from codingplan_bar.refresh.session import Imported
from codingplan_bar.regions import DOMESTIC, INTERNATIONAL
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
    keep(files, GOOD)
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


def keep(files, sign_in):
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
    keep(files, GOOD)
    asked = ask(jar=CookieJar((TICKET,)))
    assert (asked.source, asked.region, asked.status) == ("token", "intl", "ok")
    assert (provider.asked, provider.wrong) == (["/cli/api.json"], [])
    assert kept(files.kept_session()).proven


@pytest.mark.parametrize("region", ["intl", "cn"])
def test_it_is_asked_where_it_signed_in_whatever_the_region(provider, files, ask, region):
    provider.site, provider.region = "domestic", "ap-southeast-1"
    keep(files, SignIn("browser", DOMESTIC, "ap-southeast-1", "token-from-a-sign-in"))
    asked = ask(f'region = "{region}"')
    assert (tried(asked), provider.wrong) == ([("token", "cn", "ok")], [])
    assert asked.dashboard_url.startswith("https://bailian.console.aliyun.com/")


def test_a_token_that_has_ended_is_said_once_and_never_asked_again(provider, files, ask):
    provider.tokens = set()
    keep(files, GOOD)
    asked = ask()
    assert [each[0] for each in tried(asked)] == ["token", "web", "api"]
    assert (asked.error.code, asked.error.hint) == ("login_required", english("sign_in.hint"))
    assert kept(files.kept_session()).token == ""
    asked = ask('source = "token"')
    assert (asked.error.code, provider.asked) == ("login_required", ["/cli/api.json"])


def test_a_page_on_the_way_ends_no_token(provider, files, ask):
    keep(files, GOOD)
    for answer in ((401, {}), (200, b"<html>sign in to the hotel</html>"), (302, b"")):
        provider.quota = answer
        ask('source = "token"')
        assert kept(files.kept_session()).token == "token-from-a-sign-in"


def test_a_missing_right_is_said_and_nothing_else_is_asked(provider, files, ask):
    keep(files, GOOD)
    provider.quota = 200, {"data": {"success": False, "errorCode": "BailianGateway.Workspace.NotAuthorised"}}
    asked = ask()
    assert (tried(asked), asked.error.hint) == ([("token", "intl", "not_authorised")], english("member.none.hint"))
    assert kept(files.kept_session()).token == "token-from-a-sign-in"


def test_a_pair_keeps_it_going_without_a_person(provider, files, ask):
    keep(files, SignIn("access_key", INTERNATIONAL, "ap-southeast-1", "old", which=SDK))
    pair = dict(zip(VARIABLES[SDK], (KEY, SECRET), strict=False))
    for minted in ("token-minted-1", "token-minted-2"):
        assert ask(**pair).status == "ok"
        assert kept(files.kept_session()).token == minted
        provider.tokens = set()
    assert SECRET not in files.session.read_text()


def test_a_pair_that_is_gone_is_named(files, ask):
    keep(files, SignIn("access_key", INTERNATIONAL, "ap-southeast-1", which=SDK))
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
    keep(files, GOOD)
    ask(jar=CookieJar((TICKET,)))
    data = json.loads(files.session.read_text())
    assert data["session"]
    assert kept(files.session.read_text()) is not None
    assert files.session.stat().st_mode & 0o777 == 0o600


def test_no_program_of_others_sees_a_pair_or_a_token():
    secrets = {name: "secret" for names in VARIABLES.values() for name in names} | {"DASHSCOPE_ACCESS_TOKEN": "secret"}
    assert without_secrets(secrets | {"PATH": "/bin"}) == {"PATH": "/bin"}
