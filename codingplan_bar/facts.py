"""The facts: what the cold road has compiled for the bars, as one small text file; and how worrying they are.

Its first line names the format, then one `key value` a line, and a last line `end`. The cold road has cleaned every
value of outside text, so none holds a control character. The warm road reads this file and nothing else; it is
good as long as what it was made from (`inputs`) is as it was.

Imports nothing but `os`: the bar's road goes through here.
"""

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMAT = "codingplan-bar facts 1"
GAP = "\x1f"
"""Between two paths in one fact."""
SETTING_PREFIX = "CODINGPLAN_BAR_"
"""A setting's variable is this and the setting's name in capitals."""
DISPLAY_SETTINGS = (
    "PLAN",
    "REFRESH_INTERVAL",
    "WINDOWS",
    "SHOW",
    "FORMAT",
    "TOOLTIP_FORMAT",
    "THRESHOLDS",
    "ICONS",
    "LANGUAGE",
    "POLYBAR_LANGUAGE",
    "THEME",
    "COLORS",
)
PLANS = {"auto": "auto", "coding": "coding-plan", "token": "token-plan", "team": "token-plan-team"}
"""The plans that a bar can be asked to show, by what `--plan` calls them in short (`plans.ASKED`; a test compares)."""
ASKING_SETTINGS = (
    "SOURCE",
    "REGION",
    "REGION_FALLBACK",
    "COOKIE_SOURCE",
    "COOKIE_HEADER",
    "API_KEY",
    "BL_PATH",
    "BROWSERS",
    "CA_BUNDLE",
    "PROXY",
)
"""What says who asks whom; a few are secret, so no value of theirs is ever in the facts."""
OTHER_SETTINGS = (
    "TIMEOUT",
    "NOTIFICATIONS",
    "SESSION_ALERT",
    "LAPSE_ALERT",
    "PLAN_ALERT",
    "ON_THRESHOLD",
    "REQUIRE_ALL",
)
"""What changes neither a line nor an answer, and the tests' own."""
PROVIDERS_PREFIX = "ALIBABA_CODING_PLAN_"
CREDENTIALS = frozenset(
    (
        *("ALIBABA_QWEN_API_KEY", "DASHSCOPE_API_KEY", "DASHSCOPE_ACCESS_TOKEN"),
        *("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"),
        *("BAILIAN_ACCESS_KEY_ID", "BAILIAN_ACCESS_KEY_SECRET", "BAILIAN_SECURITY_TOKEN"),
    )
)
"""The other variables that somebody asks with (`environment` has their meaning; a test compares)."""
_HEXADECIMAL = "0123456789abcdefABCDEF"
_OF_AN_ADDRESS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/?#=%"
KNOWN = frozenset((*DISPLAY_SETTINGS, *ASKING_SETTINGS, *OTHER_SETTINGS))


def bar_environment(environ: "Mapping[str, str]") -> str:
    """What the environment carries that a bar's facts depend on, as one line; empty where it carries nothing of it.

    That is the display settings, and who asks: numbers of another account are no news to it. A variable that names no
    setting counts too, by its name alone: it puts a mark on the line.
    """
    ours = [name for name in environ if name.startswith(SETTING_PREFIX)]
    set_here = [name for name in DISPLAY_SETTINGS if SETTING_PREFIX + name in ours] if ours else ()
    unknown = [name for name in ours if name.removeprefix(SETTING_PREFIX) not in KNOWN]
    named = [f"{name}={environ[SETTING_PREFIX + name]!r}" for name in set_here]
    return " ".join(filter(None, [*named, *sorted(map(repr, unknown)), asker(environ)]))


