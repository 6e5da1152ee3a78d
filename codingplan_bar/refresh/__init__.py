"""One refresh: when, with which session, what it brought, and what the bars read of it."""
