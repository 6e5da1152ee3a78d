"""The judge of the bars' grammars finds what a careless template lets through, with the whole hostile corpus."""

from __future__ import annotations

import json

import pytest
from hypothesis import find, given, settings
from support import hostile
from support.grammar.judge import BARS, LONGEST_LINE, Allowed, careful, clean, naive, shown, verdict
from support.hostile import HOSTILE, SPECIAL, hostile_texts
from support.rows import for_each

PLAIN = {
    "waybar": b'{"text":"5h 42%"}\n',
    "polybar": b"5h 42%\n",
    "i3status-rust": b'{"text":"5h 42%"}\n',
    "tmux": b"5h 42%\n",
    "swiftbar": b"5h 42%\n---\nPlan: Pro\n",
    "swiftbar-stream": b"5h 42%\n---\nPlan: Pro\n~~~\n",
    "xbar": b"5h 42%\n---\nPlan: Pro\n",
    "argos": b"5h 42%\n---\nPlan: Pro\n",
    "i3blocks": b"5h 42%\n42%\n",
    "starship": b"5h 42%\n",
    "statusline": b"5h 42%\n",
    "kde": b"5h 42%\n",
    "text": b"5h 42%\n",
}
every_bar = pytest.mark.parametrize("bar", PLAIN)


def with_text(bar, text):
    """The bar's plain output, with `text` in the place of its 5h."""
    return PLAIN[bar].replace(b"5h", json.dumps(text)[1:-1].encode() if b'"' in PLAIN[bar] else text.encode())


@every_bar
def test_a_plain_output_is_good_and_shows_its_text(bar):
    assert verdict(bar, PLAIN[bar], Allowed(like=PLAIN[bar], shows=("5h 42%",))) == []
    assert shown(bar, PLAIN[bar])[0] == "5h 42%"


@every_bar
@for_each("output", [b"", b"\n", b" \n", b"\n\n"])
def test_nothing_to_see_is_told(bar, output):
    assert "nothing can be seen" in verdict(bar, output)


@every_bar
def test_a_blank_text_is_told(bar):
    if bar.startswith(("swiftbar", "xbar", "argos")):
        assert "nothing can be seen" in verdict(bar, b" \n---\nPlan: Pro\n")
    else:
        assert "nothing can be seen" in verdict(bar, PLAIN[bar].replace(b"5h 42%", "\u200b \u2800".encode()))


@every_bar
def test_a_text_that_is_not_to_be_seen_is_told(bar):
    assert verdict(bar, PLAIN[bar], Allowed(shows=("week",))) == ["not to be seen: 'week'"]


@every_bar
def test_invalid_utf8_is_told(bar):
    assert "invalid UTF-8" in verdict(bar, PLAIN[bar].replace(b"h", b"\xff"))


@every_bar
@for_each("character", "\x1b\a\b\0\t\r\v\f\x7f\x85\x9b\u2028\u2029\u202e\u2066\u200f\uffff")
def test_controls_are_told(bar, character):
    told = "\n".join(verdict(bar, with_text(bar, f"a{character}b")))
    assert f"U+{ord(character):04X}" in told or (character == "\r" and "U+000A" in told)


@every_bar
def test_a_last_line_without_an_end_is_told(bar):
    assert "the last line does not end" in verdict(bar, PLAIN[bar].removesuffix(b"\n"))


@pytest.mark.parametrize("bar", ["waybar", "polybar", "i3status-rust", "tmux", "starship", "statusline", "kde", "text"])
def test_a_second_line_is_told(bar):
    assert "more than one line" in verdict(bar, PLAIN[bar] * 2)


@every_bar
def test_a_line_too_long_is_told(bar):
    assert verdict(bar, b"L" * (LONGEST_LINE + 1)) == [f"a line of more than {LONGEST_LINE} bytes"]
    assert any("columns" in found for found in verdict(bar, with_text(bar, "L" * 400)))
    assert any("columns" in found for found in verdict(bar, PLAIN[bar], Allowed(columns=5)))


