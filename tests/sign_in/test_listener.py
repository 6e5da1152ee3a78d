"""What the console's page may deliver, and the waiting port over real connections, whoever else calls meanwhile."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machine import crowd, until

from codingplan_bar.commands.login import listener
from codingplan_bar.commands.login.delivery import Parcel, fields, token_in
from codingplan_bar.commands.login.listener import Listener, Pages
from codingplan_bar.regions import DOMESTIC, INTERNATIONAL

PAGE_TOKEN = "token-of-the-page"
PAGES = Pages(b"<p>arrived</p>", b"<p>refused</p>")
FORM_HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}
NAVIGATES = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html,application/xhtml+xml"}
SCRIPT = {"Sec-Fetch-Mode": "cors", "Origin": "https://modelstudio.console.alibabacloud.com"}


@pytest.fixture
def port():
    with Listener(INTERNATIONAL, PAGES) as waiting:
        yield waiting


class Said:
    """An answer: its status, headers and body."""

    def __init__(self, waiting, method, path="/", body=None, headers=None, host=None):
        connection = HTTPConnection("127.0.0.1", waiting.server_port, timeout=15)
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", host or f"127.0.0.1:{waiting.server_port}")
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None and not {"Content-Length", "Transfer-Encoding"} & set(headers or {}):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        self.status, self.headers, self.body = answer.status, answer.headers, answer.read()
        connection.close()


def page_fields(waiting, **more):
    return {"access_token": PAGE_TOKEN, "state": waiting.sign_in.value, **more}


def delivered(waiting, method="POST", headers=FORM_HEADERS, **more):
    return Said(waiting, method, body=urlencode(page_fields(waiting, **more)).encode(), headers=headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_script_delivers_by_each_method(port, method):
    said = delivered(port, method, FORM_HEADERS | SCRIPT)
    assert (said.status, json.loads(said.body)) == (200, {"ok": True})
    assert port.wait(0).value == PAGE_TOKEN


def test_a_script_delivers_by_get(port):
    said = Said(port, "GET", "/?" + urlencode(page_fields(port)), headers=SCRIPT)
    assert (said.status, port.wait(0).value) == (200, PAGE_TOKEN)


def test_a_navigation_by_get_leaves_no_trace_in_the_history(port):
    said = Said(port, "GET", "/?" + urlencode(page_fields(port)), headers=NAVIGATES)
    assert (said.status, said.body, port.wait(0).value) == (204, b"", PAGE_TOKEN)


def test_a_form_that_navigates_is_led_on_to_a_page_in_plain_words(port):
    said = delivered(port, headers=FORM_HEADERS | NAVIGATES)
    assert (said.status, said.headers["Location"]) == (303, listener.PAGE_PATH)
    page = Said(port, "GET", said.headers["Location"], headers=NAVIGATES)
    assert (page.status, page.body) == (200, PAGES.arrived)


def test_an_old_browser_navigates_without_saying_so(port):
    assert delivered(port, headers=FORM_HEADERS | {"Accept": "text/html,*/*"}).status == 303


def test_the_page_is_there_only_after_the_sign_in(port):
    assert Said(port, "GET", listener.PAGE_PATH, headers=NAVIGATES).status == 400


def test_localhost_is_its_name_too(port):
    said = Said(port, "GET", "/?" + urlencode(page_fields(port)), host=f"localhost:{port.server_port}")
    assert (said.status, port.wait(0).value) == (200, PAGE_TOKEN)


@pytest.mark.parametrize("host", listener.OWN_NAMES)
def test_of_the_port_that_no_address_names_no_host_does_either(port, monkeypatch, host):
    monkeypatch.setattr(listener, "UNNAMED_PORT", port.server_port)
    for name in (f"{host}:{port.server_port}", host):
        said = Said(port, "GET", "/?" + urlencode(page_fields(port)), headers=SCRIPT, host=name)
        assert (said.status, port.wait(0).value) == (200, PAGE_TOKEN)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "[::1]:{}", "127.0.0.1:{}.evil.example"])
def test_another_host_is_turned_away(port, host):
    said = Said(port, "GET", "/?" + urlencode(page_fields(port)), host=host.format(port.server_port))
    assert (said.status, port.wait(0)) == (421, None)


def test_a_preflight_lets_the_page_ask(port):
    headers = SCRIPT | {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-own",
        "Access-Control-Request-Private-Network": "true",
    }
    said = Said(port, "OPTIONS", headers=headers)
    assert (said.status, said.body) == (204, b"")
    assert {name: said.headers[name] for name in said.headers if name.startswith("Access-Control")} == {
        "Access-Control-Allow-Origin": SCRIPT["Origin"],
        "Access-Control-Allow-Credentials": "true",
        "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH",
        "Access-Control-Allow-Headers": "content-type,x-own",
        "Access-Control-Allow-Private-Network": "true",
    }
    assert port.wait(0) is None


def test_every_answer_has_the_same_guards(port):
    for said in (
        Said(port, "OPTIONS", headers=SCRIPT),
        Said(port, "GET", headers=SCRIPT),
        Said(port, "GET", headers=SCRIPT, host="evil.example"),
        Said(port, "POST", body=b"x", headers=SCRIPT | {"Content-Length": "9999999"}),
        delivered(port, headers=FORM_HEADERS | SCRIPT),
        Said(port, "GET", listener.PAGE_PATH, headers=SCRIPT),
    ):
        assert {name: said.headers[name] for name in listener.ALWAYS} == listener.ALWAYS
        assert (said.headers["Access-Control-Allow-Origin"], said.headers["Vary"]) == (SCRIPT["Origin"], "Origin")
        assert said.headers["Access-Control-Allow-Credentials"] == "true"


@pytest.mark.parametrize("origin", ["null", None, "https://another.example"])
def test_the_origin_decides_nothing(port, origin):
    said = delivered(port, headers=FORM_HEADERS | ({"Origin": origin} if origin else {}))
    assert (said.status, said.headers["Access-Control-Allow-Origin"]) == (200, origin)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"Purpose": "prefetch"}),
        ("GET", {"X-Moz": "prefetch"}),
    ],
)
def test_who_only_looks_takes_nothing(port, method, headers):
    said = Said(port, method, "/?" + urlencode(page_fields(port)), headers=headers | NAVIGATES)
    assert (said.status, port.wait(0)) == (400, None)


@pytest.mark.parametrize("method", ["DELETE", "TRACE", "BREW"])
def test_another_method_takes_nothing(port, method):
    said = Said(port, method, "/?" + urlencode(page_fields(port)))
    assert (said.status, port.wait(0)) == (400, None)


def test_a_wrong_state_is_refused_and_ends_nothing(port):
    for headers in (FORM_HEADERS | SCRIPT, FORM_HEADERS | NAVIGATES):
        said = delivered(port, headers=headers, state="f" * 32)
        assert (said.status, port.wait(0)) == (400, None)
    assert said.body == PAGES.refused
    assert delivered(port).status == 200


def test_the_first_good_delivery_counts_and_a_later_one_gets_the_same_answer(port):
    first, second = delivered(port), delivered(port, access_token="another")
    assert (first.status, first.body) == (second.status, second.body)
    assert port.wait(0).value == PAGE_TOKEN
    assert delivered(port, state="f" * 32).status == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Length": str(64 * 1024 + 1)}, 413),
        ({"Content-Length": "999999999999"}, 411),
        ({"Content-Length": "-1"}, 411),
        ({"Content-Length": "1, 2"}, 411),
        ({"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_a_body_too_long_or_of_unknown_length_is_not_read(port, headers, status):
    assert (Said(port, "POST", body=b"x" * 70_000, headers=headers).status, port.wait(0)) == (status, None)


def test_a_body_of_64_kib_is_read(port):
    body = urlencode(page_fields(port)).encode()
    said = Said(port, "POST", body=body + b"&pad=" + b"x" * (64 * 1024 - len(body) - 5), headers=FORM_HEADERS)
    assert (said.status, port.wait(0).value) == (200, PAGE_TOKEN)


def test_an_origin_or_header_names_that_are_not_such_are_not_echoed(port):
    said = Said(port, "OPTIONS", headers={"Origin": "a b", "Access-Control-Request-Headers": "x" * 2000})
    assert (said.headers["Access-Control-Allow-Origin"], said.headers["Access-Control-Allow-Headers"]) == (
        None,
        "Content-Type",
    )


def test_two_hundred_others_call_while_it_waits(port):
    def call(number):
        kind = number % 5
        if kind == 0:
            return Said(port, "GET", f"/?state={number}").status
        if kind == 1:
            return Said(port, "POST", body=b"{" * 1000).status
        if kind == 2:
            return Said(port, "OPTIONS").status
        if kind == 3:
            return Said(port, "HEAD").status
        return Said(port, "GET", host="evil.example").status

    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(call, range(200)))
    assert {status: statuses.count(status) for status in set(statuses)} == {400: 120, 204: 40, 421: 40}
    assert port.wait(0) is None
    assert delivered(port).status == 200


def test_who_says_nothing_or_little_holds_nobody_up_and_is_let_go(port, monkeypatch):
    monkeypatch.setattr(listener, "PER_CONNECTION", 0.5)
    idle = [socket.create_connection(("127.0.0.1", port.server_port)) for _ in range(30)]
    began = time.monotonic()
    assert delivered(port).status == 200
    assert time.monotonic() - began < 5 * crowd()
    slow = socket.create_connection(("127.0.0.1", port.server_port))
    slow.sendall(b"GET / HTTP/1.1\r\n")
    assert is_hung_up(slow, seconds=15)
    for each in (*idle, slow):
        each.close()


def is_hung_up(caller, *, seconds):
    """Whether that happens while a byte is sent now and then, which runs into no time-out of a socket."""
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            caller.sendall(b"X")
            time.sleep(0.1)
    except OSError:
        return True
    return False


def test_who_comes_when_it_is_crowded_is_turned_away(port, monkeypatch):
    monkeypatch.setattr(listener, "MOST_CONNECTIONS", 3)
    held = [socket.create_connection(("127.0.0.1", port.server_port)) for _ in range(3)]
    until(lambda: len(port._open) == 3, "three callers")
    with pytest.raises(OSError, match=r"."):
        Said(port, "GET")
    for each in held:
        each.close()
    until(lambda: not port._open, "room")
    assert delivered(port).status == 200


def test_two_sign_ins_at_once_take_their_own(port):
    with Listener(INTERNATIONAL, PAGES) as other:
        assert delivered(other, state=port.sign_in.value).status == 400
        assert delivered(other, access_token="of-the-other").status == 200
        assert (other.wait(0).value, port.wait(0)) == ("of-the-other", None)
        assert delivered(port).status == 200
        assert (other.wait(0).value, port.wait(0).value) == ("of-the-other", PAGE_TOKEN)
    assert port.server_port != other.server_port
    assert port.sign_in.value != other.sign_in.value


def test_a_port_that_somebody_has_is_refused_and_one_that_was_used_is_free_at_once(port):
    with pytest.raises(OSError, match="in use"):
        Listener(INTERNATIONAL, PAGES, port=port.server_port)
    with Listener(INTERNATIONAL, PAGES) as first:
        delivered(first)
    with Listener(INTERNATIONAL, PAGES, port=first.server_port) as second:
        assert delivered(second).status == 200


def test_it_listens_on_loopback_alone(port):
    assert port.socket.getsockname()[0] == "127.0.0.1"


def test_a_request_that_cannot_be_read_is_refused_without_an_echo(port):
    with socket.create_connection(("127.0.0.1", port.server_port)) as caller:
        caller.sendall(f"GET /?state={port.sign_in.value} spoken-{PAGE_TOKEN} HTTP/1.1\r\n\r\n".encode())
        said = caller.makefile("rb").read()
    assert PAGE_TOKEN.encode() not in said
    assert port.wait(0) is None


def test_it_writes_nothing(port, capfd):
    delivered(port)
    Said(port, "GET", "/?state=x", host="evil")
    with socket.create_connection(("127.0.0.1", port.server_port)) as caller:
        caller.sendall(b"nonsense\r\n\r\n")
    time.sleep(0.2)
    assert capfd.readouterr() == ("", "")


# What the console's page may deliver: one token in every form, and nothing from anybody else.


STATE = "0123456789abcdef0123456789abcdef"
TOKEN = "tok+en/with=signs.~_-"
GIVEN = {
    "access_token": TOKEN,
    "state": STATE,
    "console_site": "domestic",
    "console_region": "cn-beijing",
    "console_switch_agent": "11751362",
    "workspace_id": "ws-1",
    "base_url": "https://example.invalid/",
    "api_key": "sk-sp-somebody",
}
CAMEL = {
    "accessToken": TOKEN,
    "state": STATE,
    "consoleSite": "domestic",
    "consoleRegion": "cn-beijing",
    "consoleSwitchAgent": 11751362,
    "apiKey": "sk-sp-somebody",
}
BOUNDARY = "----made-up"
FORM, JSON, TEXT = "application/x-www-form-urlencoded", "application/json", "text/plain;charset=UTF-8"


def multipart(fields):
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{BOUNDARY}--\r\n").encode()


def without_state(fields):
    return {name: value for name, value in fields.items() if name != "state"}


FORMS = {
    "query": Parcel(urlencode(GIVEN)),
    "query in camel case": Parcel(urlencode(CAMEL)),
    "query behind a second question mark": Parcel(f"state={STATE}?{urlencode(without_state(GIVEN))}"),
    "query whose plus was not encoded": Parcel(f"state={STATE}&access_token={TOKEN}&console_site=domestic"),
    "form": Parcel("", urlencode(GIVEN).encode(), FORM),
    "form, state in the query": Parcel(f"state={STATE}", urlencode(without_state(GIVEN)).encode(), FORM),
    "form without a label": Parcel("", urlencode(GIVEN).encode()),
    "JSON": Parcel("", json.dumps(GIVEN).encode(), JSON),
    "JSON in camel case": Parcel("", json.dumps(CAMEL).encode(), JSON),
    "JSON labelled as text": Parcel("", json.dumps(GIVEN).encode(), TEXT),
    "JSON labelled as a form": Parcel("", json.dumps(GIVEN).encode(), FORM),
    "JSON under data": Parcel("", json.dumps({"success": True, "data": GIVEN}).encode(), JSON),
    "JSON under data, state outside": Parcel(
        "", json.dumps({"state": STATE, "data": without_state(CAMEL)}).encode(), JSON
    ),
    "JSON, state in the query and again": Parcel(f"state={STATE}", json.dumps(GIVEN).encode(), JSON),
    "multipart": Parcel("", multipart(GIVEN), f"multipart/form-data; boundary={BOUNDARY}"),
    "multipart in camel case": Parcel("", multipart(CAMEL), f'multipart/form-data; boundary="{BOUNDARY}"'),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_brings_the_token_with_its_site(form):
    token = token_in(FORMS[form], state=STATE, site=INTERNATIONAL)
    assert (token.value, token.site, token.region_id) == (TOKEN, DOMESTIC, "cn-beijing")
    assert token.switch_agent == (None if "plus" in form else 11751362)


@pytest.mark.parametrize("form", FORMS)
def test_no_form_brings_more_than_that(form):
    assert "sk-sp-somebody" not in str(fields(FORMS[form]))
    assert "sk-sp-somebody" not in str(token_in(FORMS[form], state=STATE, site=INTERNATIONAL))
    assert TOKEN not in repr(FORMS[form])


@pytest.mark.parametrize("form", FORMS)
def test_another_state_brings_nothing(form):
    assert token_in(FORMS[form], state="f" * 32, site=DOMESTIC) is None


NOTHING = {
    "nothing": Parcel(""),
    "no state": Parcel(urlencode(without_state(GIVEN))),
    "an empty state": Parcel(urlencode(GIVEN | {"state": ""})),
    "the beginning of the state": Parcel(urlencode(GIVEN | {"state": STATE[:-1]})),
    "two states": Parcel(f"state={STATE}&{urlencode(GIVEN | {'state': 'other'})}"),
    "a wrong state in the body": Parcel(f"state={STATE}", json.dumps(GIVEN | {"state": "other"}).encode(), JSON),
    "a state that is a list": Parcel("", json.dumps(GIVEN | {"state": [STATE]}).encode(), JSON),
    "a state that is a number": Parcel("", json.dumps(GIVEN | {"state": 7}).encode(), JSON),
    "no token": Parcel(f"state={STATE}"),
    "an empty token": Parcel(f"state={STATE}&access_token="),
    "a token with a line's end": Parcel(f"state={STATE}&access_token=a%0d%0aX-Evil:1"),
    "a token that is an object": Parcel("", json.dumps({"state": STATE, "access_token": {"a": "b"}}).encode(), JSON),
    "JSON that is cut off": Parcel("", json.dumps(GIVEN).encode()[:-1], JSON),
    "JSON without an end": Parcel("", b'{"a":' * 10_000, JSON),
    "a list": Parcel("", json.dumps([GIVEN]).encode(), JSON),
    "multipart without a boundary": Parcel("", multipart(GIVEN), "multipart/form-data"),
    "more fields than anybody sends": Parcel("a=b&" * 200 + urlencode(GIVEN)),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_what_is_not_a_delivery_brings_nothing(kind):
    assert token_in(NOTHING[kind], state=STATE, site=DOMESTIC) is None


@pytest.mark.parametrize(
    ("said", "site", "region"),
    [
        ({}, INTERNATIONAL, "ap-southeast-1"),
        ({"console_site": "domestic"}, DOMESTIC, "cn-beijing"),
        ({"console_site": "DOMESTIC"}, DOMESTIC, "cn-beijing"),
        ({"console_site": "moon", "console_region": "mars"}, INTERNATIONAL, "ap-southeast-1"),
        ({"console_region": "cn-beijing"}, INTERNATIONAL, "cn-beijing"),
        ({"console_site": 7, "console_region": None}, INTERNATIONAL, "ap-southeast-1"),
    ],
)
def test_the_deliverys_own_word_on_the_site_counts_where_it_is_known(said, site, region):
    body = json.dumps({"state": STATE, "access_token": "t", **said}).encode()
    token = token_in(Parcel("", body, JSON), state=STATE, site=INTERNATIONAL)
    assert (token.site, token.region_id, token.switch_agent) == (site, region, None)


@given(st.text(), st.binary(), st.sampled_from([FORM, JSON, TEXT, "multipart/form-data; boundary=a", "x"]) | st.text())
def test_whatever_comes_raises_nothing_and_brings_nothing(query, body, content_type):
    assert token_in(Parcel(query, body, content_type), state=STATE, site=DOMESTIC) is None
