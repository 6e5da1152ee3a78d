"""The editors of `setup`: a configuration is left alone, or ours goes in once and comes out again to the byte."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from support.configurations import configurations

from codingplan_bar.commands.setup.seen import configured
from codingplan_bar.configure import bars
from codingplan_bar.configure.block import LeftAlone

EDITORS = ("waybar", "waybar_style", "polybar", "i3status_rust", "tmux", "i3blocks", "plugins:swiftbar")
COMMAND = "/opt/my tools/it's 100 %/codingplan-bar"
MOVED = "/opt/bin/codingplan-bar"
OURS = re.compile(r"(?:>>>|<<<) codingplan-bar|# made by `codingplan-bar")
"""In each marker line, also of the first version, and in a plugin's last line."""
STYLE = b"@import 'a.css';\n* { font-size: 13px; } /* } */\nwindow#waybar { color: #fff }\n"


def an_editor(name: str) -> Callable[[bytes], None]:
    """For any text, also one with ours that its user has edited, moved or torn.

    What can be put there or renewed is taken out again as it would have been before, or is refused as it would have
    been; for a text without ours that is the text itself, to the byte. Twice is once.

    Text that is no UTF-8 never comes so far: `Configuration` leaves it alone.
    """
    editor = bars.editor(name)

    def run(data: bytes) -> None:
        with suppress(UnicodeDecodeError):
            before = data.decode()
            configured(before)
            without = unless_left_alone(editor.taken, before)
            if not OURS.search(before):
                assert without in (before, None), "what has nothing of ours loses nothing"
            for command in (COMMAND, MOVED):
                after = unless_left_alone(editor.changed, before, command)
                if after is not None:
                    assert unless_left_alone(editor.taken, after) == without, "what was put there is taken out again"
                    assert unless_left_alone(editor.changed, after, command) == after, "twice is once"

    return run


def unless_left_alone(edit: Callable[..., str], *arguments: str) -> str | None:
    """What an editor makes of a text; None where it leaves it alone."""
    try:
        return edit(*arguments)
    except LeftAlone:
        return None


def seeds(name: str) -> list[bytes]:
    """Configurations as people have them, as they are and with ours."""
    texts = [each.content for each in configurations(name)] or [STYLE] * (name == "waybar_style")
    editor = bars.editor(name)
    empty = [] if hasattr(editor, "shown") else [b""]
    return [*texts, *(editor.changed(text.decode(), COMMAND).encode() for text in (*empty, *texts[:3]))]
