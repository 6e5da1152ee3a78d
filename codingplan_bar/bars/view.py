"""The view: compiled facts and the time of day become states, texts and rows for the adapters. Pure."""

import sys

from codingplan_bar.bars import phrases, template
from codingplan_bar.bars.signs_and_colors import COLORS, SIGNS, TONE, mark, unmarked
from codingplan_bar.bars.windows import LINE, Row, binding, every_name, is_fact, most_used, names_in, packs_in
from codingplan_bar.facts import BY_SIGN_IN, CLOCK_SLACK, LAST_DAY, NOT_ASKED, SIGNED_OUT, is_old, state
from codingplan_bar.words import whole_percent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


# Facts and the time of day to a view: which windows, how worried, how old, in which words.
#
# Knows no bar's syntax and no clock. All that an adapter shows is an attribute of `View`. What stands below the line,
# in a tooltip or a menu, is composed in `tooltip`, which a bar without one never imports.

PROGRAM = (sys.executable, "-P", "-m", "codingplan_bar")
FAULT = "*"
"""Behind the line where a setting is wrong: a footnote, whose text is in the tooltip and in `status`."""


class View:
    """What is shown now. Every text is one line, cleaned, and not yet escaped for any bar.

    `state` is one of `facts.STATES`: the highest level of the windows shown, unless they are old or something is
    wrong. The percentage is the `most_used` window's. `binding` is the one that stops its owner first: the short line
    names it. Each is None where no number is known. `age` is in seconds, None where the clock went back.
    """

    facts: "Mapping[str, str]"
    outside: "Callable[[str], str]" = str
    """What is made of each text from outside before it is put among ours; as it is, where an adapter escapes it."""

    def __init__(self, facts: "Mapping[str, str]", now: float, environ: "Mapping[str, str]") -> None:
        """Decide the state and the binding window; the texts are made when they are asked for.

        `now` in seconds since 1970; of `environ` the locale counts, and what a bar says of itself.
        """
        self.now = now
        self.environ = environ
        self.words: Mapping[str, str] = phrases.words_for(facts["language"], environ, facts.get("language.system", ""))
        self.facts = facts = _as_of(facts, now, self.words["language"])
        age = now - int(facts["fetched_at"])
        self.age = max(age, 0) if age >= -CLOCK_SLACK else None
        self.answered = facts["status"] != "error"
        self.is_replaced = self.answered and "replaced" in facts
        is_stale = self.is_replaced or is_old(self.age, float(facts["interval"]))
        self.is_fresh = self.answered and not is_stale and facts["problem.code"] not in SIGNED_OUT
        self.rows = [Row(name, facts, now, self.words, is_fresh=self.is_fresh) for name in _shown_windows(facts)]
        self.named = template.names(facts["format"])
        self.binding = binding(self.rows)
        self.most_used = most_used(self.rows)
        self.is_on_packs = self.is_fresh and any(row.is_on_packs for row in self.rows)
        levels = [row.level for row in self.rows if row.percent is not None] if self.rows else None
        self.state: str = state(facts["problem.code"], levels, answered=self.answered, is_old=is_stale)
        self.dashboard = facts["dashboard"]
        self.program = PROGRAM
        self.document = facts["document"]

    def changed(self, **changes: object) -> "View":
        """The same view with other facts, its colours say, or `outside` for an adapter that cannot escape."""
        view = View.__new__(View)
        view.__dict__.update(self.__dict__, **changes)
        return view

    @property
    def is_light(self) -> bool:
        """Whether the bar's ground is known to be light."""
        return self.facts.get("theme.ground") == "light"

    @property
    def percentage(self) -> int | None:
        """The used share of the most used window, a whole number of 0 to 100; 100 is all of it."""
        return None if self.most_used is None else whole_percent(self.most_used.percent or 0)

    @property
    def packs(self) -> tuple[float, float]:
        """How much the plan's extra packs have left, and hold in all."""
        return packs_in(self.facts)

    @property
    def used_up(self) -> "list[Row]":
        """The windows of which it is known that nothing is left."""
        return [row for row in self.rows if row.is_used_up]

    @property
    def sign(self) -> str:
        """The state as a sign."""
        return self.sign_of(self.state)

    def sign_of(self, tone: str) -> str:
        """Any state's sign, or tone's, of those that the user wants; empty where it has none."""
        return SIGNS[self.facts["icons"]].get(tone, "")

    @property
    def color(self) -> str:
        """The state's colour on a dark ground, `#rrggbb`; empty: the bar's own."""
        return self.color_of(self.state)

    @property
    def color_on_light(self) -> str:
        """The same on a light ground."""
        return self.color_of(self.state, on_light=True)

    def color_of(self, state: str, *, on_light: bool | None = None) -> str:
        """Any state's colour, or tone's: the user's, else the theme's; ours, where a bar says which ground it is on."""
        state = "critical" if state == "used_up" else state
        if own := self.facts.get("color." + state):
            return own
        if on_light is None:
            if themed := self.facts.get("theme." + state):
                return themed
            on_light = self.is_light
        for_dark, for_light = COLORS.get(state, ("", ""))
        return for_light if on_light else for_dark

    @property
    def text(self) -> str:
        """The line, without its marks."""
        return unmarked(self.line)

    @property
    def short(self) -> str:
        """The line where there is little room, without its marks."""
        return unmarked(self.short_line)

    @property
    def line(self) -> str:
        """The line, marked (`signs_and_colors`): the user's template; all windows where that leaves nothing to see."""
        body = template.fill(self.facts["format"], self.value).replace("\n\n", " · ").replace("\n", " ")
        has_sign = bool(self.rows) and "sign" in self.named and self.sign in body
        return self._framed(body if unmarked(body).strip() else template.windows(self), has_sign=has_sign)

    @property
    def upright(self) -> str:
        """For a bar that stands upright, a few letters wide: what is old or wrong by its sign alone, then the windows.

        The words that a line has besides stand in the tooltip.
        """
        if self.is_fresh:
            return template.upright(self) or self.sign or self.words["active"]
        told = unmarked(template.upright(self))
        fault = FAULT if "fault" in self.facts else ""
        return mark("\n".join(filter(None, (self.sign + fault, told))), self.state)

    @property
    def short_line(self) -> str:
        """The same where there is little room."""
        return self._framed(template.brief(self))

    @property
    def title(self) -> str:
        """The plan and its state."""
        return f"{self.plan} · {self.word}"

    @property
    def word(self) -> str:
        """The state as a word. Until the first request is sent, and where nothing can be asked with, it names that."""
        is_waiting = self.facts["problem.code"] == NOT_ASKED and not self.answered
        return self.trouble if is_waiting or self.state == "signed_out" else self.words[self.state]

    @property
    def trouble(self) -> str:
        """What is wrong, in a word."""
        return self.words.get(self._trouble, self.words["error"])

    @property
    def asks_for_sign_in(self) -> bool:
        """Whether its owner is to sign in: not where a key, a tool or a pasted header is to be put right."""
        return self.state == "signed_out" and self._trouble in BY_SIGN_IN

    @property
    def plan(self) -> str:
        """The plan's name, or what all of them are called."""
        return self.outside(self.facts["plan"]) or self.facts.get("title") or self.words["plan"]

    @property
    def table(self) -> list[list[str]]:
        """A row a window: its name, a bar, the share, what is left, when it resets."""
        return [[row.value(fact) for fact in ("label", "bar", "share", "counted", "reset")] for row in self.rows]

    @property
    def problem(self) -> tuple[str, str]:
        """What went wrong and what to do, in the user's language; both empty where nothing did."""
        language, code = self.words["language"], self.facts["problem.code"]
        place = "problem." if language == "en" else f"problem.{language}."
        message, hint = self.facts.get(place + "message"), self.facts.get(place + "hint", "")
        if code and not message:  # facts of an earlier version
            from codingplan_bar.words import errors as words

            english = self.facts["problem.message"], self.facts["problem.hint"]
            message, hint = words.error_text(code, *english, self.words)
        return self.outside(message or ""), self.outside(hint)

    def value(self, name: str) -> str:
        """What a placeholder stands for; empty where there is nothing to say. Raises KeyError for an unknown one."""
        window, dot, fact = name.partition(".")
        if not dot:
            return template.value(self, name)
        if window not in {*every_name(self.facts), "binding"} or not is_fact(fact):
            raise KeyError(name)
        row = self.row(window)
        if row and fact == LINE:
            return template.told(self, row, "short", "share")
        return row.value(fact) if row else ""

    def row(self, window: str) -> "Row | None":
        """The row of that name; None without one. Where no number is known, the first row stands for `binding`."""
        named = (row for row in self.rows if window in {row.name, "binding"})
        return self.binding if self.binding and window == "binding" else next(named, None)

    def ago(self) -> str:
        """How long ago the numbers were asked for, or why that is not known."""
        if self.age is None:
            return self.words["clock"]
        if self.age < 60:
            return self.words["now"]
        return self.words["ago"].format(phrases.duration(self.age, self.words))

    def updated(self) -> str:
        """How long ago the numbers were asked for, as a sentence's end, or why that is not known."""
        return self.ago() if self.age is None else self.words["updated"].format(self.ago())

    def ends(self) -> str:
        """When the plan ends, or has ended; empty where that is not known."""
        if not self.facts["expires_at"]:
            return ""
        ends = int(self.facts["expires_at"])
        return self.words["ends" if ends > self.now else "ended"].format(phrases.day(ends, self.now, self.words))

    @property
    def _trouble(self) -> str:
        """The name of the word for it: the error's code, unless the error is one of several with words of their own."""
        return self.facts.get("problem.word") or self.facts["problem.code"]

    def _framed(self, body: str, *, has_sign: bool = False) -> str:
        """The line may be the user's own; that it is old, wrong or worrying is said whatever the user wrote.

        Where a window wears its own sign and colour, the rest of the line needs none.
        """
        if not self.rows and self.answered:
            body = f"{self.plan} {self.words['active']}"
        elif not self.rows:
            body = self.trouble
        body = " · ".join([body, *(aside for aside in self._asides() if aside not in body)])
        if self.answered and self.state in {"stale", "signed_out"}:
            body = self.words["dated"].format(body, self.words["other"] if self.is_replaced else self.ago())
        if "fault" in self.facts and (self.answered or self.facts["problem.code"] != "config"):
            body = f"{body} {FAULT}"
        if TONE in body:
            return body
        body = f"{self.sign} {body}" if self.sign and not has_sign else body
        if not self.answered or self.state != "signed_out":
            return mark(body, self.state)
        return f"{mark(body, 'stale')} · {mark(self.trouble, 'signed_out')}"

    def ends_within(self, seconds: float | None = None) -> bool:
        """Whether the plan ends within so many seconds, and its owner wants to be told; by default when they want."""
        told = int(self.facts.get("plan_alert") or 0)
        if not self.answered or not self.facts["expires_at"] or not told:
            return False
        return 0 < int(self.facts["expires_at"]) - self.now <= (told if seconds is None else seconds)

    @property
    def renews_at(self) -> int:
        """When the plan renews itself, if that is so near that its owner wants to be told; else 0."""
        at = int(self.facts.get("renews_at") or 0)
        return at if 0 < at - self.now <= int(self.facts.get("plan_alert") or 0) else 0

    def _asides(self) -> list[str]:
        """What else the line has to say: of most plans nothing, so that nothing more is imported for them."""
        told = [self.words["other_account"]] if self.answered and self.facts.get("session.moved") else []
        if not self.is_on_packs and not self.ends_within(LAST_DAY):
            return told
        from codingplan_bar.bars.plan_notes import asides

        return [*told, *asides(self)]


def _as_of(facts: "Mapping[str, str]", now: float, language: str) -> "Mapping[str, str]":
    """The facts as they stand now: those of no plan, where its end has come since the provider was asked.

    An end that lay behind it even then says nothing: the provider called that plan alive all the same.
    """
    end = facts["expires_at"]
    if not end or facts["status"] == "error" or not int(facts["fetched_at"]) < int(end) <= now:
        return facts
    from codingplan_bar.bars.plan_notes import without_plan

    return without_plan(facts, now, language)


def _shown_windows(facts: "Mapping[str, str]") -> list[str]:
    """The windows that the user wants to see and the provider gave; all that it gave, where that leaves none."""
    given = names_in(facts)
    return [name for name in facts["windows"].split(",") if name in given] or given
