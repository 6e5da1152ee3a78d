"""What is worth an alert, and the notification that tells it."""
