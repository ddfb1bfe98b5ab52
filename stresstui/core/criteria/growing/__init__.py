"""Rules on growth, over time and per unit of work: its history, whose it is, and the words for it."""
