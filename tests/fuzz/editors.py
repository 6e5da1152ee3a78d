"""The editors of `setup`: a configuration is left alone, or ours goes in once and comes out again to the byte."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from codingplan_bar.commands.doctor.bars import configured
from codingplan_bar.commands.setup.bars.closing_block import LeftAlone

CONFIGURATIONS = Path(__file__).parent.parent / "setup/configurations"
EDITORS = ("waybar", "waybar_style", "polybar", "i3status_rust", "tmux", "i3blocks", "swiftbar")
COMMAND = "/opt/my tools/it's 100 %/codingplan-bar"
STYLE = b"@import 'a.css';\n* { font-size: 13px; } /* } */\nwindow#waybar { color: #fff }\n"


def an_editor(name: str) -> Callable[[bytes], None]:
    """Text that is no UTF-8 never comes so far: `Configuration` leaves it alone."""
    editor = import_module(f"codingplan_bar.commands.setup.bars.{name}")

    def run(data: bytes) -> None:
        with suppress(LeftAlone, UnicodeDecodeError):
            before = data.decode()
            configured(before)
            without = editor.taken(before)
            after = editor.changed(before, COMMAND)
            assert editor.taken(after) == without, "what was put there is taken out again"
            assert editor.changed(after, COMMAND) == after, "twice is once"

    return run


def seeds(name: str) -> list[bytes]:
    """Configurations as people have them, as they are and with ours."""
    folder = CONFIGURATIONS / name
    texts = [path.read_bytes() for path in sorted(folder.glob("[0-9]*"))] or [STYLE] * (name == "waybar_style")
    editor = import_module(f"codingplan_bar.commands.setup.bars.{name}")
    empty = [] if hasattr(editor, "shown") else [b""]
    return [*texts, *(editor.changed(text.decode(), COMMAND).encode() for text in (*empty, *texts[:3]))]