def asker(environ: "Mapping[str, str]") -> str:
    """A fingerprint of the variables that say who asks whom; empty without any. None can be read out of it."""
    said = sorted((name, value) for name, value in environ.items() if _says_who_asks(name))
    if not said:
        return ""
    from _blake2 import blake2b  # what `hashlib` is made of, without what costs some milliseconds

    return str(blake2b(repr(said).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest())


def _says_who_asks(variable: str) -> bool:
    if variable.startswith(SETTING_PREFIX):
        return variable[len(SETTING_PREFIX) :] in ASKING_SETTINGS
    return variable.startswith(PROVIDERS_PREFIX) or variable in CREDENTIALS


def file_name(environment: str) -> str:
    """The facts' own file name: bars that are started with other display settings have other facts.

    The number only spreads the names; the line `environment` inside the file decides.
    """
    if not environment:
        return "bar.txt"
    number = int.from_bytes(environment.encode("utf-8", "surrogateescape"), "big") % 0xFFFFFFFFFFFFFFC5
    return f"bar-{number:016x}.txt"


def marker_name(environment: str) -> str:
    """The name of the file that says that these facts are being made again."""
    return file_name(environment) + ".asked"


def inputs(*paths: str) -> str:
    """What the facts are made from, as it is now: changes whenever one of the files is replaced."""
    return " ".join(_state(path) for path in paths)


def dumps(facts: "Mapping[str, str]") -> str:
    """The facts as text. Raises ValueError for a value of several lines."""
    if any("\n" in value for value in facts.values()):
        raise ValueError("a fact is one line")
    return "\n".join([FORMAT, *(f"{key} {value}" for key, value in facts.items()), "end\n"])


def loads(text: str) -> dict[str, str] | None:
    """The facts in a text; None if the text has another format, or is not whole."""
    if not text.startswith(FORMAT + "\n") or not text.endswith("\nend\n"):
        return None
    return dict([line.partition(" ")[::2] for line in text.split("\n")[1:-2]])


def are_safe(known: "Mapping[str, str]") -> bool:
    """Whether the facts that go into a bar's markup unescaped are safe there: each colour, and a click's address."""
    looks = (is_look(name, known[name]) for name in known if name.startswith(("color.", "theme.", "own.")))
    address = known.get("dashboard", "")
    return all(looks) and address.startswith("https://") and not address.strip(_OF_AN_ADDRESS)


def is_look(name: str, value: str) -> bool:
    """Whether a fact of that name may have that value: a ground, how opaque paler text is, or a colour."""
    if name.endswith(".ground"):
        return value in ("dark", "light")
    if name.endswith(".dim"):
        return value[-1:] == "%" and 0 < len(value) < 5 and not value[:-1].strip("0123456789")
    return _is_color(value)


def on(known: "Mapping[str, str]", place: str) -> "Mapping[str, str]":
    """The facts as that bar, or its tooltip, shows them: in its own colours and language, where these are known."""
    own = f"own.{place}."
    found = {"theme." + name[len(own) :]: value for name, value in known.items() if name.startswith(own)}
    if language := known.get(f"language.{place}"):
        found["language"] = language
    return {**known, **found} if found else known


def _is_color(value: str) -> bool:
    return len(value) == 7 and value[0] == "#" and not value[1:].strip(_HEXADECIMAL)


def _state(path: str) -> str:
    try:
        found = os.stat(path)
    except OSError:
        return "-"
    owner = "" if found.st_uid == os.getuid() else f":{found.st_uid}"  # another user's file is not read as one's own
    return f"{found.st_mtime_ns}:{found.st_size}:{found.st_ino}{owner}"


# How worrying it is, decided here for the bars, the alerts, `guard` and the JSON alike: from what is used of a window
# and from what is foretold of it.

LEVELS = ("ok", "runs_out", "warning", "critical")
"""Of one window, the calmest first."""
STATES = (*LEVELS, "active", "stale", "error", "signed_out")
"""Of all that is known; `active` is a plan without counters."""
SIGNED_OUT = ("login_required", "missing_credentials", "invalid_cookie")
"""The errors by which there is nothing valid to ask with."""
BY_SIGN_IN = frozenset({"login_required", "missing_credentials"})
"""The words of the bars by which a sign-in mends that; what else does has a word of its own."""
NOT_ASKED = "not_asked"
"""Nothing is known of this yet. That is not an error."""
NO_LIMIT = 10**12
"""A total beyond this is larger than any quota: it stands for no limit, in the bars and in the alerts."""
CLOCK_SLACK = 60
"""Seconds by which what is stored may be of a later time than now, before the clock counts as set back."""
LAST_DAY = 86_400
"""Seconds before the plan's end from which on a bar's line says it."""
ROUNDING = 1e-9
"""Percent by which a threshold may be missed: as a float, 57 of 100 is a little less than 57 percent."""


def level(
    used: float, total: float, outlook: str, thresholds: "Sequence[float]", packs: "Sequence[float]" = (0, 0)
) -> str:
    """One of `LEVELS`. `outlook` is what is foretold of the window, `thresholds` are those of warning and critical.

    `packs` is what extra packs have left, and hold in all: they are drawn on once the window is used up, so that their
    used share counts from then on.
    """
    if used >= total and packs[0] > 0:
        used, total, outlook = max(packs) - packs[0], max(packs), ""
    warning, critical = thresholds
    percent = min(max(used, 0), total) / total * 100 + ROUNDING
    if used >= total or percent >= critical:
        return "critical"
    if percent >= warning:
        return "warning"
    return "runs_out" if outlook == "runs_out" else "ok"


def is_old(age: float | None, interval: float) -> bool:
    """Whether numbers of that age, in seconds, are stale: more than two intervals, or of a clock that went back (None).

    A refresh that failed since makes them no older.
    """
    return age is None or age > 2 * interval


def state(code: str, levels: "Sequence[str] | None", *, answered: bool, is_old: bool) -> str:
    """One of `STATES`, the first that fits: error, signed_out, stale, then the highest level of the windows shown.

    `code` is the error since, empty for none; `answered`: there has been an answer before it. `levels` are those of
    the windows whose number is known, None for a plan without counters.
    """
    if code in SIGNED_OUT:
        return "signed_out"
    if not answered:
        return "stale" if code == NOT_ASKED else "error"
    if is_old or levels == []:
        return "stale"
    return "active" if levels is None else max(levels, key=LEVELS.index)
