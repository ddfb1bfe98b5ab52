"""The rule language, and one module for each kind of rule that judges it.

What all verdicts add up to lives in ``core.run``.
"""
