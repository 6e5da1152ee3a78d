"""Plain text, for anything that shows a line: no markup, no colour."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from codingplan_bar.show.view import View


def render(view: View) -> str:
    """One line."""
    return view.text
