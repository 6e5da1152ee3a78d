"""A session that may be one: the provider's cookies of one profile, and how their values are got at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from codingplan_bar.fetch.browsers.stores import Store
from codingplan_bar.fetch.cookie_jar import CookieJar
from codingplan_bar.fetch.deadline import Deadline

Unseal = Callable[[Deadline], CookieJar]
"""Gives the jar with its values, or raises `StoreProblem`."""
SEALED = "sealed"
"""Stands in for a value that has not been decrypted: names and dates say enough to choose by."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The cookies of one store, in Firefox of one container; expired ones are among them.

    Where there is `unseal`, values of the jar may be stand-ins, and it gives the jar with the real ones. `app_bound`
    says that the store has login cookies which nobody but the browser can decrypt: they are not in the jar.
    """

    store: Store
    jar: CookieJar = field(repr=False)
    container: str = ""
    unseal: Unseal | None = None
    app_bound: bool = False

    @property
    def profile(self) -> str:
        """The profile as its user knows it, with the container."""
        name = self.store.profile
        return f"{name}, container {self.container}" if self.container else name
