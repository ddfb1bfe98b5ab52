"""The numbered panes of the monitor screen."""
