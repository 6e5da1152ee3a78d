import json

import pytest
from grammar import waybar


def read(version=waybar.OLDEST, **fields):
    return waybar.read(json.dumps(fields).encode() + b"\n", version)


def test_a_module_is_read_whole():
    module = read(text="42%", tooltip="a\nb", alt="ok", percentage=42, **{"class": ["codingplan", "ok"]})
    assert (module.visible, module.text.text, module.tooltip.text) == (True, "42%", "a\nb")
    assert (module.classes, module.percentage, module.alt, module.errors) == (("codingplan", "ok"), 42, "ok", ())


@pytest.mark.parametrize("output", [b"", b"\n", b'{"text": ""}\n', b"{}\n", b'\n{"text": "x"}\n'])
def test_no_output_a_blank_first_line_and_an_empty_text_hide_the_module(output):
    assert not waybar.read(output).visible


@pytest.mark.parametrize(
    "line", [b"x", b"{", b'{"text": ["x"]}', b'{"text": {}}', b'{"text": "x", "class": [[]]}', b"[]", b'{"a": NaN}']
)
def test_bad_json_and_lists_for_texts_lose_the_line(line):
    module = waybar.read(line + b"\n")
    assert "the line is lost" in module.errors[0]
    assert not module.visible


def test_only_the_first_line_is_parsed_so_pretty_printed_json_fails():
    assert waybar.read(b'{"text": "x"}\nrest\n').errors == ("only the first line is read",)
    assert not waybar.read(json.dumps({"text": "x"}, indent=1).encode()).visible


def test_what_follows_the_object_on_its_line_is_ignored():
    assert waybar.read(b'{"text": "x"} rest\n').text.text == "x"


@pytest.mark.parametrize("escape", [rb"\ud800", rb"\udc00", rb"\udc00\ud800", rb"a\ud83d"])
def test_a_lone_surrogate_loses_the_line(escape):
    assert "lone surrogate" in waybar.read(b'{"text": "' + escape + b'"}\n').errors[0]


def test_a_surrogate_pair_is_one_character():
    assert waybar.read(rb'{"text": "\ud83d\ude80"}').text.text == "🚀"


@pytest.mark.parametrize(("value", "shown"), [(42, "42"), (None, ""), (True, "true")])
def test_numbers_and_null_are_taken_as_text(value, shown):
    assert read(text=value).text.text == shown


@pytest.mark.parametrize("field", ["text", "tooltip"])
@pytest.mark.parametrize("source", ["A & <b>", "A & <b", "<\u0338b>"])
def test_wrong_markup_blanks_the_module_but_does_not_remove_it(field, source):
    module = read(**{"text": "x", field: source})
    assert module.visible
    assert getattr(module, field).text == ""
    assert f"{field} is blank" in module.errors[0]


def test_a_span_is_applied():
    assert read(text="<span size='xx-large'>x</span>").text.styles == {"size=xx-large"}


def test_a_link_can_be_clicked():
    assert read(text="<a href='file:///x'>x</a>").text.links == ("file:///x",)


@pytest.mark.parametrize(("text", "lines"), [("a\nb\nc", 3), ("a\u2028b", 2), ("a\rb", 2), ("a\tb", 1)])
def test_a_line_break_in_the_text_makes_the_bar_taller(text, lines):
    assert read(text=text).lines == lines


def test_a_nul_cuts_the_text():
    module = read(text="a\0b")
    assert (module.text.text, module.errors) == ("a", ("text ends at a U+0000",))


def test_invalid_utf8_blanks_the_module():
    module = waybar.read(b'{"text": "a\xffb"}\n')
    assert module.visible
    assert "not valid UTF-8" in module.errors[0]


def test_braces_in_the_text_mean_nothing():
    assert read(text="{icon} {}").text.text == "{icon} {}"


def test_a_class_string_with_a_blank_is_one_class_that_matches_nothing():
    module = read(text="x", **{"class": "a b"})
    assert (module.classes, module.errors) == (("a b",), ("class 'a b' matches nothing",))


def test_null_among_the_classes_is_ignored():
    assert read(text="x", **{"class": ["a", None]}).classes == ("a",)


@pytest.mark.parametrize(
    ("value", "version", "read_as"),
    [
        (42, (0, 9, 17), 42),
        (42.0, (0, 9, 17), 42),
        (42.6, (0, 9, 17), 0),
        ("42", (0, 9, 17), 0),
        (-5, (0, 9, 17), 0),
        (42.6, (0, 9, 18), 42),
        (42.6, (0, 15, 0), 43),
        (120, (0, 9, 17), 120),
    ],
)
def test_percentage_is_read_as_the_version_does(value, version, read_as):
    module = read(version, text="x", percentage=value)
    assert module.percentage == read_as
    assert bool(module.errors) == (value != 42)


def test_newer_versions_rewrite_hex_escapes():
    line = json.dumps({"text": r"\x41"}).encode()
    assert waybar.read(line).text.text == r"\x41"
    assert waybar.read(line, (0, 12, 0)).text.text == r"\u0041"
