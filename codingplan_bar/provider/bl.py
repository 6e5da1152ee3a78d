"""The provider's own tool `bl` as a source: where it lies, how it is run, and what its print says."""

from __future__ import annotations

import errno
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from codingplan_bar import process
from codingplan_bar.credentials.other_tools import program_of_bl
from codingplan_bar.errors import (
    ApiError,
    BadResponse,
    CodingPlanError,
    ConfigError,
    InternalError,
    InvalidCredentials,
    LoginRequired,
    MissingCredentials,
    NetworkFailure,
    NoPlan,
    NotAuthorised,
    RateLimited,
    TokenRejected,
    UnknownRoute,
)
from codingplan_bar.model import Instant, Plan, Reading
from codingplan_bar.plans import CODING_PLAN, PLANS, TOKEN_PLAN, PlanKind
from codingplan_bar.provider.envelope import READ_LIMIT, is_envelope_text, kind_of, unreadable
from codingplan_bar.provider.http_answers import REFUSALS, is_strangers, stranger
from codingplan_bar.provider.plan_fields import counted
from codingplan_bar.provider.token_plan import none_of, shares_in
from codingplan_bar.provider.values import decode, name, number
from codingplan_bar.text import clean
from codingplan_bar.transport.request import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codingplan_bar.model import SourceName
    from codingplan_bar.process import Finished
    from codingplan_bar.provider.values import Frame
    from codingplan_bar.regions import Region
    from codingplan_bar.transport.request import Deadline


# The answer of the provider's own tool: `bl usage coding-plan --output json`.

WINDOWS = tuple(name for span in CODING_PLAN.windows for name in span.fields.own)
PRINTED = TOKEN_PLAN.field_names | {*WINDOWS, "instanceType"}
USAGE, SIGN_IN, QUOTA, TIME_OUT, NETWORK = 2, 3, 4, 5, 6
"""The tool's exit codes, which its `error.code` repeats; 1 is an answer of the gateway."""


_STATUS = re.compile(r"gateway failed: HTTP (\d{3})\b")
"""The tool's words for an answer that is not 200: its `hint` is then the beginning of the body."""
_A_PAGE = re.compile(r"<(!doctype|html|head|body|meta|title)\b|unexpected token '?<", re.IGNORECASE)
"""What Node.js says of a page where it expected JSON."""


def read_tool(payload: object, *, now: Instant) -> Reading:
    """Return what the tool said; its own `percentage` is left alone, since used and total say it.

    The tool prints `{}` where there is no valid plan, so a plan's type alone is proof of one.

    Raises what `raise_for_tool_error` raises, `NoPlan` for `{}`, and `BadResponse` where nothing could be read.
    """
    raise_for_tool_error(payload)
    if payload == {}:
        raise NoPlan("tool.no_plan")
    answer = payload if isinstance(payload, dict) else {}
    windows, left_out = counted({key: answer.get(key) for key in WINDOWS}, now=now)
    plan = name(answer.get("instanceType"))
    if not windows and plan is None:
        raise unreadable(payload, left_out)
    return Reading(Plan(plan), windows, left_out)


def raise_for_tool_error(payload: object, *, exit_code: int = 0) -> None:
    """Raise for `{"error": {"code", "message", "hint"}}`, or for an exit code; return where there is neither.

    The tool's own words are weighed and never shown. Raises `LoginRequired`, `NotAuthorised`,
    `NetworkFailure` or `ApiError`.
    """
    error = payload.get("error") if isinstance(payload, dict) else None
    if error is None and exit_code == 0:
        return
    told = error if isinstance(error, dict) else {"message": error}
    code = number(told.get("code"))
    words = " ".join(
        clean(text, READ_LIMIT) for text in (told.get("code"), told.get("message")) if isinstance(text, str)
    )
    if _tells_of_a_stranger(told):
        raise stranger()
    raise _tool_error(exit_code if code is None else code, words)


