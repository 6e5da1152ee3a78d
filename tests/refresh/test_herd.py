"""Many bars at once, and one question to the provider."""

from __future__ import annotations

import os
import time

import pytest
from support.machine import until
from support.staging import is_line_of, shell

from codingplan_bar.bars import BARS

HERD = 60
ROUNDS = int(os.environ.get("CODINGPLAN_BAR_TEST_ROUNDS", "3"))


def started_at_once(home, commands):
    """Start them all, then wait for all; gives each with its result."""
    processes = [(command, home.start(*command)) for command in commands]
    results = []
    for command, process in processes:
        out, error = process.communicate(timeout=60)
        results.append((command, process.returncode, out, error))
    return results


def bars(number):
    kinds = list(BARS)
    return [[kinds[turn % len(kinds)]] for turn in range(number)]


def check_lines(results):
    for (bar, *_), code, out, error in results:
        assert (code, error) == (0, b"")
        assert is_line_of(bar, out), (bar, out)


def test_sixty_bars_on_an_expired_snapshot_ask_once_a_round(home):
    for _ in range(ROUNDS):
        home.age(400)
        home.console.forget()
        check_lines(started_at_once(home, bars(HERD)))
        until(lambda: home.asked() and home.is_quiet(), "one refresh")
        assert home.asked() == 1
        assert home.console.refusals == []


def test_the_numbers_of_the_herds_one_question_are_what_all_show_next(home):
    home.age(400)
    started_at_once(home, bars(6))
    until(lambda: home.stored["windows"]["weekly"]["used"] != 20 and home.is_quiet(), "new numbers")
    assert b"wk 32%" in home.run("text").stdout
    assert home.asked() == 1


def test_bars_that_start_on_an_empty_home_ask_once_together(home):
    check_lines(started_at_once(home, bars(8)))
    assert home.asked() == 1


def test_bars_users_and_background_refreshes_together_ask_once(home):
    home.age(400)
    began = time.monotonic()
    results = started_at_once(home, [*bars(6), *[["refresh"]] * 2, *[["refresh", "--background"]] * 2])
    assert {code for _, code, _, _ in results} == {0}
    until(home.is_quiet, "the refresh to end")
    assert 1 <= home.asked() <= 1 + (time.monotonic() - began) // 5  # a machine that is too busy starts them apart


def test_bars_with_display_settings_of_their_own_share_the_question(home):
    home.age(400)
    settings = [{"CODINGPLAN_BAR_ICONS": name} for name in ("none", "nerd", "emoji")] * 2
    processes = [home.start("text", environ=each) for each in settings]
    signs = {process.communicate(timeout=60)[0].split(b"5h")[0].decode() for process in processes}
    assert signs == {"", "\uf0e4 ", "🟢 "}
    until(lambda: home.asked() and home.is_quiet(), "one refresh")
    assert home.asked() == 1


def test_a_steady_refresh_is_one_request(home):
    home.run("refresh")
    for _ in range(3):
        home.console.forget()
        home.run("fetch")
        assert [request.method for request in home.console.requests] == ["POST"]


def test_two_refreshes_within_five_seconds_are_one_and_fetch_always_asks(home):
    for command, expected in (("refresh", 1), ("refresh", 1), ("fetch", 2), ("refresh", 2), ("fetch", 3)):
        assert home.run(command).returncode == 0
        assert home.asked() == expected


def test_a_refresh_prints_nothing(home):
    done = home.run("refresh")
    assert (done.stdout, done.stderr) == (b"", b"")


@pytest.mark.parametrize(("stream", "closed"), [("stdin", "<&-"), ("stdout", ">&-"), ("stderr", "2>&-")])
def test_a_bar_whose_standard_stream_is_closed_ends_in_good_order(home, stream, closed):
    for _ in range(2):
        done = home.run("waybar", through=shell(f'exec "$@" {closed}'))
        assert (done.returncode, done.stderr) == (0, b"")
        assert (done.stdout == b"") is (stream == "stdout")
        assert not any(b"text" in path.read_bytes() for path in home.state.iterdir())


@pytest.mark.parametrize("cold", [True, False])
def test_a_bar_that_has_gone_before_its_line_came_is_no_error(home, cold):
    if not cold:
        home.run("waybar")
    with home.start("waybar") as process:
        process.stdout.close()
        assert process.wait(60) == 0
        assert process.stderr.read() == b""


def test_where_nothing_can_be_stored_no_bar_asks(home):
    for folder in (".cache", ".local"):
        (home.folder / folder).write_text("a file where a folder would be")
    for _ in range(2):
        done = home.run("text")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"~ not asked yet\n", b"")
    assert home.asked() == 0


def test_where_the_bars_own_file_is_in_the_way_they_show_new_numbers_all_the_same(home):
    home.age(400)
    (home.cache / "bar.txt").unlink()
    (home.cache / "bar.txt/in the way").mkdir(parents=True)
    assert home.run("text").stdout == b"5h 21% \xc2\xb7 wk 32% \xc2\xb7 mo 68%\n"
    assert home.run("text").stdout == b"5h 21% \xc2\xb7 wk 32% \xc2\xb7 mo 68%\n"
    assert home.asked() == 1


def test_fetch_says_what_kept_it_from_storing_and_prints_the_document_all_the_same(home):
    (home.cache.parent).mkdir()
    home.cache.write_text("in the way")
    (home.folder / ".local").write_text("in the way")
    done = home.run("fetch")
    assert done.returncode == 0
    assert b'"status":"ok"' in done.stdout
    assert b"Cannot write" in done.stderr
    assert str(home.folder).encode() not in done.stderr
