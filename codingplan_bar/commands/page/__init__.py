"""`status --watch`: a page that stays in the terminal; drawn by drawing.py, shown by screen.py, driven by page.py."""
