""""""

from __future__ import annotations

import pytest
from support.grammar import oneline, polybar, tmux
from support.grammar.polybar import Action

LINK = "\x1b]8;;https://example.invalid/\x1b\\click\x1b]8;;\x1b\\"


def test_sequences_are_parted_from_the_text():
    found = oneline.without_sequences(f"a\x1b[31mb\x1b[0m{LINK}\x1b[2J\x1b]0;title\x07\x1bc\x9b1mc")
    assert found.text == "abclick1mc"
    assert found.styles == ("sgr=31", "sgr=0")
    assert found.links == ("https://example.invalid/",)
    assert found.others == ("\x1b[2J", "\x1b]0;title\x07", "\x1bc", "\x9b")


@pytest.mark.parametrize("read", [oneline.read_text, oneline.read_statusline, oneline.read_kde, oneline.read_starship])
def test_a_line_is_shown_and_a_second_one_is_an_error(read):
    assert (read(b"5h 42%\n").text, read(b"5h 42%\n").errors) == ("5h 42%", ())
    assert read(b"a\nb\n").errors == ("more than one line",)
    assert read(b"a\xff\n").errors == ("invalid UTF-8",)
    assert not read(b"\n").visible


def test_a_status_line_takes_colours_and_links_but_plain_text_takes_none():
    line = oneline.read_statusline(f"\x1b[31ma{LINK}\x1b[2J\n".encode())
    assert (line.styles, line.links, line.sequences) == (("sgr=31",), ("https://example.invalid/",), ("\x1b[2J",))
    assert len(oneline.read_text(f"\x1b[31ma{LINK}\x1b[2J\n".encode()).sequences) == 3


@pytest.mark.parametrize("text", ["$(touch x)", "`touch x`", "$HOME", "${HOME}", r"\w"])
def test_older_starships_let_bash_expand_the_output(text):
    assert oneline.read_starship(text.encode()).expansions == (text,)
    assert oneline.read_starship(text.encode(), (1, 20, 0)).expansions == ()


@pytest.mark.parametrize("text", ["<b>x</b>", "a <img src='x'>", "<a href='x'>y</a>", "</b>", "a &lt; b"])
def test_plasma_takes_what_looks_like_html_for_html(text):
    line = oneline.read_kde(text.encode())
    assert line.styles or line.text == "a < b"
    assert "<b" not in line.text


@pytest.mark.parametrize("text", ["5 < 6", "A & B", "a&amp;b", "6 > 5"])
def test_plasma_takes_other_texts_as_they_are(text):
    assert oneline.read_kde(text.encode()).text == text


def test_a_colour_makes_plasma_read_html():
    assert oneline.read_kde(b"\x1b[31ma &amp; b").text == "a & b"


def test_i3blocks_reads_four_lines():
    line = oneline.read_i3blocks(b"full & <b>\nshort\n#ff0000\n#00ff00\n")
    assert (line.text, line.short_text) == ("full & <b>", "short")
    assert line.styles == ("color=#ff0000", "background=#00ff00")
    assert line.errors == ()


@pytest.mark.parametrize("output", [b"a\nb\nred\n", b"a\nb\n#ff0000\n#00ff00\nmore\n", b"a"])
def test_i3blocks_takes_no_other_colour_no_fifth_line_and_no_unfinished_one(output):
    assert oneline.read_i3blocks(output).errors


def test_i3blocks_reads_markup_only_where_told():
    assert oneline.read_i3blocks(b"<b>a</b> &amp;\n", markup="pango").text == "a &"
    assert oneline.read_i3blocks(b"<b>a</b>\n", markup="pango").styles == ("b",)
    assert oneline.read_i3blocks(b"a & b\n", markup="pango").errors


def test_a_panel_reads_markup_and_draws_nothing_where_it_is_wrong():
    line = oneline.read_pango(b'<span foreground="#ff0000">a &lt;b&gt;</span>\n')
    assert (line.text, line.styles, line.errors) == ("a <b>", ("foreground=#ff0000",), ())
    assert oneline.read_pango(b"a & b\n").errors
    assert oneline.read_pango(b"a<b>\n").text == ""
    assert oneline.read_pango(b"a\nb\n").errors


