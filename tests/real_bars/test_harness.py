"""The harness: a private room that is empty in the end, what is skipped and waited for, pictures, a benchmark."""

from __future__ import annotations

import itertools
import os
import shlex
import signal
import struct
import subprocess
import sys
import zlib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machine import REQUIRE_ALL, need, settled, until
from support.realbars.block_runner import blocks_of, read_block
from support.realbars.picture_bars import read_ini, read_jsonc, write_ini
from support.realbars.room import Room, borrowed, mapped, ordinary, processes
from support.realbars.screens import Box, Picture, plain, read_ppm, read_xwd
from support.realbars.tmux import Run, Style, read_runs
from support.showroom.home import ROOT

HERE = Path(__file__).parent
TESTS = HERE.parent
ACCOUNTS = [mapped(), borrowed()] if os.geteuid() == 0 and mapped().run("true") else [ordinary()]


@pytest.fixture(params=ACCOUNTS, ids=lambda account: account.prefix[0] if account.prefix else "own")
def quarters(request):
    made = Room(request.param)
    yield made
    made.close()


@pytest.mark.usefixtures("programs")
def test_a_command_runs_as_nobodys_root_in_a_folder_and_environment_of_its_own(quarters):
    quarters.script("who", '#!/bin/sh\nid -u; pwd; echo "$HOME"; env | wc -l\n')
    number, folder, home, variables = quarters.run("who").decode().split()
    assert number != "0"
    assert folder == home == str(quarters.folder)
    assert int(variables) <= len(quarters.environ) + 3  # the shell adds PWD, OLDPWD, SHLVL, _


@pytest.mark.usefixtures("programs")
def test_a_command_can_write_into_the_room(quarters):
    quarters.run("sh", "-c", "echo yes >made")
    assert (quarters.folder / "made").read_text() == "yes\n"


@pytest.mark.usefixtures("programs")
def test_what_failed_says_so_with_its_own_words(quarters):
    with pytest.raises(OSError, match="sh ended with 3: oh no"):
        quarters.run("sh", "-c", "echo oh no >&2; exit 3")


@pytest.mark.usefixtures("programs")
def test_a_file_that_the_account_cannot_read_is_named(room, tmp_path):
    with pytest.raises(PermissionError, match=r"cannot read .*absent"):
        room.readable(tmp_path / "absent")


@pytest.mark.usefixtures("programs")
def test_a_folder_that_only_its_owner_may_enter_is_readable_unless_the_account_is_borrowed(quarters, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed/command").write_text("")
    assert quarters.account.reads(tmp_path / "closed/command") == (quarters.account != borrowed())


@pytest.mark.usefixtures("programs")
def test_whatever_was_started_in_the_room_ends_with_it():
    made = Room()
    made.script("deaf", "#!/bin/sh\ntrap '' TERM\nsetsid sleep 1000 &\nexec sleep 1000\n")
    made.start("deaf", log="deaf.log")
    until(lambda: list(made.alive().values()).count("sleep 1000") == 2, "two sleepers")
    made.close()
    assert processes(made.runtime) == {}
    assert not made.folder.exists()


@pytest.mark.usefixtures("programs")
def test_a_killed_run_leaves_no_program_behind():
    code = "from support.realbars.room import Room; r = Room(); r.start('sleep', '1000', log='l')"
    code += "; print(r.folder, flush=True); input()"
    environ = {**os.environ, "PYTHONPATH": str(TESTS)}
    killed = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environ,
        stdin=-1,
        stdout=-1,
        text=True,
    )
    folder = Path(killed.stdout.readline().strip())
    until(lambda: "sleep 1000" in processes(folder / "run").values(), "the program")
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    until(lambda: not processes(folder / "run"), "the end of the program")
    subprocess.run(["rm", "-r", str(folder)], check=True)


