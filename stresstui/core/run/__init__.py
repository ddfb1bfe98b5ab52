"""A run as folded from its events: its state, the one function that moves it, its outcome, its breaches."""
