"""API-key mode, the last resort: which key is used, what CodexBar's configuration adds, and the quota by it."""

from __future__ import annotations

import json
import os

import pytest

from codingplan_bar.credentials.other_tools import (
    LARGEST,
    CodexBarEntry,
    codexbar_entry,
    codexbar_files,
)
from codingplan_bar.environment import API_KEYS as VARIABLES
from codingplan_bar.errors import (
    ApiError,
    ApiKeyUnavailable,
    BadResponse,
    ConfigError,
    EmptySuccess,
    InvalidCredentials,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
    RateLimited,
)
from codingplan_bar.provider.addresses import QUOTA_URL, Endpoints, judge
from codingplan_bar.provider.api_key import ApiKey, ApiSource, find
from codingplan_bar.regions import BROADSCOPE, CN, INTL

BOTH = pytest.mark.parametrize("region", [INTL, CN], ids=["intl", "cn"])
KEY = "sk-sp-made-up-key"


def source(wire, endpoints=None, sleep=lambda _: None):
    return ApiSource(wire, endpoints or Endpoints(), ApiKey(KEY, "DASHSCOPE_API_KEY"), lambda: 1_795_400_000.0, sleep)


@BOTH
def test_the_quota_is_posted_to_the_gateway_as_json(provider, region):
    wire = provider.Wire()
    assert source(wire).ask(region).windows[0].total == 1000
    [(_, request)] = wire.sent
    assert (request.method, request.url) == ("POST", f"https://{region.hosts.gateway}/data/api.json")
    assert request.query == {
        "action": BROADSCOPE,
        "product": "broadscope-bailian",
        "api": "queryCodingPlanInstanceInfoV2",
        "currentRegionId": region.id,
    }
    assert request.form is None
    assert json.loads(request.body) == {"queryCodingPlanInstanceInfoRequest": {"commodityCode": region.commodity_code}}


@BOTH
def test_the_headers_carry_the_key_in_each_way_and_no_cookie(provider, region):
    wire = provider.Wire()
    source(wire).ask(region)
    headers = dict(wire.sent[0][1].headers)
    assert headers.pop("User-Agent").startswith("Mozilla/5.0 ")
    assert headers == {
        "Authorization": f"Bearer {KEY}",
        "x-api-key": KEY,
        "X-DashScope-API-Key": KEY,
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Origin": f"https://{region.hosts.gateway}",
        "Referer": f"https://{region.hosts.gateway}/{region.id}/?tab={region.tab}",
    }


def test_the_quota_url_is_asked_instead(provider):
    wire = provider.Wire()
    source(wire, judge({QUOTA_URL: "quota.test/q"})).ask(INTL)
    assert wire.sent[0][1].url == "https://quota.test/q"


ENDS = {
    "401": (401, InvalidCredentials),
    "403": (403, InvalidCredentials),
    "429": (429, RateLimited),
    "500": (500, ApiError),
    "ConsoleNeedLogin": ({"code": "ConsoleNeedLogin", "message": "You need to log in."}, ApiKeyUnavailable),
    "log in": ({"code": "X", "message": "Please log in first", "success": False}, ApiKeyUnavailable),
    "console session": ({"success": False, "errorMsg": "console session required"}, ApiKeyUnavailable),
    "NotLogined": ({"data": {"success": False, "errorCode": "A.Login.NotLogined"}}, ApiKeyUnavailable),
    "unauthorized": ({"code": 401, "message": "unauthorized"}, InvalidCredentials),
    "not authorised": ({"success": False, "errorCode": "X.NotAuthorised"}, NotAuthorised),
    "not read": ({"data": {"planUsage": "18%"}}, BadResponse),
    "the sign-in page": ("<html><a href=https://account.aliyun.com>Sign in</a></html>", ApiKeyUnavailable),
    "another page": ("<html>Sign in</html>", NetworkFailure),
    "no plan": ({"data": {"codingPlanInstanceInfos": []}}, NoPlan),
}


@pytest.mark.parametrize(("said", "kind"), ENDS.values(), ids=ENDS.keys())
def test_what_an_answer_means_for_a_key(provider, said, kind):
    status = said if isinstance(said, int) else 200
    text = said if isinstance(said, str) else None
    wire = provider.Wire(quota=provider.answer(said if isinstance(said, dict) else {}, status=status, text=text))
    with pytest.raises(kind) as refusal:
        source(wire).ask(INTL)
    assert type(refusal.value) is kind
    assert len(wire.sent) == 1


