"""Other programs' configuration files: where they are, and our part of them. Knows nothing of the provider."""