def _tells_of_a_stranger(told: Frame) -> bool:
    """Whether the tool took a stranger's answer for the provider's, by the rules for our own requests."""
    message, body = (_as_text(told.get(key)) for key in ("message", "hint"))
    status = _STATUS.search(message)
    if status is None:
        return bool(_A_PAGE.search(message[:READ_LIMIT]))
    answer = Answer(int(status[1]), body=body.encode("utf-8", "replace"))
    refused = answer.status in REFUSALS and (not body.strip() or is_envelope_text(body))
    return is_strangers(answer) and not refused


def _as_text(value: object) -> str:
    """A text, or the JSON that it was before it was opened."""
    return value if isinstance(value, str) else json.dumps(value)


def _tool_error(code: float, words: str) -> CodingPlanError:
    """Say in our own words what a code and the tool's words mean."""
    kind = kind_of(words)
    if code == SIGN_IN or kind in (LoginRequired, TokenRejected, InvalidCredentials) or "nopermission" in words.lower():
        return LoginRequired("tool.signed_out")
    if kind is NotAuthorised:
        return NotAuthorised("tool.no_permission")
    if kind is RateLimited:
        return RateLimited("tool.wait")
    if code in (TIME_OUT, NETWORK):
        return NetworkFailure("tool.network")
    if code == USAGE or kind is UnknownRoute:
        return ApiError("tool.usage", hint="tool.update.hint")
    return ApiError("tool.quota" if code == QUOTA else "tool.error")


# Where the provider's tool lies, where it keeps its login, and what of the environment it gets to see.

SETTING = "bl_path"

PASSED = frozenset(
    (
        *("HOME", "USER", "LOGNAME", "PATH", "TMPDIR", "TZ", "LANG", "LANGUAGE"),
        # The tool itself reads the proxies in capitals alone; what runs it may be a script of the user's.
        *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
        *("NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA", "SSL_CERT_FILE", "SSL_CERT_DIR"),
        "BAILIAN_CONFIG_DIR",
    )
)
"""The variables that are passed on, with all of `LC_` and `XDG_`: no key, no cookie, no `NODE_OPTIONS`."""

ADDED = {"NO_COLOR": "1", "DO_NOT_TRACK": "1", "DASHSCOPE_TIMEOUT": "15"}
"""It is a bar that asks, every few minutes: no colours, no report on the use of the tool, and no waiting for minutes
(seconds) should this program be killed meanwhile."""


def find(environ: Mapping[str, str], *, named: str = "") -> str:
    """The tool's path: what the setting `bl_path` names, else the first `bl` on the PATH, in an absolute folder.

    Raises `MissingCredentials` without the program, `ConfigError` where `bl_path` is not the path of a program.
    """
    found = program_of_bl(environ, named)
    if found is None:
        raise MissingCredentials("tool.missing")
    if named and not found.startswith("/"):
        raise ConfigError("tool.relative", where=SETTING)
    if named and not (os.path.isfile(found) and os.access(found, os.X_OK)):
        raise ConfigError("tool.no_program", where=SETTING)
    return found


def environment(environ: Mapping[str, str], command: str) -> dict[str, str]:
    """What the tool gets to see. The tool's own folder comes first on the PATH.

    A bar that the desktop started knows nothing of a version manager's folders; the Node.js that the tool was
    installed with lies beside it.
    """
    passed = {name: value for name, value in environ.items() if name in PASSED or name.startswith(("LC_", "XDG_"))}
    path = os.pathsep.join(filter(None, (str(Path(command).parent), environ.get("PATH"))))
    return {**passed, **ADDED, "PATH": path}


