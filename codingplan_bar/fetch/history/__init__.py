"""The recorded past: what each refresh found, and what can be told from it."""
