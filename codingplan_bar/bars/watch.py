"""`--watch`: print a line whenever what is shown changes; woken by files, signals, a gone reader, or the time."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import time

from codingplan_bar import bars, facts, paths
from codingplan_bar.bars.start_refresh import BackgroundRefresher, spawn
from codingplan_bar.bars.windows import COUNTED, turns
from codingplan_bar.facts import LAST_DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


# Has the kernel say by a signal that files may have changed: Linux's F_NOTIFY, on the folders that they lie in.


class Folders:
    """The folders that are watched for this process, each by an open descriptor."""

    def __init__(self) -> None:
        """None yet."""
        self._handles: dict[str, int] = {}

    def watch(self, files: Sequence[str]) -> bool:
        """Have SIGIO sent whenever one of the files may have changed; false where the kernel does not do that.

        What was watched before and is still wanted goes on without a gap.
        """
        wanted = folders_of(files)
        for folder in [folder for folder in self._handles if folder not in wanted]:
            os.close(self._handles.pop(folder))
        held = [self._holds(folder, everything=everything) for folder, everything in wanted.items()]
        return all(held)

    def _holds(self, folder: str, *, everything: bool) -> bool:
        handle = self._handles.get(folder, -1)
        if handle >= 0 and not _is_same(handle, folder):
            os.close(self._handles.pop(folder))  # deleted, or another one stands in its place
            handle = -1
        handle = _notifying(folder, handle, everything=everything)
        if handle >= 0:
            self._handles[folder] = handle
        return handle >= 0


def folders_of(files: Sequence[str]) -> dict[str, bool]:
    """The folders to watch, and of which of them everything counts.

    Of the folder above a file's own only the names count: that its own was made, moved or deleted. Where a file is a
    link, the same goes for the place that it leads to.
    """
    wanted: dict[str, bool] = {}
    for path in files:
        for folder in (os.path.dirname(path), os.path.dirname(os.path.realpath(path))):
            if os.path.isdir(folder):
                wanted[folder] = True
            wanted.setdefault(_nearest(os.path.dirname(folder)), False)
    return wanted


def _nearest(folder: str) -> str:
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _notifying(folder: str, handle: int, *, everything: bool) -> int:
    """A descriptor of the folder for which the kernel sends SIGIO: the one given, or a new one; -1 where it cannot."""
    if not hasattr(fcntl, "F_NOTIFY"):
        return -1
    changes = fcntl.DN_CREATE | fcntl.DN_DELETE | fcntl.DN_RENAME | fcntl.DN_MULTISHOT
    try:
        if handle < 0:
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.fcntl(handle, fcntl.F_NOTIFY, changes | (fcntl.DN_MODIFY if everything else 0))
    except OSError:
        if handle >= 0:
            os.close(handle)
        return -1
    return handle


def _is_same(handle: int, folder: str) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), os.stat(folder))
    except OSError:
        return False


# Has the kernel say that the clock was set, as it is when the machine wakes from a suspend: Linux's timerfd.
#
# How long is slept is measured by a clock that stands still in a suspend, so nothing else would end a sleep then.

NEVER_COMES = 2**31 - 1
"""Seconds since 1970 to which the timer is set: what matters is that it is cancelled when the clock is set."""
ABSOLUTE, CANCEL_ON_SET = 1, 2
"""TFD_TIMER_ABSTIME and TFD_TIMER_CANCEL_ON_SET: timerfd_create(2)."""


def clock_handle() -> int:
    """A descriptor that can be read whenever the clock has been set; -1 where the system has none."""
    create = getattr(os, "timerfd_create", None)  # from Python 3.13 on
    try:
        handle = int(create(time.CLOCK_REALTIME, flags=os.O_NONBLOCK | os.O_CLOEXEC)) if create else _timer_of_libc()
        if create and handle >= 0:
            os.timerfd_settime(handle, flags=ABSOLUTE | CANCEL_ON_SET, initial=NEVER_COMES)  # type: ignore[attr-defined]
    except (AttributeError, ImportError, OSError):
        return -1
    return handle


def _timer_of_libc() -> int:
    """The same on an older Python. The package that calls C costs a watcher ten milliseconds, once."""
    import ctypes

    libc, seconds = ctypes.CDLL(None), ctypes.c_long
    handle = int(libc.timerfd_create(time.CLOCK_REALTIME, os.O_NONBLOCK | os.O_CLOEXEC))
    if handle >= 0 and libc.timerfd_settime(
        handle, ABSOLUTE | CANCEL_ON_SET, (seconds * 4)(0, 0, NEVER_COMES, 0), None
    ):
        os.close(handle)
        return -1
    return handle


# What wakes a watcher: a changed file, a signal, a reader that has gone, a clock that was set, or the time.
#
# On Linux the kernel says that files have changed; elsewhere, and where it cannot, they are looked at once a second, as
# the clock is.

POLL_SECONDS = 1.0
LEAP = 2.0
"""Seconds by which the time of day may differ from what a steady clock says, before it counts as set."""
LAST_ONES = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""Those of `storage.ENDING`, but for SIGQUIT: it ends a watcher at once, which has no file of its own to finish."""
WAKING = (signal.SIGUSR1, signal.SIGIO, signal.SIGCHLD)


