"""Hostile texts: a corpus by name, and a hypothesis strategy that mutates, joins and seeds them.

Each stands for a plan's name, a server's message or a file's name: text from outside that a bar must show as text.
"""

from __future__ import annotations

from hypothesis import strategies as st
from support.hostile_characters import CHARACTERS
from support.hostile_tags import TAGS

HOSTILE: dict[str, str] = {**TAGS, **CHARACTERS}

SHORT = [text for text in HOSTILE.values() if len(text) <= 500]
SPECIAL = (
    "\n\r\t\v\f\0\a\b\x1b\x7f\x85\x9b\u2028\u2029\u202e\u2067\u200b\ufeff\u0338\ud800\udc00\uffff"
    "&<>'\"\\|#%{}[]()$`:;=-~ "
)


def hostile_texts(max_size: int = 200) -> st.SearchStrategy[str]:
    """Texts of up to `max_size` characters: those of the corpus, cut, joined, and with special characters put in."""
    one = st.sampled_from(SHORT)
    joined = st.lists(one, min_size=2, max_size=4).map("".join)
    inserted = st.builds(_insert, one, st.text(SPECIAL, min_size=1, max_size=4), st.integers(0, 500))
    cut = st.builds(_cut, one, st.integers(0, 500), st.integers(0, 500))
    special = st.text(SPECIAL, max_size=20)
    anything = st.text(st.characters(), max_size=40)
    return st.one_of(one, joined, inserted, cut, special, anything).map(lambda text: text[:max_size])


def _insert(text: str, addition: str, at: int) -> str:
    place = at % (len(text) + 1)
    return text[:place] + addition + text[place:]


def _cut(text: str, first: int, second: int) -> str:
    start, end = sorted((first % (len(text) + 1), second % (len(text) + 1)))
    return text[start:end]