def text(output, **options):
    return tmux.read(output.encode(), **options).text


@pytest.mark.parametrize(
    ("output", "drawn"),
    [
        ("C## x", "C# x"),
        ("##[x]", "#[x]"),
        ("##{pid}", "#{pid}"),
        ("##(id)", "#(id)"),
        ("##H", "#H"),
        ("##,", "#,"),
        ("##}", "#}"),
        ("####x", "#x"),
        ("a,b}c", "a,b}c"),
        ("#,a#}b", ",a}b"),
        ("#Q#z#1", "#Q#z#1"),
        ("###[fg=red]x", "#x"),
        ("#####[fg=red]x", "##x"),
        ("42% %H:%M %%", "42% %H:%M %%"),
    ],
)
def test_a_doubled_hash_is_one_and_percent_means_nothing(output, drawn):
    status = tmux.read(output.encode())
    assert (status.text, status.expansions, status.jobs) == (drawn, (), ())


@pytest.mark.parametrize("output", ["a\n\nb\n\n", "a\rb", "b", "a\r\nb\r\n\n"])
def test_the_last_line_that_is_not_empty_counts(output):
    assert text(output) == "b"


def test_a_job_vanishes_and_is_not_run():
    status = tmux.read(b"a#(touch (x) y)b")
    assert (status.text, status.jobs) == ("ab", ("#(touch (x) y)",))


@pytest.mark.parametrize("output", ["#{pid}", "#H", "#S", "#{a#{b}c}", "###{pid}"])
def test_formats_are_expanded(output):
    assert tmux.read(output.encode()).expansions


def test_a_style_is_applied_to_what_follows():
    status = tmux.read(b"a#[fg=red,reverse]b##[c]")
    assert (status.runs[0].text, status.runs[0].styles) == ("a", ())
    assert status.styles == ("fg=red", "reverse")
    assert status.text == "ab#[c]"


def test_an_unknown_style_is_ignored():
    status = tmux.read(b"#[bogus]x")
    assert (status.text, status.styles, len(status.errors)) == ("x", (), 1)


@pytest.mark.parametrize("output", ["a#[fg=red b", "a#{pid b", "a#(id b"])
def test_an_unclosed_bracket_loses_the_rest(output):
    status = tmux.read(output.encode())
    assert (status.text, len(status.errors)) == ("a", 1)


@pytest.mark.parametrize("output", ["C#", "C##", "#", "a#(x)#"])
def test_a_hash_at_the_end_eats_the_next_tag_even_if_doubled(output):
    assert "eats" in tmux.read(output.encode()).errors[0]


def test_an_even_number_of_drawn_hashes_at_the_end_eats_nothing():
    assert tmux.read(b"C####").errors == ()


def test_controls_and_invalid_bytes_are_dropped():
    status = tmux.read(b"a\x1b[31mR\x07\x00\x08\xc2\x9b\xff\tb")
    assert status.text == "a[31mRb"
    assert len(status.dropped) == 7


def test_the_text_is_cut_at_forty_columns_without_counting_styles():
    status = tmux.read(b"#[fg=red]" + b"L" * 400)
    assert (len(status.text), status.columns, len(status.cut)) == (40, 40, 360)
    assert text("L" * 400, length=10) == "L" * 10


def test_a_wide_character_without_room_is_dropped_whole():
    status = tmux.read(("L" * 39 + "界").encode())
    assert (status.text, status.cut) == ("L" * 39, "界")


def test_width_is_counted_in_columns():
    assert tmux.read("界e\u0301".encode()).columns == 3


@pytest.mark.parametrize("text", ["%", "%%", "42%", "42% %H:%M", "% {", "{x}", "a:b", "%\u200b{F#f00}"])
def test_a_percent_without_a_brace_is_literal(text):
    assert polybar.read(text.encode() + b"\n").text == text
    assert polybar.read(text.encode() + b"\n").errors == ()