class Alarm:
    """Sleeps, and wakes for a reason.

    `ended` is true once the bar has gone, `told_to_print` after SIGUSR1, `typed` after a key.

    SIGTERM, SIGINT and SIGHUP raise SystemExit, so that nothing that waits holds them up; its code is that number.
    """

    def __init__(self, *, output: int, keys: int | None = None) -> None:
        """Watch the file descriptor that is printed to, and one of a keyboard; hear signals from now on."""
        self.ended = False
        self.told_to_print = False
        self.typed = False
        self._output, self._keys = output, keys
        self._files: Sequence[str] = ()
        self._states = ""
        self._told = False
        self._folders = Folders()
        self._clock: int | None = None
        self._woken, waker = _pipe()
        self._poll = select.poll()
        self._poll.register(self._woken, select.POLLIN)
        self._poll.register(output, 0)
        if keys is not None:
            self._poll.register(keys, select.POLLIN)
        signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
        _hear()

    def watch(self, files: Sequence[str]) -> None:
        """From now on, wake when one of these files changes: to be called before they are looked at."""
        self._told = self._folders.watch(files)
        self._files = files
        self._states = "" if self._told else facts.inputs(*files)

    def sleep(self, seconds: float) -> None:
        """Until something has happened, at most that many seconds."""
        self.told_to_print = self.typed = False
        self._hear_the_clock()
        began, end = time.time() - time.monotonic(), time.monotonic() + seconds
        while True:
            left = max(end - time.monotonic(), 0.0)
            if self._woken_within(left if self._told else min(left, POLL_SECONDS)) or not left:
                return
            leapt = abs(time.time() - time.monotonic() - began) > LEAP
            if leapt or (not self._told and facts.inputs(*self._files) != self._states):
                return

    def _hear_the_clock(self) -> None:
        """Have the kernel say when the clock is set: asked for at the first sleep, when the first line is out."""
        if self._clock is None:
            self._clock = clock_handle()
            if self._clock >= 0:
                self._poll.register(self._clock, select.POLLIN)

    def _woken_within(self, seconds: float) -> bool:
        """Wait for a signal or the reader's end; whether one came in that time."""
        events = self._poll.poll(seconds * 1000)
        for descriptor, _ in events:
            if descriptor == self._output:
                self.ended = True
            elif descriptor == self._keys:
                self.typed = True
            else:
                self.told_to_print = signal.SIGUSR1 in _drained(descriptor) or self.told_to_print
        return bool(events)


def hear(numbers: Sequence[int], handler: Callable[..., None]) -> None:
    """Handle these signals, which end a program, by that function. A hang-up that was ignored before stays ignored."""
    for number in numbers:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, handler)


def _hear() -> None:
    """Take every signal that counts, also those that whoever started this has blocked."""
    hear(LAST_ONES, _end)
    for number in WAKING:
        signal.signal(number, _wake)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {*LAST_ONES, *WAKING})


def _end(number: int, *_: object) -> None:
    raise SystemExit(number)


def _wake(*_: object) -> None:
    """The signal has already been written to the pipe, and that is all that it is for."""


def _pipe() -> tuple[int, int]:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    return reader, writer


def _drained(descriptor: int) -> bytes:
    """All that the pipe holds: a byte a signal; of the timer nothing, which says by an error that the clock was set."""
    held = b""
    try:
        while more := os.read(descriptor, 512):
            held += more
    except OSError:
        pass
    return held


LONGEST_SLEEP = 60.0
ONCE_MORE = {"tmux": 1.1, "polybar": 1.1}
"""Seconds after which a bar is told a line again.

tmux draws none of a job's first second, and one a second then. polybar 3.6 draws the first of two lines that it has
read at once, and the second with the next that comes.
"""
NEVER = float("inf")
BEHIND = 0.05
"""Seconds that are slept past a change: a sleep that ends a little early would find nothing new."""
NOT_AS_THEY_SHOULD_BE = (ArithmeticError, LookupError, ValueError)
"""What facts raise that another program has written."""


def files(environ: Mapping[str, str], known: Mapping[str, str] | None) -> list[str]:
    """The files that what is shown depends on, where these facts are known of the plan."""
    folder, asked = paths.working_folder(environ), known.get("asked", "") if known else ""
    own = facts.file_name(facts.bar_environment(environ))
    beside = [path for path in bars.beside(known or {}) if os.path.isdir(os.path.dirname(path))]
    return [*bars.inputs(folder, environ, asked), f"{folder}/{own}", *beside]