@pytest.mark.parametrize(
    ("bar", "output", "command"),
    [
        ("polybar", b"%{A1:touch x:}5h%{A}\n", "touch x"),
        ("waybar", b'{"text":"<a href=\'file:///x\'>5h</a>"}\n', "file:///x"),
        ("swiftbar", b"5h | bash=touch param1=x\n", "touch x"),
        ("xbar", b"5h | shell=touch param1=x\n", "touch x"),
        ("argos", b"5h | bash='touch x'\n", "touch x"),
        ("argos", b"5h | eval=x()\n", "x()"),
        ("xbar", b"5h | href=x\n", "x"),
        ("swiftbar", b"5h | refresh=true\n", "refresh"),
        ("swiftbar", b"5h | stdin=x\n", "x"),
        ("statusline", b"\x1b]8;;x\x1b\\5h\x1b]8;;\x1b\\\n", "x"),
    ],
)
def test_an_action_is_told_unless_its_command_is_allowed(bar, output, command):
    styles = ("a", "sgr=*")
    assert f"an action: {command}" in verdict(bar, output, Allowed(styles=styles))
    assert verdict(bar, output, Allowed(frozenset({command}), styles)) == []
    assert verdict(bar, output, Allowed(frozenset({command[:-1]}), styles)) != []


@pytest.mark.parametrize(
    ("bar", "output", "style"),
    [
        ("waybar", b'{"text":"5h","tooltip":"<b>x</b>"}\n', "b"),
        ("waybar", b'{"text":"<span color=\'#f00\'>5h</span>"}\n', "foreground=#f00"),
        ("i3status-rust", b'{"text":"5h","short_text":"<b>x</b>"}\n', "b"),
        ("polybar", b"%{F#f00}5h%{F-}\n", "F=#f00"),
        ("tmux", b"#[fg=red]5h\n", "fg=red"),
        ("swiftbar", b"5h | color=red\n", "color=red"),
        ("xbar", b"5h | color=red\n", "color=red"),
        ("argos", b"<b>5h</b>\n", "b"),
        ("statusline", b"\x1b[31m5h\n", "sgr=31"),
        ("i3blocks", b"5h\n\n#ff0000\n", "color=#ff0000"),
        ("kde", b"<b>5h</b>\n", "</b>"),
    ],
)
def test_a_style_is_told_unless_a_pattern_allows_it(bar, output, style):
    assert f"a style: {style}" in verdict(bar, output)
    assert verdict(bar, output, Allowed(styles=(style.replace("#", "[#]"), "<b>"))) == []


def test_a_comment_in_markup_counts_as_a_style():
    assert "a style: <!-- x -->" in verdict("waybar", b'{"text":"5h<!-- x -->"}\n')


@pytest.mark.parametrize(
    ("bar", "text"),
    [
        ("tmux", "#{pid}"),
        ("tmux", "#(id)"),
        ("tmux", "#H"),
        ("swiftbar", ":a:"),
        ("xbar", r"\n"),
        ("argos", r"\n"),
        ("starship", "$(id)"),
        ("starship", "`id`"),
        ("text", "\x1b[2J"),
        ("kde", "\x1b]0;x\x07"),
    ],
)
def test_an_expansion_is_told(bar, text):
    assert f"an expansion: {text}" in verdict(bar, f"5h {text} x\n".encode())


@pytest.mark.parametrize("output", [b"P | q\n", b"P |=q\n", b"--x\n---\n--y\n"])
def test_a_dead_plugin_is_told(output):
    assert "the plugin is dead" in verdict("xbar", output)


