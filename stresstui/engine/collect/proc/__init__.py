"""Processes, host and the monitor's own cost as read from /proc."""
