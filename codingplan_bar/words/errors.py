"""What went wrong and what to do, in the user's language.

An error is a key with facts, and one table of a language speaks it (`en/errors.py`, `zh/errors.py`). Documents and
stored snapshots hold the English sentence: programs read them, and an earlier version has written them. So a sentence
is found again by its English words, and its facts are told in the user's language. What the server said itself is a
fact and stays as it is; a sentence that is unknown is never shown in another language than the user's: the error's
code says what happened.
"""

from __future__ import annotations

from functools import cache, lru_cache

from codingplan_bar.words import ELLIPSIS, filled, listed, tidied
from codingplan_bar.words.en import WORDS as BARS
from codingplan_bar.words.en.errors import ERRORS as ENGLISH
from codingplan_bar.words.en.errors import STORES as ENGLISH_STORES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MONTHS = BARS["months"].split()
LISTS = frozenset({"windows", "fields", "browsers", "choices", "names"})
"""The facts that are lists."""
AS_TYPED = frozenset({"choices", "guess", "name", "names", "profile"})
"""The facts that a user types so, in each language."""
LEAST = 8
"""Characters: a sentence with fewer of its own, beside its gaps, might be found in anything."""
CUT = "…"
SMALL, CAPITAL = "the ", "The "
"""How a fact of our own words begins, the proxy say, and how it does where a sentence begins with it."""


def english(key: str, facts: Mapping[str, object] | None = None) -> str:
    """The English sentence of a key; any other text is itself. A list becomes its items with commas."""
    named = {name: ", ".join(fact) if isinstance(fact, (list, tuple)) else fact for name, fact in (facts or {}).items()}
    pattern = ENGLISH.get(key, "")
    said = pattern.format_map(named) if pattern else key
    return CAPITAL + said.removeprefix(SMALL) if pattern.startswith("{") and said.startswith(SMALL) else said


def error_text(code: str, message: str, hint: str, words: Mapping[str, str]) -> tuple[str, str]:
    """What happened and what to do, for an error's code and its English texts. `words` are those of the bars."""
    if words["language"] == "en":
        return message or ENGLISH.get(code, ""), hint
    from codingplan_bar.words.zh.errors import ERRORS

    happened = in_language(message, words) or ERRORS.get(code, message)
    return happened, (in_language(hint, words) or ERRORS.get(f"{code}.hint", hint)) if hint else ""


STOPS = (".", "!", "?", ELLIPSIS, "。", "！", "？")
"""The marks that end a sentence."""


def in_a_row(texts: Iterable[str], language: str) -> str:
    """Sentences one behind another, without the empty ones. One that another follows has a full stop.

    A server's own text, with which a sentence may end, has none at times.
    """
    *before, last = list(filter(None, texts)) or [""]
    stop = "。" if language == "zh" else "."
    return tidied(" ".join([*(text if text.endswith(STOPS) else text + stop for text in before), last]))


def in_language(said: str, words: Mapping[str, str]) -> str:
    """An English sentence of ours in the language of `words`; empty for a sentence that is not ours."""
    if words["language"] == "en":
        return said
    key, facts = found(said)
    if not key:
        return ""
    told = {name: _fact(name, fact, words) for name, fact in facts.items()}
    return filled(sentences(words["language"])[key], **told)


@cache
def sentences(language: str) -> Mapping[str, str]:
    """Each sentence about a failure by its key, with gaps for its facts; those about a wrong setting among them."""
    if language == "zh":
        from codingplan_bar.words.zh import settings
        from codingplan_bar.words.zh.errors import ERRORS, STORES

        return {**STORES, **ERRORS, **_of_settings(settings.REASONS, settings.FAULTS, "")}
    from codingplan_bar.words.en import settings as words

    return {**ENGLISH_STORES, **ENGLISH, **_of_settings(words.REASONS, words.FAULTS, " ")}


def _of_settings(reasons: Mapping[str, str], faults: Mapping[str, str], space: str) -> dict[str, str]:
    """What is wrong with a setting and why, with a guess behind it or none, and the steps (`Fault.said` joins them)."""
    wrong = {f"wrong.{key}": faults["wrong"].replace("{reason}", reason) for key, reason in reasons.items()}
    wrong |= {key: faults[key] for key in ("unknown", "no variable", "capitals", "toml", "unreadable")}
    guessed = {f"{key} guess": space.join((told, faults["guess"])) for key, told in wrong.items()}
    guessed["toml wide"] = space.join((faults["toml"], faults["wide"]))
    limiting = space.join((faults["no request"], faults["correct"]))
    steps = {"correct": limiting, **{key: faults[key] for key in ("correct file", "open file", "guess")}}
    return {**wrong, **guessed, **steps}


