"""When the provider is asked next: the interval, a reset, a failure, a user's wish. Pure."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal, NamedTuple

from codingplan_bar import facts
from codingplan_bar.credentials.saved import object_in
from codingplan_bar.errors import BY_CODE
from codingplan_bar.facts import CLOCK_SLACK
from codingplan_bar.model import Instant, Snapshot

# How long the provider is left alone after an answer. Pure; kept across restarts as one small document.
#
# After a failure that passes by itself the next try waits 1, 2, 4 … 30 minutes, or as long as the provider says.
# After one that stays until somebody mends it, nothing is sent until something has changed on this machine. What is
# mended elsewhere (a plan is renewed, a block is lifted) changes nothing here: so there is a look after 5, 10, 20, then
# every 30 minutes. What can only be mended here waits for an hour.
# All times are seconds since 1970.

FIRST_WAIT = 60.0
LONGEST_WAIT = 30 * 60.0
FIRST_LOOK = 5 * 60.0
SETTLED_WAIT = 60 * 60.0
LONGEST_RETRY_AFTER = 24 * 60 * 60.0
TWO_ARE_ONE = 5.0
SETTLED = frozenset(code for code, error in BY_CODE.items() if error.mended != "by itself")
"""The failures that stay until somebody mends them."""
MENDED_HERE = frozenset(code for code, error in BY_CODE.items() if error.mended == "here")
"""Those of them that a change on this machine mends, and nothing else: it shows in the circumstances."""
NOTHING_TO_ASK_WITH = frozenset({"missing_credentials", "source_gone"})
REFUSED = frozenset({"not_authorised", "no_plan", "api_key_unavailable"})
"""Those by which the provider knows the account, which cannot see a plan."""
ASKERS_KEPT = 8
"""How many environments are remembered that have asked."""
OF_THE_SESSION = frozenset({"login_required", "invalid_credentials", "rate_limited"})
"""Those by which the provider speaks of the session: they are one state of all plans that are asked for."""
ANSWERED = frozenset({"", "no_plan", "not_authorised", "bad_response", "api_key_unavailable"})
"""Those by which the provider takes the session, as it does with an answer."""


class Failure(NamedTuple):
    """What went wrong: its code, the seconds that the provider asks to wait, and what the answer depended on."""

    code: str
    retry_after: float | None = None
    circumstances: str = ""


class Waiting(NamedTuple):
    """When the provider was last asked, and until when it is left alone.

    `failures` in a row; `code` of the last one, empty after a success; `told` whether `until` is the provider's own
    word; `circumstances` a fingerprint of what the answer depended on; `begun_at` when an asking began of which
    nothing is known yet: the process was killed; `silent_since` when the first of a row of refusals without a word
    came, 0 without any (see `http_answers.Silence`). `askers` are the last circumstances of each environment that has
    asked: while nothing changes for one of them it does not ask again before the interval is over.
    """

    asked_at: float = 0.0
    until: float = 0.0
    failures: int = 0
    code: str = ""
    told: bool = False
    circumstances: str = ""
    begun_at: float = 0.0
    silent_since: float = 0.0
    askers: str = ""

    @property
    def is_of_the_session(self) -> bool:
        """Whether it holds for every plan: by its code, or since the provider itself asks to wait."""
        return self.told or self.code in OF_THE_SESSION

    def under(self, held: Waiting) -> Waiting:
        """What counts for one plan, where `held` is what holds for all: the later of the two, or the longer wait."""
        is_later = held.asked_at >= self.asked_at or (held.told and held.until > self.until)
        own = held._replace(begun_at=self.begun_at, askers=self.askers)
        return own if held.is_of_the_session and is_later else self

    def begun(self, now: float) -> Waiting:
        """The same while the provider is being asked."""
        return self._replace(begun_at=now)

    def after_success(self, now: float, circumstances: str, retry_after: float | None = None) -> Waiting:
        """An answer with a plan: nothing to wait for but the interval, or what was said to another question beside."""
        until = now + min(retry_after, LONGEST_RETRY_AFTER) if retry_after else 0.0
        askers = self.heard(circumstances).askers
        return Waiting(asked_at=now, until=until, told=bool(retry_after), circumstances=circumstances, askers=askers)

    def heard(self, circumstances: str) -> Waiting:
        """The same once an environment has asked."""
        own, _, rest = _parts(circumstances)
        others = [each for each in self.askers.split() if each.partition("=")[0] != own]
        return self._replace(askers=" ".join([*others[1 - ASKERS_KEPT :], f"{own}={rest}"]))

    def left_alone(self, now: float, code: str) -> Waiting:
        """The same after a failure that says nothing: where a request was sent, none is for a minute."""
        return self if code in NOTHING_TO_ASK_WITH else self._replace(until=max(self.until, now + FIRST_WAIT))

    def not_for(self, seconds: float) -> Waiting:
        """The same with a wait of at least so long: what came cannot be stored, and each print would ask again."""
        return self._replace(until=max(self.until, self.asked_at + min(seconds, LONGEST_RETRY_AFTER)))

    def after_failure(self, failure: Failure, now: float, *, chance: float, silent_since: float = 0.0) -> Waiting:
        """The wait after one more failure. `chance`, 0 to 1, spreads many machines' tries by a tenth both ways."""
        failures, told = self._row_with(failure), bool(failure.retry_after)
        doublings = 2.0 ** min(failures - 1, 10)
        if failure.retry_after:
            wait = min(failure.retry_after, LONGEST_RETRY_AFTER)
        elif failure.code in MENDED_HERE:
            wait = SETTLED_WAIT
        elif failure.code in SETTLED:
            wait = min(FIRST_LOOK * doublings, LONGEST_WAIT)
        else:
            wait = min(FIRST_WAIT * doublings, LONGEST_WAIT / 1.1) * (0.9 + chance / 5)
        row = Waiting(now, now + wait, failures, failure.code, told, failure.circumstances)
        return row._replace(silent_since=silent_since, askers=self.heard(failure.circumstances).askers)

    def _row_with(self, failure: Failure) -> int:
        """How many failures in a row it makes; one of the other kind, or in other circumstances, begins a new row."""
        settled = failure.code in SETTLED
        if settled and (self.code not in SETTLED or self.circumstances != failure.circumstances):
            return 1
        return 1 if self.code in SETTLED and not settled else self.failures + 1

    def not_before(self, circumstances: str) -> float:
        """When a refresh that was not started by hand may ask again; 0 for at any time."""
        killed = self.begun_at + FIRST_WAIT if self.begun_at else 0.0
        if self.code in SETTLED and not self.told and self.is_news(circumstances):
            return killed
        soon_again = self.asked_at + FIRST_WAIT if self.told and self.failures > 1 else 0.0
        return max(self.until, killed, soon_again)

    def holds_by_hand(self, now: float, circumstances: str) -> bool:
        """Whether one that a user asked for has to wait: for the provider's own word; and two at once are one.

        Two by other settings or credentials are two: the answer to the first says nothing of the second.
        """
        is_at_once = now - self.asked_at < TWO_ARE_ONE and self.is_of(circumstances)
        return is_at_once or (self.told and now < self.until)

    def is_of(self, circumstances: str) -> bool:
        """Whether the last request was sent by these settings and credentials."""
        return who_asks(self.circumstances) == who_asks(circumstances)

    def is_news(self, circumstances: str, *, by_browsers: bool = True) -> bool:
        """Whether an environment has not asked in these circumstances. What browsers write may be left aside."""
        if not self.askers:  # an earlier version kept none
            return by_browsers and circumstances != self.circumstances
        own, who, rest = _parts(circumstances)
        before = next((each.partition("=")[2] for each in self.askers.split() if each.partition("=")[0] == own), None)
        if before is None:
            return True
        return before != rest if by_browsers else before.partition("/")[0] != who

    def by_hand_from(self) -> float:
        """From when on one that a user asks for is sent."""
        return max(self.asked_at + TWO_ARE_ONE, self.until if self.told else 0.0)

    def by_clock(self, now: float) -> Waiting:
        """The same for a clock that may have been set back: times that lie in the future then say nothing.

        But a wait that the provider asked for begins again now.
        """
        begun_at = self.begun_at if self.begun_at <= now + CLOCK_SLACK else 0.0
        if self.asked_at <= now + CLOCK_SLACK:
            return self._replace(begun_at=begun_at)
        until = now + self.until - self.asked_at if self.told else 0.0
        return self._replace(asked_at=now if self.told else 0.0, until=until, begun_at=begun_at, silent_since=0.0)


