"""The lines that put the quota into tmux's status line, for a command at a path of its own."""

from __future__ import annotations

APPENDED = """\
set-environment -g CODINGPLAN_COMMAND {command}
if-shell -F '#{{?#{{m:*CODINGPLAN_COMMAND*,#{{status-right}}}},,1}}' \
'set-option -ag status-right "#[default] #(\\"\\$CODINGPLAN_COMMAND\\" tmux --watch)"'
if-shell -F '#{{||:#{{m:?,#{{status-right-length}}}},#{{m:[1-8]?,#{{status-right-length}}}}}}' \
'set-option -g status-right-length 94'
"""
"""At the right end of what the status line shows by then, once, however often the configuration is read again; its
length is raised to 94 columns (64 for the quota, 30 for the rest), never lowered. The path is in a variable: there it
has no meaning to tmux or the shell."""

FILLED = """\
set-option -g @codingplan_command {command}
set-environment -g CODINGPLAN_PLUGIN {plugin}
run-shell 'sh "$CODINGPLAN_PLUGIN"'
"""
"""Where the user's own status line has the placeholders, the plugin puts the command in their place."""


def appended(command: str) -> str:
    """Without a placeholder: the quota comes last in `status-right`."""
    return APPENDED.format(command=quoted(command))


def filled(command: str, plugin: str) -> str:
    """With placeholders in the user's own status line, which the plugin at that path fills."""
    return FILLED.format(command=quoted(command), plugin=quoted(plugin))


def quoted(path: str) -> str:
    """A path as one word of tmux's language. It must hold no line's end."""
    if "'" not in path:
        return f"'{path}'"
    for sign in '\\"$':
        path = path.replace(sign, "\\" + sign)
    return f'"{path}"'
