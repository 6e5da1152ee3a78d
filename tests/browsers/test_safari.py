"""Safari's file, made by hand and read on whatever machine: the library does not mind."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from handmade import safari as maker
from handmade.cookies import EVIL, NOW, names_and_values, signed_in
from handmade.home import Home
from handmade.stranger import stranger

from codingplan_bar.fetch.browsers import safari
from codingplan_bar.fetch.browsers.catalogue import BY_NAME
from codingplan_bar.fetch.browsers.entries import Entry
from codingplan_bar.fetch.browsers.verdicts import StoreProblem
from codingplan_bar.fetch.browsers.wanted import Wanted
from codingplan_bar.fetch.deadline import Deadline
from codingplan_bar.fetch.regions import INTL

PATH = BY_NAME["safari"].macos[0] + "/Cookies.binarycookies"


def read(home):
    (store,) = home.stores(platform="darwin")
    return safari.candidates(store, home.environ, Deadline(5))


def test_its_cookies_are_read(home):
    maker.make(home.folder / PATH, [*signed_in(), *EVIL])
    (candidate,) = read(home)
    assert names_and_values(candidate.jar) == {
        ("login_aliyunid_ticket", "ticket-of-anna"),
        ("login_aliyunid_pk", "pk-of-anna"),
    }
    cookie = candidate.jar.cookies[0]
    assert (cookie.expires_at, cookie.secure, cookie.host_only) == (NOW + 86_400, True, False)
    assert (candidate.profile, home.left_behind()) == ("", [])


@pytest.mark.parametrize("content", [b"", b"cook", b"cook\xff\xff\xff\xff", b"nonsense"])
def test_what_is_no_such_file_is_a_failure(home, content):
    maker.make(home.folder / PATH, signed_in()).write_bytes(content)
    with pytest.raises(StoreProblem) as raised:
        read(home)
    assert raised.value.verdict == "failed"


def test_without_the_right_to_read_it_the_way_to_get_it_is_told():
    folder = Path(tempfile.mkdtemp(prefix="cb-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        home = Home(folder)
        home.folder.chmod(0o755)
        home.environ["XDG_RUNTIME_DIR"] = ""
        path = maker.make(home.folder / PATH, signed_in())
        with stranger(path.parent):
            stores = home.stores(platform="darwin")
            with pytest.raises(StoreProblem) as raised:
                read(home)
        report = Entry(stores[0], raised.value.verdict).report(Wanted((INTL,), NOW))
        assert (report.browser, report.profile, report.verdict) == ("Safari", "", "no_access")
        assert "Full Disk Access" in report.hint
    finally:
        shutil.rmtree(folder)
