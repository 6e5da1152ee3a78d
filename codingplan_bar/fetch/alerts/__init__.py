"""Alerts: once each, on crossing a threshold, on a used-up window that is free again, on a session that has ended."""
