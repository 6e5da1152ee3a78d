"""What each bar needs in its configuration."""