def test_a_key_that_cannot_read_the_quota_is_told_to_use_the_web_session_and_never_to_sign_in_again(provider):
    with pytest.raises(ApiKeyUnavailable) as refusal:
        source(provider.Wire(quota=provider.LOGIN)).ask(INTL)
    assert "key cannot read the quota" in refusal.value.message
    assert refusal.value.hint.startswith('Set source = "web"')


def test_a_success_that_carries_nothing_is_repeated_once(provider):
    pauses = []
    wire = provider.Wire(quota=[provider.EMPTY, provider.GOOD])
    assert source(wire, sleep=pauses.append).ask(INTL).windows
    with pytest.raises(EmptySuccess):
        source(provider.Wire(quota=provider.EMPTY), sleep=pauses.append).ask(INTL)
    assert pauses == [0.5, 0.5]


def test_a_failure_of_the_network_is_passed_on(provider):
    with pytest.raises(NetworkFailure):
        source(provider.Wire(quota=NetworkFailure("x"))).ask(INTL)


def test_the_providers_words_never_repeat_the_key(provider):
    wire = provider.Wire(quota=provider.answer({"success": False, "errorMsg": f"bad: {KEY}"}))
    with pytest.raises(ApiError) as refusal:
        source(wire).ask(INTL)
    assert KEY not in f"{refusal.value!r}{refusal.value.message}"
    assert KEY not in repr(source(wire))


def test_a_key_is_tried_in_every_region(provider):
    assert source(provider.Wire()).covers(CN)
    assert source(provider.Wire()).name == "api"


ENTRY = CodexBarEntry("~/.codexbar/config.json", api_key="sk-codexbar")
ENVIRON = {name: f"sk-{name}" for name in VARIABLES}


def test_the_own_setting_wins_over_all():
    assert find(ENVIRON, setting="sk-own", entry=ENTRY) == ApiKey("sk-own", "api_key")


def test_codexbars_key_wins_over_the_variables():
    assert find(ENVIRON, entry=ENTRY) == ApiKey("sk-codexbar", "~/.codexbar/config.json")


def test_the_variables_are_asked_in_their_order():
    assert VARIABLES == ("ALIBABA_CODING_PLAN_API_KEY", "ALIBABA_QWEN_API_KEY", "DASHSCOPE_API_KEY")
    left = dict(ENVIRON)
    for name in VARIABLES:
        assert find(left) == ApiKey(f"sk-{name}", name)
        del left[name]
    assert find(left) is None


@pytest.mark.parametrize("text", [" sk-x ", '"sk-x"', "'sk-x'", ' " sk-x " ', "\tsk-x\n"])
def test_white_space_and_one_pair_of_quotes_go(text):
    assert find({"DASHSCOPE_API_KEY": text}) == ApiKey("sk-x", "DASHSCOPE_API_KEY")


def test_only_one_pair_of_quotes_goes():
    assert find({"DASHSCOPE_API_KEY": "''sk-x''"}) == ApiKey("'sk-x'", "DASHSCOPE_API_KEY")
    assert find({"DASHSCOPE_API_KEY": "'sk-x\""}) == ApiKey("'sk-x\"", "DASHSCOPE_API_KEY")


@pytest.mark.parametrize("text", ["", " ", '""', "' '"])
def test_an_empty_key_is_none_and_the_next_one_counts(text):
    environ = {VARIABLES[0]: text, VARIABLES[1]: "sk-next"}
    assert find(environ, setting=text, entry=CodexBarEntry("f", api_key=text)) == ApiKey("sk-next", VARIABLES[1])


@pytest.mark.parametrize("control", ["\n", "\r", "\0", "\x1b", "\x85", "\udcff", " ", "你", "ｋ", "\x7f"])
def test_a_character_that_no_key_has_is_refused_by_the_name_of_its_place(control):
    with pytest.raises(ConfigError) as refusal:
        find({"ALIBABA_QWEN_API_KEY": f"sk-secret{control}X: y"})
    error = refusal.value
    assert error.where == "ALIBABA_QWEN_API_KEY"
    assert "secret" not in f"{error!r}{error.message}{error.hint}"


def test_no_repr_shows_the_key():
    assert "top-secret" not in repr(ApiKey("top-secret", "api_key"))


# What CodexBar's configuration says is taken over, and nothing that is wrong with it is an error.


HOME = {"HOME": "/home/me"}
XDG_FILE = "/home/me/.config/codexbar/config.json"
OLD_FILE = "/home/me/.codexbar/config.json"


def files(**texts):
    """A reader of made-up files, by path."""

    def read(path, _limit, *, owner):
        text = texts.get(str(path), FileNotFoundError(path))
        if isinstance(text, Exception):
            raise text
        return text.encode()

    return read


def config(**fields):
    return json.dumps({"providers": [{"id": "claude", "apiKey": "no"}, {"id": "alibaba", **fields}, {"id": "alibaba"}]})


