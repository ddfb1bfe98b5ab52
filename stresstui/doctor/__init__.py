"""The doctor: is this machine fit for the run, and what could not be seen on it? It looks, and changes nothing.

Each module looks at one part and gives Checks. What a look costs is said there: those of ``before_run`` take
milliseconds and are carried out before each run, the rest only by ``stresstui doctor``.
"""
