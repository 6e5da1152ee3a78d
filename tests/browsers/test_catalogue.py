"""Which browsers are asked, in which order, and where they may be."""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

import browser_cookie3
import pytest
from support.handmade import browser_stores as maker
from support.handmade.files import stranger
from support.handmade.home import EVIL, NOW, Home, names_and_values, signed_in

from codingplan_bar.browsers import chromium
from codingplan_bar.browsers.catalogue import BROWSERS, BY_NAME, chosen, unknown
from codingplan_bar.browsers.lacks import LACKS, VERSION
from codingplan_bar.browsers.problems import MEANINGS, StoreProblem
from codingplan_bar.browsers.search import StoreReport, Wanted
from codingplan_bar.regions import INTL
from codingplan_bar.transport.request import Deadline
from codingplan_bar.words.en.errors import STORES
from codingplan_bar.words.zh.errors import STORES as STORES_IN_CHINESE


def test_the_order_is_the_documented_one():
    names = [browser.name for browser in BROWSERS]
    assert names[:7] == ["chrome", "chrome-beta", "brave", "edge", "arc", "firefox", "safari"]
    assert names[7:12] == ["chromium", "vivaldi", "opera", "opera-gx", "librewolf"]


def test_a_setting_that_names_none_asks_all():
    assert chosen(()) == BROWSERS


def test_the_setting_says_which_and_in_which_order():
    assert [browser.name for browser in chosen(("firefox", "Chrome Beta", "chrome_beta", "brave"))] == [
        "firefox",
        "chrome-beta",
        "brave",
    ]


def test_a_setting_with_no_known_name_asks_nobody():
    assert chosen(("netscape",)) == ()


def test_unknown_names_are_told():
    assert unknown(("firefox", "Netscape", "chrom")) == ("Netscape", "chrom")


def test_each_name_and_each_folder_is_there_once():
    assert len(BY_NAME) == len(BROWSERS)
    for platform in ("linux", "macos"):
        folders = [folder for browser in BROWSERS for folder in getattr(browser, platform)]
        assert len(set(folders)) == len(folders)


def test_the_library_has_each_reader():
    readers = {browser.reader for browser in BROWSERS if browser.reader}
    assert all(isinstance(getattr(browser_cookie3, reader), type) for reader in readers)
    assert all(browser.reader for browser in BROWSERS if browser.family != "firefox")


def test_both_folders_of_the_configuration_are_looked_at():
    environ = {"HOME": "/h", "XDG_CONFIG_HOME": "/x"}
    folders = [str(path) for path, _ in BY_NAME["chrome-beta"].folders(environ, "linux")]
    assert folders == ["/x/google-chrome-beta", "/h/.config/google-chrome-beta"]


def test_a_relative_configuration_folder_is_ignored():
    environ = {"HOME": "/h", "XDG_CONFIG_HOME": "x"}
    assert [str(path) for path, _ in BY_NAME["edge-dev"].folders(environ, "linux")] == ["/h/.config/microsoft-edge-dev"]


def test_the_way_of_the_installation_is_known():
    words = [word for _, word in BY_NAME["chromium"].folders({"HOME": "/h"}, "linux")]
    assert words == ["", "Snap", "Snap", "Flatpak", "Flatpak"]


def test_without_a_home_the_accounts_own_is_taken():
    assert all(path.is_absolute() for path, _ in BY_NAME["firefox"].folders({}, "linux"))


def test_a_folder_is_a_browser_of_either_family_in_its_place_of_the_order():
    found = chosen(("firefox", "~/.config/Helium/", "/opt/Floorp Two"))
    assert [(each.title, each.family) for each in found[1:]] == [
        ("Helium", "chromium"),
        ("Helium", "firefox"),
        ("Floorp Two", "chromium"),
        ("Floorp Two", "firefox"),
    ]
    for platform in ("linux", "darwin"):
        places = [[path for path, _ in each.folders({"HOME": "/h"}, platform)] for each in found[1:]]
        assert [each[0] for each in places] == [Path("/h/.config/Helium")] * 2 + [Path("/opt/Floorp Two")] * 2
    assert unknown(("~/x", "/x", "x/y", "~", "")) == ("x/y", "~", "")


