#!/bin/sh
# codingplan-bar for Argos (GNOME Shell)
PATH="$HOME/.local/bin:$PATH"
exec codingplan-bar argos
