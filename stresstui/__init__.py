"""stresstui runs a stress test, watches it live, and gives a verdict that can be trusted.

The house, from the street door down; data flows one way, no room skips a layer:

- ``cli``        argv to wiring; imports the rest lazily
- ``tui``        the monitor's screen; reads only
- ``headless``   a run as plain lines, for CI and pipes
- ``lab``        the embedded workload, a program of its own: real protocol stacks on loopback
- ``fleet``      several boxes: their runs begun, followed and judged together
- ``compare``    runs against runs
- ``history``    the runs of a folder: rows of a kind, what they differed by, a run on its baseline
- ``alerts``, ``export``, ``investigate``   processes of their own that follow a run's journal
- ``ci``, ``doctor``, ``traces``            files for CI; is the machine fit; what other tools recorded
- ``report``     a folded run to result.json, pages, tables, pictures and the guide's monitor log
- ``engine``     the supervisor and its parts: launch, collectors, journal, control
- ``catalogue``  finds and loads scenarios
- ``core``       pure: units, metrics, samples, rules, verdicts, the fold of a run

``ARCHITECTURE.md`` beside this file tells the whole story.
"""
