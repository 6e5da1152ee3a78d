#!/bin/sh
# codingplan-bar for Argos (GNOME Shell)
PATH="$HOME/.local/bin:$PATH"
command -v codingplan-bar >/dev/null || {
    printf '%s\n' 'Coding Plan?' --- 'codingplan-bar is not installed, or not where this looks for it.'
    printf '%s\n' 'Install it: pipx install codingplan-bar' 'It is looked for in ~/.local/bin and the PATH.'
    exit 0
}
exec codingplan-bar argos