@pytest.mark.parametrize("bar", ["swiftbar", "xbar", "argos"])
@pytest.mark.parametrize("text", ["a\nb", "---", "--sub", "a\n---\nb"])
def test_more_items_than_expected_are_told(bar, text):
    output = f"5h 42%\n---\nPlan: Pro\n{text}\n".encode()
    assert "not of the expected structure" in verdict(bar, output, Allowed(like=b"5h 42%\n---\nPlan: Pro\nx\n"))


@pytest.mark.parametrize("text", ["a ~~~ b", "~~~", "a\n~~~\nb"])
def test_a_stream_that_is_cut_by_a_text_is_told(text):
    assert verdict("swiftbar-stream", f"5h 42%\n---\nPlan: {text}\n".encode(), Allowed(like=PLAIN["swiftbar"]))


def test_another_state_is_not_of_the_same_structure():
    like = b'{"text":"5h","class":["ok"],"percentage":42}\n'
    assert verdict("waybar", like.replace(b"ok", b"critical"), Allowed(like=like))
    assert verdict("waybar", like.replace(b"42", b"43"), Allowed(like=like))
    assert verdict("waybar", like.replace(b"5h", b"week"), Allowed(like=like)) == []


def test_a_text_several_lines_high_is_told_but_a_tooltip_may_be():
    assert "the text is several lines high" in verdict("waybar", b'{"text":"a\\nb"}\n')
    assert verdict("waybar", b'{"text":"a","tooltip":"a\\nb"}\n') == []


def test_what_is_never_closed_is_told():
    assert verdict("polybar", b"%{F#f00}5h\n", Allowed(styles=("F=*",))) == ["never closed: F=#f00"]


def test_what_stands_in_for_a_character_counts_as_it():
    assert verdict("xbar", "P ｜ q ＼n\n".encode(), Allowed(shows=(r"P | q \n",))) == []
    assert verdict("polybar", "%\u200b{F}\n".encode(), Allowed(shows=("%{F}",))) == []


MENUS = {"swiftbar", "xbar", "argos"}
MARKUP = {"waybar", "i3status-rust", "argos"}
SEVEN = {"waybar", "polybar", "i3status-rust", "tmux", *MENUS}
each_bar = pytest.mark.parametrize("bar", BARS)

HARMED = {
    "ampersand": MARKUP,
    "span": MARKUP,
    "polybar action": {"polybar"},
    "polybar colour": {"polybar"},
    "polybar unknown tag": {"polybar"},
    "tmux job": {"tmux"},
    "tmux format": {"tmux"},
    "tmux style": {"tmux"},
    "tmux hash at the end": {"tmux"},
    "pipe": MENUS,
    "pipe eval": MENUS,
    "pipe word": MENUS,
    "pipe equals": MENUS,
    "LF": SEVEN,
    "LS": SEVEN,
    "VT": SEVEN,
    "FF": SEVEN,
    "NEL": SEVEN,
    "separator": MENUS,
    "submenu": MENUS,
    "long": SEVEN,
    "emoji joined": set(),
    "emoji code": MENUS,
    "RLO unclosed": SEVEN,
    "ESC and BEL": SEVEN,
    "NUL": SEVEN,
    "backslashes": MENUS,
    "percent": set(),
    "format of waybar": set(),
    "quotes": set(),
    "high surrogate": SEVEN,
}


def judged(bar, template, text, shows=()):
    return verdict(bar, template(bar, text), Allowed(styles=("*=false",), like=template(bar, "Pro"), shows=shows))


@for_each("name", HARMED)
def test_a_naive_template_is_caught_in_exactly_the_bars_that_the_text_harms(name):
    assert {bar for bar in SEVEN if judged(bar, naive, HOSTILE[name])} == HARMED[name]