def with_settings(environ: Mapping[str, str], *, proxy: str, ca_bundle: str) -> dict[str, str]:
    """The environment with these settings, by the variables that the tool and its Node.js read.

    Neither reads a SOCKS proxy or a folder of certificates.
    """
    bundle = os.path.expanduser(ca_bundle)  # noqa: PTH111 - does not raise where there is no home
    given = {
        "HTTPS_PROXY": "" if proxy.lower().startswith("socks") else proxy,
        "NODE_EXTRA_CA_CERTS": bundle if os.path.isfile(bundle) else "",
    }
    return {**environ, **{name: value for name, value in given.items() if value}}


# What the provider's tool printed: the JSON object in it, among notices, warnings and colours, if there is one.

MOST_TRIES = 20
"""So many beginnings of an object are looked at: a stream may be 1 MiB of them."""

_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\))")
_BEGINS = re.compile(r"^[ \t]*(?=\{)", re.MULTILINE)
_COMPLAINT = re.compile(r"^[ \t]*Error:[ \t]*(\S[^\r\n]{0,999})", re.MULTILINE)
_VERSION = re.compile(r"^(?:bl|bailian)(?:-cli)?[ /]v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?!\d)", re.MULTILINE)
_DECODER = json.JSONDecoder()


def answer_in(finished: Finished) -> Frame | None:
    """The answer, or None: the last object that begins a line, on stdout, else on stderr.

    Of a tool that failed, it is the last one with an `error`, on either stream, else the text behind `Error:`: the
    tool prints errors that are not of its own making as text, also where it was asked for JSON.
    """
    stderr, stdout = (_text_of(stream) for stream in (finished.stderr, finished.stdout))
    said = [*_objects(stderr), *_objects(stdout)]
    if finished.exit_code:
        said = [frame for frame in said if "error" in frame] or [*_complaints(stdout), *_complaints(stderr)]
    return said[-1] if said else None


def is_certain(answer: Frame | None, exit_code: int) -> bool:
    """Whether only the provider's tool can have said that, and only one that knows the question."""
    if answer is None:
        return False
    error = answer.get("error")
    if isinstance(error, dict):
        code = number(error.get("code"))  # the tool exits with the code that it prints
        return code not in (None, USAGE) and exit_code in (0, code)
    return not exit_code and (not answer or not PRINTED.isdisjoint(answer))


def version_in(finished: Finished) -> tuple[int, int, int] | None:
    """The version in the answer to `--version`, such as `bl 1.15.1`; None if it is not the tool's answer."""
    found = _VERSION.search(_text_of(finished.stdout))
    return (int(found[1]), int(found[2]), int(found[3])) if found and not finished.exit_code else None


def _text_of(stream: bytes) -> str:
    """A stream as text, without what colours it."""
    return _ESCAPES.sub("", stream.decode("utf-8", "replace"))


def _objects(text: str) -> Iterator[Frame]:
    """Each JSON object that begins a line, but for those inside another one."""
    place = 0
    for _ in range(MOST_TRIES):
        begin = _BEGINS.search(text, place)
        if begin is None:
            return
        place = _end_of_object(text, begin.end())
        yield from _read(text[begin.end() : place])


def _end_of_object(text: str, begin: int) -> int:
    """Where the object ends; if it is something else after all, just behind its beginning."""
    try:
        return _DECODER.raw_decode(text, begin)[1]
    except (ValueError, RecursionError):
        return begin + 1


def _read(text: str) -> Iterator[Frame]:
    """The object in a text, within the bounds of every answer."""
    try:
        frame = decode(text)
    except BadResponse:
        return
    if isinstance(frame, dict):
        yield frame


def _complaints(text: str) -> Iterator[Frame]:
    """The text behind the first `Error:`, as the object that it would have been."""
    found = _COMPLAINT.search(text)
    if found:
        yield {"error": found[1]}


# Tool mode: the quota by the provider's own tool, which signs in by itself and needs no cookie of ours.

FORMAT = ("--output", "json", "--quiet")
"""Without `--quiet` the tool may install a new version of itself, right in the middle of a refresh."""

