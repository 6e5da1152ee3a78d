"""The provider on loopback TLS, and what asks it over the real transport."""

from __future__ import annotations

import pytest
import trustme
from support.stand_in import Person, Provider, context_of

from codingplan_bar.provider import addresses
from codingplan_bar.transport.http import Transport
from codingplan_bar.transport.request import Deadline


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture
def provider(authority, tmp_path, monkeypatch):
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Provider(context_of(authority)) as provider:
        yield provider


@pytest.fixture
def send():
    return Transport(Deadline(20))


@pytest.fixture
def targets(provider):
    return addresses.judge({addresses.HOST: provider.host})


@pytest.fixture
def person(tmp_path, provider, programs):
    (tmp_path / "home").mkdir()
    return Person(tmp_path / "home", provider)
