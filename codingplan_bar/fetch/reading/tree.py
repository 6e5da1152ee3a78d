"""Walking a JSON value from the outside in, with no recursion: how deep it is may be the sender's choice."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Frame: TypeAlias = dict[str, object]
"""One JSON object of the answer."""

_Read = TypeVar("_Read")


def objects(root: object, *, skip: Iterable[Frame] = ()) -> Iterator[Frame]:
    """Yield each object at or below `root`, the outer before the inner, but nothing of the objects in `skip`."""
    skipped = {id(frame) for frame in skip}
    pending: deque[object] = deque([root])
    while pending:
        value = pending.popleft()
        if isinstance(value, dict) and id(value) not in skipped:
            yield value
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)


def first(frame: Frame, names: Sequence[str], read: Callable[[object], _Read | None]) -> _Read | None:
    """Return what `read` makes of the first field of `names` that it can read, else None."""
    for name in names:
        value = read(frame.get(name))
        if value is not None:
            return value
    return None
