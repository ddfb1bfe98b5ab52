"""The supervisor as a process, ``python -m stresstui.supervise DIR``: the engine with the reports wired in."""

import sys
from pathlib import Path

from stresstui.core.run.fold import RunState
from stresstui.engine.supervise import supervisor
from stresstui.report.monitor_log import MonitorLog
from stresstui.report.result import write_result
from stresstui.report.summary import write_summary


def supervise(run_dir: Path) -> int:
    """Carry out the run that was asked for in that directory; return its exit code."""
    monitor_log = MonitorLog(run_dir.parent)

    def at_end(state: RunState, directory: Path) -> None:
        monitor_log.end()
        write_result(state, directory)
        write_summary(state, directory)

    return supervisor.run(run_dir, on_sample=monitor_log.write_due, on_end=at_end)


if __name__ == "__main__":
    sys.exit(supervise(Path(sys.argv[1])))
