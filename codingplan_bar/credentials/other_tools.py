"""What other tools keep to ask with: the SDKs' variables, the files of the `aliyun` tool, of `bl` and of CodexBar."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from codingplan_bar import paths
from codingplan_bar.environment import ACCESS_KEYS, BL_ACCESS_KEYS, BL_TOKEN
from codingplan_bar.errors import MissingCredentials
from codingplan_bar.regions import SITES, ConsoleToken, region_of
from codingplan_bar.text import clean, credential, whole_number
from codingplan_bar.words.errors import english

# Another program's file with a login in it: read only, and only where it is the user's own.

LARGEST = 1 << 20
"""Bytes; a real file has some thousand."""
_UNFIT = {"irregular": "file.not_regular", "foreign": "file.not_yours"}


class UnusableFile(ValueError):
    """The file is there and cannot be used. The text says why, by a key of `words/`, and holds nothing of the file."""

    def __init__(self, key: str) -> None:
        """Speak it in English."""
        super().__init__(english(key))


def read_json(path: str) -> dict[str, Any] | None:
    """The JSON object in the file at `path`; None where there is no file.

    A link is followed: people keep such files elsewhere. What it leads to must be a regular file of the user's that
    no other user may write. Raises `UnusableFile` where it is not, or holds no JSON object.
    """
    text = _read(path)
    if text is None:
        return None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise UnusableFile("file.no_json") from None
    if not isinstance(data, dict):
        raise UnusableFile("file.no_object")
    return data


def home_of_others(environ: Mapping[str, str]) -> str:
    """The home in which other programs look: what HOME says, whatever that is, else what the system knows."""
    return environ.get("HOME") or paths.home_named(environ)


def _read(path: str) -> str | None:
    try:
        handle = paths.opened(path, owner=paths.is_mine)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except paths.Unfit as unfit:
        raise UnusableFile(_UNFIT[unfit.reason]) from None
    except (OSError, ValueError):
        raise UnusableFile("file.unreadable") from None
    with os.fdopen(handle, "rb") as file:
        if os.fstat(handle).st_mode & stat.S_IWOTH:
            raise UnusableFile("file.open")
        return _text(file)


def _text(file: BinaryIO) -> str:
    try:
        content = file.read(LARGEST + 1)
        if len(content) <= LARGEST:
            return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise UnusableFile("file.no_text") from None
    raise UnusableFile("file.long")


# What `bl`, the provider's tool, has stored of its sign-in: a token, or an AccessKey pair. Read, never written.
#
# Its file is flat, or has named profiles beside the flat keys: `active_config` names the one in use, and `default` is
# the top level (`bl` 2.x).

ACTIVE = "active_config"
TOP_LEVEL = "default"
TOKEN = ("access_token", "accessToken")
KEY_ID = ("access_key_id", "openapi_access_key_id")
KEY_SECRET = ("access_key_secret", "openapi_access_key_secret")
SECURITY_TOKEN = ("security_token",)
"""Each by its name of today, then by its older one."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile of the file: its `name`, and what stands in it."""

    name: str
    values: Mapping[str, Any] = field(repr=False)
    common: Mapping[str, Any] = field(repr=False)

    def credential(self, names: tuple[str, ...]) -> str:
        """The first of some credentials, of this profile alone: another one's is another account's."""
        return next(filter(None, (credential(self.values.get(name)) for name in names)), "")

    def token(self, value: str) -> ConsoleToken:
        """A token of this profile. Site and region may stand on the top level alone, a `switchAgent` may not."""
        site = SITES.get(str(self._said("console_site")), SITES["domestic"])  # `bl` itself takes domestic
        agent = whole_number(self.values.get("console_switch_agent"))
        return ConsoleToken(value, site, region_of(site, self._said("console_region")), agent)

    def _said(self, name: str) -> Any:
        return self.values.get(name) or self.common.get(name)


