"""What gave the last numbers: whether it is there now, and whether it is still what would be asked with.

Where it is gone, that is said, and never "sign in". A bar that the desktop starts sees less than a shell: another PATH,
none of its variables. A place is a text of three words: the source that asks with what lies there, its kind, and which
of them. It holds no secret.

Only what is known without a request counts. Where it is not known, numbers are those of this sign-in: no bar says "old"
for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from codingplan_bar import environment, paths
from codingplan_bar.browsers.stores import IN_CONTAINER, discover
from codingplan_bar.credentials import other_tools, saved
from codingplan_bar.credentials.other_tools import CodexBarEntry, UnusableFile
from codingplan_bar.credentials.saved import SignIn
from codingplan_bar.errors import CodingPlanError, MissingCredentials, SourceGone, StoreShut
from codingplan_bar.model import Snapshot, SourceName
from codingplan_bar.provider import api_key, bl
from codingplan_bar.provider.api_key import ApiSource
from codingplan_bar.provider.bl import ToolSource
from codingplan_bar.provider.source_order import MadeWhenAsked, Outcome, Source
from codingplan_bar.provider.token import TokenSource
from codingplan_bar.refresh.session import Found, RenewingSource, find, regions
from codingplan_bar.refresh.sign_in_life import Lives, hashed, mark_of
from codingplan_bar.refresh.token_sources import SignedIn
from codingplan_bar.settings.settings import Settings
from codingplan_bar.text import credential

PROGRAM, VARIABLE, SETTING, FILE, BROWSER, SIGN_IN = "program", "variable", "setting", "file", "browser", "sign_in"
GONE = {
    PROGRAM: "gone.program",
    VARIABLE: "gone.variable",
    SETTING: "gone.setting",
    FILE: "gone.file",
    BROWSER: "gone.browser",
    SIGN_IN: "gone.sign_in",
}
"""What is said, by the kind of the place."""
OVERRULED = frozenset(
    {"missing_credentials", "invalid_cookie", "login_required", "invalid_credentials", "api_key_unavailable"}
)
"""The errors that ask for a sign-in or a key: all else is about the provider or the way to it, and stays."""
OF_THE_MACHINE = {
    PROGRAM: {"tool.no_node", "tool.no_start", "tool.other"},
    SIGN_IN: {"pair.gone", "pair.no_file", "pair.none_in", "pair.no_profile", "file.unusable"},
    FILE: {"file.unusable"},
}
"""By the kind of a place, the sentences that name what is missing on this machine better than the place does."""
HINTS = {
    SIGN_IN: "gone.file.hint",
    environment.COOKIE: "gone.cookie.hint",
    environment.BL_TOKEN: "gone.token.hint",
}
"""What to do where that is not there, by the kind of the place or by the variable; else as its sentence says."""


def kind_of(place: str) -> str:
    """The kind of a place; empty where nothing is known of it."""
    return [*place.split(" ", 2), "", ""][1]


@dataclass(slots=True, eq=False, repr=False)
class Here:
    """What one run can see: its environment and settings, CodexBar's entry, and the text of the private file."""

    environ: Mapping[str, str]
    settings: Settings
    entry: CodexBarEntry
    kept_text: str | None

    def place(self, source: Source | None) -> str:
        """Where what a source asks with lies; empty where nothing can be said of it."""
        source = source.made if isinstance(source, MadeWhenAsked) else source
        found = self._found(source)
        return f"{source.name} {found}" if source and found else ""

    def mark(self, source: Source | None) -> str:
        """What tells the sign-in or key of a source from another; empty where that is not known."""
        try:
            return self._mark(source.made if isinstance(source, MadeWhenAsked) else source)
        except CodingPlanError:  # the pair has just gone
            return ""

    def _mark(self, source: Source | None) -> str:
        if isinstance(source, ApiSource):
            return hashed(source.key.value)
        if isinstance(source, RenewingSource):
            return mark_of(source.found)
        if isinstance(source, SignedIn):
            return self.mark_of_sign_in(source.sign_in)
        return hashed(source.token.value) if isinstance(source, TokenSource) else ""

    def mark_of_sign_in(self, sign_in: SignIn) -> str:
        """A pair stays the same when it makes a new token. Raises `MissingCredentials` where it is gone."""
        if sign_in.way != "access_key":
            return hashed(sign_in.token) if sign_in.token else ""
        return hashed((sign_in.pair or other_tools.pair_of(sign_in.which, self.environ)[1]).id)

    def _found(self, source: Source | None) -> str:
        """Its kind, and which of them."""
        if isinstance(source, ToolSource):
            return f"{PROGRAM} {paths.displayed(source.command, self.environ)}"
        if isinstance(source, ApiSource):
            return self._named(source.key.origin)
        if isinstance(source, RenewingSource):
            return self._of_session(source.found)
        if isinstance(source, SignedIn):
            return f"{SIGN_IN} {self._private_file}"
        return self._named(environment.BL_TOKEN) if isinstance(source, TokenSource) else ""

    def _has(self, kind: str, name: str) -> bool:
        """Whether that is there for this run."""
        if kind == VARIABLE:
            return bool(self.environ.get(name, "").strip())
        if kind == SETTING:
            return bool(getattr(self.settings, name, ""))
        if kind == SIGN_IN:
            return self.kept_text is not None
        looks = {PROGRAM: self._has_tool, FILE: self._has_credential, BROWSER: self._has_profile}
        return kind not in looks or looks[kind](name)

    def told(self, outcome: Outcome, place: str) -> Outcome:
        """The outcome, with the place as its error where that is gone. `place` is what gave the last numbers."""
        source, kind, name = [*place.split(" ", 2), "", "", ""][:3]
        is_asked = self.settings.source in ("auto", source)
        if not (is_asked and outcome.error and outcome.error.code in OVERRULED):
            return outcome
        if not self._has(kind, name):
            return replace(outcome, error=_gone(kind, name))
        fault = next((each for each in outcome.errors if _names_it(kind, each)), None)
        return replace(outcome, error=SourceGone(fault.message, hint=fault.hint)) if fault else outcome

    def _named(self, origin: str) -> str:
        """The place of a key or a token: a setting, a variable, or a file."""
        if origin == environment.BL_TOKEN and not credential(self.environ.get(origin)):
            return f"{FILE} {self._login_file}"
        if origin in ("api_key", "cookie_header"):
            return f"{SETTING} {origin}"
        return f"{FILE if '/' in origin else VARIABLE} {origin}"

    def _of_session(self, found: Found) -> str:
        if found.jar:
            return f"{BROWSER} {found.origin}"
        is_codexbars = found.origin == "cookie_header" and self.settings.cookie_header == self.entry.cookie_header
        return self._named((self.entry.file or "") if is_codexbars else found.origin)

    @property
    def _private_file(self) -> str:
        return paths.displayed(f"{paths.lasting_folder(self.environ)}/session.json", self.environ)

    @property
    def _login_file(self) -> str:
        return paths.displayed(other_tools.login_file(self.environ), self.environ)

    def _has_tool(self, _: str) -> bool:
        try:
            bl.find(self.environ, named=self.settings.bl_path)
        except CodingPlanError:
            return False
        return True

    def _has_credential(self, name: str) -> bool:
        if name != self._login_file:
            return name == self.entry.file and bool(self.entry.api_key or self.entry.cookie_header)
        try:
            return other_tools.bl_token(self.environ) is not None
        except UnusableFile:
            return True  # that it cannot be used is an error of its own

    def _has_profile(self, name: str) -> bool:
        stores = discover(self.environ, self.settings.browsers)
        known = {", ".join(filter(None, (each.title, each.profile))) for each in stores}
        return name in known or any(name.startswith(each + IN_CONTAINER) for each in known)


def _names_it(kind: str, error: CodingPlanError) -> bool:
    return error.key in OF_THE_MACHINE.get(kind, ()) or (kind == BROWSER and isinstance(error, StoreShut))


def _gone(kind: str, name: str) -> SourceGone:
    """What is said of a place that is gone, with the setting that makes up for it."""
    return SourceGone(GONE[kind], hint=HINTS.get(name, HINTS.get(kind)), place=name)


# Whose numbers are shown.

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