@pytest.mark.parametrize(
    ("bar", "name", "found"),
    [
        ("polybar", "polybar action", "an action: touch pwned"),
        ("tmux", "tmux job", "an expansion: #(touch pwned)"),
        ("tmux", "tmux format", "an expansion: #{pid}"),
        ("tmux", "tmux style", "a style: fg=red"),
        ("waybar", "span", "a style: size=xx-large"),
        ("i3status-rust", "span", "a style: size=xx-large"),
        ("waybar", "LF", "the text is several lines high"),
        ("xbar", "pipe", "the plugin is dead"),
        ("swiftbar", "pipe", "an action: /usr/bin/touch pwned"),
        ("argos", "pipe eval", "an action: global.quit()"),
        ("xbar", "pipe word", "the plugin is dead"),
        ("xbar", "pipe equals", "panic: index out of range"),
        ("starship", "shell substitution", "an expansion: $(touch pwned)"),
        ("statusline", "OSC link", "an action: https://example.invalid/"),
    ],
)
def test_what_a_hostile_text_does_is_named(bar, name, found):
    assert found in judged(bar, naive, HOSTILE[name])


HARMLESS = {
    "entity",
    "entity twice",
    "entity numeric",
    "entity hexadecimal",
    "greater than",
    "attribute break-out",
    "attribute break-out with double quotes",
    "quotes with combining",
    "percent",
    "percent at the end",
    "strftime",
    "colon escape",
    "tmux hash before combining",
    "pipe wide",
    "quote unbalanced",
    "parameters without pipe",
    "stream separator",
    "markdown",
    "metadata",
    "dash",
    "submenu indented",
    "separator indented",
    "private use",
}


@pytest.mark.parametrize(
    ("bar", "group"),
    [
        *((bar, hostile.PANGO) for bar in sorted(MARKUP)),
        ("polybar", hostile.POLYBAR),
        ("tmux", hostile.TMUX),
        *((bar, hostile.MENUS) for bar in sorted(MENUS)),
        *((bar, hostile.CONTROLS) for bar in BARS),
        *((bar, hostile.ILLEGAL) for bar in BARS),
    ],
)
def test_each_text_made_for_a_bar_is_caught_there(bar, group):
    missed = {name for name, text in group.items() if not judged(bar, naive, text)}
    assert missed <= HARMLESS


@each_bar
def test_a_careful_template_shows_every_hostile_text_as_text(bar):
    blamed = {name: judged(bar, careful, text, (clean(text),)) for name, text in HOSTILE.items()}
    assert {name: found for name, found in blamed.items() if found} == {}


@each_bar
@given(text=hostile_texts())
def test_a_careful_template_holds_against_anything(bar, text):
    assert judged(bar, careful, text, (clean(text),)) == []


GROUPS = [
    hostile.PANGO,
    hostile.POLYBAR,
    hostile.TMUX,
    hostile.MENUS,
    hostile.LANGUAGES,
    hostile.CONTROLS,
    hostile.DIRECTION,
    hostile.INVISIBLE,
    hostile.WIDTH,
    hostile.ILLEGAL,
]


def test_the_corpus_holds_each_text_of_each_group_once():
    assert len(HOSTILE) == sum(map(len, GROUPS)) >= 270
    assert len(set(HOSTILE.values())) == len(HOSTILE)


def test_the_corpus_holds_an_empty_a_blank_and_a_huge_text():
    assert {HOSTILE["empty"], HOSTILE["spaces"].strip()} == {""}
    assert max(map(len, HOSTILE.values())) >= 1_000_000


@for_each("character", SPECIAL, ids=lambda character: f"U+{ord(character):04X}")
def test_every_special_character_is_somewhere_in_the_corpus(character):
    assert any(character in text for text in HOSTILE.values())


@given(hostile_texts(max_size=50))
def test_the_strategy_keeps_to_its_size(text):
    assert len(text) <= 50


@pytest.mark.parametrize("piece", ["%{A1:", "#(", "<span", "|bash=", "\ud800", "\u2028", "\0"])
def test_the_strategy_reaches_what_hurts(piece):
    found = find(
        hostile_texts(), lambda text: piece in text and len(text) > len(piece), settings=settings(max_examples=20_000)
    )
    assert piece in found
