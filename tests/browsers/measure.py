"""Time and memory of an import from each real browser: `python tests/browsers/measure.py`.

Each browser signs in at the console of the tests; then its store is made to hold 10 cookies, and 5,000. A search is a
process of its own; its memory is its peak, and that of the process that it starts.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.realbrowsers import browsers
from support.realbrowsers.browsers import FIREFOX_PLACE, Firefox
from support.realbrowsers.household import Bus, Household
from support.realbrowsers.world import INTL, World

SIGN_IN = f"https://{INTL}/sign-in"
TIMES = 7
PROGRAM = """
import contextlib, json, os, threading, time
from pathlib import Path
from codingplan_bar.browsers.search import search
from codingplan_bar.browsers.stores import stores_state
from codingplan_bar.browsers.search import Wanted
from codingplan_bar.regions import CN, INTL

def peak(process):
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024 if "VmHWM:" in status else 0

def watch():
    while not done.wait(0.002):
        for children in Path("/proc/self/task").glob("*/children"):
            with contextlib.suppress(OSError):
                peaks.extend(map(peak, children.read_text().split()))

done, peaks = threading.Event(), [0]
begun = time.perf_counter()
if WATCHED:
    watcher = threading.Thread(target=watch)
    watcher.start()
found = search(os.environ, Wanted((INTL, CN), time.time()))
ended = time.perf_counter()
stores_state(os.environ)
state = time.perf_counter() - ended
done.set()
assert found.jar and not found.unproven
print(json.dumps([ended - begun, state, peak("self"), max(peaks)]))
"""
HOSTS = {"cookies": "host_key", "moz_cookies": "host"}
FEWER = "DELETE FROM {table} WHERE rowid NOT IN (SELECT rowid FROM {table} WHERE {ours} LIMIT ?)"
OURS = "name LIKE 'login%' AND {host} LIKE '%alibabacloud.com'"
MORE = """
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
    INSERT INTO {table} ({names}) SELECT {values} FROM n, (SELECT * FROM {table} LIMIT 1)
"""


def resize(path, rows):
    """Leave the five cookies of a sign-in, then add those of other sites until there are so many rows."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        (table,) = (name for (name,) in connection.execute("SELECT name FROM sqlite_master") if name in HOSTS)
        host = HOSTS[table]
        connection.execute(FEWER.format(table=table, ours=OURS.format(host=host)), (5,))
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
        made_up = {"name": "'n' || i", host: "'.site' || i || '.example'"}
        values = ", ".join(made_up.get(name, name) for name in names)
        connection.execute(MORE.format(table=table, names=", ".join(names), values=values), (rows - 5,))


def measured(user):
    """Median of the seconds, of the state's; and in MiB the peak of the search, and of the process that it starts."""
    runs = [_run(user, watched=False) for _ in range(TIMES)]
    seconds, state, own, _ = (statistics.median(column) for column in zip(*runs, strict=True))
    return seconds, state, own, _run(user, watched=True)[3]


def _run(user, *, watched):
    program = f"WATCHED = {watched}\n{PROGRAM}"
    done = subprocess.run([sys.executable, "-c", program], env=user.environ, check=True, capture_output=True)
    return json.loads(done.stdout)


def tell(name, user, path):
    """Two lines of the table."""
    whole = shutil.copy(path, user.home.parent / "whole")
    for rows in (10, 5000):
        shutil.copy(whole, path)
        resize(path, rows)
        seconds, state, own, started = measured(user)
        sys.stdout.write(f"{name:24} {rows:5} cookies {seconds * 1000:6.0f} ms {own:5.1f} + {started:4.1f} MiB")
        sys.stdout.write(f"   stores_state {state * 1000:.1f} ms\n")


def main():
    """Print the table."""
    with World() as world:
        for name, keyring in (("Chromium, v10", "basic"), ("Chromium, v11, keyring", "gnome-libsecret")):
            with contextlib.closing(Household()) as user:
                if keyring != "basic":
                    Bus(user).start_keyring()
                browsers.visit_in_chromium(user, world, SIGN_IN, keyring=keyring)
                tell(name, user, user.home / ".config/chromium/Default/Cookies")
        with contextlib.closing(Household()) as user:
            browser = Firefox(user, world)
            browser.marionette.open(SIGN_IN)
            browser.close()
            tell("Firefox, closed", user, next((user.home / FIREFOX_PLACE).glob("*.work/cookies.sqlite")))


if __name__ == "__main__":
    main()
