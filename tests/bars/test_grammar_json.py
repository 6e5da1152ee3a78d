""""""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.grammar import json_bars, pango
from support.hostile import hostile_texts
from support.rows import for_each


def read(version=json_bars.OLDEST, **fields):
    return json_bars.read_waybar(json.dumps(fields).encode() + b"\n", version)


def test_a_module_is_read_whole():
    module = read(text="42%", tooltip="a\nb", alt="ok", percentage=42, **{"class": ["codingplan", "ok"]})
    assert (module.visible, module.text.text, module.tooltip.text) == (True, "42%", "a\nb")
    assert (module.classes, module.percentage, module.alt, module.errors) == (("codingplan", "ok"), 42, "ok", ())


@pytest.mark.parametrize("output", [b"", b"\n", b'{"text": ""}\n', b"{}\n", b'\n{"text": "x"}\n'])
def test_no_output_a_blank_first_line_and_an_empty_text_hide_the_module(output):
    assert not json_bars.read_waybar(output).visible


@pytest.mark.parametrize(
    "line", [b"x", b"{", b'{"text": ["x"]}', b'{"text": {}}', b'{"text": "x", "class": [[]]}', b"[]", b'{"a": NaN}']
)
def test_bad_json_and_lists_for_texts_lose_the_line(line):
    module = json_bars.read_waybar(line + b"\n")
    assert "the line is lost" in module.errors[0]
    assert not module.visible


def test_only_the_first_line_is_parsed_so_pretty_printed_json_fails():
    assert json_bars.read_waybar(b'{"text": "x"}\nrest\n').errors == ("only the first line is read",)
    assert not json_bars.read_waybar(json.dumps({"text": "x"}, indent=1).encode()).visible


def test_what_follows_the_object_on_its_line_is_ignored():
    assert json_bars.read_waybar(b'{"text": "x"} rest\n').text.text == "x"


@pytest.mark.parametrize("escape", [rb"\ud800", rb"\udc00", rb"\udc00\ud800", rb"a\ud83d"])
def test_a_lone_surrogate_loses_the_line(escape):
    assert "lone surrogate" in json_bars.read_waybar(b'{"text": "' + escape + b'"}\n').errors[0]


def test_a_surrogate_pair_is_one_character():
    assert json_bars.read_waybar(rb'{"text": "\ud83d\ude80"}').text.text == "🚀"


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
    module = json_bars.read_waybar(b'{"text": "a\xffb"}\n')
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
    assert json_bars.read_waybar(line).text.text == r"\x41"
    assert json_bars.read_waybar(line, (0, 12, 0)).text.text == r"\u0041"


def read_of_i3status_rust(**fields):
    return json_bars.read_i3status_rust(json.dumps(fields).encode())


def test_a_block_is_read_whole():
    block = json_bars.read_i3status_rust(b'{"icon":"bell","state":"Warning","text":"a &amp; b","short_text":"a"}\n')
    assert (block.visible, block.icon, block.state, block.shown) == (True, "bell", "Warning", "a & b")
    assert block.short_text is not None
    assert block.errors == ()


@pytest.mark.parametrize(
    "output",
    [
        b'{"text":"x","unknown":[1]}',
        b'{"text":"x","unknown":1,"unknown":2}',
        b'{"text":"x","short_text":null}',
        b'{\n "text": "x"\n}\n',
        b'["","idle","x",null]',
        b'["","idle","x"]',
        b'  {"text":"x","state":"warning"}  \n\n',
    ],
)
def test_what_serde_takes(output):
    block = json_bars.read_i3status_rust(output)
    assert (block.failed, block.shown) == (False, "x")


@for_each(
    "output",
    [
        b"",
        b"\n",
        b"x",
        b'{"text":null}',
        b'{"icon":null}',
        b'{"state":null}',
        b'{"text":42}',
        b'{"text":"x","short_text":1}',
        b'{"state":"CRITICAL"}',
        b'{"state":"error"}',
        b'{"text":"x","text":"y"}',
        b'{"text":"x"}\n{"text":"y"}',
        b'{"text":"x",}',
        b'{"text":"x","a":NaN}',
        b'{"text":"a\tb"}',
        b'{"text":"a\nb"}',
        rb'{"text":"\ud800"}',
        rb'{"text":"x","unknown":{"\udc00":1}}',
        b'\xef\xbb\xbf{"text":"x"}',
        b'{"text":"\xff"}',
        b'["a","idle","x",null,1]',
        b'"x"',
        b"[" * 100_000,
    ],
)
def test_what_serde_refuses_is_an_error_in_the_block(output):
    block = json_bars.read_i3status_rust(output)
    assert block.failed
    assert block.errors


@pytest.mark.parametrize("state", ["Idle", "Info", "Good", "Warning", "Critical", "idle", "critical"])
def test_the_five_states_are_known_in_two_spellings(state):
    assert read_of_i3status_rust(text="x", state=state).state == state.capitalize()


def test_an_empty_object_is_an_empty_hidden_block():
    assert not json_bars.read_i3status_rust(b"{}").visible
    assert not json_bars.read_i3status_rust(b"{}").failed


def test_an_unknown_icon_shows_an_error():
    assert "icon 'x' not found" in read_of_i3status_rust(text="x", icon="x").errors[0]
    assert read_of_i3status_rust(text="x", icon="weather_sun").errors == ()


