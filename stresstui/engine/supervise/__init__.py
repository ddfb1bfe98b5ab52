"""The process that owns a run: its phases, the workload and services it starts, what it captures.

Judging is ``core``'s.
"""
