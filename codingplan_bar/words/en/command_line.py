"""What the small commands say, in English. The texts of `--help` stand in the table of commands."""

from __future__ import annotations

SAID = {
    "alert": "a refresh starts `alert` itself, with what it has found. Its settings: notifications, on_threshold.",
    "no output": "standard output cannot be written: {}. Send it to another place.",
    "storage": "{} ({}) {}",
    "broken": "{}, then {}. Install codingplan-bar again.",
    "held back": "the last request was a moment ago. The next one by hand is possible in {} s.",
    "held back.nothing": (
        "no sign-in was found a moment ago. The next look is possible in {} s. To sign in: codingplan-bar login"
    ),
    "held back.pause": "the server asked for a pause. The next request is possible in {} s.",
    "tries": "Last try: {}. Next automatic try: from {} on.",
    "tries.soon": "Last try: {}. Next automatic try: in {} s.",
    "picture": "{} cannot be written: {}. Name another file.",
    "guard": "{}: {} left, {} wanted",
    "guard.runs_out": "{}: {}",
    "guard.no window": "not known: the server sends no counter for the window {}.",
    "guard.unknown": "not known: {}",
    "no browser": "no browser could be started. Open {}",
    "no window": "no terminal window could be opened. In this terminal: codingplan-bar status --watch",
    "no display": ("no terminal window could be opened (no display). In this terminal: codingplan-bar status --watch"),
    "opened": "Opened {}",
    "no editor": "no editor could be started here. Run `codingplan-bar config edit` in a terminal, or edit {}",
    "no settings": "{} ({}) {}",
    "no clipboard": "no program took the text for the clipboard. Install wl-clipboard, xclip or xsel.",
}

DEMO = {
    "title": "Demo: a made-up server answers in this process. Nothing leaves this machine.\n",
    "all": "What each bar is given, by its name in place of BAR:",
    "more": "  (and {} lines of menu)",
    "next": "\nThat took {:.1f} s. Next:\n",
    "demo {}": "all that one bar is given, and how to put it there",
    "status": "the same with your own account",
    "--help": "the rest",
    "failed": "the demo's refresh failed: {}",
    "no folder": "the demo needs a folder for temporary files (TMPDIR): {}.",
    "see": "See which lines go where:",
    "write": "Put them there:",
    "undo": "Remove them again:",
    "files": "The files, with a page about doing it by hand:",
}

PAGE = {
    "no terminal": "status --watch needs a terminal. Run it in one, or leave --watch out.",
    "resets": "resets {}",
    "day": "last 24 h",
    "most": "most {}",
    "asking": "Refreshing …",
    "opening": "Opening the console …",
    "failed": "codingplan-bar cannot be run. Install it again.",
    "no history": "Nothing was recorded in the last {:.0f} days.",
    "history": "The last {:.0f} days",
    "keys": "Keys",
    "r": "refresh",
    "o": "open the console",
    "tab": "next plan",
    "h": "history",
    "?": "keys",
    "q": "close",
    "back": "back",
    "help.r": "ask the server now; within five seconds it is asked once",
    "help.o": "open the console in a browser",
    "help.tab": "show the next plan",
    "help.h": "show or hide the history as a chart",
    "help.scroll": "scroll",
    "help.?": "show or hide this page",
    "help.esc": "go back; on the first page, close",
    "help.q": "close",
}

# Errors of use.

USAGE = {
    "no option": "There is no option {name}.",
    "no such option": "There is no option of this name.",
    "choices": "Choose from: {choices}.",
    "no command": "There is no command {name}.",
    "set up": "{0} runs `codingplan-bar {1}`; to set it up: codingplan-bar setup {2}",
    "format": (
        "{0} is a format, not a bar. It is for {1}. Choose one: codingplan-bar setup BAR."
        " See it: codingplan-bar demo {0}"
    ),
    "no taker": "{0} is a format for programs of your own, not a bar. See it: codingplan-bar demo {0}",
    "needs a value": "The option {name} needs a value.",
    "takes no value": "The option {name} takes no value.",
    "missing": "{name} is missing.",
    "no action": "There is no such action.",
    "no BAR": "There is no bar {value}.",
    "no SHELL": "There is no script for the shell {value}.",
    "said": "{said}",
    "number": "{name} must be a number from {lowest} to {highest}.",
    "wrong": "{name} cannot have this value.",
    "extra": "Too many words: {name}.",
    "see": "See: {command} --help",
}
