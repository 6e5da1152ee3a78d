#!/bin/sh
# codingplan-bar for Argos (GNOME Shell)
PATH="$HOME/.local/bin:$PATH"
codingplan-bar argos && exit 0
printf '%s\n' 'Coding Plan?' --- 'codingplan-bar is not installed, not where this looks for it, or the Python that it was installed with is gone. | refresh=true'
printf '%s\n' 'Install it: pipx install codingplan-bar (again: pipx reinstall codingplan-bar) | refresh=true' 'It is looked for in ~/.local/bin and the PATH. | refresh=true'
