"""The words of the commands in English; those of `doctor`, `config`, `privacy` and `setup` stand beside."""

from __future__ import annotations

SAID = {
    "alert": "a refresh starts `alert` itself, with what it has found. Its settings: notifications, on_threshold.",
    "no output": "standard output cannot be written: {}. Send it to another place.",
    "storage": "{} ({}) {}",
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

STATUS = {
    "other": "You also have a {plan}. See: codingplan-bar status --plan {name}",
    "tried": "Tried:",
    "also tried": "Also tried:",
}

HISTORY = {
    "nothing": "nothing is recorded yet. See why: codingplan-bar status",
    "two kinds": "--json and --csv exclude each other: name one.",
    "nothing in file": "{} has no entries.",
    "nothing lately": "no numbers were recorded in the last {:g} days. Each refresh that brings numbers is recorded.",
    "written": "Wrote {}",
    "unreadable": "{} {}. Give a file that `codingplan-bar history --json` has printed.",
    "unreadable.closed": "cannot be read: {}",
    "unreadable.large": "is larger than {} MB",
    "unreadable.no_json": "is not valid JSON",
    "unreadable.no_list": 'has no list "entries"',
    "unreadable.many": "has more than {} entries",
    "unreadable.useless": "has entries, and none of them can be used",
    "unreadable.long": "spans more than {} days",
    "nothing_judged": "No recorded window has come to its end yet: the forecast cannot be judged.",
    "judged": "{label}: {windows} windows have come to their end, {ran_out} of them ran out.",
    "judged_sliding": "{label}: {lasted} days are recorded on which it lasted, and it ran out {ran_out} times.",
    "alarms": "  False alarms: {false_alarms} of the time, in {windows_with_false_alarms} of {lasted} that lasted.",
    "alarms_sliding": "  False alarms: {false_alarms} of the time, on {windows_with_false_alarms} of {lasted} days.",
    "told_sliding": "  Told before: {told_before} of {ran_out}; usually {before}."
    ' A false "lasts": {false_lasts} of the time.',
    "told": "  Told before: {told_before} of {ran_out}; a day or more before: {told_a_day_before}; usually {before}."
    ' A false "lasts": {false_lasts} of the time.',
    "exact": "  On the last day the time was {error_hours_on_the_last_day:.1f} h off (median);"
    " {inside_the_range} of the told ranges held it.",
    "exact_sliding": "  The time was {error_hours_on_the_last_day:.1f} h off (median);"
    " {inside_the_range} of the told ranges held it.",
    "silent": "  Nothing was said {unknown} of the time.",
    "days": "{:.1f} days",
    "hours": "{:.0f} h",
    "few_hours": "{:.1f} h",
    "window": "{} until {}: {}",
    "window_so_far": "{} until {}: {} at the last reading",
    "used_up": ", used up {}",
    "no_window": "No window with an end is recorded.",
}

PREVIEW = {
    "own": "How each preset looks with your own numbers, {}. No request is sent.",
    "acted": "Your plan is in this state: {}. The others are acted, some with made-up numbers.",
    "made_up": "How each preset looks, with made-up numbers, not your plan's. No request is sent.",
    "yours": "your format",
    "tooltip": "The tooltip, the same for each:",
    "choose": "Choose one: codingplan-bar config set format compact",
    "theme.yours": "yours",
    "theme.chosen": "{} ({})",
    "theme.of": "{}: {}",
    "theme.made_up": "No numbers are stored yet. Those below are made up.",
    "theme.none": "No colours of a bar were found: ours take their place.",
    "theme.none_chosen": "This is your setting. No colours of a bar were found: ours take their place.",
    "theme.choose": "Choose one, and see more of it: codingplan-bar theme NAME",
    "offline": "The console could not be reached.",
    "offline.hint": "Check the network.",
}

ALERTS = {
    "title": "{plan}: {titles}",
    "days": "{} days",
    "hours": "{} hours",
    "days.quota": "{}-day quota",
    "hours.quota": "{}-hour quota",
    "weekly": "weekly quota",
    "monthly": "monthly quota",
    "warning": "{percent}% of the {window} used",
    "critical": "{percent}% of the {window} used",
    "exhausted": "{window} used up",
    "free": "{window} available again",
    "pack": "{window} used up, a usage pack is in use",
    "pack.warning": "{percent}% of the usage packs used",
    "pack.critical": "{percent}% of the usage packs used",
    "runs_out": "{window} runs out {when}, {early} early",
    "runs_out.sliding": "{window} runs out {when}",
    "lapse": "{percent}% of the {window} lapses in {left}",
    "plan_ends": "The plan ends {when}",
    "at": "at {}",
    "on": "on {}",
    "renew plan": "Renew it, or choose another one, in the console.",
    "not renewed": "This plan can no longer be renewed. Choose a Token Plan in the console.",
    "signed_out": "Sign in to the console",
    "signed_out.invalid_cookie": "The Cookie header is not valid",
    "signed_out.no_key": "The API key is missing",
    "signed_out.no_tool": "bl cannot be used",
    "signed_out.no_file": "The file of the sign-in cannot be used",
    "signed_out.shut": "The browser's cookies cannot be read",
    "session_ends": "The sign-in ends soon",
    "left": "{left} of {total} {unit} left",
    "unit.requests": "requests",
    "unit.credits": "credits",
    "of_the_team": ", of the team, not of your seat",
    "no_limit": "no limit",
    "resets": "resets {when}",
    "ended": "The session has ended.",
    "sign in": "Sign in to the console in your browser; the next refresh finds the new session.",
    "renew": "At {when}. Sign in to the console before, or once and for all: codingplan-bar login --with-access-key",
}

LOGIN = {
    "address": "Sign in on this page, in a browser of this machine:",
    "address.elsewhere": "Sign in on this page; the browser must reach port {} of this machine's 127.0.0.1:",
    "forward": (
        "If the browser is on another machine, run there first, with this machine's name for HOST:\n"
        "  ssh -N -L {0}:127.0.0.1:{0} HOST"
    ),
    "allow": (
        "Your browser may ask whether the console may access other apps and services on this device: choose Allow."
    ),
    "opened": "The page was opened in your browser.",
    "not opened": "No browser was opened. Open the address yourself.",
    "waiting": "Waiting for the sign-in, {} left. Ctrl-C ends it.",
    "silence": (
        "Nothing has arrived yet. After Block: allow the access in the browser's settings of this site, end this by"
        " Ctrl-C and start again. Safari cannot do it. Without a browser: codingplan-bar login --with-access-key,"
        " or a token on standard input with --token-stdin. A session of your browser works, too, without any login."
    ),
    "arrived": "The sign-in has arrived.",
    "nowhere": "Standard output is closed, so the address cannot be read. Start again in a terminal.",
    "too late": "Nothing arrived within {} minutes. Start again: codingplan-bar login",
    "port": "Port {} of 127.0.0.1 cannot be used: {}. Name another by --port, or leave the option out.",
    "page.arrived": "Signed in",
    "page.arrived.text": "You can close this tab. Your terminal says how it went.",
    "page.refused": "Not signed in",
    "page.refused.text": "This request does not belong to the sign-in that waits. Start it again in the terminal.",
    "accepted": "The provider accepts the sign-in.",
    "refused": "The sign-in was not kept.",
    "kept": "The sign-in is kept.",
    "kept elsewhere": "It is kept in {}, since {} is read-only or full.",
    "kept until logout": (
        "It is kept in {}, since {} is read-only or full. The system removes it when you log out. To keep it for good,"
        " make that folder writable, then run `codingplan-bar login` again."
    ),
    "unproven": "The sign-in is kept, and the provider has not accepted it yet.",
    "which site?": (
        "Which site is the account of?\n"
        "  intl: international (alibabacloud.com)\n"
        "  cn: China mainland (aliyun.com)\n"
        "[intl] "
    ),
    "type id": "AccessKey id: ",
    "type secret": "AccessKey secret (it is not shown): ",
    "pair": "Signing in with the AccessKey pair of {}.",
    "keep?": "Bars may not see variables of a shell. Keep the pair in this program's private file? [y/N] ",
    "variables": "Bars may not see variables of a shell: --keep keeps the pair in this program's private file.",
    "not asked": "It is not used as long as the setting source is {}.",
    "no argument": "login takes no argument. A token comes by --token-stdin; the AccessKey pair is asked for.",
    "one way": "--token-stdin, --with-access-key and the browser's options exclude each other: name one way.",
    "only with a pair": "--profile and --keep need --with-access-key.",
    "no port": "--port takes a number from 1 to 65535.",
    "no browser's port": "No browser lets a page deliver to this port. Take another one, such as --port 8123.",
    "no site": "Name the site: {0} --site intl (alibabacloud.com), or {0} --site cn (China mainland, aliyun.com).",
    "no answer": (
        "The question has no answer. With a profile no question is asked:"
        " codingplan-bar login --with-access-key --profile NAME"
    ),
    "neither site": "This is neither site: type intl or cn.",
    "no store": (
        "No browser was opened, and none has a cookie store here. Sign in another way:"
        " codingplan-bar login --with-access-key, or codingplan-bar login --no-browser"
    ),
    "no pipe": "--token-stdin reads a file or a pipe: codingplan-bar login --token-stdin < FILE",
    "no token": "Standard input holds no token: send the token alone, and nothing else.",
    "nothing typed": "Nothing was typed, and an AccessKey pair is needed.",
    "mistyped": "An AccessKey id has letters and digits alone, and so has its secret.",
    "no profile": "--profile takes a name: --profile aliyun:NAME, or --profile bl:NAME.",
    "no argument of logout": "logout takes no argument: codingplan-bar logout, or codingplan-bar logout --all.",
    "forgotten": "The sign-in is forgotten.",
    "nothing kept": "There was no sign-in of `login` to forget.",
    "nothing stored": "There was no file of a session, of numbers or of the recorded past to remove.",
    "all gone": "The files of the session, of the numbers and of the recorded past are removed.",
    "stays": "Not removed: {0} in {1}. To remove it: codingplan-bar config unset {0}",
    "variable stays": "Not removed: the variable {0}. To remove it: unset {0}",
    "stays in codexbar": "Not removed: the {0} of CodexBar in {1}.",
    "not known": "{} cannot be read, so it is not known whether it holds a cookie_header or an api_key.",
    "used next": "The next refresh may ask with: {}",
    "in file": "{0} in {1}",
    "switched off": 'cookie_source = "off" is set in {}: no browser is read.',
    "back": "To sign in again: codingplan-bar login",
    "back by browser": "To read the browsers again: codingplan-bar config set cookie_source auto",
    "variable wins": "{} is set and wins over that file: take it away, too.",
    "not switched off": 'Put cookie_source = "off" into {} yourself: {}.',
    "left alone by all": "Left alone: the sign-in of bl, the files of Alibaba Cloud's tools, and your browser itself.",
    "left alone": (
        "Left alone: the sign-in of bl, the files of Alibaba Cloud's tools, and your browser, whose session the next"
        " refresh reads again."
    ),
    "console": "Sign in to the console in your browser:",
    "looking": "Waiting until the session is in a browser's store, {} left. Ctrl-C ends it.",
    "found": "The session was found in {}.",
    "again": "{} Trying again for {} s at most.",
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
