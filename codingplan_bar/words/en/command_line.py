"""What the small commands say, in English. The texts of `--help` stand in the table of commands."""

from __future__ import annotations

SAID = {
    "no output": "standard output cannot be written: {}. Send it to another place.",
    "storage": "{} ({}) {}",
    "broken": "{}, then {}. Install codingplan-bar again.",
    "held back": "the last request was a moment ago, or the server wants a pause. Try again later.",
    "picture": "{} cannot be written: {}. Name another file.",
    "guard": "{}: {}",
    "guard.unknown": "not known: {}",
    "no browser": "no browser could be started. Open {}",
    "opened": "Opened {}",
    "no editor": "no editor could be started. Edit {}",
    "no settings": "{} ({}) Set XDG_CONFIG_HOME to a writable folder.",
    "no clipboard": "no program took the text for the clipboard. Install wl-clipboard, xclip or xsel.",
}

# The words of `demo`.

DEMO = {
    "title": "The demo: a made-up provider answers inside this process. Nothing leaves this machine.\n",
    "all": "What each bar is given by `codingplan-bar BAR`:\n",
    "more": "  (and {} lines of menu)",
    "next": "\nThat took {:.1f} s. Next:\n",
    "demo BAR": "all that one bar is given, and how to put it there",
    "fetch": "the same with your own account: the snapshot as JSON",
    "--help": "the rest",
    "failed": "the demo's refresh failed: {}",
    "no folder": "the demo needs a folder for temporary files (TMPDIR): {}.",
    "no page": "There is no page about {}: build on it what you like.",
    "see": "See which lines go where:",
    "write": "Put them there:",
    "undo": "Remove them again:",
    "files": "The files, with a page about doing it by hand: {}",
}
