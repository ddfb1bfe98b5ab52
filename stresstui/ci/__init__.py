"""Files for CI: a scenario as a GitHub workflow or a GitLab job, and what a run says to either while it is on.

``plan`` says how long a job takes and where it can run, ``github`` and ``gitlab`` write the files, ``voice`` has what
each of them reads in a log: groups, annotations, a job's summary.
"""