@pytest.mark.parametrize(
    ("named", "root"),
    [
        (".config/Helium", ".config/Helium"),
        (".config/Helium/", ".config/Helium"),
        (".config/Helium", ".config/Helium/User Data"),
        (".config/Helium/Default", ".config/Helium"),
        (".config/Helium/Default/Cookies", ".config/Helium"),
        (".config/Helium/Default/Network/Cookies", ".config/Helium"),
    ],
)
def test_a_folder_leads_to_the_profiles_from_whichever_level_it_is_named(tmp_path, named, root):
    home = Home(tmp_path)
    store = home.folder / root / "Default/Network/Cookies"
    store.parent.mkdir(parents=True)
    store.touch()
    assert [each.path for each in home.stores(f"~/{named}")] == [store]
    assert [each.path for each in home.stores(str(home.folder / named))] == [store]


def test_the_store_of_a_firefox_leads_to_its_profile(tmp_path):
    home = Home(tmp_path)
    folder = home.firefox(signed_in(), root=".icecat")
    assert [each.path for each in home.stores("~/.icecat/x1y2.default/cookies.sqlite")] == [folder / "cookies.sqlite"]


# docs/browsers.md says what the code does, and names a test for each cell.

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs/browsers.md").read_text("utf-8")
CHINESE_PAGE = (HERE.parents[1] / "docs/browsers.zh-CN.md").read_text("utf-8")


def part(name, page=PAGE):
    return page.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- /{name} -->")[0]


def rows(name, page=PAGE):
    lines = [[cell.strip() for cell in line.strip("|\n").split("|")] for line in part(name, page).splitlines()]
    return [line for line in lines if len(line) > 1][2:]


CELLS = rows("cells")


def test_the_browsers_are_those_of_the_catalogue_in_their_order():
    for page in (PAGE, CHINESE_PAGE):
        assert re.findall(r"`([\w-]+)`", part("browsers", page)) == [browser.name for browser in BROWSERS]


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: " ".join(cell[:3]))
def test_each_cell_is_shown_by_a_test_or_marked(cell):
    _, _, _, outcome, test = cell
    tests = "".join(path.read_text() for path in HERE.rglob("test_*.py"))
    assert f"def {test.strip('`')}(" in tests if test else outcome == "not tried"


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: " ".join(cell[:3]))
def test_what_is_said_is_what_is_really_said(cell):
    outcome = cell[3].partition(";")[0]
    ways_to_be_found = ("found", "found, as another person", "the state before", "not tried")
    assert outcome in ways_to_be_found or outcome in {meaning.says for meaning in MEANINGS.values()}


def test_the_chinese_page_says_the_same_of_each_cell_in_the_programs_own_words():
    said = {english: STORES_IN_CHINESE[key] for key, english in STORES.items()}
    said |= {"found": "找到", "found, as another person": "找到，视为另一个用户"}
    said |= {"not tried": "未测试", "the state before": "之前的内容"}
    chinese = [(row[3].partition("；")[0], row[4]) for row in rows("cells", CHINESE_PAGE)]
    assert chinese == [(said[cell[3].partition(";")[0]], cell[4]) for cell in CELLS]


def test_the_table_of_what_is_lacked_is_the_codes():
    assert [[row[0], row[1]] for row in rows("lacks")] == [[lack.what, lack.instead] for lack in LACKS]
    assert f"pinned to {VERSION}" in PAGE


# Safari's file, made by hand and read on whatever machine: the library does not mind.

PATH = BY_NAME["safari"].macos[0] + "/Cookies.binarycookies"


def read(home):
    (store,) = home.stores(platform="darwin")
    return chromium.safari_candidates(store, home.environ, Deadline(5))


def test_its_cookies_are_read(home, programs):
    maker.make_safari(home.folder / PATH, [*signed_in(), *EVIL])
    (candidate,) = read(home)
    assert names_and_values(candidate.jar) == {
        ("login_aliyunid_ticket", "ticket-of-anna"),
        ("login_aliyunid_pk", "pk-of-anna"),
    }
    cookie = candidate.jar.cookies[0]
    assert (cookie.expires_at, cookie.secure, cookie.host_only) == (NOW + 86_400, True, False)
    assert (candidate.profile, home.left_behind()) == ("", [])


@pytest.mark.parametrize("content", [b"", b"cook", b"cook\xff\xff\xff\xff", b"nonsense"])
def test_what_is_no_such_file_is_a_failure(home, content, programs):
    maker.make_safari(home.folder / PATH, signed_in()).write_bytes(content)
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
        path = maker.make_safari(home.folder / PATH, signed_in())
        with stranger(path.parent):
            stores = home.stores(platform="darwin")
            with pytest.raises(StoreProblem) as raised:
                read(home)
        report = StoreReport(stores[0], raised.value.verdict).report(Wanted((INTL,), NOW))
        assert (report.browser, report.profile, report.verdict) == ("Safari", "", "no_access")
        assert "Full Disk Access" in report.hint
    finally:
        shutil.rmtree(folder)
