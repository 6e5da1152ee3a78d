"""Every sample of tests/payloads is read, and gives what stands beside it."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from support.payloads import samples

from codingplan_bar.errors import CodingPlanError
from codingplan_bar.provider.answers import read
from codingplan_bar.provider.bl import read_tool
from codingplan_bar.provider.values import decode

NOW = int(datetime(2026, 11, 23, 10, 15, 31, tzinfo=timezone(timedelta(hours=8))).timestamp())
SAMPLES = samples()


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
    plan = {"name": reading.plan.name, "expires_at": in_utc(reading.plan.expires_at)}
    left_out = {"left_out": list(reading.left_out)} if reading.left_out else {}
    return {"plan": plan, "windows": windows, **left_out}


def outcome_of(body, reader):
    try:
        payload = decode(body)
        reading = read_tool(payload, now=NOW) if reader == "tool" else read(payload, now=NOW, mode=reader)
    except CodingPlanError as error:
        said = {"class": type(error).__name__, "code": error.code, "message": error.message, "where": error.where}
        return {"error": said}
    return {"reading": as_data(reading)}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_a_payload_gives_what_stands_beside_it(sample):
    assert outcome_of(sample.body, sample.reader) == sample.expected, sample.shows


def test_each_sample_has_a_name_of_its_own_and_something_to_come_of_it():
    names = [sample.name for sample in SAMPLES]
    assert len(names) == len(set(names)) > 200
    assert all(sample.expected for sample in SAMPLES)


def test_what_a_payload_gives_holds_no_account_id_and_no_token():
    secret = ("1000000000000001", "FAKE-sec-token", "sk-sp-", "sfm_codingplan")
    assert [each.name for each in SAMPLES if any(text in str(each.expected) for text in secret)] == []
