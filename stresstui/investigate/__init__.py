"""Looks into running processes: which function holds the memory, where the time goes, what threads wait for.

It reads, attaches with the system's own tools, and writes what it found into the run's ``evidence/``. Who follows a run
by itself (``follow``) is a process beside it: neither a slow answer nor a tool is among the processes under test.
"""
