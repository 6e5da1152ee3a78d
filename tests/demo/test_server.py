"""The server behind the console and its certificate: strict, silent, sturdy, and gone without a trace."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from support.console import moods
from support.console.answers import Answer
from support.console.certificate import (
    DAY,
    HOUR,
    TRUE,
    bit_string,
    der_oid,
    integer,
    issue,
    octet_string,
    sequence,
    tagged,
)
from support.console.certificate import (
    time as der_time,
)
from support.console.console import Console
from support.machine import crowd

RUN = """
import sys, time
sys.path.insert(0, sys.argv[1])
from support.console.console import Console
began = time.perf_counter()
with Console() as console:
    import http.client, json, ssl
    started = time.perf_counter() - began
    context = ssl.create_default_context(cafile=console.ca_file)
    connection = http.client.HTTPSConnection(console.host, context=context)
    connection.request("GET", "/tool/user/info.json", headers={
        "Cookie": console.cookie_header, "Referer": f"https://{console.host}/"})
    status = connection.getresponse().status
    connection.close()
    refusals = console.refusals
print(json.dumps({"started": started, "status": status, "refusals": refusals, "modules": sorted(sys.modules)}))
"""


def port(console):
    return int(console.host.rpartition(":")[2])


def raw(console):
    return socket.create_connection(("127.0.0.1", port(console)), timeout=5)


def secured(console):
    context = ssl.create_default_context(cafile=console.ca_file)
    return context.wrap_socket(raw(console), server_hostname="127.0.0.1")


@pytest.fixture(scope="module")
def run():
    """A whole run in a process of its own, where every warning is an error."""
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", RUN, str(Path(__file__).parent.parent)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60)


def test_a_run_says_nothing_on_stderr(run, programs):
    assert run.stderr == ""
    assert json.loads(run.stdout)["status"] == 200
    assert json.loads(run.stdout)["refusals"] == []


def test_a_run_needs_nothing_of_the_fetcher_the_bars_or_their_packages(run, programs):
    modules = json.loads(run.stdout)["modules"]
    foreign = (
        "codingplan_bar.provider",
        "codingplan_bar.refresh",
        "codingplan_bar.transport.http",
        "codingplan_bar.bars",
        "codingplan_bar.commands",
        "click",
        "requests",
        "jsonschema",
    )
    assert [name for name in modules if name.startswith(foreign)] == []


def test_it_starts_with_a_fresh_certificate_in_less_than_300_ms(run, programs):
    assert json.loads(run.stdout)["started"] < 0.3 * crowd()


def test_a_client_without_the_authority_is_refused_by_itself_and_harms_nobody(console, page):
    with pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(raw(console), server_hostname="127.0.0.1")
    assert page.ask().instances
    assert console.refusals == []


def test_an_expired_certificate_is_refused_by_the_client():
    with Console(certificate=issue(now=time.time() - 2 * DAY)) as console:
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            secured(console)
        assert console.requests == []


def test_one_connection_carries_many_requests(console, page):
    with closing(page.connect()) as connection:
        for _ in range(3):
            connection.request("GET", "/nowhere")
            assert connection.getresponse().read()
            first = connection.sock
        assert connection.sock is first
    assert len(console.requests) == 3


def test_many_clients_at_once_are_all_answered_and_counted(console, page):
    with ThreadPoolExecutor(16) as pool:
        used = list(pool.map(lambda _: page.ask().instances[0]["codingPlanQuotaInfo"]["perWeekUsedQuota"], range(48)))
    assert sorted(used) == [14_310 + 3 * n for n in range(48)]
    assert len(console.requests) == 48
    assert console.refusals == []


def test_clients_that_go_away_at_any_moment_do_no_harm(console, page, capfd):
    raw(console).close()
    with raw(console) as connection:
        connection.sendall(b"no TLS at all\r\n\r\n")
    with secured(console) as connection:
        connection.sendall(b"POST /data/api.json HTTP/1.1\r\nContent-Length: 100\r\n\r\nhalf")
    with secured(console) as connection:
        connection.sendall(b"GET /nowhere HTTP/1.1\r\n\r\n")
    assert page.user_info().status == 200
    assert [r for r in console.refusals if "nowhere" not in r] == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("head", "status", "reason"),
    [
        (b"PUT /data/api.json HTTP/1.1\r\n", 501, "HTTP 501: Unsupported method ('PUT')"),
        (b"POST /data/api.json HTTP/1.1\r\n", 411, "HTTP 411: Length Required"),
        (b"POST /data/api.json HTTP/1.1\r\nContent-Length: -1\r\n", 413, "HTTP 413: "),
        (b"POST /data/api.json HTTP/1.1\r\nContent-Length: 99999999\r\n", 413, "HTTP 413: "),
        (b"GET / HTTP/9.9\r\n", 505, "HTTP 505: "),
    ],
)
def test_what_is_no_request_is_refused_with_a_reason(console, head, status, reason, capfd):
    with secured(console) as connection:
        connection.sendall(head + b"\r\n")
        answer = b"".join(iter(lambda: connection.recv(4_096), b""))
    assert f" {status} ".encode() in answer
    assert console.refusals[0].startswith(reason)
    assert capfd.readouterr() == ("", "")


def test_a_defect_of_a_tests_own_mood_is_told_and_not_swallowed(console, page):
    def broken(_):
        raise LookupError("of the test's own")

    console.answer_quota = broken
    with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        page.ask()
    assert console.refusals == ['the console itself failed: LookupError("of the test\'s own")']


def test_a_body_in_pieces_arrives_whole_and_at_its_own_pace(console, page):
    console.answer_quota = lambda _: Answer(200, {}, (piece for piece in (b"one,", b"", b"two")), delay=0.1)
    began = time.monotonic()
    assert page.ask().body == b"one,two"
    assert time.monotonic() - began >= 0.3


def test_an_endless_body_ends_with_its_client(console, page):
    sent = itertools.count()
    console.answer_quota = lambda _: Answer(200, {}, (b"%65536d" % next(sent) for _ in itertools.repeat(None)))
    page.limit = 1 << 20
    assert len(page.ask().body) == 1 << 20
    assert console.refusals == []


@pytest.mark.parametrize("client", [raw, secured])
def test_closing_waits_for_no_idle_client(client):
    with Console() as console:
        waiting = client(console)
        time.sleep(0.05)
        began = time.monotonic()
    waiting.close()
    assert time.monotonic() - began < 5 * crowd()


def test_closing_cuts_a_slow_answer_short(page, console):
    console.answer_quota = moods.slow(moods.no_plan(), seconds=60)
    seen = threading.Event()
    slow, console.answer_quota = console.answer_quota, lambda request: seen.set() or slow(request)
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(page.ask)
        assert seen.wait(5)
        began = time.monotonic()
        console.__exit__(None, None, None)
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError, ssl.SSLError)):
            asking.result(5)
    assert time.monotonic() - began < 5 * crowd()


def test_afterwards_the_port_is_closed_and_the_folder_gone():
    with Console() as console:
        folder = Path(console.ca_file).parent
        assert folder.is_dir()
    assert not folder.exists()
    with pytest.raises(ConnectionRefusedError):
        raw(console)


def test_the_folder_goes_even_where_the_certificate_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    good = issue(now=time.time())
    broken = type(good)(authority=good.authority, server="no certificate")
    with pytest.raises(ssl.SSLError), Console(certificate=broken):
        pytest.fail("it must not start")
    assert list(tmp_path.iterdir()) == []


# The certificate of one run: accepted by OpenSSL's strict rules for its own names and for those who trust it, only.


PROVIDER = ["bailian-singapore-cs.alibabacloud.com", "modelstudio.console.alibabacloud.com"]


def shake_hands(certificate, *, name, tmp_path, trusted=None):
    """One real TLS handshake on a pair of sockets; returns the certificate that the client accepted."""
    (tmp_path / "server.pem").write_text(certificate.server)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(tmp_path / "server.pem")
    asking = ssl.create_default_context(cadata=(trusted or certificate).authority)
    asking.verify_flags |= ssl.VERIFY_X509_STRICT
    near, far = socket.socketpair()
    with closing(near), closing(far):
        thread = threading.Thread(target=_serve_once, args=(serving, far))
        thread.start()
        try:
            with asking.wrap_socket(near, server_hostname=name) as secure:
                return secure.getpeercert()
        finally:
            near.close()
            thread.join()


def _serve_once(context, far):
    try:
        with context.wrap_socket(far, server_side=True) as secure:
            secure.recv(1)
    except OSError:
        return


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "::1"])
def test_a_strict_client_accepts_it_for_every_name_of_loopback(name, tmp_path):
    assert shake_hands(issue(now=time.time()), name=name, tmp_path=tmp_path)


@pytest.mark.parametrize("name", PROVIDER)
def test_it_can_be_made_for_the_providers_own_hosts(name, tmp_path):
    shown = shake_hands(issue(PROVIDER, now=time.time()), name=name, tmp_path=tmp_path)
    assert [value for _, value in shown["subjectAltName"]] == PROVIDER


@pytest.mark.parametrize("name", ["example.org", "127.0.0.2", "sub.localhost"])
def test_it_is_refused_for_any_other_name(name, tmp_path):
    with pytest.raises(ssl.SSLCertVerificationError, match=r"mismatch|not valid for"):
        shake_hands(issue(now=time.time()), name=name, tmp_path=tmp_path)


def test_it_is_refused_by_a_client_that_trusts_another_runs_authority(tmp_path):
    now = time.time()
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(issue(now=now), name="localhost", tmp_path=tmp_path, trusted=issue(now=now))


@pytest.mark.parametrize(("now", "complaint"), [(-2 * DAY, "expired"), (2 * DAY, "not yet valid")])
def test_issued_two_days_ago_it_has_expired_and_issued_in_two_days_it_does_not_hold_yet(now, complaint, tmp_path):
    with pytest.raises(ssl.SSLCertVerificationError, match=complaint):
        shake_hands(issue(now=time.time() + now), name="localhost", tmp_path=tmp_path)


def test_it_holds_for_one_day_that_began_an_hour_ago(tmp_path):
    now = int(time.time())
    shown = shake_hands(issue(now=now), name="localhost", tmp_path=tmp_path)
    dates = [ssl.cert_time_to_seconds(shown[end]) for end in ("notBefore", "notAfter")]
    assert dates == [now - HOUR, now - HOUR + DAY]


def test_no_two_runs_share_a_key_or_a_serial_number(tmp_path):
    first, second = (shake_hands(issue(now=time.time()), name="localhost", tmp_path=tmp_path) for _ in "12")
    assert first["serialNumber"] != second["serialNumber"]


def test_the_key_is_in_the_servers_text_alone_and_in_no_repr():
    certificate = issue(now=time.time())
    assert certificate.server.count("PRIVATE KEY") == 2
    assert "PRIVATE KEY" not in certificate.authority
    assert "PRIVATE KEY" not in repr(certificate)


@pytest.fixture
def openssl():
    program = shutil.which("openssl")
    if program is None:
        reason = "the openssl program is not installed"
        if os.environ.get("CODINGPLAN_BAR_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@pytest.mark.parametrize("name", [["-verify_hostname", "localhost"], ["-verify_ip", "127.0.0.1"]])
def test_openssls_own_program_finds_nothing_to_object_to(openssl, name, tmp_path, programs):
    certificate = issue(now=time.time())
    (tmp_path / "authority.pem").write_text(certificate.authority)
    (tmp_path / "server.pem").write_text(certificate.server)
    flags = ["-x509_strict", "-check_ss_sig", "-purpose", "sslserver", *name]
    command = [openssl, "verify", *flags, "-CAfile", tmp_path / "authority.pem", tmp_path / "server.pem"]
    assert subprocess.run(command, check=True, capture_output=True, text=True).stdout.endswith("server.pem: OK\n")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (integer(0), "020100"),
        (integer(127), "02017f"),
        (integer(128), "02020080"),
        (integer(256), "02020100"),
        (der_oid("1.2.840.10045.4.3.2"), "06082a8648ce3d040302"),
        (der_oid("2.5.29.15"), "0603551d0f"),
        (sequence(integer(1), TRUE), "30060201010101ff"),
        (octet_string(b"x" * 127)[:2], "047f"),
        (octet_string(b"x" * 128)[:3], "048180"),
        (octet_string(b"x" * 256)[:4], "04820100"),
        (tagged(0, integer(2), constructed=True), "a003020102"),
        (tagged(7, b"\x7f\0\0\1"), "87047f000001"),
        (bit_string(b"\x80", unused=7), "03020780"),
    ],
)
def test_der_is_written_as_x690_has_it(written, expected):
    assert written.hex() == expected


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        (0, b"\x17\x0d700101000000Z"),
        (1_795_400_131.9, b"\x17\x0d261123021531Z"),
        (2_524_607_999, b"\x17\x0d491231235959Z"),
        (2_524_608_000, b"\x18\x0f20500101000000Z"),
    ],
)
def test_years_from_2050_on_are_written_with_four_digits(instant, written):
    assert der_time(instant) == written
