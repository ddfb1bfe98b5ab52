"""What is left of a run for people and programs: ``result.json``, ``summary.md``, the guide's monitor log, plain text.

Everything here is made from a ``core.run.RunState``, so a run that is on, one that has just ended and one that is read
again from its journal give the same report.
"""