@pytest.mark.usefixtures("programs")
def test_a_failing_test_leaves_no_bar_behind(tmp_path):
    need("tmux")
    test = """
    import pytest

    @pytest.fixture(scope="session")
    def programs():
        pass

    def test_that_fails(room, tmux):
        tmux("set -g status-right x")
        print("FOLDER", room.folder)
        assert 0
    """
    (tmp_path / "test_it.py").write_text("\n".join(line[4:] for line in test.split("\n")))
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}  # this run's options
    environ = {**ours, "PYTHONPATH": os.pathsep.join([str(HERE), str(TESTS), *sys.path])}
    options = shlex.split("-q -p conftest -p no:cacheprovider -c /dev/null --rootdir . test_it.py")
    command = [sys.executable, "-m", "pytest", *options]
    told = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False).stdout
    assert "1 failed" in told
    folder = Path(told.split("FOLDER ")[1].split()[0])
    assert processes(folder / "run") == {}
    assert not folder.exists()


def test_a_test_goes_on_where_its_programs_are():
    need("sh", "cat")


def test_a_test_skips_with_the_way_to_get_what_is_absent(tmp_path):
    with pytest.raises(pytest.skip.Exception, match=r"^needs waybar: apt .* waybar; needs Xvfb: apt install xvfb$"):
        need("waybar", "Xvfb", environ={"PATH": str(tmp_path)})


def test_a_test_fails_where_everything_is_required(tmp_path):
    with pytest.raises(pytest.fail.Exception, match="needs swaybar: apt install sway"):
        need("swaybar", environ={"PATH": str(tmp_path), REQUIRE_ALL: "1"})


def test_waiting_ends_with_the_first_true_answer():
    answers = iter([None, "", "here"])
    assert until(lambda: next(answers), "an answer") == "here"


def test_waiting_in_vain_says_for_what():
    with pytest.raises(TimeoutError, match=r"after 0\.05 s still waiting for a bus"):
        until(lambda: False, "a bus", within=0.05)


def test_a_picture_is_settled_when_it_stays():
    seen = itertools.chain([1, 2, 3], itertools.repeat(4))
    assert settled(lambda: next(seen), quiet=0.05) == 4


def test_a_picture_that_never_rests_is_an_error():
    counter = itertools.count()
    with pytest.raises(TimeoutError, match="still changes"):
        settled(lambda: next(counter), within=0.05)


def test_waybars_comments_and_trailing_commas_are_read_over_but_not_in_strings():
    text = '{ // one\n "a": "http://x, ]", /* two */ "b": [1, 2,],\n}'
    assert read_jsonc(text) == {"a": "http://x, ]", "b": [1, 2]}


def test_polybars_sections_are_read_with_their_includes_and_written_back(tmp_path):
    (tmp_path / "more.ini").write_text("; a comment\n[module/a]\nexec = a=b\n")
    text = f"[bar/main]\nwidth = 100%\ninclude-file = {tmp_path}/more.ini\n[module/a]\ntail = true\n"
    sections = read_ini(text)
    assert sections == {"bar/main": {"width": "100%"}, "module/a": {"exec": "a=b", "tail": "true"}}
    assert read_ini(write_ini(sections)) == sections


def test_a_terminals_row_is_read_as_runs_of_one_style():
    row = "\x1b[31m\x1b[1m5h\x1b[0m \x1b[38;2;255;136;0m\x1b[48;5;236m7%\x1b[39;49m\x1b[94mx\x1b[22my"
    orange, blue = Style("#ff8800", "colour236"), Style("brightblue")
    bold_red = Style("red", None, frozenset({"bold"}))
    assert read_runs(row) == [Run("5h", bold_red), Run(" ", Style()), Run("7%", orange), Run("xy", blue)]


@pytest.mark.parametrize(
    "output",
    [
        '{"text": null}',
        '{"text": 42}',
        '{"state": "error"}',
        '{"state": "CRITICAL"}',
        '{"text": "a", "text": "b"}',
        '{"text": "a"}\n{"text": "b"}',
        '{"text": "a",}',
        '{"percent": NaN}',
        '{"text": "\\ud800"}',
        "42",
        "",
    ],
)
def test_the_block_runner_refuses_what_serde_refuses(output):
    with pytest.raises((ValueError, AttributeError, TypeError)):
        read_block(output, is_json=True)