SITES = {"intl": "international", "cn": "domestic"}
OLDEST, KNOWS_THE_MONTH = (1, 15, 1), (2, 2, 0)
"""The first version that knows the Coding Plan, and the first that prints the month of a Token Plan: one before that
prints `{}` for such a plan, which says nothing."""
LONGEST = 15.0
"""Seconds that one run may take, so that a tool that hangs leaves time for the source after it."""

_NOT_STARTED = (126, 127)
"""What a shell and `env` exit with where they cannot start a program: its interpreter, which is Node.js."""

_NOT_NOW = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ETXTBSY)
"""The machine is short of something, or the tool is just being replaced."""


@dataclass(slots=True, eq=False, repr=False)
class ToolSource:
    """The way to the quota of the program at `command`; `now` gives the seconds since 1970."""

    name: ClassVar[SourceName] = "cli"
    home: ClassVar[None] = None  # the settings say which region is asked

    command: str
    environ: Mapping[str, str]
    deadline: Deadline
    now: Callable[[], float] = time.time
    plan: PlanKind = CODING_PLAN.kind

    def covers(self, region: Region) -> bool:  # noqa: ARG002 - as any source is asked
        """The tool's login does not tell its region."""
        return True

    def ask(self, region: Region) -> Reading:
        """The quota in one region.

        The site is always named: the tool remembers that of its last sign-in, and one region's numbers must never
        pass for the other's.

        Raises `LoginRequired` where the tool is not signed in, `MissingCredentials` where it cannot be started or is
        some other program, `UnknownRoute` where it is too old, `BadResponse` for what is not an answer,
        `NetworkFailure` at the deadline, and whatever else `raise_for_tool_error` and `read_tool` raise.
        """
        finished = self._run(
            "usage", self.plan, *FORMAT, "--console-site", SITES[region.name], "--console-region", region.id
        )
        answer = answer_in(finished)
        if not is_certain(answer, finished.exit_code):
            self.prove()
        raise_for_tool_error(answer, exit_code=finished.exit_code)
        if self.plan == CODING_PLAN.kind:
            return read_tool(answer, now=int(self.now()))
        if answer == {}:
            self.prove(KNOWS_THE_MONTH, "tool.plan_unknown")
            raise none_of(PLANS[self.plan].title)
        return Reading(Plan(kind=self.plan), *shares_in(answer, now=int(self.now())))

    def prove(self, oldest: tuple[int, int, int] = OLDEST, key: str = "tool.old") -> None:
        """Ask for its version: `MissingCredentials` where it is some other program, `UnknownRoute` if it is too old."""
        version = version_in(self._run("--version"))
        if version is None:
            raise MissingCredentials("tool.other")
        if version < oldest:
            raise UnknownRoute(key, hint="tool.update.hint", version=".".join(map(str, version)))

    def _run(self, *arguments: str) -> Finished:
        seconds = min(self.deadline.remaining(), LONGEST)
        if not seconds:
            raise self.deadline.missed()
        seen = environment(self.environ, self.command)
        try:
            finished = process.run([self.command, *arguments], environ=seen, seconds=seconds)
        except OSError as error:
            raise _not_started(error) from None
        _raise_for_ending(finished, seconds)
        return finished


def _raise_for_ending(finished: Finished, seconds: float) -> None:
    """Raise where the tool did not end by itself, or was not even begun."""
    if finished.ending == "deadline":
        raise NetworkFailure("tool.slow", seconds=f"{seconds:.3g}")
    if finished.ending == "flood":
        raise BadResponse("tool.flood", limit=process.LIMIT // 1024)
    if finished.exit_code in _NOT_STARTED:
        raise MissingCredentials("tool.no_node")


def _not_started(error: OSError) -> CodingPlanError:
    reason = os.strerror(error.errno or 0)
    if error.errno in _NOT_NOW:
        return InternalError("tool.no_start", reason=reason)
    return MissingCredentials("tool.no_start", hint="tool.other.hint", reason=reason)
