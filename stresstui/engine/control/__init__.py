"""The control socket of a run, the supervisor's side and everybody else's."""
