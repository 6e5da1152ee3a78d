"""The menu that SwiftBar, xbar and Argos draw: one grammar, three dialects of its parameters.

The first line is the bar; after `---` each line is an item, `--` in front makes it a submenu's. What follows the
first `|` of a line are its parameters, and there is no way to escape it: `|` and the backslash are shown by their
full-width twins, no text begins with a dash, and none holds the `~~~` that begins SwiftBar's next print.
"""

from codingplan_bar.bars import tooltip
from codingplan_bar.bars.phrases import REQUESTS, aligned, unit_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from codingplan_bar.bars.view import View
    from codingplan_bar.bars.windows import Row

AMOUNTS = ("used", "left", "total")
DETAILS = (*AMOUNTS, "reset_at", "pace")


class Dialect:
    """How one of the three spells what the others spell differently, as parameters of a line.

    `verbatim`: what keeps a text as it is; `fixed_width`: a font for a table; `color`: the colour of a tone;
    `click`: what runs this program with an argument, and reads the menu again; `drawn`: the bar's line, and what
    says how it is to be read, where one colour for all of it is not enough; `beside`: what it draws beside the bar's
    line, or beside a window's.
    """

    def __init__(
        self,
        *,
        verbatim: str,
        fixed_width: str,
        color: "Callable[[View, str], str]",
        click: "Callable[..., str]",
        drawn: "Callable[[View], tuple[str, str]] | None" = None,
        beside: "Callable[[View, Row | None], list[str]]" = lambda _view, _row: [],
    ) -> None:
        """Keep the six."""
        self.drawn = drawn
        self.beside = beside
        self.verbatim = verbatim
        self.fixed_width = fixed_width
        self.color = color
        self.click = click


def render(view: "View", dialect: "Dialect") -> str:
    """The bar's line and the menu, without a final new line."""
    opens, settings = parameter("href", view.dashboard), dialect.click(view, "preferences")
    return "\n".join(
        [
            _first(view, dialect),
            "---",
            _headline(view, dialect),
            *_windows(view, dialect),
            *_notes(view, dialect, opens, settings),
            "---",
            _line(view.words["sign_in" if view.asks_for_sign_in else "open"], opens),
            _line(view.words["refresh"], dialect.click(view, "refresh", "--click", *_asked(view))),
            _line(view.words["copy"], dialect.click(view, "copy", *_asked(view))),
            _line(view.words["preferences"], settings),
        ]
    )


def plain(text: str) -> str:
    """Text that all three show as it is, but for a few characters that become their look-alikes."""
    shown = text.replace("|", "\uff5c").replace("\\", "\uff3c").replace("~~~", "\u223c\u223c\u223c").strip()
    return "\u2010" + shown[1:] if shown.startswith("-") else shown


def parameter(name: str, value: str) -> str:
    """`name="value"`, in quotes of a kind that the value has not.

    Empty where neither kind can hold it: SwiftBar and xbar have no escape for what ends a value.
    """
    if not value.isprintable() or "\\" in value or {"'", '"'} <= set(value):
        return ""
    return f"{name}='{value}'" if '"' in value else f'{name}="{value}"'


def click(view: "View", *command: str) -> str:
    """Runs this program with these arguments (SwiftBar, xbar); nothing where its path cannot be written."""
    program, *arguments = [*view.program, *command]
    words = [parameter(f"param{number}", text) for number, text in enumerate(arguments, start=1)]
    words.insert(0, parameter("bash", program))
    return " ".join([*words, "terminal=false", "refresh=true"]) if all(words) else ""


def _line(text: str, *parameters: str, level: int = 0) -> str:
    return " ".join(["--" * level + plain(text), "|", *filter(None, parameters)])


def _asked(view: "View") -> tuple[str, ...]:
    """The option of the plan that this bar was asked to show, which a click does not inherit."""
    return ("--plan", view.facts["asked"]) if "CODINGPLAN_BAR_PLAN" in view.environ and "asked" in view.facts else ()


def _first(view: "View", dialect: "Dialect") -> str:
    """The bar's line."""
    if dialect.drawn:
        return _line(*dialect.drawn(view))
    return _line(view.text, dialect.verbatim, dialect.color(view, view.state), *dialect.beside(view, None))


def _headline(view: "View", dialect: "Dialect") -> str:
    """What stops first, in its colour: one line."""
    text, tone = tooltip.summary(view)
    return _line(f"{view.sign_of(tone)} {text}", dialect.verbatim, dialect.color(view, tone))


def _notes(view: "View", dialect: "Dialect", opens: str, settings: str) -> list[str]:
    """The notes; on a click those that want something open where it is done, since what cannot be clicked is grey.

    `opens` and `settings` are what a click on them does.
    """
    is_ours = view.facts["problem.code"] == "config"
    notes = [
        *((note, "") for note in tooltip.told_lines(view)),
        *((note, opens) for note in tooltip.session_lines(view)),
        *((note, settings) for note in tooltip.fault_lines(view)),
        *((note, settings if is_ours else opens) for note in tooltip.wrong_lines(view)),
    ]
    return [_line(note, dialect.verbatim, click) for note, click in notes]


def _with_unit(field: str, row: "Row") -> str:
    """A detail of a window; an amount has its unit, where that is not requests."""
    value = row.value(field)
    is_bare = field not in AMOUNTS or row.unit in REQUESTS or not value[-1:].isdigit()
    return value if is_bare else f"{value} {unit_in(row.unit, row.words)}"


def _windows(view: "View", dialect: "Dialect") -> list[str]:
    lines = []
    for row, text in zip(view.rows, aligned(view.table), strict=True):
        looks = dialect.fixed_width, dialect.color(view, row.tone), *dialect.beside(view, row)
        lines.append(_line(text, dialect.verbatim, *looks))
        details = [(view.words[field], _with_unit(field, row)) for field in DETAILS]
        lines += [_line(f"{word}: {value}", dialect.verbatim, level=1) for word, value in details if value]
    return lines
