"""`logout`: forgets the sign-in of `login`; with `--all` also the browser's session and all numbers, for good."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from codingplan_bar import environment, paths, storage
from codingplan_bar.commands import USAGE, config, output
from codingplan_bar.commands.login.new_sign_in import keep
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.credentials import other_tools
from codingplan_bar.credentials.saved import holds_sign_in, with_sign_in
from codingplan_bar.errors import CodingPlanError, StorageFailure
from codingplan_bar.facts import SETTING_PREFIX
from codingplan_bar.process import typed_path
from codingplan_bar.provider import api_key
from codingplan_bar.refresh.schedule import loads
from codingplan_bar.refresh.store import Files, Stored, answers_in
from codingplan_bar.settings.editing import UNWRITTEN, write
from codingplan_bar.settings.settings import SECRETS, SETTINGS, Settings, said_in_file
from codingplan_bar.words import filled, listed, table

SETTING, OFF = "cookie_source", "off"
VARIABLE = SETTING_PREFIX + SETTING.upper()


def logout(*, everything: bool = False, stray: tuple[str, ...] = (), environ: Mapping[str, str] = os.environ) -> int:
    """Forget the sign-in, and say what is left alone; 0, 1 where something cannot be written, 2 for wrong use."""
    refresher = open_refresher(environ)
    settings, files = refresher.asker.settings, refresher.files
    words = table(output.language_of(environ), "commands", "LOGIN")
    if refused := _refused(stray, files, words):
        return refused
    stored = _is_any_stored(files)
    try:
        told = [words["forgotten" if _forget(files, settings) else "nothing kept"]]
    except StorageFailure as error:
        return _complained(error, environ)
    failure = _failed(remove if everything else lift, files, settings)
    if not everything:
        told += [*_next(settings, files, words), words["back"]]
        return output.tell("\n".join(told)) or _complained(failure, environ)
    if not failure:
        told.append(words["all gone" if stored else "nothing stored"])
    is_off, switched = _switched_off(files, words)
    told += [*_kept(files, words), *switched, words["left alone by all"], words["back"], words["back by browser"]]
    return output.tell("\n".join(told)) or _complained(failure, environ) or int(not is_off)


def _sessions(files: Files) -> list[Path]:
    """The private file, and where it was while the usual place could not be written."""
    folders = map(Path, paths.candidate_folders(files.environ))
    return list(dict.fromkeys([files.session, *(folder / files.session.name for folder in folders)]))


def _forget(files: Files, settings: Settings) -> bool:
    """Forget the sign-in, wherever it is kept; whether there was one. Raises `StorageFailure`."""
    was_there = keep(files, settings, None)
    for path in _sessions(files)[1:]:
        text = paths.read(path)
        if holds_sign_in(text):
            storage.replace(path, with_sign_in(text, None))
            was_there = True
    return was_there


def _refused(stray: tuple[str, ...], files: Files, words: Mapping[str, str]) -> int:
    """Say that it was used wrongly, or that there is no home; the exit code, 0 for neither."""
    if stray:
        output.say(words["no argument of logout"])
        return USAGE
    return output.homeless(files.environ) if paths.is_nowhere(str(files.session)) else 0


def _is_any_stored(files: Files) -> bool:
    """Whether a session or an answer is stored, or may be: a folder keeps the user from seeing that."""
    try:
        answers = any(map(answers_in, paths.candidate_folders(files.environ)))
        return answers or any(map(paths.is_file, _sessions(files)))
    except PermissionError:
        return True


def _complained(failure: StorageFailure | None, environ: Mapping[str, str]) -> int:
    """Say what stays, and what lets it go; 1, or 0 for nothing."""
    if failure:
        output.say(output.failure_told(failure, environ))
    return int(bool(failure))


def _failed(step: Callable[[Files, Settings], None], files: Files, settings: Settings) -> StorageFailure | None:
    """Do a step; what kept it from being done whole."""
    try:
        step(files, settings)
    except StorageFailure as error:
        return error
    return None


def lift(files: Files, settings: Settings) -> None:
    """Let go of what refreshes failed by and wait for: who asks has changed. What the server itself asks for stays.

    Raises `StorageFailure`.
    """
    with files.locked(settings), _removing(files.environ):
        for each in (files, *files.others()):
            waiting = loads(each.texts[each.waiting])
            if waiting.told or not waiting.code:
                continue
            stored = each.load() if each.is_readable() else Stored()
            failed = [each.snapshot] if stored.snapshot and stored.snapshot.error else []
            for path in (*failed, each.failure, each.waiting):
                path.unlink(missing_ok=True)
        if not loads(files.texts[files.held]).told:
            files.held.unlink(missing_ok=True)


@contextmanager
def _removing(environ: Mapping[str, str]) -> Iterator[None]:
    """Within the block, what cannot be removed is a `StorageFailure`; a folder's mode is a thing to change."""
    try:
        yield
    except OSError as error:
        path = Path(str(error.filename))
        shut = paths.existing(str(path if os.path.isdir(path) else path.parent))
        name, folder = (paths.displayed(each, environ) for each in (str(path), shut))
        hint = "storage.shut.hint" if isinstance(error, PermissionError) else None
        raise StorageFailure(
            "storage.remove", hint=hint, where=name, file=name, reason=str(error.strerror), folder=typed_path(folder)
        ) from error


