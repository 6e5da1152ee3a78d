"""Certificates, servers and an environment in which nothing of the machine's own is left."""

from __future__ import annotations

import os
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import trustme
from support.http.asking import server_context
from support.http.loopback import Answering, Server

ENVIRONMENT = ("_PROXY", "_CA_BUNDLE", "NETRC", "SSLKEYLOGFILE")


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def bundle(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture(scope="session")
def context(authority: trustme.CA) -> ssl.SSLContext:
    return server_context(authority.issue_cert("localhost", "127.0.0.1"))


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, bundle: Path, tmp_path: Path) -> pytest.MonkeyPatch:
    for name in list(os.environ):
        if name.upper().endswith(ENVIRONMENT):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    return monkeypatch


Serve = Callable[..., Server]


@pytest.fixture
def serve(context: ssl.SSLContext) -> Iterator[Serve]:
    """Starts servers that stop with the test."""
    with ExitStack() as stack:

        def start(answering: Answering, **others: Any) -> Server:
            return stack.enter_context(Server(answering, **{"context": context, **others}))

        yield start
