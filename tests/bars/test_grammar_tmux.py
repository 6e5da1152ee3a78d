import pytest
from grammar import tmux


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
