"""What has been read of the bars' looks is what the bars show, and a font without Chinese has a line in English."""

from __future__ import annotations

import json
import re

import pytest
from support.scenes import Scene, answer
from support.staging import World

from codingplan_bar import bars
from codingplan_bar.bars.signs_and_colors import COLORS
from codingplan_bar.configure.machine import Machine
from codingplan_bar.facts import are_safe, dumps, loads, on
from codingplan_bar.looks import cache
from codingplan_bar.looks.bar_themes import polybar
from codingplan_bar.themes import OURS, STATES, Look, Theme, own_facts

NIGHT = Theme("#1a1b26", "#c0caf5", ("#e0af68", "#f7768e", "#bb9af7", "#7aa2f7", "#8990b3"))
PAPER = Theme("#fbf1c7", "#3c3836", ("#b57614", "#9d0006", "#8f3f71", "#076678", "#7c6f64"))
FILE = ".local/state/codingplan-bar/looks.json"
SHEET = "window#waybar {{ background: {ground}; color: {text}; }}"


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def environ(world):
    return {"HOME": str(world.home)}


def sheet(world, **colors):
    path = world.home / "style.css"
    path.write_text(SHEET.format(**colors))
    return path


def themes_in(facts):
    return {name: value for name, value in facts.items() if name.startswith("own.")}


def printed(bar, **more):
    scene = Scene(answer(weekly=3_750))
    return bars.render(bar, {**scene.facts, **more}, scene.view().now, {})


def test_ours_are_what_the_bars_road_has():
    for ground, (name, theme) in enumerate(OURS.items()):
        assert theme.is_light == (name == "light") == bool(ground)
        assert theme.colors == tuple(COLORS[state][ground] for state in STATES)


def test_each_bar_shows_its_own_colours_and_its_tooltip_those_of_the_tooltip():
    facts = {**own_facts("waybar", PAPER), **own_facts("waybar-tooltip", NIGHT), **own_facts("tmux", NIGHT)}
    paper, night = (theme.readable(5.2)["warning"] for theme in (PAPER, NIGHT))
    waybar = json.loads(printed("waybar", **facts))
    assert paper in waybar["text"]
    assert night not in waybar["text"]
    assert night in waybar["tooltip"]
    assert paper not in waybar["tooltip"]
    assert f"alpha='{NIGHT.dim}%'" in waybar["tooltip"]
    assert night in printed("tmux", **facts)
    assert COLORS["warning"][0] in printed("polybar", **facts)


@pytest.mark.parametrize(("theme", "tick"), [(PAPER, "#000000"), (NIGHT, "#ffffff")])
def test_the_tick_of_waybars_tooltip_stands_out_from_the_tooltips_own_ground_whatever_the_bars_is(theme, tick):
    for bar in (PAPER, NIGHT):
        told = json.loads(printed("waybar", **own_facts("waybar", bar), **own_facts("waybar-tooltip", theme)))
        assert re.findall("background='(#000000|#ffffff)'", told["tooltip"]) == [tick] * 2


def test_the_users_own_colour_of_a_state_comes_first():
    facts = {**own_facts("tmux", NIGHT), "color.warning": "#123456"}
    assert "#123456" in printed("tmux", **facts)


def test_facts_of_a_look_that_are_no_colours_are_refused():
    facts = {**Scene().facts, **own_facts("waybar", NIGHT)}
    assert are_safe(facts)
    for name, value in [("warning", "'/><b>"), ("dim", "75%' x='"), ("dim", ""), ("ground", "'"), ("x", "#12345")]:
        assert not are_safe({**facts, f"own.waybar.{name}": value})


def test_facts_without_a_look_stay_what_they_are():
    facts = Scene().facts
    assert on(facts, "waybar") is facts


def test_a_refresh_reads_a_look_again_where_its_file_has_changed(world):
    from codingplan_bar.looks.bar_themes import waybar

    path = sheet(world, ground="#1a1b26", text="#c0caf5")
    cache.keep(environ(world), {"waybar": waybar(path, None)})
    world.refresh()
    assert world.facts["own.waybar.ground"] == "dark"
    sheet(world, ground="#fbf1c7", text="#3c3836 ")
    world.after(400).refresh()
    assert world.facts["own.waybar.ground"] == "light"
    assert loads(dumps(world.facts)) == world.facts


def test_what_has_not_changed_is_not_read_again(world, monkeypatch):
    path = sheet(world, ground="#1a1b26", text="#c0caf5")
    cache.keep(environ(world), {"waybar": Look((path,), {"waybar": NIGHT})})
    monkeypatch.setattr(cache, "_again", None)
    assert cache.own_looks(environ(world)) == own_facts("waybar", NIGHT)


def test_another_theme_than_the_bars_own_is_shown_as_it_was_chosen(world):
    cache.keep(environ(world), {"tmux": Look((world.home,), {"tmux": NIGHT})})
    world.settings = {"theme": "nord"}
    world.refresh()
    assert themes_in(world.facts) == {}


