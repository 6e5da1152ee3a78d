"""In a folder that others may write, no file of theirs is believed: not by a bar, not by a command, not by a refresh.

Another user's file is one whose owner is not who runs the program; here the program takes itself for somebody else, so
that an ordinary user can try it, too.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing
from itertools import product

import pytest
from support.hostile import sample
from support.staging import facts_name

STATE, CACHE = ".local/state/codingplan-bar", ".cache/codingplan-bar"
FORGER = "ForgedByAnother"
SOMEBODY_ELSE = "import os\nreal = os.geteuid()\nos.geteuid = lambda: real + 1\n"


def facts(path):
    """A click of the forger's, and markup where a colour stands."""
    lines = path.read_text().splitlines()
    forged = {"plan": FORGER, "dashboard": f"https://{FORGER}.example/", "color.ok": f"'/><b>{FORGER}</b>"}
    path.write_text("\n".join(f"{key} {forged.get(key, value)}" for key, _, value in (s.partition(" ") for s in lines)))


def snapshot(path):
    if path.exists():
        document = json.loads(path.read_text())
        document["plan"] = {**(document["plan"] or {}), "name": FORGER}
    else:
        document = json.loads((path.parent / "snapshot.json").read_text())
        document |= {"error": {"code": "network", "message": FORGER, "hint": FORGER}}
    path.write_text(json.dumps(document))


def waiting(path):
    """Whoever believes it asks nobody for a day."""
    now = time.time()
    path.write_text(json.dumps(json.loads(path.read_text()) | {"asked_at": now, "until": now + 86_400, "told": True}))


def session(path):
    """Whoever uses it shows the forger's plan, and is watched."""
    cookie = {"name": "login_aliyunid_ticket", "value": FORGER, "domain": "alibabacloud.com", "path": "/"}
    path.write_text(json.dumps({"session": "", "cookies": [cookie], "kept": {}, "origin": FORGER}))


def lives(path):
    path.write_text(json.dumps({"present": {}, "past": {}, "came_by": f"cli program /{FORGER}"}))


def alerts(path):
    path.write_text(json.dumps({"windows": {FORGER: 1}, "signed_in": True}))


def history(path):
    with closing(sqlite3.connect(path)) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
            if "used" in columns:
                database.execute(f"UPDATE {name} SET used = 424242, total = 424243")


FORGED = {
    f"{CACHE}/bar.txt": facts,
    f"{CACHE}/snapshot.json": snapshot,
    f"{CACHE}/failure.json": snapshot,
    f"{STATE}/waiting.json": waiting,
    f"{STATE}/session.json": session,
    f"{STATE}/ends.json": lives,
    f"{STATE}/alerts.json": alerts,
    f"{STATE}/history.db": history,
}
READING = ("waybar", "polybar", "swiftbar", "json", "status", "fetch", "doctor --offline", "history --json")


@pytest.mark.parametrize(("place", "command"), sample([*product(FORGED, READING)], 9))
def test_what_another_user_has_written_is_not_believed(household, place, command):
    household.run("fetch")
    path = household.home / place.replace("bar.txt", facts_name(household.environ))
    FORGED[place](path)
    path.chmod(0o666)
    path.parent.chmod(0o777)
    (household.folder / "python/sitecustomize.py").write_text(SOMEBODY_ELSE)
    done = household.run(*command.split())
    assert FORGER not in done.out + done.err
    assert "424242" not in done.out
    if command == "fetch" and not os.geteuid():  # root's own files are nobody else's here; an ordinary user's are
        assert json.loads(done.out)["status"] == "ok"
        assert FORGER not in household.console.requests[-1].headers.get("cookie", "")


def test_the_same_files_are_believed_where_they_are_ones_own(household):
    """So that the attack above is one."""
    household.run("fetch")
    snapshot(household.home / f"{CACHE}/snapshot.json")
    os.utime(household.home / f"{CACHE}/snapshot.json")
    assert FORGER in household.run("status").out
    history(household.home / f"{STATE}/history.db")
    assert "424242" in household.run("history", "--json").out