def test_only_the_first_line_is_shown():
    label = polybar.read(b"a\nb\n")
    assert (label.text, label.errors) == ("a", ("only the first line is read",))


def test_with_tail_each_line_is_an_update():
    assert polybar.read(b"a\nb\n", tail=True).text == "b"
    assert polybar.read(b"a\nb\n", tail=True).errors
    assert polybar.read(b"b\n", tail=True).errors == ()
    assert not polybar.read(b"a\n\n", tail=True).visible


def test_an_empty_line_hides_and_nothing_at_all_leaves_the_old_text():
    assert not polybar.read(b"\n").visible
    assert not polybar.read(b"\n").stale
    assert polybar.read(b"").stale


def test_an_action_from_a_name_runs_on_a_click():
    label = polybar.read(b"%{A1:touch x:}x%{A} y\n")
    assert label.actions == (Action("left", "touch x"),)
    assert [(run.text, len(run.actions)) for run in label.runs] == [("x", 1), (" y", 0)]


@pytest.mark.parametrize(
    ("digit", "button"), [("", "left"), ("2", "middle"), ("3", "right"), ("4", "scroll up"), ("8", "double right")]
)
def test_actions_name_their_button(digit, button):
    assert polybar.read(f"%{{A{digit}:cmd:}}x%{{A}}".encode()).actions == (Action(button, "cmd"),)


def test_an_escaped_colon_belongs_to_the_command():
    assert polybar.read(rb"%{A1:a\:b:}x%{A}").actions == (Action("left", "a:b"),)


def test_an_unescaped_colon_ends_the_command_and_leaves_garbage():
    label = polybar.read(b"%{A1:a:b:}x%{A}")
    assert label.actions == (Action("left", "a"),)
    assert label.text == "b:}x"
    assert label.errors


def test_colours_and_more_are_styles_of_their_runs():
    label = polybar.read(b"%{F#f00 u#0f0 +u}a%{F- -u}b%{T2}c%{T-}%{O5}%{R}%{l}%{PR}")
    assert [(run.text, run.styles) for run in label.runs] == [
        ("a", ("F=#f00", "u=#0f0", "+u")),
        ("b", ("u=#0f0",)),
        ("c", ("u=#0f0", "T=2")),
    ]
    assert label.styles == {"F=#f00", "u=#0f0", "+u", "T=2", "O=5", "R", "l"} | {"P"}
    assert label.errors == ()


def test_an_unknown_tag_is_dropped_and_its_rest_printed():
    label = polybar.read(b"p %{Zbad} q")
    assert (label.text, label.errors) == ("p bad} q", ("unknown tag 'Z'",))


def test_a_tag_cut_at_the_end_swallows_the_next_one():
    label = polybar.read(b"a%{F#ff0000%{PR}")
    assert (label.text, len(label.errors)) == ("a}", 1)


@pytest.mark.parametrize("text", ["%{F#f00}x", "%{B#f00}x", "%{A1:cmd:}x", "%{+u}x", "%{A1:cmd:}x%{A3}"])
def test_what_is_not_closed_is_told(text):
    assert polybar.read(text.encode()).unclosed


@pytest.mark.parametrize(
    "text", ["%{F#f00", "%{F#f0g}x", "%{F#12}x", "%{A9:c:}x", "%{A}x", "%{", "%{}", "%{Tx}", "%{Oabc}", "%{+z}", "%{P}"]
)
def test_what_polybar_logs_is_an_error(text):
    assert polybar.read(text.encode()).errors


def test_controls_are_dropped():
    label = polybar.read("a\tb\x1b[31m\0\u2028c".encode())
    assert (label.text, label.dropped) == ("ab[31mc", "\t\x1b\0\u2028")


def test_invalid_utf8_cuts_the_rest():
    label = polybar.read(b"ab\xffcd\n")
    assert (label.text, label.errors) == ("ab", ("invalid UTF-8 cuts the rest",))