def dumps(waiting: Waiting) -> str:
    """The document."""
    return json.dumps(waiting._asdict())


@lru_cache(maxsize=4)
def loads(text: str | None) -> Waiting:
    """The waiting in a document; an empty one if it is missing or not as it should be.

    What a newer version says beside is passed over: the provider's word counts for all.
    """
    said = object_in(text)
    found = Waiting(**{name: said[name] for name in Waiting._fields if name in said})
    return found if _is_good(found) else Waiting()


def _is_good(found: Waiting) -> bool:
    kinds = {name: type(value) for name, value in Waiting()._asdict().items()}
    if not all(type(value) is kinds[name] for name, value in found._asdict().items()):
        return False
    times_are_good = all(map(math.isfinite, (found.asked_at, found.until, found.begun_at, found.silent_since)))
    return times_are_good and found.until - found.asked_at <= LONGEST_RETRY_AFTER + 1 and 0 <= found.failures < 1e6


# What an answer depends on besides the provider: the settings, the credentials, and where they lie.


def fingerprint(environ: Mapping[str, str], said: object, files: Iterable[str], *, stores: str = "") -> str:
    """Changes when a setting that says who asks, a credential, one of the files or the browsers' `stores` change.

    None of them can be read out of it. `said` are the settings' values. `who_asks` is its first word, of two parts:
    the environment, and what all environments may see change.
    """
    places = list(files)
    own, shared = (facts.asker(environ), places), (said, facts.inputs(*places))
    return f"{_hash(own)}:{_hash(shared)} {stores}".strip()


