"""Commands that explain: scenarios, metrics, growth of a series, pages of help."""
