"""What goes onto the wire is what the request says, and only to whom a good certificate names."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from requests.utils import get_netrc_auth
from support.http import loopback
from support.http.asking import SECRET, ask, failure, server_context
from support.http.loopback import Talk, framed
from support.rows import for_each

from codingplan_bar import __version__
from codingplan_bar.errors import ConfigError, NetworkFailure
from codingplan_bar.transport import http
from codingplan_bar.transport.http import Transport
from codingplan_bar.transport.request import Answer, Deadline, Request

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


@for_each("character", UNSENDABLE, ids=ascii)
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


# Nothing is sent but to whom a good certificate names, and a redirect is followed within its origin alone.
#
# A handshake that fails is said for what it is. A GET is redirected three times; else the redirect is the answer.


HANDSHAKES = {
    "a reset in the handshake": (loopback.refuse_after_hello, "localhost broke off the connection."),
    "plain HTTP": (loopback.speak_plain_http, "No TLS connection to localhost: wrong version number."),
}


@pytest.mark.parametrize("greeting", [loopback.stall_in_handshake, loopback.trickle_in_handshake])
def test_a_handshake_that_does_not_end_is_left_at_the_deadline(serve: Serve, greeting):
    error = failure(serve(loopback.stalling(), greeting=greeting).url(), within=0.3)
    assert (type(error), error.message) == (NetworkFailure, "No answer came within 0.3 s.")


@pytest.mark.parametrize(("greeting", "words"), HANDSHAKES.values(), ids=HANDSHAKES)
def test_a_handshake_that_fails_is_a_network_failure(serve: Serve, greeting, words):
    error = failure(serve(loopback.stalling(), greeting=greeting).url())
    assert (type(error), error.message) == (NetworkFailure, words)


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_reset_before_the_handshake_is_a_network_failure(serve: Serve):
    """Where it comes before `wrap_socket`, Python's ssl leaves its new socket to the garbage collector."""
    error = failure(serve(loopback.stalling(), greeting=loopback.refuse_after_accept).url())
    gc.collect()
    assert (type(error), error.message) == (NetworkFailure, "localhost broke off the connection.")


def test_a_certificate_for_another_name_is_not_taken(serve: Serve, authority):
    error = failure(serve(loopback.stalling(), context=server_context(authority.issue_cert("other.example"))).url())
    assert (type(error), error.message) == (NetworkFailure, "The certificate of localhost is for another name.")


def test_a_certificate_for_another_address_is_not_taken(serve: Serve, authority):
    server = serve(loopback.stalling(), context=server_context(authority.issue_cert("localhost")))
    error = failure(f"https://127.0.0.1:{server.port}/")
    assert (type(error), error.message) == (NetworkFailure, "The certificate of 127.0.0.1 is for another name.")


def test_a_certificate_that_has_ended_is_not_taken(serve: Serve, authority):
    old = authority.issue_cert("localhost", not_after=datetime(2021, 1, 1, tzinfo=UTC))
    error = failure(serve(loopback.stalling(), context=server_context(old)).url())
    assert (type(error), error.message) == (NetworkFailure, "The certificate of localhost has expired.")


def test_a_certificate_that_has_not_begun_is_not_taken(serve: Serve, authority):
    new = authority.issue_cert(
        "localhost",
        not_before=datetime(2090, 1, 1, tzinfo=UTC),
        not_after=datetime(2091, 1, 1, tzinfo=UTC),
    )
    error = failure(serve(loopback.stalling(), context=server_context(new)).url())
    assert (type(error), error.message) == (NetworkFailure, "The certificate of localhost is not valid yet.")


def test_a_certificate_of_a_stranger_is_not_taken(serve: Serve):
    strange = server_context(trustme.CA().issue_cert("localhost"))
    error = failure(serve(loopback.stalling(), context=strange).url())
    assert (type(error), error.message) == (NetworkFailure, "The certificate of localhost is not trusted.")


def test_nothing_is_sent_to_who_has_no_good_certificate(serve: Serve):
    server = serve(loopback.stalling(), context=server_context(trustme.CA().issue_cert("localhost")))
    failure(server.url())
    assert (server.connections, server.talks) == (1, [])


STATUSES = [301, 302, 303, 307, 308]
KEY = {"x-api-key": "sk-canary", "Authorization": "Bearer sk-canary", "Cookie": "a=canary"}

