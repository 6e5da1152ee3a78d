import pytest
from grammar import ansi, oneline

LINK = "\x1b]8;;https://example.invalid/\x1b\\click\x1b]8;;\x1b\\"


def test_sequences_are_parted_from_the_text():
    found = ansi.read(f"a\x1b[31mb\x1b[0m{LINK}\x1b[2J\x1b]0;title\x07\x1bc\x9b1mc")
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
