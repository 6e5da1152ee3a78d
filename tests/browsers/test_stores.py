"""Which browsers are asked, where their stores may be, in which order they are found, and what they are called."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import browser_cookie3
import pytest
from support import handmade
from support.handmade import CHROMIUM, EVIL, FIREFOX, NOW, VISITED, Home, names_and_values, signed_in, stranger
from support.rows import for_each

from codingplan_bar.browsers import chromium
from codingplan_bar.browsers.catalogue import BROWSERS, BY_NAME, chosen, unknown
from codingplan_bar.browsers.search import StoreReport, Wanted
from codingplan_bar.browsers.stores import stores_state
from codingplan_bar.browsers.verdicts import MEANINGS, StoreProblem
from codingplan_bar.regions import INTL
from codingplan_bar.transport.request import Deadline
from codingplan_bar.words.en.errors import STORES
from codingplan_bar.words.zh.errors import STORES as STORES_IN_CHINESE

FILES = {"chromium": "Default/Cookies", "firefox": "x1y2.default/cookies.sqlite", "safari": "Cookies.binarycookies"}
PLACES = [
    pytest.param(platform, browser, folder, id=f"{platform}-{browser.name}-{folder}")
    for platform in ("linux", "darwin")
    for browser in BROWSERS
    for folder in (browser.linux if platform == "linux" else browser.macos)
]


@pytest.mark.parametrize(("platform", "browser", "folder"), PLACES)
def test_a_store_is_found_in_each_place(home, platform, browser, folder):
    path = home.folder / folder.replace("{config}", ".config") / FILES[browser.family]
    path.parent.mkdir(parents=True)
    path.touch()
    assert [(store.browser, store.path) for store in home.stores(platform=platform)] == [(browser, path)]


@pytest.mark.parametrize(
    "place", ["Default/Cookies", "Default/Network/Cookies", "Profile 10/Cookies", "Anna's own/Cookies", "Cookies"]
)
def test_every_profile_of_a_chromium_is_found(home, place):
    path = home.folder / CHROMIUM / place
    path.parent.mkdir(parents=True)
    path.touch()
    assert [store.path for store in home.stores()] == [path]


def test_what_is_no_file_is_no_store(home):
    (home.folder / CHROMIUM / "Default/Cookies").mkdir(parents=True)
    (home.folder / CHROMIUM / "Profile 1").mkdir()
    os.mkfifo(home.folder / CHROMIUM / "Profile 1/Cookies")
    assert home.stores() == []


def test_a_file_in_the_place_of_a_folder_holds_none(home):
    (home.folder / ".config").mkdir()
    for root in (CHROMIUM, ".mozilla"):
        (home.folder / root).touch()
    assert home.stores() == []


def test_without_any_browser_there_is_none(home):
    assert home.stores() == []
    assert home.search().reports == ()


def written(path, at):
    os.utime(path, (at, at))


def test_of_one_browser_the_store_that_was_written_last_comes_first(home):
    for name, at in (("Default", 100), ("Profile 1", 300), ("Profile 2", 200)):
        written(home.chromium(VISITED, profile=name), at)
    assert [store.folder.name for store in home.stores()] == ["Profile 1", "Profile 2", "Default"]


def test_what_lies_beside_a_store_counts_as_written(home):
    for name, at in (("a.one", 100), ("b.two", 200)):
        written(home.firefox(VISITED, profile=name) / "cookies.sqlite", at)
    (home.folder / FIREFOX / "a.one/cookies.sqlite-wal").touch()
    assert [store.profile for store in home.stores()] == ["one", "two"]


def test_browsers_keep_their_order_whatever_was_written_last(home):
    written(home.firefox(VISITED) / "cookies.sqlite", 100)
    written(home.chromium(VISITED), 200)
    assert [store.browser.name for store in home.stores()] == ["firefox", "chromium"]
    assert [store.browser.name for store in home.stores("chromium", "firefox")] == ["chromium", "firefox"]
    assert [store.browser.name for store in home.stores("chromium")] == ["chromium"]


def test_a_file_that_is_reached_by_two_names_counts_once(home):
    home.chromium(VISITED)
    (home.folder / CHROMIUM / "Profile 1").symlink_to("Default")
    home.environ["XDG_CONFIG_HOME"] = str(home.folder / ".config")
    assert len(home.stores()) == 1


def test_a_profile_has_the_name_that_its_user_gave_it(home):
    home.chromium(VISITED, profile="Profile 1")
    state = {"profile": {"info_cache": {"Profile 1": {"name": "At work\n\x1b[31m"}}}}
    (home.folder / CHROMIUM / "Local State").write_text(json.dumps(state))
    assert [store.profile for store in home.stores()] == ["At work [31m"]


@pytest.mark.parametrize(
    "state",
    [
        "",
        "[]",
        "{",
        '{"profile": 1}',
        '{"profile": {"info_cache": []}}',
        '{"profile": {"info_cache": {"Default": {"name": 5}}}}',
        '{"profile": {"info_cache": {"Default": {"name": " "}}}}',
        "[" * 100_000,
        "\udcff",
    ],
)
def test_without_a_name_it_is_called_by_its_folder(home, state):
    home.chromium(VISITED)
    (home.folder / CHROMIUM / "Local State").write_text(state, errors="surrogateescape")
    assert [store.profile for store in home.stores()] == ["Default"]


def test_operas_first_profile_is_its_root(home):
    home.chromium(VISITED, root=".config/opera", profile=".")
    assert [(store.title, store.profile) for store in home.stores()] == [("Opera", "Default")]


def test_no_name_tells_the_home_folder(home):
    home.chromium(VISITED)
    home.firefox(VISITED)
    home.firefox(VISITED, root="snap/firefox/common/.mozilla/firefox")
    names = [f"{store.title}, {store.profile}" for store in home.stores()]
    assert names == ["Firefox (Snap), default", "Firefox, default", "Chromium, Default"]
    assert not any("/" in name for name in names)


def test_the_state_changes_with_a_store_and_only_then(home):
    folder = home.firefox(VISITED)
    states = [stores_state(home.environ)]
    assert stores_state(home.environ) == states[0]
    (home.folder / "something else").touch()
    assert stores_state(home.environ) == states[0]
    for name in ("cookies.sqlite-wal", "sessionstore.jsonlz4"):
        (folder / name).write_bytes(b"1")
        states.append(stores_state(home.environ))
    written(folder / "cookies.sqlite", 100)
    states.append(stores_state(home.environ))
    home.chromium(VISITED)
    states.append(stores_state(home.environ))
    assert len(set(states)) == len(states)
    assert stores_state(home.environ, ["firefox"]) == states[3]


# Which browsers are asked, in which order, and where they may be.


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


@for_each("cell", CELLS, ids=lambda cell: " ".join(cell[:3]))
def test_each_cell_is_shown_by_a_test_or_marked(cell):
    _, _, _, outcome, test = cell
    tests = "".join(path.read_text() for path in HERE.rglob("test_*.py"))
    assert f"def {test.strip('`')}(" in tests if test else outcome == "not tried"


@for_each("cell", CELLS, ids=lambda cell: " ".join(cell[:3]))
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


# Safari's file, made by hand and read on whatever machine: the library does not mind.

PATH = BY_NAME["safari"].macos[0] + "/Cookies.binarycookies"


def read(home):
    (store,) = home.stores(platform="darwin")
    return chromium.safari_candidates(store, home.environ, Deadline(5))


def test_its_cookies_are_read(home, programs):
    handmade.make_safari(home.folder / PATH, [*signed_in(), *EVIL])
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
    handmade.make_safari(home.folder / PATH, signed_in()).write_bytes(content)
    with pytest.raises(StoreProblem) as raised:
        read(home)
    assert raised.value.verdict == "failed"


@pytest.mark.parametrize("levels", [0, 1])
def test_without_the_right_to_read_it_the_way_to_get_it_is_told(open_home, levels):
    """Where the folder above is shut as well, as on macOS, not even whether the file is there can be seen."""
    path = handmade.make_safari(open_home.folder / PATH, signed_in())
    with stranger(path.parents[levels]):
        stores = open_home.stores(platform="darwin")
        with pytest.raises(StoreProblem) as raised:
            read(open_home)
    report = StoreReport(stores[0], raised.value.verdict).report(Wanted((INTL,), NOW))
    assert (report.browser, report.profile, report.verdict) == ("Safari", "", "no_access")
    assert "Full Disk Access" in report.hint
