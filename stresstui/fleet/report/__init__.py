"""What a run of the fleet leaves for people and for CI, beside its record: words, JUnit, a page, JSON."""
