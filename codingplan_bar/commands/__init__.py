"""What each command does, without the words that it is typed with; those stand in table.py."""
