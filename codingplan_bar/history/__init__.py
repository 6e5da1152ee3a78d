"""The recorded past, and what it says."""
