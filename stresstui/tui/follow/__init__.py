"""Where a screen's run comes from, and how it is folded. No widgets."""
