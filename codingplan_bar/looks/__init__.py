"""The bars' own palettes: which colours the user's bar has, read from its configuration. Never on the warm road."""
