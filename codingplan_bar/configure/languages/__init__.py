"""What configurations say, read and not changed: their languages, and what a desktop or tmux makes of them."""