def remove(files: Files, settings: Settings) -> None:
    """Take away the kept session and all that is stored of answers: whatever can be removed is.

    Raises `StorageFailure` for the first file that stays.
    """
    stays: list[OSError] = []
    with files.locked(settings), _removing(files.environ):
        found = [files.session]
        for folder in paths.candidate_folders(files.environ):
            try:
                found += answers_in(folder)
            except PermissionError as error:
                stays.append(error)
        for path in (*found, *_sessions(files)[1:]):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                stays.append(error)
        if stays:
            raise stays[0]
    lift(files, settings)


def _switched_off(files: Files, words: Mapping[str, str]) -> tuple[bool, list[str]]:
    """Whether no browser is read from now on, and what there is to say of it."""
    if paths.is_nowhere(str(files.settings)):
        return False, [output.no_home(files.environ)]
    place = paths.displayed(str(files.settings), files.environ)
    try:
        write(files.settings, (SETTING,), OFF, files.environ)
    except UNWRITTEN as error:
        return False, [filled(words["not switched off"], place, config.why_not(error, files.environ))]
    told = [words["switched off"].format(place)]
    if files.environ.get(VARIABLE, OFF) == OFF:
        return True, told
    return False, [*told, words["variable wins"].format(VARIABLE)]


# What is left to sign in with: a credential that somebody has put there by hand is theirs to remove.

CREDENTIALS = tuple(name for name in SETTINGS if name in SECRETS)
"""The settings that hold one."""
VARIABLES = (*(SETTING_PREFIX + name.upper() for name in CREDENTIALS), *environment.CREDENTIALS)
"""The variables that hold one."""


def _kept(files: Files, words: Mapping[str, str]) -> list[str]:
    """A line for each place that still holds a credential, with the command that removes it."""
    place, said = paths.displayed(str(files.settings), files.environ), said_in_file(files.environ)
    names = [name for name in CREDENTIALS if said and name in said and said[name].value]
    set_here = [name for name in VARIABLES if files.environ.get(name, "").strip()]
    entry = other_tools.codexbar_entry(files.environ)
    by_codexbar = [name for name in CREDENTIALS if getattr(entry, name)]
    told = [filled(words["stays"], name, place) for name in names]
    if said is None:
        told.append(filled(words["not known"], place))
    told += [filled(words["variable stays"], name) for name in set_here]
    return told + [filled(words["stays in codexbar"], name, entry.file) for name in by_codexbar]


def _next(settings: Settings, files: Files, words: Mapping[str, str]) -> list[str]:
    """What is left alone, and what the next refresh asks with in the place of the sign-in."""
    is_by_web = settings.source in ("auto", "web")
    header = _header(settings, files) if is_by_web else ""
    is_by_browser = is_by_web and settings.cookie_source == "auto" and not header
    told = [words["left alone" if is_by_browser else "left alone by all"]]
    places = [_place(way, files, words) for way in (header, _key(settings, files)) if way]
    if places:
        told.append(filled(words["used next"], listed(places, output.language_of(files.environ))))
    return told


def _header(settings: Settings, files: Files) -> str:
    """The variable or the setting of the Cookie header that would be asked with; empty without one."""
    if settings.cookie_source == "auto" and files.environ.get(environment.COOKIE, "").strip():
        return environment.COOKIE
    return "cookie_header" if settings.cookie_source == "manual" and settings.cookie_header else ""


def _key(settings: Settings, files: Files) -> str:
    """The setting, the file or the variable of the API key that would be asked with; empty without one."""
    if settings.source not in ("auto", "api"):
        return ""
    try:
        key = api_key.find(files.environ, setting=settings.api_key, entry=other_tools.codexbar_entry(files.environ))
    except CodingPlanError:
        return ""
    return key.origin if key else ""


def _place(way: str, files: Files, words: Mapping[str, str]) -> str:
    """Where a credential stands: a variable's or a file's name, or a setting with its file."""
    if way not in CREDENTIALS:
        return way
    variable = SETTING_PREFIX + way.upper()
    if variable in files.environ:
        return variable
    if way in (said_in_file(files.environ) or {}):
        return filled(words["in file"], way, paths.displayed(str(files.settings), files.environ))
    return filled(words["in file"], way, other_tools.codexbar_entry(files.environ).file)
