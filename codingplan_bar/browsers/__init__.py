"""The cookie stores of this machine. Knows nothing of the provider but the domains that it is given."""
