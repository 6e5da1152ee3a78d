"""Which browsers are asked, in which order, and where they may be."""

from __future__ import annotations

import browser_cookie3

from codingplan_bar.fetch.browsers.catalogue import BROWSERS, BY_NAME, chosen, unknown


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