def test_what_is_kept_anew_is_shown_by_the_next_command(world):
    world.refresh()
    assert world.facts is not None
    cache.keep(environ(world), {"tmux": Look((world.home,), {"tmux": NIGHT})})
    assert world.facts is None
    assert themes_in(world.refresher().publish()) == own_facts("tmux", NIGHT)


def test_what_is_forgotten_leaves_nothing_behind(world):
    cache.keep(environ(world), {"tmux": Look((world.home,), {"tmux": NIGHT})})
    cache.forget(environ(world), "waybar")
    assert (world.home / FILE).exists()
    cache.forget(environ(world), "tmux")
    assert not (world.home / FILE).parent.exists()


GOOD = {"files": ["/nowhere"], "stamp": "-", "themes": {"tmux": [NIGHT.ground, NIGHT.text, *NIGHT.colors]}}


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "[" * 100_000, "1" * 5_000, '{"tmux": 5}', '{"tmux": {}}'),
        json.dumps({"nobody": GOOD}),
        json.dumps({"tmux": {**GOOD, "files": []}}),
        json.dumps({"tmux": {**GOOD, "files": [5]}}),
        json.dumps({"tmux": {**GOOD, "files": ["\0"]}}),
        json.dumps({"tmux": {**GOOD, "themes": {"tmux": ["'/><b>"] * 7}}}),
        json.dumps({"tmux": {**GOOD, "themes": {"tmux": ["#ffffff"] * 6}}}),
        json.dumps({"tmux": {**GOOD, "themes": {"color.warning": ["#ffffff"] * 7}}}),
    ],
)
def test_a_damaged_file_says_nothing(world, text):
    path = world.home / FILE
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"tmux": GOOD}))
    assert cache.own_looks(environ(world)) == own_facts("tmux", NIGHT)
    path.write_text(text)
    assert cache.own_looks(environ(world)) == {}


def test_a_link_in_its_place_is_not_followed(world):
    path = world.home / FILE
    path.parent.mkdir(parents=True)
    (world.home / "elsewhere").write_text(json.dumps({"tmux": GOOD}))
    path.symlink_to(world.home / "elsewhere")
    assert cache.own_looks(environ(world)) == {}


# polybar whose fonts have no Chinese characters: its line is in English, and a setting overrides that.


LATIN, CHINESE = "aa|de|en|fr", "en|zh-cn|zh-tw"


def fontconfig(*, chinese=("Noto Sans CJK SC",)):
    """fc-match as it answers where these fonts alone have Chinese characters."""

    def said(command):
        assert command[:-1] == ["fc-match", "--format", "%{lang}"]
        return CHINESE if command[-1].partition(":")[0] in chinese else LATIN

    return said


def lacks(tmp_path, text, said=None):
    path = tmp_path / "config.ini"
    path.write_text(text)
    return polybar(path, Machine({"HOME": str(tmp_path)}, printed_by=said or fontconfig())).lacks_chinese


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ('font-0 = "JetBrains Mono:size=10;2"', True),
        ("font-0 = JetBrains Mono\nfont-1 = Noto Sans CJK SC:size=10;2", False),
        ("font-0 = ${fonts.main}", True),
        ("font-0 = ${fonts.chinese}", False),
        ("inherit = bar/base", False),
        ("", True),
        ("font-0 = ${env:FONT}", False),
        ("font-0 = --help", False),
    ],
)
def test_all_fonts_of_the_bar_with_our_module_count(tmp_path, lines, expected):
    config = f"[bar/main]\n{lines}\nmodules-right = codingplan\n[bar/base]\nfont-3 = Noto Sans CJK SC\n"
    assert lacks(tmp_path, config + "[fonts]\nmain = DejaVu Sans\nchinese = Noto Sans CJK SC\n") is expected


def test_where_fontconfig_says_nothing_the_line_stays_as_it_is(tmp_path):
    assert not lacks(tmp_path, "[bar/main]\nfont-0 = DejaVu Sans\n", said=lambda _: None)


@pytest.fixture
def chinese(world):
    """Somebody who reads Chinese, with a polybar whose fonts do not."""
    config = world.home / "config.ini"
    config.write_text("")
    cache.keep({"HOME": str(world.home)}, {"polybar": Look((config,), lacks_chinese=True)})
    world.settings = {"language": "zh"}
    return world


def line(world, bar):
    world.refresh()
    return bars.render(bar, world.facts, world.now, {})


def test_polybar_alone_is_in_english_then_whatever_the_theme(chinese):
    assert "wk" in line(chinese, "polybar")
    assert "周" in line(chinese, "tmux")
    chinese.settings = {"language": "zh", "theme": "nord"}
    assert "wk" in line(chinese, "polybar")


@pytest.mark.parametrize(("chosen", "word"), [("zh", "周"), ("en", "wk"), ("auto", "wk")])
def test_the_owners_own_word_counts(chinese, chosen, word):
    chinese.settings = {"language": "zh", "polybar_language": chosen}
    assert word in line(chinese, "polybar")


def test_the_owners_word_needs_no_look(world):
    world.settings = {"language": "zh", "polybar_language": "en"}
    assert "wk" in line(world, "polybar")
    assert "周" in line(world, "text")