def login_file(environ: Mapping[str, str]) -> str:
    """The file that a sign-in of the tool changes, and that holds the login."""
    folder = environ.get("BAILIAN_CONFIG_DIR") or f"{home_of_others(environ)}/.bailian"
    return f"{folder}/config.json"


def program_of_bl(environ: Mapping[str, str], named: str = "") -> str | None:
    """The path that the setting `bl_path` names, `~` being the home folder; else the first `bl` on the PATH.

    Of the PATH's folders the absolute ones count. None without the program.
    """
    if named:
        return home_of_others(environ) + named[1:] if named.startswith("~/") else named
    folders = [folder for folder in environ.get("PATH", "").split(os.pathsep) if folder.startswith("/")]
    return shutil.which("bl", path=os.pathsep.join(folders))


def bl_token(environ: Mapping[str, str]) -> ConsoleToken | None:
    """The token that `bl` would use, or None. Raises `UnusableFile`."""
    passing = credential(environ.get(BL_TOKEN))
    profile = _active(read_json(login_file(environ)) or {})
    value = passing or profile.credential(TOKEN)
    return profile.token(value) if value else None


def _active(data: Mapping[str, Any]) -> Profile:
    """The profile in use; the top level where `active_config` names a profile that is not there."""
    named = data.get(ACTIVE)
    return (_profile(data, named) if isinstance(named, str) else None) or Profile(TOP_LEVEL, data, data)


def _profile(data: Mapping[str, Any], name: str) -> Profile | None:
    if name == TOP_LEVEL:
        return Profile(TOP_LEVEL, data, data)
    found = data.get(name)
    return Profile(name, found, data) if isinstance(found, dict) else None


# Where an AccessKey pair is: the tools of Alibaba Cloud each have a place for it. A pair is read again each time.
#
# Which pair is used is a text: `variables:ALIBABA_CLOUD`, `variables:BAILIAN`, `aliyun:NAME`, `bl:NAME`, or `kept` for
# one that is kept with the sign-in.

SDK = "variables:ALIBABA_CLOUD"
TOOL = "variables:BAILIAN"
KEPT = "kept"
VARIABLES = {SDK: ACCESS_KEYS, TOOL: BL_ACCESS_KEYS}

KINDS = ("aliyun:", "bl:")
"""What stands in front of a profile's name: whose file it is in."""
LONGEST_NAME = 100
"""Characters of a profile's name that are said."""
PAIR = ("access_key_id", "access_key_secret")
ALIYUN_MODES = ("AK", "StsToken", "")
"""The profiles of the `aliyun` tool that hold a pair themselves; a file without `mode` is of its first versions."""


@dataclass(frozen=True, slots=True)
class AccessKeyPair:
    """A pair, and the token that makes a temporary one complete; `ends_at` in seconds since 1970 where it is known."""

    id: str = field(repr=False)
    secret: str = field(repr=False)
    security_token: str = field(default="", repr=False)
    ends_at: int | None = None

    def secrets(self) -> set[str]:
        """What no message may repeat."""
        return {self.id, self.secret, self.security_token} - {""}


def find_pair(environ: Mapping[str, str]) -> tuple[str, AccessKeyPair] | None:
    """Which pair the tools of Alibaba Cloud would use, and the pair; None where none is found.

    A file that cannot be used is passed over: the user has not named it.
    """
    for which in (SDK, TOOL, "aliyun:", "bl:"):
        try:
            found = _look(which, environ)
        except UnusableFile:
            continue
        if found:
            return found
    return None