class Watcher:
    """What one watcher remembers between two looks: the facts, and what it printed of them."""

    def __init__(self, bar: str, environ: Mapping[str, str], refresher: BackgroundRefresher | None = None) -> None:
        """Nothing is read or printed yet."""
        self.bar = bar
        self.environ = environ
        self.known: Mapping[str, str] | None = None
        self._refresher = refresher or BackgroundRefresher(environ)
        self._printed = ""
        self._good_from = self._good_until = 0.0
        self._once_more_at = NEVER

    def files(self) -> list[str]:
        """The files that what is shown depends on."""
        return files(self.environ, self.known)

    def step(self, now: float, *, again: bool = False) -> float:
        """Look once, print what is new (`again`: in any case); gives the seconds until the next look.

        `now` in seconds since 1970. Raises OSError where the reader has gone.
        """
        time.tzset()  # the user may have travelled
        again = again or now >= self._once_more_at
        folder = paths.working_folder(self.environ)
        fresh = bars.stored_facts(folder, self.environ)
        if fresh is not None and not self._show(fresh, now, again=again):
            fresh = None
        if fresh is None and self.known is not None:
            self._show(self.known, now, again=again)
        pause = self._after(fresh, now)
        pause = min(pause, self._once_more_at - now, LONGEST_SLEEP)
        return min(pause, self._good_until - now) if self.known else pause

    def _after(self, fresh: Mapping[str, str] | None, now: float) -> float:
        """Ask for a refresh where one is due; gives the seconds until that is to be thought of again."""
        if self._refresher.has_ended() and self.known is None:
            self._have_it_printed()
        if fresh is not None and not bars.is_due(fresh, now):
            self._refresher.helped()
            return LONGEST_SLEEP
        return self._refresher.ask(now)

    def _show(self, facts: Mapping[str, str], now: float, *, again: bool) -> bool:
        """Print what these facts are shown as; false where they are not as they should be."""
        if facts == self.known and self._good_from <= now < self._good_until and not again:
            return True
        try:
            text = bars.render(self.bar, facts, now, self.environ)
            changes = until_next_change(facts, now)
        except NOT_AS_THEY_SHOULD_BE:
            return False
        self.known, self._good_from, self._good_until = facts, now, now + changes
        if text != self._printed or again:
            bars.write(bars.streamed(self.bar, text))
            self._once_more_at = NEVER if text == self._printed else now + ONCE_MORE.get(self.bar, NEVER)
            self._printed = text
        return True

    def _have_it_printed(self) -> None:
        if beginning := bars.streamed(self.bar, "").strip():
            bars.write(beginning)
        spawn([self.bar], self.environ, prints=True)


def until_next_change(facts: Mapping[str, str], now: float) -> float:
    """Seconds until what is shown may change.

    The next of: the end of a shown minute, a foretold instant, the end of the day, the plan's end or a notice of it,
    a due refresh. Raises ValueError or LookupError for facts that are not as they should be.
    """
    age, interval = now - int(facts["fetched_at"]), int(float(facts["interval"]))
    resets = [value.rpartition(" ")[2] for name, value in facts.items() if name.startswith(COUNTED)]
    ends = [facts["expires_at"]] if facts.get("expires_at") else []
    minutes = [60 - age % 60, *((int(instant) - now) % 60 for instant in (*resets, *ends) if instant != "-")]
    foretold = [instant - now for instant in turns(facts)]
    notices = (0, LAST_DAY, int(facts.get("plan_alert") or 0))
    foretold += [int(end) - notice - now for end in ends for notice in notices]
    events = [2 * interval - age, int(facts["due"]) - now, int(facts["made_at"]) - now, *foretold]
    return min([*minutes, *(seconds for seconds in events if seconds >= 0), LONGEST_SLEEP]) + BEHIND


STAND_BY = ("bars.plan_notes", "words.en.errors", "words.zh.errors")
"""What a line needs at times alone, as on the plan's last day."""


def stand_by(bar: str) -> None:
    """Have all here that a line of the bar may come to need: an upgrade replaces the files below a running watcher.

    What only facts of an earlier version need is left out, since none are written any more.
    """
    for name in (*STAND_BY, f"bars.adapters.{bars.BARS[bar]}"):
        __import__(f"codingplan_bar.{name}")


def watch(bar: str, environ: Mapping[str, str] = os.environ) -> int:
    """Print lines until the bar goes away, which a closed pipe or Ctrl-C tells; gives 0.

    Or until somebody ends this process alone: gives the signal's number, for a bar that starts it again then.
    """
    try:
        os.fstat(1)  # a closed standard output is no bar; its number would go to a file of ours
        alarm = Alarm(output=1)
        watcher = Watcher(bar, environ)
        while not alarm.ended:
            alarm.watch(watcher.files())
            pause = watcher.step(time.time(), again=alarm.told_to_print)
            stand_by(bar)
            alarm.sleep(pause)
    except SystemExit as signalled:
        return int(signalled.code or 0) if signalled.code != signal.SIGINT else 0
    except OSError:
        pass  # standard output is closed or full
    return 0
