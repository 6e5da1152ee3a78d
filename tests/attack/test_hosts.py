"""No host but the named ones: every connection of every command is taken down, by Python itself and by the proxy."""

from __future__ import annotations

import pytest
from support.console.demands import HOSTS
from support.household import command_lines

QUIET = {"preview", "setup", "history", "preferences", "copy", "open"}
"""What asks nobody, whatever is stored."""


def is_quiet(arguments):
    return arguments[0] in QUIET or "--offline" in arguments


ASKING_THE_PROVIDER = [line for line in command_lines() if line[0] != "demo"]
"""The demo has a console of its own."""


@pytest.mark.parametrize("arguments", ASKING_THE_PROVIDER, ids=" ".join)
def test_a_command_connects_to_the_providers_hosts_alone(household, arguments):
    household.run(*arguments)
    proxy = household.world.proxy
    address, _, port = proxy.address.partition(":")
    assert household.connections() <= {repr((address, int(port)))}
    assert set(proxy.connected) <= set(HOSTS)
    assert proxy.refused == []
    assert not (is_quiet(arguments) and household.connections())


def test_the_demo_connects_to_nobody_and_asks_no_proxy(household):
    household.run("demo")
    assert household.connections() == set()
    assert household.world.proxy.connected == []


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("fetch", "--help"), ("nonsense",)])
def test_whoever_looks_around_connects_to_nobody(household, arguments):
    household.run(*arguments)
    assert household.connections() == set()


def test_a_bar_that_has_something_to_show_connects_to_nobody(household):
    household.run("fetch")
    household.seen.write_text("")
    household.run("waybar")
    assert household.connections() == set()


def test_an_override_is_the_only_one_that_is_asked(household):
    host, _, port = household.console.host.partition(":")
    direct = {"ALIBABA_CODING_PLAN_HOST": household.console.host, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"}
    household.run("fetch", environ=direct)
    assert household.connections() == {repr((host, int(port)))}
    assert household.world.proxy.connected == []


def test_one_that_is_refused_is_not_asked_and_nobody_else_is(household):
    household.run("fetch", environ={"ALIBABA_CODING_PLAN_HOST": "user@evil-aliyun.com"})
    assert household.connections() == set()


def test_what_the_proxy_would_refuse_is_taken_down(household):
    """The record itself: a host that is none of the provider's stands in it."""
    household.run("fetch", environ={"ALIBABA_CODING_PLAN_HOST": "example.invalid"})
    assert set(household.world.proxy.refused) == {"example.invalid"}