def test_the_block_runner_passes_over_what_it_does_not_know():
    given = read_block('{"text": "a", "short_text": null, "state": "Warning", "more": [1]}', is_json=True)
    assert given == {"text": "a", "state": "Warning"}
    assert blocks_of(given)[0]["full_text"] == " a "


RED, BLUE = b"\xff\x00\x00", b"\x00\x00\xff"


def test_a_ppm_file_is_read_pixel_by_pixel():
    assert read_ppm(b"P6\n2 1\n255\n" + RED + BLUE) == Picture(2, 1, RED + BLUE)


def test_pixels_that_look_like_spaces_are_kept():
    assert read_ppm(b"P6\n1 2\n255\n" + b"\n \t" * 2).pixels == b"\n \t" * 2


def test_another_kind_of_file_is_refused():
    with pytest.raises(ValueError, match="not a PPM"):
        read_ppm(b"P5\n2 1\n255\n12")


def xwd(bits=32):
    words = [104, 7, 2, 24, 2, 1, 0, 0, 32, 0, 32, bits, 8, 4, 0, 0, 0, 8, 256, 1, 2, 1, 0, 0, 0]
    return struct.pack(">25I", *words) + b"dump" + b"\0" * 12 + b"\x00\x00\xff\x00" + b"\xff\x00\x00\x00"


def test_a_window_dump_is_read_with_its_colour_table_passed_over():
    assert read_xwd(xwd()) == Picture(2, 1, RED + BLUE)


def test_a_window_dump_of_another_depth_is_refused():
    with pytest.raises(ValueError, match="16 bits"):
        read_xwd(xwd(bits=16))


@given(st.integers(0, 8), st.integers(0, 4), st.integers(1, 5), st.integers(1, 3))
def test_the_difference_is_the_box_that_was_painted(left, top, width, height):
    before = plain((14, 8), "#101418")
    painted = [before.row(y) for y in range(8)]
    for y in range(top, top + height):
        painted[y] = painted[y][: left * 3] + RED * width + painted[y][(left + width) * 3 :]
    after = Picture(14, 8, b"".join(painted))
    box = Box(left, top, left + width, top + height)
    assert before.difference(after) == box
    assert after.crop(box) == plain((width, height), "#ff0000")


def test_equal_pictures_have_no_difference():
    assert plain((3, 2), "#123456").difference(plain((3, 2), "#123456")) is None


def test_pictures_of_two_sizes_differ_everywhere():
    assert plain((3, 2), "#000000").difference(plain((2, 4), "#000000")) == Box(0, 0, 3, 4)


def test_the_colours_are_each_named_once():
    assert Picture(3, 1, RED + BLUE + RED).colours() == {"#ff0000", "#0000ff"}


def test_the_saved_png_holds_the_same_pixels(tmp_path):
    Picture(2, 1, RED + BLUE).save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (2, 1)
    start = data.index(b"IDAT")
    (length,) = struct.unpack(">I", data[start - 4 : start])
    assert zlib.decompress(data[start + 4 : start + 4 + length]) == b"\0" + RED + BLUE


# The benchmark of benchmarks/latency.py can be run; its figures are for a quiet machine and not for a test.


def test_a_change_is_seen_and_its_time_taken(programs):
    need("polybar")
    spec = spec_from_file_location("latency", ROOT / "benchmarks/latency.py")
    latency = module_from_spec(spec)
    spec.loader.exec_module(latency)
    (milliseconds,) = latency.figures("polybar", 1, None, pause=0.3)
    assert 0 < milliseconds < 5_000
    assert latency.told([1.0, 2.0, 1_500.0]) == "2 ms (1 to 1,500)"
