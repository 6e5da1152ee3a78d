"""Real status bars, started by the tests, looked at and clicked: waybar, polybar, swaybar, tmux.

What is shown is read by comparison. Beside each bar stands a second one of the same kind and configuration, its mirror,
that is told to show the expected text, escaped here for its grammar; if the two pictures agree in every pixel, the bar
shows that text in that look. tmux's row is read cell by cell instead. The fixtures are in ../conftest.py.

A bar's commands run in the test's `room`: its folder is their home and working directory, its `bin` comes first on
their PATH, its `environ` is all that they know.
"""
