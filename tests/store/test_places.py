"""Where the files lie, where they go when that cannot be written, and what is kept in them between two refreshes."""

from __future__ import annotations

import os
import pwd
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar import bars, facts, paths, snapshot, storage
from codingplan_bar.browsers.catalogue import BROWSERS
from codingplan_bar.credentials import other_tools
from codingplan_bar.environment import ACCESS_KEYS, API_KEYS, BL_ACCESS_KEYS, BL_TOKEN, PROVIDERS, matters
from codingplan_bar.model import Attempt, Plan, Problem, Snapshot, Window
from codingplan_bar.refresh.schedule import environment_in, fingerprint
from codingplan_bar.refresh.sources import client_for
from codingplan_bar.refresh.store import UNUSED, Files, Stored
from codingplan_bar.settings.settings import load, of_user

NAME = "codingplan-bar"


@pytest.fixture
def environ(tmp_path):
    (tmp_path / "run").mkdir()
    return {"HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run")}


def spoil(folder):
    """Put a file where the folder's own parent would be: nothing can be made there, by whatever user."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("in the way")


def test_without_any_variable_the_places_are_xdgs_defaults(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    home = {"HOME": f"{tmp_path}/"}
    assert paths.config_file(home) == f"{tmp_path}/.config/{NAME}/config.toml"
    assert paths.cache_folder(home) == f"{tmp_path}/.cache/{NAME}"
    assert paths.state_folder(home) == f"{tmp_path}/.local/state/{NAME}"


def test_on_macos_the_places_are_the_platforms_own(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "darwin")
    home = {"HOME": str(tmp_path)}
    assert paths.config_file(home) == f"{tmp_path}/Library/Application Support/{NAME}/config.toml"
    assert paths.cache_folder(home) == f"{tmp_path}/Library/Caches/{NAME}"


def test_the_variables_win():
    named = {"HOME": "/h", "XDG_CONFIG_HOME": "/c/", "XDG_CACHE_HOME": "/k", "XDG_STATE_HOME": "/s"}
    found = (paths.config_file(named), paths.cache_folder(named), paths.state_folder(named))
    assert found == (f"/c/{NAME}/config.toml", f"/k/{NAME}", f"/s/{NAME}")


def test_a_relative_path_in_a_variable_is_ignored(tmp_path):
    assert paths.cache_folder({"HOME": str(tmp_path), "XDG_CACHE_HOME": "k"}).startswith(f"{tmp_path}/")


IN_THE_HOME = {
    "ours": paths.state_folder,
    "bl": other_tools.login_file,
    "aliyun": other_tools.aliyun_file,
    "codexbar": lambda environ: other_tools.codexbar_files(environ)[-1],
    "codexbar, named": lambda environ: other_tools.codexbar_files({**environ, "CODEXBAR_CONFIG": "~/x.json"})[0],
    "a browser": lambda environ: next(iter(BROWSERS[0].folders(environ)))[0],
    "a setting": lambda environ: other_tools.program_of_bl(environ, "~/bl"),
}
"""All that is looked for in the home folder, whoever has put it there."""


@pytest.mark.parametrize("place", IN_THE_HOME.values(), ids=IN_THE_HOME)
def test_what_is_started_without_home_looks_for_everything_in_the_home_that_the_system_knows(
    place, monkeypatch, tmp_path
):
    environ = {"HOME": str(tmp_path)}
    monkeypatch.delenv("HOME")
    known = pwd.struct_passwd(("me", "x", os.getuid(), os.getgid(), "", str(tmp_path), "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda _: known)
    assert place({}) == place(environ)
    assert str(place({})).startswith(f"{tmp_path}/")


@pytest.mark.parametrize("home", ["relative", "/no/such/home", "/dev/null"])
def test_without_a_home_there_is_no_place_that_anybody_could_make_not_even_root(home):
    environ = {"HOME": home}
    for folder in (paths.cache_folder(environ), paths.state_folder(environ), paths.working_folder(environ)):
        assert not paths.is_usable(folder)
        with pytest.raises(OSError, match=r"Not a directory|exists"):
            storage.make_folder(Path(folder))


def test_the_snapshot_lies_in_the_cache_whether_that_is_there_or_not(environ, tmp_path):
    for _ in range(2):
        assert paths.working_folder(environ) == paths.cache_folder(environ)
        (tmp_path / ".cache" / NAME).mkdir(parents=True, exist_ok=True)


def test_where_the_cache_cannot_be_written_the_next_place_is_taken(environ, tmp_path):
    spoil(tmp_path / ".cache")
    assert paths.working_folder(environ) == f"{tmp_path}/run/{NAME}"
    spoil(tmp_path / "run" / NAME)
    assert paths.working_folder(environ) == paths.state_folder(environ)


def test_where_nothing_can_be_written_it_is_the_cache_after_all(tmp_path):
    spoil(tmp_path / ".cache")
    spoil(tmp_path / ".local")
    assert paths.working_folder({"HOME": str(tmp_path)}) == f"{tmp_path}/.cache/{NAME}"


def test_a_link_that_leads_nowhere_is_no_place(environ, tmp_path):
    (tmp_path / ".cache").mkdir()
    (tmp_path / ".cache" / NAME).symlink_to(tmp_path / "unplugged")
    assert paths.working_folder(environ) == f"{tmp_path}/run/{NAME}"


def test_what_must_last_lies_in_the_state_folder_else_elsewhere(environ, tmp_path):
    assert paths.lasting_folder(environ) == paths.state_folder(environ)
    spoil(tmp_path / ".local")
    assert paths.lasting_folder(environ) == f"{tmp_path}/run/{NAME}"


def test_a_path_is_shown_without_the_home_folder():
    home = {"HOME": "/home/someone"}
    assert paths.displayed("/home/someone/.cache/x", home) == "~/.cache/x"
    assert paths.displayed("/home/someone-else/x", home) == "/home/someone-else/x"


# What a failure that only the user can mend depends on.

SECRET = "a-very-secret-cookie"


@pytest.fixture
def environ_of_circumstances(tmp_path):
    return {"HOME": str(tmp_path), "PATH": "/bin", "ALIBABA_CODING_PLAN_COOKIE": SECRET}


@pytest.fixture
def config(tmp_path):
    return tmp_path / "config.toml"


@pytest.mark.parametrize(
    "variable",
    [
        "ALIBABA_CODING_PLAN_COOKIE",
        "ALIBABA_CODING_PLAN_API_KEY",
        "ALIBABA_QWEN_API_KEY",
        "DASHSCOPE_API_KEY",
        "ALIBABA_CODING_PLAN_HOST",
        "CODINGPLAN_BAR_REGION",
        "CODINGPLAN_BAR_COOKIE_HEADER",
    ],
)
def test_a_setting_or_a_credential_in_the_environment_counts(environ_of_circumstances, variable):
    assert fingerprint(environ_of_circumstances, (), []) != fingerprint(
        {**environ_of_circumstances, variable: "other"}, (), []
    )


@pytest.mark.parametrize(
    "variable", ["CODINGPLAN_BAR_FORMAT", "CODINGPLAN_BAR_ICONS", "CODINGPLAN_BAR_TIMEOUT", "TERM"]
)
def test_bars_that_show_the_same_answer_in_another_way_are_one_who_asks(environ_of_circumstances, variable):
    assert fingerprint(environ_of_circumstances, (), []) == fingerprint(
        {**environ_of_circumstances, variable: "other"}, (), []
    )


def test_a_file_counts_and_so_does_a_value_of_the_settings_but_the_environment_stays_the_same(
    environ_of_circumstances, config
):
    before = fingerprint(environ_of_circumstances, (), [str(config)])
    config.write_text('region = "cn"')
    after = [
        fingerprint(environ_of_circumstances, (), [str(config)]),
        fingerprint(environ_of_circumstances, ("cn",), [str(config)]),
    ]
    assert len({before, *after}) == 3
    assert len({environment_in(each) for each in (before, *after)}) == 1


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("theme = 'dark'", False),
        ("format = 'full'\nlanguage = 'zh'\nthresholds = [1, 2]\nrefresh_interval = 900\ntimeout = 5", False),
        ("notifications = true\nsession_alert = 2", False),
        ("region = 'cn'", True),
        ("source = 'api'", True),
        ("api_key = 'sk-other'", True),
    ],
)
def test_of_the_settings_file_that_counts_which_says_who_asks_whom(environ_of_circumstances, text, counts):
    def circumstances(said):
        files = Files(environ_of_circumstances)
        return client_for(files, load(said, environ_of_circumstances), now=lambda: 0).circumstances

    assert (circumstances(text) != circumstances("")) is counts


@pytest.mark.parametrize("name", [".codexbar/config.json", ".aliyun/config.json", ".bailian/config.json"])
def test_a_file_of_another_tool_counts(environ_of_circumstances, tmp_path, name):
    def circumstances():
        files = Files(environ_of_circumstances)
        return client_for(files, of_user(environ_of_circumstances), now=lambda: 0).circumstances

    before = circumstances()
    (tmp_path / name).parent.mkdir()
    (tmp_path / name).write_text("{}")
    assert circumstances() != before


def test_no_secret_can_be_read_out_of_it(environ_of_circumstances):
    assert SECRET not in fingerprint(environ_of_circumstances, (), [])
    assert len(fingerprint(environ_of_circumstances, (), [])) == 65


def test_half_a_surrogate_pair_in_the_environment_is_no_obstacle(environ_of_circumstances):
    fingerprint({**environ_of_circumstances, "DASHSCOPE_API_KEY": "\udcff"}, (), [])


def test_what_a_demonstration_leaves_out_is_all_that_the_user_has_set():
    assert matters("CODINGPLAN_BAR_FORMAT")
    assert matters("DASHSCOPE_API_KEY")
    assert not matters("HOME")


def disks(monkeypatch, **free):
    """The free blocks of the file systems, by the end of a folder's name; -1 for one that tells of no blocks."""

    def statvfs(folder):
        blocks = next((number for end, number in free.items() if str(folder).endswith(end)), 9)
        return SimpleNamespace(f_bavail=max(blocks, 0), f_blocks=9 if blocks >= 0 else 0)

    monkeypatch.setattr(os, "statvfs", statvfs)


