"""`logout`: forgets the sign-in of `login`; with `--all` also the browser's session and all numbers, for good."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from codingplan_bar import paths
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import config, document, output
from codingplan_bar.commands.login.ways import keep
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.errors import StorageFailure
from codingplan_bar.facts import SETTING_PREFIX
from codingplan_bar.process import typed_path
from codingplan_bar.refresh.files import Files, Stored
from codingplan_bar.refresh.schedule import loads
from codingplan_bar.settings.settings import Settings
from codingplan_bar.words import filled
from codingplan_bar.words.en.commands import LOGIN as ENGLISH
from codingplan_bar.words.zh.commands import LOGIN as CHINESE

SETTING, OFF = "cookie_source", "off"
VARIABLE = SETTING_PREFIX + SETTING.upper()


def logout(*, everything: bool = False, stray: tuple[str, ...] = (), environ: Mapping[str, str] = os.environ) -> int:
    """Forget the sign-in, and say what is left alone; 0, 1 where something cannot be written, 2 for wrong use."""
    refresher = open_refresher(environ)
    settings, files = refresher.asker.settings, refresher.files
    bars_words = words_for(settings.language, environ)
    words = CHINESE if bars_words["language"] == "zh" else ENGLISH
    if stray:
        output.say(words["no argument of logout"])
        return 2
    stored = any(map(os.path.lexists, (files.session, *files.of_answers())))
    try:
        told = [words["forgotten" if keep(files, settings, None) else "nothing kept"]]
    except StorageFailure as error:
        return _complained(error, environ)
    failure = _failed(remove if everything else lift, files, settings)
    is_off, more = _switched_off(files, words) if everything else (True, [])
    if everything and not failure:
        more = [words["all gone" if stored else "nothing stored"], *more]
    ends = ["left alone by all", "back", "back by browser"] if everything else ["left alone", "back"]
    unprinted = output.tell("\n".join([*told, *more, *(words[each] for each in ends)]))
    return unprinted or _complained(failure, environ) or int(not is_off)


def _complained(failure: StorageFailure | None, environ: Mapping[str, str]) -> int:
    """Say what stays, and what lets it go; 1, or 0 for nothing."""
    if failure:
        output.say(document.told(failure, environ))
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
            waiting = loads(each.text(each.waiting))
            if waiting.told or not waiting.code:
                continue
            stored = each.load() if each.is_readable() else Stored()
            failed = [each.snapshot] if stored.snapshot and stored.snapshot.error else []
            for path in (*failed, each.failure, each.waiting):
                path.unlink(missing_ok=True)
        if not loads(files.text(files.held)).told:
            files.held.unlink(missing_ok=True)


@contextmanager
def _removing(environ: Mapping[str, str]) -> Iterator[None]:
    """Within the block, what cannot be removed is a `StorageFailure`; a folder's mode is a thing to change."""
    try:
        yield
    except OSError as error:
        path = Path(str(error.filename))
        name, folder = (paths.displayed(str(each), environ) for each in (path, path.parent))
        hint = "storage.shut.hint" if isinstance(error, PermissionError) else None
        raise StorageFailure(
            "storage.remove", hint=hint, where=name, file=name, reason=error.strerror, folder=typed_path(folder)
        ) from error


def remove(files: Files, settings: Settings) -> None:
    """Take away the kept session and all that is stored of answers: whatever can be removed is.

    Raises `StorageFailure` for the first file that stays.
    """
    stays: list[OSError] = []
    with files.locked(settings), _removing(files.environ):
        for path in (files.session, *files.of_answers()):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                stays.append(error)
        if stays:
            raise stays[0]
    lift(files, settings)


def _switched_off(files: Files, words: Mapping[str, str]) -> tuple[bool, list[str]]:
    """Whether no browser is read from now on, and what there is to say of it."""
    place = paths.displayed(str(files.settings), files.environ)
    try:
        config.write(files.settings, (SETTING,), OFF, files.environ)
    except config.UNWRITTEN as error:
        return False, [filled(words["not switched off"], place, config.why_not(error, files.environ))]
    told = [words["switched off"].format(place)]
    if files.environ.get(VARIABLE, OFF) == OFF:
        return True, told
    return False, [*told, words["variable wins"].format(VARIABLE)]