def test_swaybar_shows_wrong_markup_raw():
    block = read_of_i3status_rust(text="A & <b>", short_text="<")
    assert block.shown == "A & <b>"
    assert len(block.errors) == 2


def test_a_span_is_applied_but_a_link_is_none():
    assert read_of_i3status_rust(text="<span size='xx-large'>x</span>").text.styles == {"size=xx-large"}
    assert read_of_i3status_rust(text="<a href='x'>y</a>").errors


def test_persistent_reads_each_line():
    lines = b'{"text":"a"}\n{"text":"b"}\n'
    assert json_bars.read_i3status_rust(lines, persistent=True).shown == "b"
    assert json_bars.read_i3status_rust(b'x\n{"text":"b"}\n', persistent=True).failed


PIECES = [
    "<b>",
    "</b>",
    "<span color='red'>",
    '<span size="1">',
    "</span>",
    "<tt/>",
    "&amp;",
    "&",
    "<",
    ">",
    "&#65;",
    "&#0;",
]
PIECES += [
    "&nbsp;",
    "<!--",
    "-->",
    "<!-->",
    "<!D",
    "<?",
    "?>",
    "<![CDATA[",
    "]]>",
    "<a href='x'>",
    "</a>",
    "'",
    '"',
    "=",
    "x",
    " ",
    "\u0338",
    "\n",
]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a &amp; b", "a & b"),
        ("&lt;b&gt; &quot;&apos;", "<b> \"'"),
        ("&#65;&#x1F600;", "A😀"),
        ("6 > 5 ' \"", "6 > 5 ' \""),
        ("<b>x</b> <span foreground='#f00'>y</span>", "x y"),
        ("<b/>x", "x"),
        ("a\rb\r\nc&#13;", "a\nb\nc\r"),
        ("\x1b\u202e", "\x1b\u202e"),
    ],
)
def test_markup_gives_its_plain_text(source, text):
    markup = pango.parse(source)
    assert (markup.text, markup.error) == (text, "")


def test_runs_carry_the_styles_of_all_tags_around_them():
    runs = pango.parse("a<span color='red'>b<b>c</b></span>d").runs
    assert [(run.text, run.styles) for run in runs] == [
        ("a", ()),
        ("b", ("foreground=red",)),
        ("c", ("foreground=red", "b")),
        ("d", ()),
    ]


@for_each(
    "source",
    [
        "A & B",
        "A & <b>",
        "A & <b",
        "5 < 6",
        "<b>x",
        "x</b>",
        "<b><i>x</b></i>",
        "<B>x</B>",
        "<em>x</em>",
        "<b x='1'>y</b>",
        "<span bogus='1'>x</span>",
        "<span size='foo'>x</span>",
        "<span color='no colour'>x</span>",
        "<span color='red' color='blue'>x</span>",
        "<span color=red>x</span>",
        "&nbsp;",
        "&amp",
        "&;",
        "&#0;",
        "&#xD800;",
        "&#xFFFE;",
        "&#x110000;",
        "&#99999999999999;",
        "<a href='x'>y</a>",
        "<\u0338b>",
        "<!-- never closed",
        "<!--><b>-->",
        "a\0b",
        "\ud800",
        "<b>" * 101 + "</b>" * 101,
    ],
)
def test_what_pango_refuses_has_an_error_and_no_text(source):
    assert pango.parse(source).error
    assert pango.parse(source).text == ""


def test_a_size_from_a_name_is_applied_and_told():
    assert pango.parse("<span foreground='red' size='xx-large'>BIG</span>").styles == {
        "foreground=red",
        "size=xx-large",
    }


def test_comments_and_their_like_vanish_and_are_told():
    assert pango.parse("a<!-- b -->c<![CDATA[d]]><?e?>").hidden == ("<!-- b -->", "<![CDATA[d]]>", "<?e?>")
    assert pango.parse("a<!-- b -->c").text == "ac"


def test_only_a_gtk_label_takes_links():
    assert pango.parse("<a href='file:///x'>y</a>", links=True).links == ("file:///x",)


class Pango:
    """The real parser, through the library that GTK's bars load."""

    def __init__(self):
        name = ctypes.util.find_library("pango-1.0")
        if name is None:
            (pytest.fail if os.environ.get("CODINGPLAN_BAR_REQUIRE_ALL") == "1" else pytest.skip)(
                "libpango is not here"
            )
        self.library = ctypes.CDLL(name)
        self.glib = ctypes.CDLL(ctypes.util.find_library("glib-2.0"))
        self.glib.g_free.argtypes = [ctypes.c_void_p]
        self.glib.g_clear_error.argtypes = [ctypes.c_void_p]

    def text_of(self, source):
        raw, text, error = source.encode(), ctypes.c_void_p(), ctypes.c_void_p()
        taken = self.library.pango_parse_markup(
            raw, ctypes.c_int(len(raw)), ctypes.c_uint32(0), None, ctypes.byref(text), None, ctypes.byref(error)
        )
        if not taken:
            self.glib.g_clear_error(ctypes.byref(error))
            return None
        plain = ctypes.string_at(text.value).decode()
        self.glib.g_free(text)
        return plain


@pytest.fixture(scope="module")
def real(programs):
    return Pango()


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join) | hostile_texts())
def test_the_model_is_never_looser_than_pango_itself(real, source):
    markup = pango.parse(source)
    if not markup.error:
        assert real.text_of(source) == markup.text
