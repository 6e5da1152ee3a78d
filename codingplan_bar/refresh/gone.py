"""What gave the last numbers, and whether it is there now: where it is gone, that is said, and never "sign in".

A bar that the desktop starts sees less than a shell: another PATH, none of its variables. A place is a text of three
words: the source that asks with what lies there, its kind, and which of them. It holds no secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from codingplan_bar import environment, paths
from codingplan_bar.browsers.stores import IN_CONTAINER, discover
from codingplan_bar.credentials import access_keys
from codingplan_bar.credentials.codexbar import CodexBarEntry
from codingplan_bar.credentials.saved import UnusableFile, credential
from codingplan_bar.errors import CodingPlanError, SourceGone, StoreShut
from codingplan_bar.provider import bl
from codingplan_bar.provider.api_key import ApiSource
from codingplan_bar.provider.bl import ToolSource
from codingplan_bar.provider.chain import MadeWhenAsked, Outcome, Source
from codingplan_bar.provider.token import TokenSource
from codingplan_bar.refresh.session import Found, RenewingSource
from codingplan_bar.refresh.token import SignedIn
from codingplan_bar.settings.settings import Settings

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


@dataclass(frozen=True, slots=True)
class Here:
    """What one run can see: its environment and settings, CodexBar's entry, and the text of the private file."""

    environ: Mapping[str, str] = field(repr=False)
    settings: Settings
    entry: CodexBarEntry
    kept_text: str | None = field(repr=False)

    def place(self, source: Source | None) -> str:
        """Where what a source asks with lies; empty where nothing can be said of it."""
        source = source.made if isinstance(source, MadeWhenAsked) else source
        found = self._found(source)
        return f"{source.name} {found}" if source and found else ""

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
        source, _, rest = place.partition(" ")
        kind, _, name = rest.partition(" ")
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
        return paths.displayed(access_keys.login_file(self.environ), self.environ)

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
            return access_keys.token(self.environ) is not None
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
    hint = HINTS.get(name, HINTS.get(kind))
    return SourceGone(GONE[kind], hint=hint, place=name)
