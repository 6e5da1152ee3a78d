"""The proxies and the CA bundle of the environment are used; what is wrong with them is said by the variable's name."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
import trustme
from requests.exceptions import InvalidSchema
from support.http import loopback
from support.http.asking import SECRET, ask, failure, server_context
from support.http.loopback import Proxy, SocksProxy, framed

from codingplan_bar.bars.phrases import words_for
from codingplan_bar.errors import ConfigError, NetworkFailure
from codingplan_bar.transport import http
from codingplan_bar.words.en.errors import ERRORS
from codingplan_bar.words.errors import in_language

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Serve

VARIABLES = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]


def through(environment, serve: Serve, variable: str = "HTTPS_PROXY", **options):
    proxy = Proxy(**options)
    server = serve(proxy.answer, context=None)
    environment.setenv(variable, f"http://127.0.0.1:{server.port}")
    return proxy, server


@pytest.mark.parametrize("variable", VARIABLES)
def test_a_proxy_is_used_and_sees_nothing_but_the_host(serve: Serve, environment, variable):
    server = serve(loopback.saying(framed(b"hi")))
    proxy, carrier = through(environment, serve, variable)
    assert ask(server.url(f"/{SECRET}"), headers={"Cookie": f"a={SECRET}"}).body == b"hi"
    assert proxy.asked == [f"localhost:{server.port}"]
    assert SECRET not in carrier.talks[0].head
    assert server.talks[0].headers["cookie"] == f"a={SECRET}"


def test_the_proxy_s_own_password_goes_to_the_proxy_alone(serve: Serve, environment):
    server = serve(loopback.saying(framed(b"hi")))
    proxy, carrier = through(environment, serve)
    environment.setenv("HTTPS_PROXY", f"http://me:word@127.0.0.1:{carrier.port}")
    assert ask(server.url()).status == 200
    assert proxy.authorizations == ["Basic " + b64encode(b"me:word").decode()]
    assert "proxy-authorization" not in server.talks[0].headers
    assert "authorization" not in server.talks[0].headers


@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_who_is_in_no_proxy_is_asked_directly(serve: Serve, environment, variable):
    server = serve(loopback.saying(framed(b"hi")))
    proxy, _ = through(environment, serve)
    environment.setenv(variable, "other.example,localhost")
    assert ask(server.url()).status == 200
    assert proxy.asked == []


def test_the_proxy_for_http_is_not_used(serve: Serve, environment):
    server = serve(loopback.saying(framed(b"hi")))
    proxy, _ = through(environment, serve, "HTTP_PROXY")
    assert ask(server.url()).status == 200
    assert proxy.asked == []


def test_a_redirect_goes_through_the_proxy_too(serve: Serve, environment):
    server = serve(lambda talk: loopback.redirecting("/next")(talk) if talk.path == "/" else talk.send(framed(b"hi")))
    proxy, _ = through(environment, serve)
    assert ask(server.url()).body == b"hi"
    assert len(proxy.asked) == 2


def test_tls_is_verified_through_a_proxy(serve: Serve, environment):
    server = serve(loopback.stalling(), context=server_context(trustme.CA().issue_cert("localhost")))
    through(environment, serve)
    error = failure(server.url())
    assert (type(error), error.message) == (NetworkFailure, "The certificate of localhost is not trusted.")


def test_a_proxy_that_speaks_tls_is_used_and_verified(serve: Serve, environment):
    server = serve(loopback.saying(framed(b"hi")))
    proxy = Proxy()
    carrier = serve(proxy.answer)
    environment.setenv("HTTPS_PROXY", carrier.url())
    assert ask(server.url()).body == b"hi"
    assert proxy.asked == [f"localhost:{server.port}"]
    strange = serve(proxy.answer, context=server_context(trustme.CA().issue_cert("localhost")))
    environment.setenv("HTTPS_PROXY", strange.url())
    error = failure(server.url())
    assert (type(error), error.message) == (
        NetworkFailure,
        f"The certificate of the proxy of HTTPS_PROXY (localhost:{strange.port}) is not trusted.",
    )


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_refuses_is_told_with_its_status(serve: Serve, environment, status):
    through(environment, serve, refusal=f"HTTP/1.1 {status} {SECRET}\r\nContent-Length: 0\r\n\r\n".encode())
    error = failure("https://console.example/")
    assert (type(error), error.message) == (NetworkFailure, f"The proxy refuses to connect (HTTP status {status}).")


@pytest.mark.parametrize("refusal", [b"SSH-2.0-x\r\n", b"\0" * 99, b"HTTP/1.1 "])
def test_a_proxy_that_speaks_no_http_is_an_error_of_ours(serve: Serve, environment, refusal):
    through(environment, serve, refusal=refusal)
    failure("https://console.example/")


def test_a_proxy_that_hangs_is_left_at_the_deadline(serve: Serve, environment):
    carrier = serve(loopback.stalling(), context=None)
    environment.setenv("HTTPS_PROXY", f"http://127.0.0.1:{carrier.port}")
    assert failure("https://console.example/", within=0.3).message == "No answer came within 0.3 s."


def test_a_proxy_that_trickles_is_left_at_the_deadline(serve: Serve, environment):
    carrier = serve(loopback.trickling(b"HTTP/1.1 200 OK\r\n", b"a: b\r\n" * 80), context=None)
    environment.setenv("HTTPS_PROXY", f"http://127.0.0.1:{carrier.port}")
    assert failure("https://console.example/", within=0.3).message == "No answer came within 0.3 s."


def test_a_proxy_that_is_not_there_is_said(environment):
    environment.setenv("HTTPS_PROXY", f"http://me:{SECRET}@127.0.0.1:1")
    error = failure("https://console.example/")
    assert error.message == "The proxy of HTTPS_PROXY (127.0.0.1:1) refused the connection."
    assert in_language(error.message, words_for("zh", {})) == "HTTPS_PROXY 的代理（127.0.0.1:1）拒绝连接。"
    assert error.hint == ERRORS["proxy.hint"]


@pytest.mark.parametrize(
    "proxy",
    [f"ftp://{SECRET}/", f"http://[{SECRET}", f"http://{SECRET}:port/", "http://", "http://a..b/", "://"],
)
def test_a_proxy_that_can_be_none_is_an_error_of_the_settings(environment, proxy):
    environment.setenv("HTTPS_PROXY", proxy)
    error = failure("https://console.example/")
    assert (type(error), error.message) == (ConfigError, "The proxy in the environment cannot be used.")
    assert "HTTPS_PROXY" in error.hint


@pytest.mark.parametrize("by", ["setting", "variable", "GNOME's variable"])
def test_a_socks_proxy_is_used_and_sees_nothing_but_the_host(serve: Serve, environment, by):
    server, proxy = serve(loopback.saying(framed(b"hi"))), SocksProxy()
    if by != "setting":
        written = proxy.url.replace("socks5h", "socks") + "/" if by.startswith("GNOME") else proxy.url
        environment.setenv("ALL_PROXY", written)
    try:
        assert ask(server.url(f"/{SECRET}"), proxy=proxy.url if by == "setting" else "").body == b"hi"
    finally:
        proxy.close()
    assert proxy.asked == [f"localhost:{server.port}"]


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (b"\x05\xff", "The proxy refuses to connect (SOCKS: All offered SOCKS5 authentication methods were rejected)."),
        (b"\x05\x00\x05\x02", "The proxy refuses to connect (SOCKS: 0x02: Connection not allowed by ruleset)."),
        (b"\x05\x00\x05\x04", "console.example could not be reached: Host unreachable."),
        (b"\x05\x00\x05\x05", "console.example could not be reached: Connection refused."),
        (b"HTTP/1.1 400 No\r\n\r\n", "The proxy of ALL_PROXY (127.0.0.1:{port}) could not be reached."),
        (b"\x05", "The proxy of ALL_PROXY (127.0.0.1:{port}) could not be reached."),
    ],
)
def test_what_a_socks_proxy_answers_is_said_of_the_proxy_or_of_the_host_as_it_means_it(environment, reply, message):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        environment.setenv("ALL_PROXY", f"socks5h://127.0.0.1:{port}")
        answering = threading.Thread(target=answer_once, args=(listener, reply))
        answering.start()
        assert failure("https://console.example/").message == message.format(port=port)
        answering.join()


def answer_once(listener, reply):
    """A SOCKS proxy that says this, whatever it is asked, and hangs up."""
    client, _ = listener.accept()
    with client:
        client.recv(512)
        client.sendall(reply[:2])
        if reply[2:]:
            client.recv(512)
            client.sendall(reply[2:] + b"\0\x01" + bytes(6))


@pytest.mark.parametrize("version", ["socks4", "socks4a", "socks5", "socks5h"])
def test_a_socks_proxy_that_is_not_there_is_said(environment, version):
    environment.setenv("ALL_PROXY", f"{version}://127.0.0.1:1")
    assert failure("https://127.0.0.1/").message == "The proxy of ALL_PROXY (127.0.0.1:1) refused the connection."


@pytest.mark.parametrize("version", ["http", "https", "socks4", "socks4a", "socks5", "socks5h"])
def test_a_proxy_whose_own_name_is_unknown_is_said_of_the_proxy(environment, version):
    environment.setenv("ALL_PROXY", f"{version}://proxy.invalid:1")
    assert (
        failure("https://console.example/").message
        == "The address of the proxy of ALL_PROXY (proxy.invalid:1) was not found."
    )


@pytest.mark.parametrize("version", ["socks4", "socks5"])
def test_a_host_that_is_unknown_here_is_said_of_the_host_where_the_proxy_asks_for_its_address(environment, version):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        environment.setenv("ALL_PROXY", f"{version}://127.0.0.1:{listener.getsockname()[1]}")
        answering = threading.Thread(target=answer_once, args=(listener, b"\x05\x00"))
        answering.start()
        assert failure("https://console.invalid/").message == "The address of console.invalid was not found."
        answering.join()


def test_without_the_package_for_socks_the_extra_to_install_is_named(environment):
    environment.setattr("requests.adapters.SOCKSProxyManager", _missing)
    environment.setenv("ALL_PROXY", f"socks5h://me:{SECRET}@127.0.0.1:1")
    error = failure("https://console.example/")
    assert isinstance(error, ConfigError)
    assert "PySocks" in error.message
    assert "codingplan-bar[socks]" in error.hint


def _missing(*_, **__):
    """What requests itself puts in the place of a SOCKS proxy without PySocks."""
    raise InvalidSchema("Missing dependencies for SOCKS support.")


def test_the_proxy_of_the_settings_wins_over_the_variable_and_over_no_proxy(serve: Serve, environment):
    server = serve(loopback.saying(framed(b"hi")))
    proxy = Proxy()
    carrier = serve(proxy.answer, context=None)
    environment.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    environment.setenv("NO_PROXY", "localhost")
    assert ask(server.url(), proxy=f"http://127.0.0.1:{carrier.port}").status == 200
    assert proxy.asked == [f"localhost:{server.port}"]


def test_the_certificates_of_the_settings_win_over_the_variables(serve: Serve, environment, bundle: Path):
    environment.setenv("REQUESTS_CA_BUNDLE", "/nonexistent/ca.pem")
    assert ask(serve(loopback.saying(framed(b"hi"))).url(), bundle=str(bundle)).status == 200


def test_the_systems_certificates_count_beside_those_that_come_along(serve: Serve, environment, bundle: Path):
    """SSL_CERT_FILE stands in for the system's file: OpenSSL reads it in its place."""
    environment.delenv("REQUESTS_CA_BUNDLE")
    server = serve(loopback.saying(framed(b"hi")))
    assert failure(server.url()).message == "The certificate of localhost is not trusted."
    environment.setenv("SSL_CERT_FILE", str(bundle))
    assert ask(server.url()).status == 200


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_bundle_of_the_environment_is_what_is_trusted(serve: Serve, environment, bundle: Path, variable):
    environment.delenv("REQUESTS_CA_BUNDLE")
    server = serve(loopback.saying(framed(b"hi")))
    assert failure(server.url()).message == "The certificate of localhost is not trusted."
    environment.setenv(variable, str(bundle))
    assert ask(server.url()).status == 200


