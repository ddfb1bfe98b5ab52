"""The supervisor as a process, ``python -m stresstui.supervise DIR``: the engine with the reports wired in."""

import gc
import sys

if __name__ == "__main__":
    gc.disable()  # nothing of what loads is garbage; the engine's entry puts it on again
    # asyncio loads OpenSSL where it can, 4 MiB for as long as the run lasts; nothing here speaks TLS. msgspec takes of
    # typing_extensions, which takes as long to load as a tenth of all this, what typing has too.
    for _spared in ("ssl", "typing_extensions"):
        sys.modules[_spared] = None  # type: ignore[assignment]
    from stresstui.engine.process.watchdog import fork_early

    _GUARD = fork_early()  # what loads from here on is no part of it

import contextlib
from pathlib import Path

from stresstui.core.run.fold import RunState
from stresstui.engine import entry
from stresstui.engine.launch.request import HEAPTRACK
from stresstui.engine.process.watchdog import Guard
from stresstui.engine.record.journal import read_end
from stresstui.engine.record.stored.opened import PACKED_FROM
from stresstui.files import write_whole
from stresstui.folder import BASELINES, COMPARISON, JOURNAL, PAGE
from stresstui.itself import leave
from stresstui.report.monitor_log import MonitorLog
from stresstui.report.result import write_result
from stresstui.report.summary import write_summary

if __name__ == "__main__":
    for _spared in ("ssl", "typing_extensions"):
        del sys.modules[_spared]


def supervise(run_dir: Path, guard: Guard | None = None) -> int:
    """Carry out the run that was asked for in that directory; return its exit code. ``guard`` as for ``entry.run``."""
    ended_in: list[Path] = []
    monitor_log = MonitorLog(run_dir.parent)

    def at_end(state: RunState, directory: Path) -> None:
        monitor_log.end()
        ended_in.append(directory)
        write_result(state, directory)
        write_summary(state, directory)
        _write_more(state, directory)

    def work() -> int:
        code = entry.run(run_dir, on_sample=monitor_log.write_due, on_end=at_end, guard=guard)
        for directory in ended_in:
            pack_ended(directory / JOURNAL)
        return code

    return entry.as_program(run_dir, work)


def pack_ended(path: Path) -> None:
    """Pack a long journal whose end is written; any other stays for who looks into it. What stops that is said."""
    with contextlib.suppress(OSError):
        if path.stat().st_size >= PACKED_FROM and read_end(path) is not None:
            from stresstui.engine.record.stored.rewrite import pack_journal  # noqa: PLC0415 - few runs are so long

            if why := pack_journal(path):
                sys.stderr.write(f"stresstui: {why}\n")


def _write_more(state: RunState, directory: Path) -> None:
    """What is for people and for CI: loaded only here, since a run's hours need none of it."""
    from stresstui.report.html.page import write_page  # noqa: PLC0415
    from stresstui.report.junit import write_junit  # noqa: PLC0415
    from stresstui.report.material import gather  # noqa: PLC0415

    if HEAPTRACK in state.burdens.until:
        from stresstui.investigate.recorded import tell_recorded  # noqa: PLC0415

        tell_recorded(state, directory)
    write_junit(state, directory)
    comparison = None
    if (directory.parent / BASELINES).is_dir():
        from stresstui.history.against import told  # noqa: PLC0415 - most have no baseline

        comparison = told(state, directory)
    if comparison is not None:
        write_whole(directory / COMPARISON, comparison.markdown.encode())
    table = ("", []) if comparison is None else (comparison.verdict, comparison.table)
    write_page(gather(state, directory, table), directory / PAGE)


if __name__ == "__main__":
    leave(supervise(Path(sys.argv[1]), _GUARD))