@pytest.mark.parametrize(
    ("free", "used"),
    [
        ({"cache": 0}, "state"),
        ({"cache": 1, "state": 0}, "cache"),
        ({"cache": 0, "state": 0, "run": 9}, "cache"),
        ({"cache": -1}, "cache"),
    ],
)
def test_a_cache_whose_disk_is_full_gives_way_and_what_must_last_stays(tmp_path, monkeypatch, free, used):
    environ = {"HOME": str(tmp_path)}
    for name, variable in (("cache", "CACHE_HOME"), ("state", "STATE_HOME"), ("run", "RUNTIME_DIR")):
        (tmp_path / name).mkdir()
        environ[f"XDG_{variable}"] = str(tmp_path / name)
    disks(monkeypatch, **free)
    assert paths.working_folder(environ) == f"{tmp_path}/{used}/codingplan-bar"
    assert paths.lasting_folder(environ) == f"{tmp_path}/state/codingplan-bar"


# What is kept between two refreshes, and the small text file between the two wings.


NOW = 1_795_400_000
NEWER = '{"schema_version": 3, "wholly": "different"}'


def good(at=NOW, used=1):
    windows = (Window("weekly", used, 10),)
    return Snapshot(at, "https://example.invalid/", "web", "intl", Plan("Pro"), windows)


