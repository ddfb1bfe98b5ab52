"""The supervisor as a process, ``python -m stresstui.supervise DIR``: the engine with the reports wired in."""

import sys
from pathlib import Path

from stresstui.core.run.fold import RunState
from stresstui.engine.supervise import supervisor
from stresstui.files import write_whole
from stresstui.report.monitor_log import MonitorLog
from stresstui.report.processes import ProcessTable
from stresstui.report.result import write_result
from stresstui.report.summary import write_summary


def supervise(run_dir: Path) -> int:
    """Carry out the run that was asked for in that directory; return its exit code."""
    monitor_log, processes = MonitorLog(run_dir.parent), ProcessTable()

    def on_sample(state: RunState) -> str | None:
        processes.observe(state)
        return monitor_log.write_due(state)

    def at_end(state: RunState, directory: Path) -> None:
        monitor_log.end()
        write_result(state, directory)
        write_summary(state, directory)
        _write_more(state, processes, directory)

    return supervisor.as_program(run_dir, lambda: supervisor.run(run_dir, on_sample=on_sample, on_end=at_end))


def _write_more(state: RunState, processes: ProcessTable, directory: Path) -> None:
    """What is for people and for CI: loaded only here, since a run's hours need none of it."""
    from stresstui.report.html.page import FILE_NAME, write_page  # noqa: PLC0415
    from stresstui.report.junit import write_junit  # noqa: PLC0415
    from stresstui.report.material import gather  # noqa: PLC0415

    write_junit(state, directory)
    write_page(gather(state, processes, directory), directory / FILE_NAME)
    _compare(state, directory)


def _compare(state: RunState, directory: Path) -> None:
    """Hold the run against its scenario's baseline, where it has one."""
    from stresstui.compare import baseline, say  # noqa: PLC0415
    from stresstui.compare.judge import compare  # noqa: PLC0415
    from stresstui.compare.numbers import numbers_of  # noqa: PLC0415

    found = baseline.read(directory.parent, state.scenario.name)
    if found is not None:
        report = compare(found.runs, [numbers_of(state)])
        write_whole(directory / say.FILE_NAME, say.markdown(report).encode())


if __name__ == "__main__":
    sys.exit(supervise(Path(sys.argv[1])))
