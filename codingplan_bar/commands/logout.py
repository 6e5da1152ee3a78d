"""`logout`: forgets the sign-in of `login`; with `--all` also the browser's session and all numbers, for good."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from codingplan_bar import paths
from codingplan_bar.bars.phrases import words_for
from codingplan_bar.commands import config, document, output
from codingplan_bar.commands.login.ways import keep
from codingplan_bar.commands.refresh import open_refresher
from codingplan_bar.errors import CodingPlanError, StorageFailure
from codingplan_bar.facts import SETTING_PREFIX
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
    try:
        gone = "all gone" if any(map(os.path.lexists, (files.session, *files.of_answers()))) else "nothing stored"
        told = [words["forgotten" if keep(files, settings, None) else "nothing kept"]]
        lift(files, settings)
        if not everything:
            return output.tell("\n".join([*told, words["left alone"], words["back"]]))
        remove(files, settings)
    except CodingPlanError as error:
        output.say(document.told(error, environ))
        return 1
    is_off, said = _switched_off(files, words)
    back = [words["back"], words["back by browser"]]
    return output.tell("\n".join([*told, words[gone], *said, words["left alone by all"], *back])) or int(not is_off)


def lift(files: Files, settings: Settings) -> None:
    """Let go of what refreshes failed by and wait for: who asks has changed. What the server itself asks for stays.

    Raises `StorageFailure`.
    """
    with files.locked(settings), _removing():
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
def _removing() -> Iterator[None]:
    """Within the block, what cannot be removed is a `StorageFailure`."""
    try:
        yield
    except OSError as error:
        name, reason = str(error.filename), error.strerror
        raise StorageFailure("storage.remove", where=name, file=name, reason=reason) from error


def remove(files: Files, settings: Settings) -> None:
    """Take away the kept session and all that is stored of answers. Raises `StorageFailure`."""
    with files.locked(settings), _removing():
        for path in (files.session, *files.of_answers()):
            path.unlink(missing_ok=True)


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
