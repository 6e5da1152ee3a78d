"""Nothing is sent but to whom a good certificate names, and a handshake that fails is said for what it is."""

from __future__ import annotations

import gc
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import trustme
from support.http import replies
from support.http.asking import failure, server_context

from codingplan_bar.errors import NetworkFailure

if TYPE_CHECKING:
    from .conftest import Serve

HANDSHAKES = {
    "a reset in the handshake": (replies.refuse_after_hello, "localhost broke off the connection."),
    "plain HTTP": (replies.speak_plain_http, "No TLS connection to localhost: wrong version number."),
}


@pytest.mark.parametrize("greeting", [replies.stall_in_handshake, replies.trickle_in_handshake])
def test_a_handshake_that_does_not_end_is_left_at_the_deadline(serve: Serve, greeting):
    error = failure(serve(replies.stalling(), greeting=greeting).url(), within=0.3)
    assert (type(error), error.message) == (NetworkFailure, "No answer came within 0.3 s.")


@pytest.mark.parametrize(("greeting", "words"), HANDSHAKES.values(), ids=HANDSHAKES)
def test_a_handshake_that_fails_is_a_network_failure(serve: Serve, greeting, words):
    error = failure(serve(replies.stalling(), greeting=greeting).url())
    assert (type(error), error.message) == (NetworkFailure, words)


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_reset_before_the_handshake_is_a_network_failure(serve: Serve):
    """Where it comes before `wrap_socket`, Python's ssl leaves its new socket to the garbage collector."""
    error = failure(serve(replies.stalling(), greeting=replies.refuse_after_accept).url())
    gc.collect()
    assert (type(error), error.message) == (NetworkFailure, "localhost broke off the connection.")


def test_a_certificate_for_another_name_is_not_taken(serve: Serve, authority):
    error = failure(serve(replies.stalling(), context=server_context(authority.issue_cert("other.example"))).url())
    assert (type(error), error.message) == (NetworkFailure, "The certificate of localhost is for another name.")


def test_a_certificate_for_another_address_is_not_taken(serve: Serve, authority):
    server = serve(replies.stalling(), context=server_context(authority.issue_cert("localhost")))
    error = failure(f"https://127.0.0.1:{server.port}/")
    assert (type(error), error.message) == (NetworkFailure, "The certificate of 127.0.0.1 is for another name.")


def test_a_certificate_that_has_ended_is_not_taken(serve: Serve, authority):
    old = authority.issue_cert("localhost", not_after=datetime(2021, 1, 1, tzinfo=UTC))
    error = failure(serve(replies.stalling(), context=server_context(old)).url())
    assert (type(error), error.message) == (NetworkFailure, "The certificate of localhost has expired.")


def test_a_certificate_that_has_not_begun_is_not_taken(serve: Serve, authority):
    new = authority.issue_cert(
        "localhost",
        not_before=datetime(2090, 1, 1, tzinfo=UTC),
        not_after=datetime(2091, 1, 1, tzinfo=UTC),
    )
    error = failure(serve(replies.stalling(), context=server_context(new)).url())
    assert (type(error), error.message) == (NetworkFailure, "The certificate of localhost is not valid yet.")


def test_a_certificate_of_a_stranger_is_not_taken(serve: Serve):
    strange = server_context(trustme.CA().issue_cert("localhost"))
    error = failure(serve(replies.stalling(), context=strange).url())
    assert (type(error), error.message) == (NetworkFailure, "The certificate of localhost is not trusted.")


def test_nothing_is_sent_to_who_has_no_good_certificate(serve: Serve):
    server = serve(replies.stalling(), context=server_context(trustme.CA().issue_cert("localhost")))
    failure(server.url())
    assert (server.connections, server.talks) == (1, [])
