import ctypes
import ctypes.util
import os

import pytest
from grammar import pango
from hostile import hostile_texts
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
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
def real():
    return Pango()


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join) | hostile_texts())
def test_the_model_is_never_looser_than_pango_itself(real, source):
    markup = pango.parse(source)
    if not markup.error:
        assert real.text_of(source) == markup.text
