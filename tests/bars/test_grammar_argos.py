import pytest
from grammar import argos
from grammar.menu import Action


def texts(items):
    return [item.text for item in items]


@pytest.mark.parametrize("text", ["A & <b>", "A & <b", "5 < 6"])
def test_argos_reads_markup_by_default_and_a_wrong_one_breaks_the_line(text):
    assert "a broken line" in argos.read(text.encode()).errors[0]
    clean = argos.read(f"{text} | useMarkup=false".encode())
    assert (texts(clean.bar), clean.errors) == ([text], ())


def test_argos_applies_spans_and_ansi_colours():
    assert argos.read(b"<span size='1'>x</span>").bar[0].styles == ("size=1",)
    assert argos.read(b"a\x1b[31mb").bar[0].styles == ("ansi=31",)
    assert argos.read(b"a | color=red size=12").bar[0].styles == ()


def test_argos_breaks_a_line_with_a_wrong_colour():
    assert argos.read(b"a | color=nope").errors


def test_argos_drops_all_attributes_at_an_unbalanced_quote():
    menu = argos.read(b"it's | bash='touch")
    assert (texts(menu.bar), menu.bar[0].parameters) == (["it's"], ())
    assert menu.errors == ("all attributes are dropped: No closing quotation",)


def test_argos_runs_bash_and_javascript_but_not_shell():
    assert argos.read(b"a | shell=touch").bar[0].actions == ()
    assert argos.read(b"a | eval=x()").bar[0].actions == (Action("eval", "x()"),)
    assert argos.read(b"a | bash='echo $(id)' param1='a b'").bar[0].actions == (Action("run", "echo $(id) 'a b'"),)


def test_argos_takes_any_line_of_dashes_for_a_separator_and_drops_blank_ones():
    menu = argos.read(b"x\n\n-\na\n-----\nb\n")
    assert [(item.text, item.separator) for item in menu.items] == [("a", False), ("", True), ("b", False)]


def test_argos_with_everything_off_shows_a_hostile_text_as_it_is():
    off = "useMarkup=false unescape=false emojize=false ansi=false"
    text = r"A & <b> :rocket: \x41\n 'it''s'"
    assert texts(argos.read(f"{text} | {off}".encode()).bar) == [text]
