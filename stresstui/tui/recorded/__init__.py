"""Screens of runs that are on record: played again, clipped, laid over each other.

What follows a live run is not here.
"""
