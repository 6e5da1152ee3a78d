"""Whose certificates are trusted: the bundle that the environment names, else the one that comes with requests."""

from __future__ import annotations

import os
import ssl
from typing import TYPE_CHECKING

from codingplan_bar.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")  # in the order of requests, whose variables they are


def ca_bundle(environ: Mapping[str, str]) -> str | None:
    """The file or folder of the first variable that is set, None where none is.

    Raises `ConfigError`, which names the variable, where no certificate can be read there.
    """
    for variable in _VARIABLES:
        if path := environ.get(variable):
            _check(variable, path)
            return path
    return None


def _check(variable: str, path: str) -> None:
    """A folder is taken as it is: OpenSSL looks into it when it meets an issuer."""
    if os.path.isdir(path):  # noqa: PTH112 - a path that is none at all must give False
        return
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ValueError):
        raise ConfigError(
            f"{variable} names no file of certificates that can be read",
            hint=f"Correct {variable}, or unset it.",
            where=variable,
        ) from None
