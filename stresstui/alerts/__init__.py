"""Alerts: whoever should know hears of breaches, recoveries, the end and the loss of a run.

A process of its own follows the run's journal like any reader, so that no receiver can hold the run up, no command of
an alert is among the processes under test, and the death of the supervisor is heard of too. It is started with a run
where the user's configuration has ``[[alerts]]``; what it did stands in ``alerts.log`` of the run.
"""
