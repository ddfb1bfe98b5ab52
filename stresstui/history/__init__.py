"""Runs of a folder beside each other: the rows of a history, what runs of a kind differed by, a run on its baseline.

What is compared and how is in ``compare``, which reads no folder of runs.
"""
