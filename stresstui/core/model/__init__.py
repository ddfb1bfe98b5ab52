"""The nouns of a run: events, samples, scenarios, metrics, units, outcomes. They carry data and no judgement.

Members of enumerations that are compared for every sample are bound to a name of their module where that happens
(``_SUT``): Python 3.11 takes longer to look a member up than to compare with it.
"""
