"""The console and the proxy that leads to it: all of the internet that the browsers of the tests see."""

from __future__ import annotations

from contextlib import ExitStack

from support.console.regions import HOSTS
from support.realbrowsers.console import CHAIN, SignInConsole
from support.realbrowsers.proxy import Proxy


class World:
    """`with World() as world:`; `console` and `proxy` are up inside."""

    def __enter__(self):
        with ExitStack() as stack:
            self.console = stack.enter_context(SignInConsole())
            port = int(self.console.host.partition(":")[2])
            self.proxy = stack.enter_context(Proxy({*HOSTS, *CHAIN}, port))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()
