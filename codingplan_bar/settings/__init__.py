"""What the owner configured, and the templates in it."""