def test_a_folder_of_certificates_is_taken_too(serve: Serve, environment, tmp_path: Path):
    """An empty one here, since only the `openssl` command can name a file in it as OpenSSL looks for it."""
    environment.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    assert http.ca_bundle({"REQUESTS_CA_BUNDLE": str(tmp_path)}) == str(tmp_path)
    assert failure(serve(loopback.stalling()).url()).message == "The certificate of localhost is not trusted."


def test_the_variable_of_requests_goes_before_that_of_curl(environment, bundle: Path):
    environment.setenv("CURL_CA_BUNDLE", "/nonexistent/ca.pem")
    assert http.ca_bundle({"REQUESTS_CA_BUNDLE": str(bundle), "CURL_CA_BUNDLE": "/nonexistent"}) == str(bundle)
    assert http.ca_bundle({"REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": str(bundle)}) == str(bundle)
    assert http.ca_bundle({}) is None


def unreadable(kind: str, tmp_path: Path) -> str:
    place = tmp_path / f"{SECRET}.pem"
    if kind in {"empty", "garbage"}:
        place.write_text("" if kind == "empty" else "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    if kind == "pipe":
        os.mkfifo(place)
    return str(place) + ("\0" if kind == "zero byte" else "")


@pytest.mark.parametrize("kind", ["missing", "empty", "garbage", "pipe"])
@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_bundle_that_cannot_be_read_is_said_by_its_variable(
    serve: Serve, environment, tmp_path: Path, kind, variable
):
    environment.delenv("REQUESTS_CA_BUNDLE")
    environment.setenv(variable, unreadable(kind, tmp_path))
    server = serve(loopback.saying(framed(b"hi")))
    error = failure(server.url())
    assert (type(error), error.where) == (ConfigError, variable)
    assert error.message == f"{variable} names no certificate file that can be read."
    assert variable in error.hint
    assert server.connections == 0


def test_a_path_with_a_zero_byte_names_no_bundle(tmp_path: Path):
    with pytest.raises(ConfigError):
        http.ca_bundle({"REQUESTS_CA_BUNDLE": unreadable("zero byte", tmp_path)})


def test_old_tls_is_not_spoken(serve: Serve, authority):
    context = server_context(authority.issue_cert("localhost"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    error = failure(serve(loopback.stalling(), context=context).url())
    assert isinstance(error, NetworkFailure)
    assert error.message.startswith("No TLS connection to localhost: ")
