"""Who asks: console cookies, a pasted header, what is saved of a session, CodexBar's file."""
