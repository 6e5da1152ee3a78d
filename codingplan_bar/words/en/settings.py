"""What is wrong with a setting, and the words of `config`, in English."""

from __future__ import annotations

# What is wrong with a value: it follows the setting's name.

REASONS = {
    "choice": "must be one of {choices}",
    "some_of": "must be a list of {choices}, without repeats",
    "number": "must be a number from {lowest} to {highest}",
    "switch": "must be true or false",
    "text": "must be a text in quotes",
    "length": "must be at most {limit} characters long",
    "path": "must be an absolute path, or one that begins with ~/",
    "words": "must be a list of words",
    "browser": "has an unknown browser (item {item}). Known are {choices}, and a folder (/… or ~/…)",
    "arguments": "must be a list of arguments",
    "command": "must begin with a command",
    "thresholds": "must be two numbers above 0 and up to 100 in rising order, such as [75, 90]",
    "days": "must be a list of numbers from 0 to 90, such as [7, 1]",
    "states": "must have a colour for some of {choices}",
    "color": "must have each colour as #rrggbb",
    "pairs": "must be written STATE=#rrggbb, with commas between the pairs",
    "proxy": "must be an address such as http://127.0.0.1:8080 or socks5h://127.0.0.1:1080",
    "bracket": "has a `[` that is never closed",
    "partner": "has a `{char}` without a partner; write it twice to show it",
}

# Which setting it is, and what to do.

FAULTS = {
    "wrong": "{where}: {name} {reason}.",
    "unknown": "{where}: there is no setting {name}.",
    "no variable": "{where}: this variable is unknown.",
    "capitals": "{where}: the variable of a setting has a name in capital letters.",
    "toml": "{where} is not valid TOML: {reason}.",
    "unreadable": "{where} cannot be read: {reason}.",
    "guess": "Did you mean {guess}?",
    "all": "The settings are: {choices}.",
    "correct": "Correct {name}, then run `codingplan-bar doctor`.",
    "correct file": "Correct {where}, or delete it.",
    "no request": "No request is sent until then.",
}

# The words of `config`.

CONFIG = {
    "template": "# Settings of codingplan-bar. To change one, remove the # in front of it.\n",
    "set": "Set in {} and by variables:",
    "nothing set": "Nothing is set. The defaults count. The file would be {}.",
    "others": "Not set:",
    "default": "(default: {})",
    "at": "  ({})",
    "how": "To change one: codingplan-bar config set KEY VALUE",
    "is set": "set",
    "not set": "not set",
    "value": "{}",
    "too many": "There is one word too many. See: codingplan-bar config --help",
    "no key": "Name a setting. See what there is: codingplan-bar config",
    "unknown": "There is no setting {}.",
    "guess": "Did you mean {}?",
    "see all": "See what there is: codingplan-bar config",
    "wrong": "{} {}.",
    "secret": "{0} is a secret, so it is read from standard input: codingplan-bar config set {0} < FILE",
    "no pipe": "{0} has no value here. Pipe one in: codingplan-bar config set {0} < FILE",
    "empty pipe": "Standard input holds no text for {}.",
    "written": "{}: {} = {}",
    "unset": "{}: {} is not set. Its default counts.",
    "not in lines": "{} was not changed: {} does not stand in lines of its own. Edit it: codingplan-bar config edit",
    "not written": "{} was not changed: {}. See: codingplan-bar doctor",
    "no writing": "it cannot be written ({})",
    "broken": "it is not valid TOML ({})",
    "changed meanwhile": "it cannot be changed at the moment",
    "variable wins": "The variable {} is set, too, and wins over the file.",
    "manual": "It counts once cookie_source is manual: codingplan-bar config set cookie_source manual",
    "no editor": "No editor was found. Set the variable EDITOR, or edit {}",
}

# The words of `privacy`.

PRIVACY = {
    "read": "Read on this machine, as far as it is there:",
    "kept": "Kept by codingplan-bar:",
    "sent": "Hosts that a refresh may send to:",
    "run": "Programs that a refresh may start:",
    "nothing": "nothing",
    "until then": "nothing until the settings are right: codingplan-bar doctor",
    "end": "Nothing else is sent, and to no other host. No usage is reported. What is promised: SECURITY.md",
    "settings": "your settings",
    "codexbar": "CodexBar's settings, for what yours do not say",
    "cookies": "{}: cookies of the provider's hosts alone",
    "tool files": "the sign-in that Alibaba Cloud's tools keep",
    "variable": "a variable that is set here",
    "file": "numbers, times and states; no secret",
    "file.session": "secret: cookies and the token of your sign-in; for you alone",
    "file.history": "the recorded past: numbers and times, for a year",
    "file.before": "your bars' configuration as it was before setup",
    "file.setup": "which files setup has written",
    "file.account": "a random number that makes an account a fingerprint",
    "session": "your console session or API key, over TLS",
    "token": "the token of `codingplan-bar login`, over TLS",
    "token of bl": "the token that `bl` keeps, over TLS",
    "proxy": "the proxy that you named; requests go through it",
    "bl": "the provider's tool; it keeps a sign-in of its own",
    "alert": "your command for alerts (on_threshold)",
}
