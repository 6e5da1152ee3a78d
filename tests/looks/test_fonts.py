"""polybar whose fonts have no Chinese characters: its line is in English, and a setting overrides that."""

from __future__ import annotations

import pytest
from support.world import World

from codingplan_bar import bars
from codingplan_bar.configure.machine import Machine
from codingplan_bar.looks import own
from codingplan_bar.looks.readers import polybar
from codingplan_bar.palette import Look

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
    return polybar(path, Machine({"HOME": str(tmp_path)}, said=said or fontconfig())).lacks_chinese


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
def world(tmp_path):
    return World(tmp_path)


@pytest.fixture
def chinese(world):
    """Somebody who reads Chinese, with a polybar whose fonts do not."""
    config = world.home / "config.ini"
    config.write_text("")
    own.keep({"HOME": str(world.home)}, {"polybar": Look((config,), lacks_chinese=True)})
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
