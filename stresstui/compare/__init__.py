"""Runs against runs: did anything change, how much, how sure is that, and what would have been seen.

``numbers`` takes out of a run what is compared, ``setting`` what it was made under; ``fit`` says whether two sides fit
and what of them is left out, ``spread`` how uncertain means are, ``judge`` compares, ``earlier`` what runs differed by
before, ``steps`` finds where a row of runs changed. Values of values: no file is read here but a baseline's and a run's
request.
"""
