"""Samples and reports to readings, series and facts about the child.

What it means for a criterion is not decided here.
"""
