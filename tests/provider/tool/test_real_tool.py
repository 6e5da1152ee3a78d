"""The provider's tool itself, where it is installed: asked with an empty home folder and without a way out."""

from __future__ import annotations

import os

import pytest

from codingplan_bar.errors import LoginRequired, MissingCredentials, UnknownRoute
from codingplan_bar.provider.bl import ToolSource, find
from codingplan_bar.regions import CN, INTL
from codingplan_bar.transport.request import Deadline

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def tool(tmp_path):
    """Not part of what CI installs: the tests that decide have the stand-in."""
    closed = {"HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE}
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], **closed}
    try:
        source = ToolSource(find(environ), environ, Deadline(30))
        source.prove()
    except (MissingCredentials, UnknownRoute) as reason:
        pytest.skip(reason.message)
    return source


@pytest.mark.parametrize("region", [INTL, CN], ids=["intl", "cn"])
def test_without_a_login_the_tool_asks_for_one(tool, region):
    with pytest.raises(LoginRequired):
        tool.ask(region)
