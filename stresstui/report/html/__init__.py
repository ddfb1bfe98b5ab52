"""One self-contained HTML file that tells a run: opens offline, asks nobody for anything, dark and light, on paper too.

``page`` puts it together from ``sections`` (words and tables) and ``charts`` (numbers, drawn by ``static/report.js``
with uPlot). Text that others wrote is cleaned and escaped in ``markup``, and the page forbids itself to load anything.
"""
