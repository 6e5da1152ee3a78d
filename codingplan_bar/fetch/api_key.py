"""Which API key is used, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from codingplan_bar.errors import ConfigError
from codingplan_bar.fetch import codexbar
from codingplan_bar.fetch.cookie_header import is_sendable

VARIABLES = ("ALIBABA_CODING_PLAN_API_KEY", "ALIBABA_QWEN_API_KEY", "DASHSCOPE_API_KEY")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, and the setting, file or variable that it came from."""

    value: str = field(repr=False)
    origin: str


def find(environ: Mapping[str, str], *, setting: str = "", entry: codexbar.Entry | None = None) -> ApiKey | None:
    """The key of the own setting, else of CodexBar's entry, else of the three variables in their order; None without.

    White space and one pair of quotes around it go; what is empty then is no key. Raises `ConfigError`, which names
    where it stands, for a key with a control character in it.
    """
    for origin, text in _candidates(environ, setting, entry or codexbar.Entry()):
        key = _unquoted(text)
        if key and not is_sendable(key):
            raise ConfigError("The API key holds a control character.", where=origin)
        if key:
            return ApiKey(key, origin)
    return None


def _candidates(environ: Mapping[str, str], setting: str, entry: codexbar.Entry) -> Iterator[tuple[str, str]]:
    yield "api_key", setting
    yield entry.file or "", entry.api_key or ""
    for variable in VARIABLES:
        yield variable, environ.get(variable, "")


def _unquoted(text: str) -> str:
    bare = text.strip()
    if len(bare) > 1 and bare[0] in "'\"" and bare[0] == bare[-1]:
        bare = bare[1:-1].strip()
    return bare
