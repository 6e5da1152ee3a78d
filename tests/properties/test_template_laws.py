"""Laws of the user's own templates: whatever is written, it is refused in words, or shown as it reads."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from codingplan_bar import facts
from codingplan_bar.bars.template import fill
from codingplan_bar.settings.templates import compile_template, placeholders, unknown

BRACKETS = "[]{}"
UNPRINTED = {"Cc", "Cs", "Zl", "Zp"}
texts = st.text(st.characters() | st.sampled_from(BRACKETS + "\n a:.5"), max_size=60)
plain = st.text(st.characters(exclude_categories=list(UNPRINTED), exclude_characters=BRACKETS) | st.just("\n"))
names = st.text("abc._:0 ", min_size=1).map(str.strip).filter(bool)


def compiled(text: str) -> str | None:
    """The compiled template; None where it is refused."""
    try:
        return compile_template(text)
    except ValueError:
        return None


def nothing(name: str) -> str:
    raise KeyError(name)


@given(texts | st.none() | st.integers() | st.lists(texts))
def test_any_value_is_compiled_or_refused_by_a_value_error_and_nothing_else(value):
    template = compiled(value)
    assert template is None or facts.loads(facts.dumps({"format": template})) == {"format": template}


@given(texts)
def test_what_compiles_can_be_filled_and_holds_no_control_but_new_lines(text):
    template = compiled(text)
    if template is not None:
        shown = fill(template, nothing)
        assert not {unicodedata.category(char) for char in shown.replace("\n", "")} & UNPRINTED


@given(plain)
def test_a_text_without_brackets_comes_out_as_it_is(text):
    assert fill(compile_template(text), nothing) == text or text in {"minimal", "compact", "full", "bars"}


@given(plain)
def test_every_text_can_be_written_by_doubling_its_brackets(text):
    wanted = "{" + text + "}[" + text + "]"
    doubled = "".join(char * 2 if char in BRACKETS else char for char in wanted)
    assert fill(compile_template(doubled), nothing) == wanted


@given(plain, names, plain, plain)
def test_an_optional_part_is_there_as_a_whole_or_not_at_all(before, name, value, after):
    template = compile_template(f"{before}[x{{{name}}}y]{after}")
    assert placeholders(template) == [name]
    assert fill(template, lambda _: value) == before + (f"x{value}y" if value else "") + after


@given(plain, names)
def test_a_name_that_nobody_knows_is_shown_as_it_was_written(before, name):
    assert fill(compile_template(f"{before}[{{{name}}}]"), nothing) == f"{before}{{{name}}}"


@given(texts)
def test_the_unknown_names_are_among_the_placeholders_each_once_and_shown_as_they_were_written(text):
    template = compiled(text)
    if template is not None:
        names = unknown(template)
        assert len(set(names)) == len(names)
        assert set(names) <= set(placeholders(template))
        shown = fill(compile_template("".join(f"{{{name}}}" for name in names)), nothing)
        assert shown == "".join(f"{{{name}}}" for name in names)


@given(st.recursive(plain, lambda inner: st.lists(inner, max_size=3), max_leaves=6))
def test_parts_in_parts_are_shown_where_nothing_is_missing(parts):
    def written(part: str | list, opened: str = "[-", closed: str = "]") -> str:
        inner = part if isinstance(part, str) else "".join(written(one) for one in part)
        return opened + inner + closed

    assert fill(compile_template(written(parts)), nothing) == written(parts, "-", "").replace("[", "").replace("]", "")