def bad(at=NOW, code="network"):
    return Snapshot(at, "https://example.invalid/", error=Problem(code, "message"))


def save(files, *results):
    for result in results:
        files.save(result, snapshot.dumps(snapshot.to_document(result)))


@pytest.fixture
def files(tmp_path):
    return Files({"HOME": str(tmp_path)})


def test_nothing_is_made_before_something_is_kept(files, tmp_path):
    assert files.load() == Stored()
    assert list(tmp_path.iterdir()) == []


def test_a_good_result_is_kept(files):
    save(files, good())
    assert files.load() == Stored(good())


def test_a_failure_takes_no_good_numbers_away(files):
    save(files, good(), bad(NOW + 1), bad(NOW + 2, "api_error"))
    assert files.load() == Stored(good(), bad(NOW + 2, "api_error"))
    assert files.load().latest == bad(NOW + 2, "api_error")


def test_a_good_result_ends_the_failure(files):
    save(files, good(), bad(NOW + 1), good(NOW + 2))
    assert files.load() == Stored(good(NOW + 2))
    assert not files.failure.exists()


def test_where_there_never_was_a_good_one_the_error_is_the_snapshot(files):
    save(files, bad(), bad(NOW + 1))
    assert files.load() == Stored(bad(NOW + 1))


def test_a_failure_that_is_older_than_the_numbers_counts_for_nothing(files):
    """Its file is still there where a process was killed between the two steps of a recovery."""
    save(files, good(NOW - 9), bad(NOW - 1))
    left = files.failure.read_text()
    save(files, good())
    files.failure.write_text(left)
    assert files.load() == Stored(good())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"schema_version": 1}', b"9" * 5000])
