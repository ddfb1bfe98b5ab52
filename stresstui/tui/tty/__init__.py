"""The terminal itself: the driver that writes to it, and what it can show. No widgets."""
