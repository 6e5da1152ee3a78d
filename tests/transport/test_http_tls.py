"""Nothing is sent but to whom a good certificate names, and a redirect is followed within its origin alone.

A handshake that fails is said for what it is. A GET is redirected three times; else the redirect is the answer.
"""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st
from support.http import loopback
from support.http.asking import ask, failure, server_context
from support.http.loopback import Talk, framed

from codingplan_bar.errors import NetworkFailure
from codingplan_bar.transport import http
from codingplan_bar.transport.request import Answer, Request

if TYPE_CHECKING:
    from .conftest import Serve

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


if TYPE_CHECKING:
    from .conftest import Serve

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