def test_what_cannot_be_read_is_put_aside_when_something_better_comes(files, content):
    save(files, bad())
    files.snapshot.write_bytes(content)
    assert files.load() == Stored()
    save(files, good())
    assert files.load() == Stored(good())
    assert files.snapshot.with_name("snapshot.json.unreadable").read_bytes() == content


def test_nothing_is_put_aside_by_looking(files):
    save(files, bad())
    files.snapshot.write_text("{")
    files.load()
    assert {path.name for path in files.folder.iterdir()} == {"made-folders", "snapshot.json"}


def test_a_folder_in_the_way_is_put_aside_too(files):
    files.snapshot.mkdir(parents=True)
    save(files, good())
    assert files.load() == Stored(good())


def test_a_newer_versions_snapshot_is_left_untouched(files):
    files.folder.mkdir(parents=True)
    files.snapshot.write_text(NEWER)
    with pytest.raises(snapshot.NewerSnapshot):
        files.load()
    with pytest.raises(snapshot.NewerSnapshot):
        save(files, good())
    assert files.snapshot.read_text() == NEWER
    assert len(list(files.folder.iterdir())) == 1


def test_facts_are_as_old_as_the_settings_were_before_they_were_read(tmp_path):
    config = tmp_path / ".config/codingplan-bar/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text("")
    before = Files({"HOME": str(tmp_path)})
    config.write_text('icons = "emoji"')
    after = Files({"HOME": str(tmp_path)})
    assert before.inputs() != after.inputs()
    assert before.inputs() == before.inputs()


def test_facts_that_no_bar_uses_any_longer_are_swept_away(files):
    save(files, good())
    now = time.time()
    for name, age in (("bar-1.txt", UNUSED + 9), ("bar-2.txt", UNUSED - 9), ("bar.txt", 9 * UNUSED)):
        (files.folder / name).write_text("")
        os.utime(files.folder / name, (now - age, now - age))
    files.sweep(now)
    assert {path.name for path in files.folder.iterdir()} == {"bar-2.txt", "bar.txt", "made-folders", "snapshot.json"}


def test_what_must_last_is_no_part_of_the_cache(files):
    lasting = {files.lock, files.session, files.waiting}
    assert all(".local/state" in str(path) for path in lasting)


@pytest.mark.parametrize(
    ("attempts", "is_certain"),
    [
        ([("token-plan", "no_plan")], True),
        ([("token-plan", "no_plan"), ("coding-plan", "network")], True),
        ([("token-plan", "no_plan"), ("token-plan", "network")], False),
        ([("token-plan", "network"), ("coding-plan", "no_plan")], False),
        ([("coding-plan", "network")], True),
        ([], True),
    ],
)
def test_that_there_is_no_plan_is_certain_where_no_way_to_the_shown_one_has_failed(files, attempts, is_certain):
    """A way to another plan tells nothing of the one that is shown."""
    shown = good()._replace(plan=Plan("Token Plan", kind="token-plan"))
    tries = tuple(Attempt("web", "cn", outcome, "", plan) for plan, outcome in attempts)
    gone = bad(code="no_plan")._replace(attempts=tries)
    assert Stored(shown).followed_by(gone) == (Stored(gone) if is_certain else Stored(shown, gone))


# The small text file between the two wings.


keys = st.text(st.characters(exclude_characters=" \n", exclude_categories=["Cs"]), min_size=1)
values = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]))
PREFIX = "CODINGPLAN_BAR_"


@given(st.dictionaries(keys, values))
def test_what_goes_in_comes_out(known):
    assert facts.loads(facts.dumps(known)) == known


@given(st.dictionaries(keys, values), st.data())
def test_a_part_of_the_file_is_none(known, data):
    text = facts.dumps(known)
    assert facts.loads(text[: data.draw(st.integers(0, len(text) - 1))]) is None


@given(st.text())
def test_any_other_text_is_none_or_can_be_read(text):
    assert facts.loads(text) is None
    facts.loads(f"{facts.FORMAT}\n{text}\nend\n")