AWAY = {
    "another port": "https://localhost:{other}/",
    "another name of the same machine": "https://127.0.0.1:{other}/",
    "another name, the same port": "https://127.0.0.1:{port}/",
    "no scheme": "//localhost:{other}/",
    "no TLS": "http://localhost:{port}/",
    "a user that looks like the host": "https://localhost:{port}@127.0.0.1:{other}/",
    "a backslash for a slash": "https://127.0.0.1:{other}\\@localhost:{port}/",
    "white space before": " \thttps://127.0.0.1:{other}/",
    "a dot behind the name": "https://localhost.:{port}/",
    "the default port": "https://localhost/",
    "a script": "javascript:alert(1)",
    "a file": "file:///etc/passwd",
    "no address": "https://[::1",
    "a port that is none": "https://localhost:99999/",
    "very long": "/" + "a" * 5000,
    "nothing": "",
}

HOME = {
    "/next?x=1": "/next?x=1",
    "next": "/folder/next",
    "?x=2": "/folder/page?x=2",
    "https://localhost:{port}/next#part": "/next",
    "HTTPS://LOCALHOST:{port}/next": "/next",
    "//localhost:{port}/next": "/next",
    "https://thief:word@localhost:{port}/next": "/next",
    "/中文": "/%E4%B8%AD%E6%96%87",
}


@pytest.mark.parametrize("location", AWAY.values(), ids=AWAY)
@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_to_another_origin_is_the_answer_and_no_key_travels(serve: Serve, location, status):
    other = serve(loopback.saying(framed(b"thief")))
    server = serve(
        loopback.choosing(lambda _: loopback.redirecting(location.format(port=server.port, other=other.port), status))
    )
    answer = ask(server.url(), headers=KEY)
    assert answer.status == status
    assert answer.headers["location"] == location.format(port=server.port, other=other.port).strip()
    assert other.connections == 0
    assert server.connections == 1


@pytest.mark.parametrize(
    "location", ["/\\127.0.0.1:{other}/", "\\\\127.0.0.1:{other}/", "https:///", "/a, https://127.0.0.1:{other}/"]
)
def test_a_location_that_could_be_read_in_two_ways_stays_at_home(serve: Serve, location):
    other = serve(loopback.saying(framed(b"thief")))
    server = serve(loopback.redirecting(location.format(other=other.port)))
    assert ask(server.url(), headers=KEY).status == 302
    assert other.connections == 0


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("location", "path"), HOME.items())
def test_a_get_is_redirected_within_its_origin_with_its_headers(serve: Serve, status, location, path):
    def answer(talk: Talk) -> None:
        if talk.path.startswith("/folder/page?first"):
            loopback.redirecting(location.format(port=server.port), status)(talk)
        else:
            talk.send(framed(b"there"))

    server = serve(answer)
    assert ask(server.url("/folder/page"), headers=KEY, query={"first": "1"}).body == b"there"
    first, second = server.talks
    assert second.path == path
    assert second.headers == first.headers


@pytest.mark.parametrize("status", STATUSES)
def test_a_post_is_never_repeated(serve: Serve, status):
    server = serve(loopback.redirecting("/next", status))
    assert ask(server.url(), method="POST", form={"sec_token": "t"}).status == status
    assert len(server.talks) == 1


@pytest.mark.parametrize("status", [200, 201, 300, 304, 305, 306, 404])
def test_other_statuses_with_a_location_are_no_redirects(serve: Serve, status):
    server = serve(loopback.saying(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nLocation: /next\r\n\r\n".encode()))
    assert ask(server.url()).status == status
    assert len(server.talks) == 1


def test_after_three_redirects_the_fourth_is_the_answer(serve: Serve):
    server = serve(loopback.choosing(lambda _: loopback.redirecting(f"/{len(server.talks)}")))
    answer = ask(server.url("/0"))
    assert [talk.path for talk in server.talks] == ["/0", "/1", "/2", "/3"]
    assert (answer.status, answer.headers["location"]) == (302, "/4")


def test_a_detour_is_judged_anew_at_each_step(serve: Serve):
    other = serve(loopback.saying(framed(b"thief")))
    places = {"/": "/next", "/next": f"https://localhost:{other.port}/"}
    server = serve(loopback.choosing(lambda talk: loopback.redirecting(places[talk.path])))
    assert ask(server.url(), headers=KEY).headers["location"] == places["/next"]
    assert other.connections == 0


@given(st.text())
def test_any_location_leads_to_a_request_without_a_query_or_nowhere(location):
    header = location.encode("utf-8", "replace").decode("latin-1")
    request = Request("GET", "https://a.example/", query={"a": "b"})
    onward = http.redirect_target(request, request.url, Answer(302, {"location": header}))
    assert onward is None or not onward.query


def test_the_default_port_is_the_same_as_none():
    assert http.origin("https://a.example/") == http.origin("https://A.example:443/x?y#z")
    assert http.origin("https://a.example/") != http.origin("https://a.example:444/")