@lru_cache(maxsize=16)
def found(said: str) -> tuple[str, Mapping[str, str]]:
    """The key and the facts of an English sentence: of several keys the one that shares most words; empty for none."""
    best, facts, most = "", {}, -1
    whole = said.removesuffix(CUT)
    for first, longest, key, pattern in _by_words():
        if not said.startswith(first) and (whole is said or not first.startswith(whole)):
            continue  # nearly all of them
        if not first and longest not in said:
            continue  # nearly all that begin with a gap
        there, own = facts_in(pattern, said)
        if there is not None and own > most and (own >= LEAST or "{" not in pattern):
            best, facts, most = key, there, own
    return best, facts


@cache
def _by_words() -> tuple[tuple[str, str, str, str], ...]:
    """Each English sentence: its words before the first gap, its longest words, its key, and all with its gaps."""
    pieces = {key: [piece.rpartition("}")[2] for piece in said.split("{")] for key, said in sentences("en").items()}
    return tuple((pieces[key][0], max(pieces[key], key=len), key, said) for key, said in sentences("en").items())


def facts_in(pattern: str, said: str) -> tuple[dict[str, str] | None, int]:
    """What stands in the gaps of a pattern, and how many characters beside its gaps the sentence has.

    None where the sentence is not one of it. A cut end is overlooked: a gap that it took holds its sign.
    """
    first, *parts = pattern.split("{")
    facts = {part.partition("}")[0]: CUT for part in parts}
    if not said.startswith(first):
        return (facts, len(said)) if _is_cut(first, said) else (None, 0)
    own, rest = len(first), said[len(first) :]
    for number, part in enumerate(parts, start=1):
        name, _, text = part.partition("}")
        last = number == len(parts)
        value, there, rest = (
            (rest.removesuffix(text), text, "") if last and rest.endswith(text) else rest.partition(text)
        )
        facts[name] = value
        if not there and text:
            return (facts, own) if said.endswith(CUT) and first else (None, 0)
        own += len(text)
    return (None, 0) if rest else (facts, own)


def _is_cut(own: str, said: str) -> bool:
    """Whether a sentence ends in the midst of the pattern's first words."""
    return said.endswith(CUT) and len(said) > LEAST * 3 and own.startswith(said.removesuffix(CUT))


def _fact(name: str, value: str, words: Mapping[str, str]) -> str:
    if name == "day":
        return _day(value, words)
    if name == "where":
        return in_file(value)
    if name in AS_TYPED:
        return listed(value.split(", "), words["language"])
    if name in LISTS:
        items = value.replace(" and ", ", ").split(", ")
        return listed((in_language(each, words) or each for each in items), words["language"])
    within = SMALL + value.removeprefix(CAPITAL) if value.startswith(CAPITAL) else ""
    told = in_language(value, words) or (in_language(within, words) if within else "")
    return told or (in_toml(value) if name == "reason" else "") or value


def in_file(where: str) -> str:
    """A file and its line, `FILE line 4`, in Chinese; another place as it is."""
    from codingplan_bar.words.zh.settings import PLACES

    file, found, line = where.rpartition(" line ")
    return PLACES["line"].format(file=file, line=line) if found and line.isdigit() else where


def in_toml(said: str) -> str:
    """Where TOML's parser has stopped, in Chinese: `tomllib` says what is wrong in English alone. Empty without it."""
    from codingplan_bar.words.zh.settings import PLACES

    line, found, column = said.partition(" (at line ")[2].removesuffix(")").partition(", column ")
    if found:
        return PLACES["column"].format(line=line, column=column)
    return PLACES["end"] if said.endswith("(at end of document)") else ""


def _day(said: str, words: Mapping[str, str]) -> str:
    """A date such as `Nov 26, 2026` in the user's words; any other text as it is."""
    date = said.replace(",", "").split(" ")
    if len(date) not in (2, 3) or date[0] not in MONTHS:
        return said
    month = words["months"].split()[MONTHS.index(date[0])]
    return words["date" if len(date) == 2 else "date_of_year"].format(month=month, day=date[1], year=date[-1])