def test_a_fact_is_one_line():
    with pytest.raises(ValueError, match="one line"):
        facts.dumps({"key": "a\nb"})


def test_another_version_of_the_format_is_none_of_ours():
    assert facts.loads(facts.dumps({}).replace(facts.FORMAT, facts.FORMAT + "0")) is None


def test_without_display_settings_in_the_environment_the_file_has_its_plain_name():
    assert facts.file_name(facts.bar_environment({"HOME": "/", PREFIX + "TIMEOUT": "9"})) == "bar.txt"


def test_bars_that_ask_by_other_variables_have_facts_of_their_own_with_no_secret_in_them():
    asking = [PREFIX + name for name in facts.ASKING_SETTINGS] + [*API_KEYS, *ACCESS_KEYS, *BL_ACCESS_KEYS, BL_TOKEN]
    for name in (*asking, *PROVIDERS):
        lines = [facts.bar_environment({name: SECRET + mark, "HOME": "/"}) for mark in "ab"]
        assert len({*lines, ""}) == 3, name
        assert not any(SECRET in line for line in lines)
        assert matters(name)


@given(st.dictionaries(st.sampled_from(facts.DISPLAY_SETTINGS), st.text(st.characters(exclude_characters="\0"))))
def test_the_environments_display_settings_are_one_line_and_a_file_name(settings):
    line = facts.bar_environment({PREFIX + name: value for name, value in settings.items()})
    name = facts.file_name(line)
    assert "\n" not in line
    assert name == "bar.txt" if not settings else name.startswith("bar-")
    assert set(name) <= set("bar-.txt0123456789abcdef")
    assert facts.loads(facts.dumps({"environment": line})) == {"environment": line}


def test_bars_with_other_settings_have_other_facts():
    lines = {facts.bar_environment({PREFIX + "FORMAT": text}) for text in ("a", "b", "", "a b")}
    assert len({facts.file_name(line) for line in lines}) == 4


def test_the_inputs_change_when_a_file_is_made_replaced_written_to_or_removed(tmp_path):
    path, other = tmp_path / "file", tmp_path / "other"
    seen = [facts.inputs(str(path))]
    path.write_text("a")
    seen.append(facts.inputs(str(path)))
    other.write_text("a")
    other.replace(path)
    seen.append(facts.inputs(str(path)))
    path.write_text("ab")
    seen.append(facts.inputs(str(path)))
    os.utime(path, (1, 1))
    seen.append(facts.inputs(str(path)))
    assert len(set(seen)) == len(seen)
    path.unlink()
    assert facts.inputs(str(path)) == seen[0]


def test_a_file_of_another_user_s_is_another_one_until_it_is_given_back(tmp_path, monkeypatch):
    path = tmp_path / "config.toml"
    path.write_text("")
    own = facts.inputs(str(path))
    monkeypatch.setattr(os, "getuid", lambda: path.stat().st_uid + 1)
    assert facts.inputs(str(path)) != own


GOOD = {"dashboard": "https://bailian.console.aliyun.com/cn-beijing/?tab=model#/efm/coding_plan", "color.ok": "#98C379"}


@pytest.mark.parametrize(
    "changed",
    [
        {"color.ok": "red"},
        {"color.error": "#ff'>fff"},
        {"color.ok": "#fffff\x1b"},
        {"color.ok": "#fff"},
        {"color.ok": "#ffffff' onclick='x"},
        {"color.anything": "%{A:id:}"},
        {"dashboard": "javascript:alert(1)"},
        {"dashboard": "file:///etc/passwd"},
        {"dashboard": "https://a.example/' onclick='x"},
        {"dashboard": "https://a.example/<b>"},
        {"dashboard": "https://a.example/$(id)"},
        {"dashboard": "https://a.example/ shell=true"},
        {"dashboard": ""},
    ],
)
def test_facts_whose_color_or_address_could_be_markup_are_not_shown(tmp_path, changed):
    """They go into a bar's markup as they are, and whoever wrote the file, the warm road compiles nothing again."""
    environ, folder = {"HOME": str(tmp_path)}, str(tmp_path)
    for found, expected in ((GOOD, True), (GOOD | changed, False)):
        of_now = {"environment": "", "inputs": facts.inputs(*bars.inputs(folder, environ))}
        (tmp_path / "bar.txt").write_text(facts.dumps({**of_now, **found}))
        assert (bars.stored_facts(folder, environ) is not None) == expected
