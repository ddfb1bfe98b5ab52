"""A run for other programs: an OpenMetrics endpoint, alerting rules for Prometheus, a dashboard for Grafana.

The endpoint is a process of its own that folds the journal like any reader: it can hold no run up. Names and units are
in ``naming``, what is exposed in ``openmetrics``; ``serve`` answers, ``rules`` and ``grafana`` write files that fit.
"""