def pair_of(which: str, environ: Mapping[str, str], *, is_new: bool = False) -> tuple[str, AccessKeyPair]:
    """The pair that `which` names, and its whole name: behind `aliyun:` or `bl:` the name of a profile may be missing.

    `is_new`: it has not been used before. Raises `MissingCredentials`, which names the place, where it is not there.
    """
    try:
        found = _look(which, environ)
    except UnusableFile as error:
        path = paths.displayed(_file(which, environ), environ)
        raise MissingCredentials("file.unusable", where=path, path=path, reason=error) from None
    if found is None and which.startswith(KINDS):
        raise _no_profile(which, environ, is_new=is_new)
    if found is None:
        hint = "pair.variables.hint" if which in VARIABLES else "pair.gone.hint"
        raise MissingCredentials("pair.gone", hint=hint, place=place_of_pair(which, environ))
    return found


def _no_profile(which: str, environ: Mapping[str, str], *, is_new: bool) -> MissingCredentials:
    """That a profile is missing, or has no pair, and the names of those that have one."""
    kind, _, name = which.partition(":")
    file = paths.displayed(_file(which, environ), environ)
    names = [clean(each, LONGEST_NAME) for each in profiles_of(kind, environ)]
    key = ("pair.no_profile" if name else "pair.none_in") if read_json(_file(which, environ)) else "pair.no_file"
    new = "pair.make.hint" if kind == "aliyun" and name else "pair.none.hint"
    hint = "pair.profiles.hint" if names else new if is_new else "pair.gone.hint"
    shown = clean(name, LONGEST_NAME)
    return MissingCredentials(key, hint=hint, path=file, profile=shown, name=shlex.quote(shown), names=names)


def profiles_of(kind: str, environ: Mapping[str, str]) -> list[str]:
    """The names of the profiles with a pair in the file of the `aliyun` tool, or of `bl`. Raises `UnusableFile`."""
    data = read_json(_file(f"{kind}:", environ)) or {}
    said = [each.get("name") for each in _profiles(data)] if kind == "aliyun" else [TOP_LEVEL, *data]
    return [each for each in said if isinstance(each, str) and each and _look(f"{kind}:{each}", environ)]


def aliyun_file(environ: Mapping[str, str]) -> str:
    """The file of the `aliyun` tool, by whose change it shows that a pair is there, or another one."""
    return f"{home_of_others(environ)}/.aliyun/config.json"


def place_of_pair(which: str, environ: Mapping[str, str]) -> str:
    """Where a pair is, for a person: names of variables, or a profile and its file."""
    if which in VARIABLES:
        return ", ".join(VARIABLES[which][:2])
    if which == KEPT:
        return which
    _, _, name = which.partition(":")
    file = paths.displayed(_file(which, environ), environ)
    return f"{file} ({clean(name, LONGEST_NAME)})" if name else file


def _look(which: str, environ: Mapping[str, str]) -> tuple[str, AccessKeyPair] | None:
    if which in VARIABLES:
        pair = _pair(environ.get(name) for name in VARIABLES[which])
        return (which, pair) if pair else None
    kind, _, name = which.partition(":")
    if kind == "aliyun":
        return _in_aliyun(environ, name)
    return _in_bl(environ, name) if kind == "bl" else None


def _in_bl(environ: Mapping[str, str], name: str) -> tuple[str, AccessKeyPair] | None:
    data = read_json(login_file(environ)) or {}
    profile = _profile(data, name) if name else _active(data)
    pair = _pair(map(profile.credential, (KEY_ID, KEY_SECRET, SECURITY_TOKEN))) if profile else None
    return (f"bl:{profile.name}", pair) if profile and pair else None


def _in_aliyun(environ: Mapping[str, str], name: str) -> tuple[str, AccessKeyPair] | None:
    data = read_json(aliyun_file(environ)) or {}
    wanted = name or data.get("current")
    for profile in _profiles(data):
        if profile.get("name") == wanted and profile.get("mode", "") in ALIYUN_MODES:
            temporary = profile.get("mode") == "StsToken"
            names = (*PAIR, "sts_token") if temporary else PAIR
            ends_at = whole_number(profile.get("sts_expiration")) if temporary else None
            pair = _pair(map(profile.get, names), ends_at)
            return (f"aliyun:{wanted}", pair) if pair else None
    return None