def _hash(told: object) -> str:
    return hashlib.sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def who_asks(fingerprint: str) -> str:
    """The part that tells one bar's environment from another's: a browser writes its cookies whoever asks."""
    return fingerprint.partition(" ")[0]


def environment_in(fingerprint: str) -> str:
    """The part that another file, setting or store leaves as it is."""
    return who_asks(fingerprint).partition(":")[0]


def _parts(circumstances: str) -> tuple[str, str, str]:
    """The environment; what all may see change; and that with the browsers' stores."""
    own, _, shared = who_asks(circumstances).partition(":")
    return own, shared, f"{shared}/{circumstances.partition(' ')[2]}"


# When the provider is asked next: what the interval, a reset, a failure and a user's wish come to. Pure.

Urgency = Literal["always", "by hand", "when due"]
"""How much a refresh is wanted: by `fetch`, by a user's click, by a bar whose numbers have grown old."""

SOONEST_AFTER_RESET = 5
LATEST_AFTER_RESET = 20
SOONEST_AGAIN = 60


class Schedule(NamedTuple):
    """What decides at one moment. `interval` in seconds, `now` in seconds since 1970; `shown` is the stored snapshot.

    `circumstances` is a fingerprint of what an answer depends on.
    """

    now: float
    interval: int
    shown: Snapshot | None
    waiting: Waiting
    circumstances: str

    def is_wanted(self, wanted: Urgency) -> bool:
        """Whether the provider is asked now."""
        if wanted == "by hand":
            return not self.waiting.holds_by_hand(self.now, self.circumstances)
        return wanted == "always" or self.now >= self.next_request()

    def next_request(self) -> float:
        """When the provider is asked next, unless somebody asks by hand or what a failure depended on changes."""
        return max(self._due(), self.waiting.not_before(self.circumstances))

    def next_look(self) -> Instant:
        """When the bars start the next refresh: to ask, or to see whether what a failure depended on has changed."""
        held = self.waiting.not_before(self.circumstances)
        if self.waiting.code in SETTLED:
            held = min(held, self.now + self.interval)
        return max(self._due(), math.ceil(held))

    def leaves_it_to_others(self, code: str) -> bool:
        """Whether a failure says nothing: by its own environment a bar has no access, and another one's has.

        Where that one does not ask for two intervals, the failure counts.
        """
        last, own = environment_in(self.waiting.circumstances), environment_in(self.circumstances)
        others = not self.waiting.code and last not in {"", own}
        return code in SETTLED and others and self.now < self.waiting.asked_at + 2 * self.interval

    def _due(self) -> Instant:
        """When the numbers are old; 0 for at once. A snapshot from the future is of a clock that was set back."""
        if self.shown is None or self.waiting.code or self.shown.fetched_at > self.now + CLOCK_SLACK:
            return 0
        usual = due(self.shown, self.interval)
        return min(usual, math.ceil(self.waiting.asked_at) + SOONEST_AGAIN) if self._asks_anew() else usual

    def _asks_anew(self) -> bool:
        """Whether who asks has changed since the last request from this environment: the numbers may be another's.

        What another environment has asked since does not count: two such bars would ask in turn.
        """
        return self.waiting.asked_at > 0 and self.waiting.is_news(self.circumstances, by_browsers=False)


def due(shown: Snapshot, interval: int) -> Instant:
    """When to ask for the next snapshot: after an interval, or just after a reset or the plan's end if that is sooner.

    The provider may be a few seconds behind, and all who have a plan are reset at once: so 5 to 20 s after it, which
    of them depends on when the snapshot was asked for. But not within a minute: a reset that each answer names a moment
    ahead is the server's own clock.
    """
    spread = SOONEST_AFTER_RESET + shown.fetched_at % (LATEST_AFTER_RESET - SOONEST_AFTER_RESET)
    turns = [*(window.resets_at for window in shown.windows), shown.plan.expires_at if shown.plan else None]
    moments = [turn + spread for turn in turns if turn]
    soonest = min([shown.fetched_at + interval, *(moment for moment in moments if moment > shown.fetched_at)])
    return max(soonest, shown.fetched_at + SOONEST_AGAIN)
