"""One setting is changed in the file's text: that change and no other, to the byte; or a refusal."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each

from codingplan_bar.settings.editing import NotInLines, changed, toml
from codingplan_bar.settings.settings import template

FULL = '''# mine
region = "cn"  # not "intl" # really
'windows' = [  # two
  "weekly", # ] not here
  "monthly",
]   # so

cookie_header = """
Cookie: a=b # c
timeout = 3
"""
# of the colours
[colors]  # dark
ok = '#ffffff' # white
# the end
'''
CASES = [
    (("region",), "intl", 'region = "cn"  #', 'region = "intl"  #'),
    (("region",), None, 'region = "cn"  # not "intl" # really\n', ""),
    (
        ("windows",),
        ("weekly",),
        '[  # two\n  "weekly", # ] not here\n  "monthly",\n]   # so',
        '["weekly"]   # so',
    ),
    (("timeout",), 5, "# of the colours\n", "timeout = 5\n# of the colours\n"),
    (("cookie_header",), "x", '"""\nCookie: a=b # c\ntimeout = 3\n"""', '"x"'),
    (("colors", "ok"), "#000000", "'#ffffff'", '"#000000"'),
    (("colors", "error"), "#000000", "# the end\n", 'error = "#000000"\n# the end\n'),
    (("colors",), None, "[colors]  # dark\nok = '#ffffff' # white\n", ""),
    (("colors", "ok"), None, "[colors]  # dark\nok = '#ffffff' # white\n", ""),
]


@for_each(("path", "value", "before", "after"), CASES)
@for_each("end", ["\n", "\r\n"])
@for_each("mark", ["", "\ufeff"])
def test_one_value_changes_and_every_other_byte_stays(path, value, before, after, end, mark):
    assert FULL.count(before) == 1
    text, wanted = ((mark + each).replace("\n", end) for each in (FULL, FULL.replace(before, after, 1)))
    assert changed(text, path, value) == wanted


@pytest.mark.parametrize(
    ("text", "path", "value", "wanted"),
    [
        ("", ("timeout",), 5, "timeout = 5\n"),
        ("# c", ("timeout",), 5, "# c\ntimeout = 5\n"),
        ("notifications = 1", ("notifications",), True, "notifications = true"),
        ("timeout = 5", ("timeout",), 5, "timeout = 5"),
        ("timeout = 5", ("timeout",), 5.0, "timeout = 5.0"),
        ('x = "\u2028"\n', ("x",), "\x7f\x1b\u2028😀", 'x = "\\u007f\\u001b\u2028😀"\n'),
        ('colors = {ok = "#fff"} # c\n', ("colors", "ok"), "#000", 'colors = {"ok" = "#000"} # c\n'),
        ('colors = {ok = "#fff", error = "#eee"}', ("colors", "ok"), None, 'colors = {"error" = "#eee"}'),
        (
            'colors.ok = "#fff"\na = 1\n',
            ("colors", "error"),
            "#000",
            'colors.ok = "#fff"\ncolors.error = "#000"\na = 1\n',
        ),
        ('colors.ok = "#fff"\na = 1\n', ("colors",), {"ok": "#000"}, 'a = 1\ncolors = {"ok" = "#000"}\n'),
        ("[colors]\n", ("region",), "cn", 'region = "cn"\n[colors]\n'),
        ('"region" = "cn"', ("region",), "intl", '"region" = "intl"'),
    ],
)
def test_where_a_value_goes(text, path, value, wanted):
    assert changed(text, path, value) == wanted


def test_in_the_template_a_value_goes_below_its_own_line():
    text = changed(template(), ("timeout",), 5)
    assert text == template().replace("#timeout = 20\n", "#timeout = 20\ntimeout = 5\n")
    assert changed(text, ("timeout",), None) == template()


def test_what_is_not_toml_is_refused():
    with pytest.raises(tomllib.TOMLDecodeError):
        changed("a = \n", ("timeout",), 5)


@pytest.mark.parametrize("text", ["[a]\nx = 1\n[[b]]\ny = 2\n", 'a."b c" = 1\n"d.e" = [[1], [2]]\n'])
def test_what_is_no_setting_is_left_where_it_is(text):
    assert changed(changed(text, ("timeout",), 5), ("timeout",), None) == text


def test_a_name_written_in_a_way_that_is_not_understood_is_left_alone():
    with pytest.raises(NotInLines):
        changed('"re\\u0067ion" = "cn"\n"a\\"b" = 1\n', ("timeout",), 5)


NAMES = st.sampled_from(["region", "timeout", "format", "colors.ok", "x"])
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)
COMMENTS = st.sampled_from(["", " # c", '# "', "\t#']"])


@st.composite
def files(draw):
    lines = []
    for name in draw(st.lists(NAMES, unique=True)):
        value = toml(draw(VALUES))
        spread = (
            value.replace("[", "[\n").replace("]", "# ]\n]") if value.startswith("[") and '"' not in value else value
        )
        lines += [*draw(st.lists(st.sampled_from(["", "# timeout = 1", "#x"]), max_size=2))]
        lines.append(f"{name} = {spread}{draw(COMMENTS)}")
    return "".join(f"{line}\n" for line in lines)


@given(files(), NAMES, VALUES)
def test_set_and_unset_again_is_the_file_as_it_was(text, name, value):
    path = tuple(name.split("."))
    before = tomllib.loads(text)
    once = changed(text, path, value)
    kept = [line for line in text.split("\n") if not line.startswith((name, path[0] + " "))]
    assert tomllib.loads(once) == {**before, **tomllib.loads(f"{name} = {toml(value)}")}
    if path[0] not in before:
        assert changed(once, path, None) == text
        assert all(line in once.split("\n") for line in kept)
