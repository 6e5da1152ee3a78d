"""The certificate of one run: accepted by OpenSSL's strict rules for its own names and for those who trust it, only."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import closing

import pytest
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
