r"""Scenarios: found, read from TOML, checked, and handed on as values.

A scenario is a file; its name is the file's name. The first of these that has the name wins, and hides the others:

1. ``.stresstui/*.toml`` in the project under test, found upwards from the working directory
2. ``scenarios/*.toml`` in the user's configuration folder of stresstui
3. the ten built-in ones beside this text, which are the guide's
4. ``suite/*.toml`` beside them: the Rust project's own suite, which needs its workspace

What may stand in a file; every key may be left out, durations are text such as ``"90s"`` or ``"1h30m"``::

    title = "ECH, 24 hours"           # name for people
    objective = "..."                 # what it is for, one sentence
    duration = "24h"                  # warm-up and soak together; left out = until the workload exits
    duration_note = "..."             # what else is to be said about it
    warm_up = "5m"                    # not judged; a shorter run scales it down
    cool_down = "30s"                 # in which settles() has to come true
    interval = "1s"                   # between samples
    until_exit = false                # true: the workload's own end is a planned end
    moves_bytes = true                # false: a run that moves no bytes is still worth judging
    include = ["lab", "stable_24h"]   # packs: packs/*.toml beside the file, or built in
    services = ["ech"]                # lab services that are up while the workload runs

    [cargo]                           # package, test_target, test, release, features = [], args = []
    test = "stress_ech_24h"

    [lab]                             # protocol, profile, options = {}, inject = ["leak-fds=1/10s"]
    protocol = "ech"

    [command]                         # argv = [], cwd
    argv = ["./soak", "--forever"]

    [env]                             # environment added to the workload's
    RUST_BACKTRACE = "1"

    [metrics.queue_depth]             # a number that the workload reports; every key may be left out
    unit = "count"                    # bytes, count, %, s or ms, with /s for a rate; else inferred from the name
    kind = "gauge"                    # gauge, counter or rate; a name in _total is a counter
    title = "Queue depth"
    falls = false                     # true: a falling value is the bad direction
    regex = 'depth (\d+)'             # reads it out of ordinary output: a number, or yes and no, true and false

    [patterns]                        # lines of output that become events
    retry = 'retrying in \d+ s'

    [[criteria]]                      # id, title and rule are needed
    id = "queue_short"                # unique; the same id as in a pack overrides that
    title = "The queue stays short"
    rule = "max(queue_depth) < 100 for 10s"   # the grammar is in core.criteria.rule
    group = "Success criteria"        # heading under which it is shown
    severity = "fail"                 # or "warn"
    runners = ["lab"]                 # only with these; left out = with all
    abort = false                     # true: end the run at its breach
    grace = "30s"                     # how long after

A pack has only ``[metrics]``, ``[patterns]`` and ``[[criteria]]``. Every mistake is a ``ScenarioError`` of one line,
``FILE:LINE: what is wrong; the mend``.
"""

from stresstui.catalogue.error import ScenarioError
from stresstui.catalogue.find import (
    Entry,
    default_scenario,
    list_scenarios,
    load,
    load_file,
    locate_scenario,
    runners_of,
)

__all__ = [
    "Entry",
    "ScenarioError",
    "default_scenario",
    "list_scenarios",
    "load",
    "load_file",
    "locate_scenario",
    "runners_of",
]
