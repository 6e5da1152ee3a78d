"""What this user's desktop starts, read from its own files and from the scripts that they name."""
