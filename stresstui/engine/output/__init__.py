"""What the programs of a run print: kept as it came, cut into lines, read for numbers and for what broke.

The way of a line::

    pipe            bytes as they come; the log keeps them
    line_budget     cut into lines; where there are too many, ``marks`` chooses which are read, and ``beyond``
                    searches what is left out of a line that is too long
    line_reader     the course of one line, from here on:
      line          clean: decoded, without colours, and only what was drawn last
      gate          one look for the marks of all readers at once: what the line may tell of (its kinds);
                    most lines have no mark, and nobody but the scenario's own expressions reads them any further
      line_protocol what was printed for this program: the metrics line, what the lab announces
      harness       how many tests ran, passed and failed; ``ended_tests``: which of them a signal ended
      shown         whether lines only show something else: a diff, a commit
      crash         what broke or ran out, by ``words``; ``ended`` and ``ended_fields``: who was ended by a signal
      expected      panics with which a test is to end
      around        ends that only several lines tell
      build_error   the first error of a compiler
      load          whether any request of a load generator succeeded
      stories       one end, one count: what retells it is left out
      own           the scenario's own expressions
    program         events to the run's loop, in the order in which they came

A reader is handed a ``Line``: its text, and what stands behind the prefix of a log. It reads those of its kind and,
while it ``awaits`` more of what it has begun, every other. Where in a text a message begins, and whether it is only
quoted, ``message`` knows; what programs print stands in the tables of ``words``.
"""
