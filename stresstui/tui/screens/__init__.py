"""The screens: the monitor, what lies over it, and what is zoomed."""
