"""Safari's cookies, by the import library from a private copy of its one file. Not tried on a Mac."""

from __future__ import annotations

from collections.abc import Mapping

from codingplan_bar.fetch.browsers import copies, reader
from codingplan_bar.fetch.browsers.candidates import Candidate
from codingplan_bar.fetch.browsers.reader import Job
from codingplan_bar.fetch.browsers.stores import Store
from codingplan_bar.fetch.cookie_jar import CookieJar
from codingplan_bar.fetch.deadline import Deadline


def candidates(store: Store, environ: Mapping[str, str], deadline: Deadline) -> list[Candidate]:
    """Its one jar. Raises `StoreProblem`: macOS lets nobody read it without being told to."""
    with copies.copied(store, environ, deadline) as copy:
        cookies = reader.read(Job(store.browser.reader, copy, "none"), environ, deadline)
    return [Candidate(store, CookieJar(tuple(cookies)))]
