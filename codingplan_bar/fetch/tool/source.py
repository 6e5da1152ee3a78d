"""Tool mode: the quota by the provider's own tool, which signs in by itself and needs no cookie of ours."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codingplan_bar.errors import (
    BadResponse,
    CodingPlanError,
    InternalError,
    MissingCredentials,
    NetworkFailure,
    UnknownRoute,
)
from codingplan_bar.fetch import child
from codingplan_bar.fetch.reading import raise_for_tool_error, read_tool
from codingplan_bar.fetch.reading.tool import UPDATE_HINT
from codingplan_bar.fetch.tool.place import environment
from codingplan_bar.fetch.tool.printed import answer_in, is_certain, version_in

if TYPE_CHECKING:
    from codingplan_bar.fetch.child import Finished
    from codingplan_bar.fetch.deadline import Deadline
    from codingplan_bar.fetch.regions import Region
    from codingplan_bar.model import Reading, SourceName

QUESTION = ("usage", "coding-plan", "--output", "json", "--quiet")
"""Without `--quiet` the tool may install a new version of itself, right in the middle of a refresh."""

SITES = {"intl": "international", "cn": "domestic"}
OLDEST = (1, 15, 1)
LONGEST = 15.0
"""Seconds that one run may take, so that a tool that hangs leaves time for the source after it."""

CHECK_HINT = "See that `bl --version` works, or name the right program by the setting bl_path."

_NOT_STARTED = (126, 127)
"""What a shell and `env` exit with where they cannot start a program: its interpreter, which is Node.js."""

_NOT_NOW = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ETXTBSY)
"""The machine is short of something, or the tool is just being replaced."""


@dataclass(frozen=True, slots=True)
class ToolSource:
    """The way to the quota of the program at `command`; `now` gives the seconds since 1970."""

    command: str
    environ: Mapping[str, str] = field(repr=False)
    deadline: Deadline
    now: Callable[[], float] = time.time

    @property
    def name(self) -> SourceName:
        """The word of the snapshot."""
        return "cli"

    def covers(self, region: Region) -> bool:  # noqa: ARG002 - as any source is asked
        """The tool's login does not tell its region."""
        return True

    def ask(self, region: Region) -> Reading:
        """The quota in one region.

        The site is always named: the tool remembers that of its last sign-in, and one region's numbers must never
        pass for the other's.

        Raises `LoginRequired` where the tool is not signed in, `MissingCredentials` where it cannot be started or is
        some other program, `UnknownRoute` where it is too old, `BadResponse` for what is no answer, `NetworkFailure`
        at the deadline, and whatever else `raise_for_tool_error` and `read_tool` raise.
        """
        finished = self._run(*QUESTION, "--console-site", SITES[region.name], "--console-region", region.id)
        answer = answer_in(finished)
        if not is_certain(answer, finished.exit_code):
            self.prove()
        raise_for_tool_error(answer, exit_code=finished.exit_code)
        return read_tool(answer, now=int(self.now()))

    def prove(self) -> None:
        """Ask for its version: `MissingCredentials` where it is some other program, `UnknownRoute` if it is too old."""
        version = version_in(self._run("--version"))
        if version is None:
            raise MissingCredentials("The program bl does not answer as the provider's tool does.", hint=CHECK_HINT)
        if version < OLDEST:
            spoken = ".".join(map(str, version))
            raise UnknownRoute(f"The provider's tool is too old: it is version {spoken}.", hint=UPDATE_HINT)

    def _run(self, *arguments: str) -> Finished:
        seconds = min(self.deadline.remaining(), LONGEST)
        if not seconds:
            raise self.deadline.missed()
        seen = environment(self.environ, self.command)
        try:
            finished = child.run([self.command, *arguments], environ=seen, seconds=seconds)
        except OSError as error:
            raise _not_started(error) from None
        _raise_for_ending(finished, seconds)
        return finished


def _raise_for_ending(finished: Finished, seconds: float) -> None:
    """Raise where the tool did not end by itself, or was not even begun."""
    if finished.ending == "deadline":
        raise NetworkFailure(f"The provider's tool gave no answer within {seconds:.3g} s.")
    if finished.ending == "flood":
        raise BadResponse(f"The provider's tool printed more than {child.LIMIT // 1024} KiB.")
    if finished.exit_code in _NOT_STARTED:
        raise MissingCredentials(
            "The provider's tool cannot be started: Node.js, which runs it, is not found.",
            hint="Install Node.js, or name by the setting bl_path the tool that has it in its own folder.",
        )


def _not_started(error: OSError) -> CodingPlanError:
    reason = f"The provider's tool cannot be started: {os.strerror(error.errno or 0)}."
    return InternalError(reason) if error.errno in _NOT_NOW else MissingCredentials(reason, hint=CHECK_HINT)
