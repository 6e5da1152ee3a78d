"""Every file of tests/payloads is read, and gives what its `NAME.expected.json` says."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from codingplan_bar.errors import CodingPlanError
from codingplan_bar.fetch.reading import decode, read, read_tool

PAYLOADS = Path(__file__).parents[2] / "payloads"
NOW = int(datetime(2026, 11, 23, 10, 15, 31, tzinfo=timezone(timedelta(hours=8))).timestamp())
EXPECTED = ".expected.json"
BODIES = sorted(path for path in PAYLOADS.iterdir() if not path.name.endswith(EXPECTED))


def expectation_of(body):
    return body.with_name(body.stem + EXPECTED)


def in_utc(instant):
    return None if instant is None else datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_data(reading):
    """A reading as JSON would say it."""
    windows = {
        window.name: {
            "used": window.used,
            "total": window.total,
            "used_percent": round(window.used_percent, 4),
            "resets_at": in_utc(window.resets_at),
        }
        for window in reading.windows
    }
    return {"plan": {"name": reading.plan.name, "expires_at": in_utc(reading.plan.expires_at)}, "windows": windows}


def outcome_of(body, reader):
    try:
        payload = decode(body)
        reading = read_tool(payload, now=NOW) if reader == "tool" else read(payload, now=NOW, mode=reader)
    except CodingPlanError as error:
        said = {"class": type(error).__name__, "code": error.code, "message": error.message, "where": error.where}
        return {"error": said}
    return {"reading": as_data(reading)}


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.stem)
def test_a_payload_gives_what_stands_beside_it(body):
    expected = json.loads(expectation_of(body).read_text(encoding="utf-8"))
    shows, reader = expected.pop("shows"), expected.pop("reader")
    assert outcome_of(body.read_bytes(), reader) == expected, shows


def test_no_payload_lacks_its_expectation_and_no_expectation_its_payload():
    expectations = {path for path in PAYLOADS.iterdir() if path.name.endswith(EXPECTED)}
    assert expectations == {expectation_of(body) for body in BODIES}
    assert len(expectations) == len(BODIES) > 200


def test_what_a_payload_gives_holds_no_account_id_and_no_token():
    for path in PAYLOADS.glob("*" + EXPECTED):
        text = path.read_text(encoding="utf-8")
        assert not [
            secret for secret in ("1000000000000001", "FAKE-sec-token", "sk-sp-", "sfm_codingplan") if secret in text
        ]
