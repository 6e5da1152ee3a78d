import pytest
from grammar import polybar
from grammar.polybar_tags import Action


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