def test_the_file_is_the_named_one_else_xdgs_else_the_old_place():
    environ = HOME | {"CODEXBAR_CONFIG": "/named.json", "XDG_CONFIG_HOME": "/xdg"}
    assert codexbar_files(environ) == ["/named.json", "/xdg/codexbar/config.json", OLD_FILE]
    assert codexbar_files(HOME) == [XDG_FILE, OLD_FILE]


def test_relative_paths_are_ignored():
    assert codexbar_files(HOME | {"CODEXBAR_CONFIG": "x.json", "XDG_CONFIG_HOME": "xdg"}) == [XDG_FILE, OLD_FILE]
    assert codexbar_files({"HOME": "here"}) == []


def test_a_tilde_is_the_home_folder():
    assert codexbar_files(HOME | {"CODEXBAR_CONFIG": "~/x.json"})[0] == "/home/me/x.json"


def test_the_first_file_that_exists_counts_alone():
    read = files(**{XDG_FILE: config(apiKey="first"), OLD_FILE: config(apiKey="second")})
    assert codexbar_entry(HOME, read).api_key == "first"
    assert codexbar_entry(HOME, files(**{OLD_FILE: config(apiKey="second")})).api_key == "second"
    assert codexbar_entry(HOME, files(**{XDG_FILE: "{}", OLD_FILE: config(apiKey="second")})).api_key is None


def test_all_its_fields_are_read_of_the_provider_with_the_id_alibaba():
    text = config(apiKey="sk", region="cn", source="web", cookieSource="manual", cookieHeader="a=b", enabled=True)
    assert codexbar_entry(HOME, files(**{XDG_FILE: text})) == CodexBarEntry(
        "~/.config/codexbar/config.json", "sk", "cn", "web", "manual", "a=b"
    )


def test_without_a_file_there_is_nothing():
    assert codexbar_entry(HOME, files()) == CodexBarEntry()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "[" * 100_000,
        PermissionError("no"),
        IsADirectoryError("no"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"),
    ],
    ids=lambda text: repr(text)[:20],
)
def test_a_file_that_cannot_be_read_is_ignored_with_a_note(text):
    entry = codexbar_entry(HOME, files(**{XDG_FILE: text, OLD_FILE: config(apiKey="other")}))
    assert entry.api_key is None
    assert entry.notes == ("~/.config/codexbar/config.json could not be read and is ignored",)


@pytest.mark.parametrize("text", ["[]", "1", '{"providers": {}}', '{"providers": [1, null, []]}', '{"providers": []}'])
def test_a_file_without_the_entry_says_nothing(text):
    assert codexbar_entry(HOME, files(**{XDG_FILE: text})) == CodexBarEntry("~/.config/codexbar/config.json")


@pytest.mark.parametrize("value", ["wrong-secret", 1, True, [], {}])
@pytest.mark.parametrize("name", ["region", "source", "cookieSource"])
def test_a_value_that_is_none_of_its_own_is_ignored_with_a_note_that_names_the_field(name, value):
    entry = codexbar_entry(HOME, files(**{XDG_FILE: config(apiKey="sk", **{name: value})}))
    assert entry.api_key == "sk"
    assert (entry.region, entry.source, entry.cookie_source) == (None, None, None)
    assert entry.notes == (f"~/.config/codexbar/config.json: {name} has an unknown value and is ignored",)


def test_no_repr_shows_a_key_or_a_header():
    assert "top-secret" not in repr(CodexBarEntry(api_key="top-secret", cookie_header="top-secret"))


def test_real_files_are_read_up_to_a_bound(tmp_path):
    file = tmp_path / "config.json"
    file.write_text(config(apiKey="sk"))
    assert codexbar_entry({"CODEXBAR_CONFIG": str(file), "HOME": "/nowhere"}).api_key == "sk"
    file.write_text("x" * (LARGEST + 100))
    assert codexbar_entry({"CODEXBAR_CONFIG": str(file), "HOME": "/nowhere"}).notes


def test_a_pipe_in_its_place_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert codexbar_entry({"CODEXBAR_CONFIG": str(tmp_path / "pipe")}).notes
    assert codexbar_entry({"CODEXBAR_CONFIG": str(tmp_path)}).notes
    assert codexbar_entry({"CODEXBAR_CONFIG": str(tmp_path / "no" / "file")}) == CodexBarEntry()


def test_a_file_in_the_place_of_its_folder_is_no_configuration(tmp_path):
    (tmp_path / "file").write_text("x")
    assert codexbar_entry({"CODEXBAR_CONFIG": str(tmp_path / "file" / "config.json")}) == CodexBarEntry()
