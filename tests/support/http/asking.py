"""How the tests ask: in this process, or in one of its own."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import trustme
from support.machine import crowd

from codingplan_bar.errors import CodingPlanError
from codingplan_bar.transport.http import Transport
from codingplan_bar.transport.request import Answer, Deadline, Request

SECRET = "c4n4ry"
"""Stands in the path, the query, the headers and the body of what is sent: no message may hold it."""

CHILD = Path(__file__).with_name("child.py")


def server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def ask(
    url: str, *, within: float = 5.0, method: Any = "GET", bundle: str = "", proxy: str = "", **others: Any
) -> Answer:
    """One request by a transport of its own, with those settings."""
    return Transport(Deadline(within), bundle=bundle, proxy=proxy)(Request(method, url, **others))


def failure(url: str, *, within: float = 5.0, grace: float = 0.5) -> CodingPlanError:
    """How a POST full of secrets fails; that it does so in time, and tells nothing."""
    start = time.monotonic()
    with pytest.raises(CodingPlanError) as caught:
        ask(
            f"{url}{SECRET}?q={SECRET}",
            within=within,
            method="POST",
            headers={"Cookie": f"a={SECRET}"},
            form={"sec_token": SECRET},
        )
    assert time.monotonic() - start < (within + grace) * crowd()
    assert SECRET not in f"{caught.value.message}{caught.value.hint}{caught.value.where}{caught.value!r}"
    assert caught.value.__cause__ is None
    return caught.value


def child(*urls: str, flags: tuple[str, ...] = (), **options: Any) -> subprocess.Popen[str]:
    """A process that asks each address once and then tells what came of it, as JSON. It is not traced for coverage."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    arguments = json.dumps({"urls": urls, **options})
    return subprocess.Popen(
        [sys.executable, *flags, str(CHILD), arguments],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(process: subprocess.Popen[str], timeout: float = 20) -> dict[str, Any]:
    """What the child told; that it ended well and said nothing else."""
    try:
        out, complaints = process.communicate(timeout=timeout)
    finally:
        process.kill()
        process.wait()
    assert complaints == ""
    assert process.returncode == 0
    return json.loads(out.splitlines()[-1])
