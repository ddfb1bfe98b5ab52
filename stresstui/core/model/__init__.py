"""The nouns of a run: events, samples, scenarios, metrics, units, outcomes. They carry data and no judgement."""
