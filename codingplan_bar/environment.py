"""The variables that are ours, an environment without them for other programs, and the locale that macOS omits."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from codingplan_bar import facts, paths, words
from codingplan_bar.facts import SETTING_PREFIX

PROVIDERS_PREFIX = facts.PROVIDERS_PREFIX
COOKIE = PROVIDERS_PREFIX + "COOKIE"
API_KEYS = ("ALIBABA_CODING_PLAN_API_KEY", "ALIBABA_QWEN_API_KEY", "DASHSCOPE_API_KEY")
"""The first that is set counts (protocol of the API mode)."""
IN_THE_PLACE_OF = {COOKIE: "cookie_header", **dict.fromkeys(API_KEYS, "api_key")}
"""The settings that hold what these variables hold."""
ACCESS_KEYS = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN")
BL_ACCESS_KEYS = ("BAILIAN_ACCESS_KEY_ID", "BAILIAN_ACCESS_KEY_SECRET", "BAILIAN_SECURITY_TOKEN")
"""An AccessKey pair, as the SDKs of Alibaba Cloud and as `bl` read it: id, secret, and the token of a temporary one."""
BL_TOKEN = "DASHSCOPE_ACCESS_TOKEN"
"""A console token for the time being, which `bl` uses in the place of the stored one."""

OVERRIDES = (PROVIDERS_PREFIX + "HOST", PROVIDERS_PREFIX + "QUOTA_URL")
"""They say who is asked in the provider's place; `provider/addresses.py` judges their values."""
STRICT = PROVIDERS_PREFIX + "REQUIRE_PROVIDER_ENDPOINT_OVERRIDES"
PROVIDERS = (COOKIE, API_KEYS[0], *OVERRIDES, STRICT)
"""All that begin with the provider's prefix."""

KEY_LOG = "SSLKEYLOGFILE"
"""Names a file into which a TLS library writes what decrypts the connections of its process: somebody's debugging, that
has been left in the environment or put there. No connection of ours is to be read along."""

CREDENTIALS = (COOKIE, *API_KEYS, *ACCESS_KEYS, *BL_ACCESS_KEYS, BL_TOKEN)
"""The variables beside our own that hold something to ask with."""
_PREFIXES = (SETTING_PREFIX, PROVIDERS_PREFIX)


def matters(variable: str) -> bool:
    """Whether a variable is a setting or a credential."""
    return variable.startswith(_PREFIXES) or variable in CREDENTIALS


def without_secrets(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that is not ours: without our settings and credentials, and without a key log."""
    return {name: value for name, value in environ.items() if not matters(name) and name != KEY_LOG}


# The language that macOS is set to: what its desktop starts has no locale.

GLOBAL_PREFERENCES = "Library/Preferences/.GlobalPreferences.plist"
"""What `defaults read -g` shows, below the home folder (defaults(1))."""
PREFERENCES_LIMIT = 256 * 1024
"""Bytes; a longer file says nothing."""
LOCALES = {"en": "en_US.UTF-8", "zh": "zh_CN.UTF-8"}
"""A locale that every macOS has, by the table that it leads to."""


def system_language(environ: Mapping[str, str], platform: str = sys.platform) -> str:
    """The table, `en` or `zh`, of the first language of the user's list that has one; empty elsewhere than on macOS.

    The file is read, since starting a program costs more; whatever is wrong with it, the list says nothing.
    """
    if platform != "darwin":
        return ""
    import plistlib  # no other system needs them
    from xml.parsers.expat import ExpatError

    try:
        text = paths.content(f"{paths.home(environ)}/{GLOBAL_PREFERENCES}", PREFERENCES_LIMIT, owner=paths.is_trusted)
        listed = plistlib.loads(text).get("AppleLanguages")
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError, ExpatError):
        return ""
    tags = [tag for tag in listed if isinstance(tag, str)] if isinstance(listed, list) else []
    return next(filter(None, map(words.table_of, tags)), "")


def locale_of_system(environ: Mapping[str, str], platform: str = sys.platform) -> dict[str, str]:
    """The variable that makes up for a locale that is missing on macOS; empty where one is there or none is known."""
    if any(environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")):
        return {}
    language = system_language(environ, platform)
    return {"LANG": LOCALES[language]} if language else {}
