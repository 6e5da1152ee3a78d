"""Cookie stores made by hand, in the shape of the real ones."""
