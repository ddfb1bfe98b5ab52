"""Several scenarios in sequence, and what they come to together."""