def _profiles(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    profiles = data.get("profiles")
    yield from (each for each in profiles if isinstance(each, dict)) if isinstance(profiles, list) else ()


def _pair(said: Iterable[object], ends_at: int | None = None) -> AccessKeyPair | None:
    """The pair of an id, a secret and perhaps a token; None where one of the first two is missing."""
    key, secret, *token = map(credential, said)
    return AccessKeyPair(key, secret, "".join(token), ends_at) if key and secret else None


def _file(which: str, environ: Mapping[str, str]) -> str:
    return login_file(environ) if which.startswith("bl:") else aliyun_file(environ)


# What CodexBar, if it is there, already knows: the Coding Plan's entry in its configuration file. Whatever is wrong
# with that is a note and never an error.

PROVIDER_ID = "alibaba"
_FIELDS: dict[str, tuple[str, ...]] = {
    "apiKey": (),
    "region": ("intl", "cn"),
    "source": ("auto", "web", "api"),
    "cookieSource": ("auto", "manual", "off"),
    "cookieHeader": (),
}
"""Its fields in the order of `CodexBarEntry`, and what each may say; any text where no word is named."""


@dataclass(frozen=True, slots=True)
class CodexBarEntry:
    """The entry's fields, None where it does not say; `file` as a person may read it; `notes` on what was ignored."""

    file: str | None = None
    api_key: str | None = field(default=None, repr=False)
    region: str | None = None
    source: str | None = None
    cookie_source: str | None = None
    cookie_header: str | None = field(default=None, repr=False)
    notes: tuple[str, ...] = ()


def codexbar_entry(environ: Mapping[str, str], content: Callable[..., bytes] = paths.content) -> CodexBarEntry:
    """The entry in the first of CodexBar's files that exists; an empty one if no file exists."""
    for path in codexbar_files(environ):
        try:
            found = content(Path(path), LARGEST, owner=paths.is_trusted)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError):
            found = b""
        return entry_in(found, paths.displayed(path, environ))
    return CodexBarEntry()


def codexbar_files(environ: Mapping[str, str]) -> list[str]:
    """Where CodexBar's file may lie, absolute paths only, in the order of their rank."""
    home = home_of_others(environ)
    named = environ.get("CODEXBAR_CONFIG", "").strip()
    places = (
        home + named[1:] if named.startswith("~/") else named,
        (paths.named(environ, "XDG_CONFIG_HOME") or f"{home}/.config") + "/codexbar/config.json",
        f"{home}/.codexbar/config.json",
    )
    return [path for path in places if path.startswith("/")]


def entry_in(content: bytes, shown: str) -> CodexBarEntry:
    """The provider's entry in what a file holds; a note where that cannot be read."""
    try:
        document = json.loads(content.decode())
    except (ValueError, RecursionError):
        return CodexBarEntry(shown, notes=(f"{shown} could not be read and is ignored",))
    providers = document.get("providers") if isinstance(document, dict) else None
    for provider in providers if isinstance(providers, list) else ():
        if isinstance(provider, dict) and provider.get("id") == PROVIDER_ID:
            return _entry(provider, shown)
    return CodexBarEntry(shown)


def _entry(provider: dict[str, Any], shown: str) -> CodexBarEntry:
    said = {name: provider[name] for name in _FIELDS if provider.get(name) is not None}
    good = {name: value for name, value in said.items() if _is_good(name, value)}
    notes = tuple(f"{shown}: {name} has an unknown value and is ignored" for name in said if name not in good)
    key, region, source, cookie_source, header = map(good.get, _FIELDS)
    return CodexBarEntry(shown, key, region, source, cookie_source, header, notes)


def _is_good(name: str, value: object) -> bool:
    return isinstance(value, str) and (value in _FIELDS[name] if _FIELDS[name] else bool(value.strip()))
