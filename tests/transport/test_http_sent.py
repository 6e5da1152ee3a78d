"""What goes onto the wire is what the request says, encoded; nothing is added that a session or a file holds."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.utils import get_netrc_auth
from support.http import loopback
from support.http.asking import SECRET, ask
from support.http.loopback import framed

from codingplan_bar import __version__
from codingplan_bar.errors import ConfigError, NetworkFailure
from codingplan_bar.transport import http
from codingplan_bar.transport.http import Transport
from codingplan_bar.transport.request import Deadline, Request

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Serve

HARD = {"token": "a+b/c==", "text": "ä 中文 & = ; % \r\n \x00", "": "empty", "empty": ""}
UNSENDABLE = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0xD800, 0xDFFF)]


def ok(serve: Serve, **headers):
    return serve(loopback.saying(framed(b"", **headers)))


def test_a_form_is_form_encoded_and_comes_back_as_it_was(serve: Serve):
    server = ok(serve)
    ask(server.url(), method="POST", form=HARD)
    (talk,) = server.talks
    assert talk.headers["content-type"] == "application/x-www-form-urlencoded"
    assert b"a%2Bb%2Fc%3D%3D" in talk.body
    assert dict(parse_qsl(talk.body.decode("ascii"), keep_blank_values=True)) == HARD


def test_a_query_is_encoded_and_added_to_what_the_address_has(serve: Serve):
    server = ok(serve)
    ask(server.url("/data/api.json?x=1#fragment"), query=HARD)
    path = urlsplit(server.talks[0].path)
    assert path.path == "/data/api.json"
    assert dict(parse_qsl(path.query, keep_blank_values=True)) == {"x": "1"} | HARD
    assert "fragment" not in server.talks[0].head


def test_a_body_is_sent_as_it_is(serve: Serve):
    server = ok(serve)
    body = bytes(range(256))
    ask(server.url(), method="POST", body=body, headers={"Content-Type": "application/json"})
    assert server.talks[0].body == body
    assert server.talks[0].headers["content-type"] == "application/json"


def test_a_post_of_nothing_says_so(serve: Serve):
    server = ok(serve)
    ask(server.url(), method="POST")
    assert server.talks[0].headers["content-length"] == "0"


def test_a_header_of_any_script_is_sent_as_utf_8(serve: Serve):
    server = ok(serve)
    ask(server.url(), headers={"Cookie": "name=中文ä; b=\U0001f600", "Referer": "  https://a.example/ "})
    assert server.talks[0].headers["cookie"] == "name=中文ä; b=\U0001f600"
    assert server.talks[0].head.endswith("\r\nReferer: https://a.example/")


def test_nothing_is_added_but_what_http_needs(serve: Serve):
    server = ok(serve)
    ask(server.url(), headers={"Cookie": "a=b", "user-agent": "Mozilla/5.0"})
    assert server.talks[0].headers == {
        "host": f"localhost:{server.port}",
        "accept-encoding": "gzip, deflate",
        "cookie": "a=b",
        "user-agent": "Mozilla/5.0",
    }


def test_without_a_user_agent_the_program_says_its_name(serve: Serve):
    server = ok(serve)
    ask(server.url(), headers={"ACCEPT-ENCODING": "identity"})
    assert server.talks[0].headers["user-agent"] == f"codingplan-bar/{__version__}"
    assert server.talks[0].head.lower().count("accept-encoding") == 1
    assert server.talks[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("character", UNSENDABLE, ids=ascii)
def test_a_header_with_a_control_character_is_refused_before_anything_is_sent(character):
    with pytest.raises(ConfigError) as caught:
        ask("https://localhost:1/", headers={"Cookie": f"a={SECRET}{character}X-Other: 1"})
    assert caught.value.message == "The header Cookie contains a control character, so no request was sent."
    assert SECRET not in repr(caught.value.__context__)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "a\r\nb", "ä", "a\x00"])
def test_a_header_with_no_proper_name_is_refused(name):
    with pytest.raises(ConfigError, match="A header of the request has an invalid name"):
        ask("https://localhost:1/", headers={name: SECRET})


@pytest.mark.parametrize("where", ["form", "query"])
def test_half_a_surrogate_pair_is_refused_in_a_field(where):
    with pytest.raises(ConfigError, match="A field of the request contains text that cannot be sent") as caught:
        ask("https://localhost:1/", method="POST", **{where: {"token": SECRET + "\ud800"}})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "HTTP://localhost/",
        "//localhost/",
        "localhost",
        "",
        "file:///etc/passwd",
        " https://a/",
        "ftp://a/",
    ],
)
def test_only_https_is_asked(url):
    with pytest.raises(ConfigError, match="does not begin with https"):
        ask(url)


def test_what_a_server_sets_is_not_sent_back(serve: Serve):
    server = ok(serve, headers=("Set-Cookie: tracked=1; Path=/",))
    transport = Transport(Deadline(5))
    for _ in range(2):
        assert transport(Request("GET", server.url())).headers["set-cookie"] == "tracked=1; Path=/"
    assert [talk.headers.get("cookie") for talk in server.talks] == [None, None]


@pytest.mark.parametrize("sent", [None, "Bearer mine"])
def test_a_netrc_neither_adds_nor_replaces_an_authorization(serve: Serve, environment, tmp_path: Path, sent):
    server = ok(serve)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login thief password stolen\ndefault login thief password stolen\n")
    environment.setenv("NETRC", str(netrc))
    assert get_netrc_auth(server.url()) == ("thief", "stolen")  # the trap is set
    ask(server.url(), headers={"Authorization": sent} if sent else {})
    assert server.talks[0].headers.get("authorization") == sent


def test_a_user_in_the_address_is_not_made_an_authorization(serve: Serve):
    server = ok(serve)
    ask(f"https://me:{SECRET}@localhost:{server.port}/")
    assert "authorization" not in server.talks[0].headers
    assert SECRET not in server.talks[0].head


def test_the_requests_of_one_transport_share_one_deadline(serve: Serve):
    server, stalled = ok(serve), serve(loopback.stalling())
    transport = Transport(Deadline(0.4))
    assert transport(Request("GET", server.url())).status == 200
    for _ in range(2):
        with pytest.raises(NetworkFailure, match=r"^No answer came within 0\.4 s\.$"):
            transport(Request("GET", stalled.url()))
    time.sleep(0.1)
    assert stalled.connections == 1


HEADERS = st.dictionaries(st.sampled_from(["Cookie", "x-api-key", "Accept"]), st.text())
UNSENDABLE_TEXT = re.compile(f"[{''.join(map(re.escape, UNSENDABLE))}\ud800-\udfff]")


@given(HEADERS)
def test_any_header_is_sent_whole_on_one_line_or_refused(headers: Mapping[str, str]):
    request = Request("GET", "https://a/", headers=headers)
    if any(UNSENDABLE_TEXT.search(text) for text in headers.values()):
        with pytest.raises(ConfigError, match=r"^The header (Cookie|x-api-key|Accept) contains a control character, "):
            http.headers(request)
        return
    encoded = http.headers(request)
    assert {name: encoded[name].decode() for name in headers} == {
        name: text.strip(" ") for name, text in headers.items()
    }
    assert not any(byte < 0x20 or byte == 0x7F for value in encoded.values() for byte in value)


@given(st.text())
def test_the_host_in_a_message_is_plain_and_short(text):
    spoken = http.spoken_host(f"https://{text}")
    assert 0 < len(spoken) <= 80
    assert spoken.isascii()
    assert spoken.isprintable()
