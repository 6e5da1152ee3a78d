"""Whose numbers are shown: whether they came by the sign-in or key that would be asked with now.

Only what is known without a request counts. Where it is not known, they did: no bar says "old" for nothing.
"""

from __future__ import annotations

from codingplan_bar.credentials import other_tools, saved
from codingplan_bar.credentials.other_tools import UnusableFile
from codingplan_bar.errors import CodingPlanError, MissingCredentials
from codingplan_bar.model import Snapshot, SourceName
from codingplan_bar.provider import api_key
from codingplan_bar.refresh.session import find, regions
from codingplan_bar.refresh.sign_in_life import Here, Lives, hashed, mark_of
from codingplan_bar.settings.settings import Settings

UNUSABLE = "unusable"
"""The mark of what cannot be asked with, and is not what the numbers came by."""


def are_of_another(shown: Snapshot, lives: Lives, here: Here) -> bool:
    """Whether numbers came by another sign-in, key, source or region than would be asked with now."""
    if shown.source is None:
        return False
    if _are_not_asked_for(shown, here.settings) or _has_signed_in_since(shown, here):
        return True
    now = _mark_now(shown.source, here)
    return bool(lives.came_with and now) and now != lives.came_with


def _are_not_asked_for(shown: Snapshot, settings: Settings) -> bool:
    """Whether the settings name another source or region; a sign-in by `login` has its own region."""
    is_elsewhere = shown.source != "token" and shown.region not in [region.name for region in regions(settings)]
    return settings.source not in ("auto", shown.source) or is_elsewhere


def _has_signed_in_since(shown: Snapshot, here: Here) -> bool:
    """Whether a sign-in by `login` is asked first now, and was not yet for these numbers."""
    own = saved.kept(here.kept_text)
    return shown.source != "token" and own is not None and own.since > shown.fetched_at


def _mark_now(source: SourceName, here: Here) -> str:
    """The mark of what a source would be asked with now; empty where that is not known, or is not there."""
    try:
        if source == "api":
            key = api_key.find(here.environ, setting=here.settings.api_key, entry=here.entry)
            return hashed(key.value) if key else ""
        if source == "web":
            return mark_of(find(here.settings, here.environ, here.kept_text, lambda _: None))
        return _mark_of_token(here) if source == "token" else ""
    except MissingCredentials:
        return ""
    except (CodingPlanError, UnusableFile):
        return UNUSABLE


def _mark_of_token(here: Here) -> str:
    """The mark of the user's own sign-in, else of that of `bl`."""
    if own := saved.kept(here.kept_text):
        return here.mark_of_sign_in(own)
    token = other_tools.bl_token(here.environ)
    return hashed(token.value) if token else ""
