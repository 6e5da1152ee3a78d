"""The words of `setup` in English."""

from __future__ import annotations

WORDS = {
    "goes into": "# This goes into {}; `codingplan-bar setup {} --write` puts it there, `--undo` takes it out again.",
    "goes nowhere": "# No file of your own was found for {} to put this into. {}",
    "by hand": "codingplan-bar demo {} shows how to do it by hand.",
    "written": "Wrote {}. The file as it was: {}.",
    "made": "Made {}.",
    "unchanged": "{} has it already.",
    "taken out": "{} is as it was without it.",
    "removed": "Removed {}.",
    "not there": "{} has nothing of it.",
    "undo": "To take it out again: codingplan-bar setup {} --undo",
    "left alone": "{}: {} Nothing was changed.",
    "cannot write": "{} cannot be written: {}.",
    "both": "--write and --undo are opposites: name one of them.",
    "no bar": "Name a bar: codingplan-bar setup {}",
    "found": "{} reads {}",
    "not found": "{}: no file of yours was found",
    "next.waybar": "waybar shows it once it is started anew, or on `pkill -USR2 waybar`.",
    "next.polybar": "polybar shows it once it is started anew: `polybar-msg cmd restart`.",
    "next.i3status-rust": "i3 and sway show it once they are loaded anew: `swaymsg reload`, `i3-msg restart`.",
    "next.i3blocks": "i3 and sway show it once they are loaded anew: `swaymsg reload`, `i3-msg restart`.",
    "next.tmux": "tmux shows it once its configuration is read anew: `tmux source-file FILE`.",
    "next.swiftbar": "SwiftBar shows it on its next look into the folder.",
    "next.xbar": "xbar shows it after `Refresh all`.",
    "next.argos": "Argos shows it at once.",
    "not understood": "This configuration cannot be read with certainty, so it is left as it is.",
    "torn": "The marker lines of codingplan-bar in it are not one whole block; repair or remove them by hand.",
    "already there": "It shows codingplan-bar already, by lines that are not setup's.",
    "no modules": "No bar in it names its modules itself; those of another file are left alone.",
    "oh my tmux": (
        "Oh my tmux makes the status line itself: put `#(codingplan-bar tmux --watch)` into "
        "tmux_conf_theme_status_right in .tmux.conf.local."
    ),
    "not ours": "A file of that name is there and is not as setup has made it.",
    "command": "The path of codingplan-bar cannot be written in a configuration.",
    "no place": (
        "Your status-format has no #{T:status-right}: put #{codingplan} where you want it, and run setup again."
    ),
    "no text": "It is no text in UTF-8.",
    "no file": "It is no regular file.",
    "too long": "It is longer than any configuration.",
}
