"""Which processes came and went, as events; bounded, since a run may start millions."""

from typing import Final

import msgspec

from stresstui.core.model.event import ProcessKnown
from stresstui.core.model.sample import ProcessSample, Role, Sample, moved
from stresstui.engine.process.children import ExitStatus

EVENTS_MAX: Final = 200
"""Comings and goings of the system under test that are told."""
OTHERS_MAX: Final = 60
"""The same of all other processes."""
CRASHES_MAX: Final = 200
"""Ends by a signal that are told beyond that."""


class ProcessTracker:
    """Names the processes of a run, and compares samples."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, float], ProcessSample] = {}
        self._compared: tuple[ProcessSample, ...] = ()
        self._ends: dict[int, str] = {}
        self._announced: dict[int, ProcessKnown] = {}
        self._told = dict.fromkeys(Role, 0)
        self._crashes = 0

    def track(self, sample: Sample) -> tuple[Sample, list[ProcessKnown]]:
        """Give processes what was announced of them, and say who appeared, changed role or ended since the last."""
        sample = self._with_names(sample)
        return sample, self._compare(sample)

    def _compare(self, sample: Sample) -> list[ProcessKnown]:
        changed = moved(self._compared, sample.processes)
        self._compared = sample.processes
        if changed is not None and len(sample.processes) == len(self._known):
            return self._update(sample.t, [process for _, process in changed])
        now = {process.key: process for process in sample.processes}
        events = [
            self._event(sample.t, process, "running", "")
            for key, process in now.items()
            if not self._is_told(key, process)
        ]
        for key, process in self._known.items():
            if key not in now:
                events.append(self._event(sample.t, process, "ended", self._ends.pop(process.pid, "")))
        self._known = now
        events.sort(key=lambda event: event.role is not Role.SUT)
        return [event for event in events if self._may_tell(event)]

    def _update(self, t: float, fresh: list[ProcessSample]) -> list[ProcessKnown]:
        """Nobody came or went: only who is not what the sample before said may have a new role."""
        events = [self._event(t, one, "running", "") for one in fresh if not self._is_told(one.key, one)]
        self._known.update((process.key, process) for process in fresh)
        events.sort(key=lambda event: event.role is not Role.SUT)
        return [event for event in events if self._may_tell(event)]

    def announce(self, event: ProcessKnown) -> None:
        """Take a name that a process was given; the kernel's name for it is then not told again."""
        self._announced[event.pid] = event

    def announced_under_test(self) -> dict[int, str]:
        """Names by pid of what was announced as being under test, sampled yet or not."""
        return {event.pid: event.name for event in self._announced.values() if event.role is Role.SUT}

    def _with_names(self, sample: Sample) -> Sample:
        """The kernel's names are cut, every script's is the same, and a sample may be older than the announcement."""
        if not self._announced:
            return sample
        return msgspec.structs.replace(sample, processes=tuple(self._named(sample.t, one) for one in sample.processes))

    def _named(self, t: float, process: ProcessSample) -> ProcessSample:
        announced = self._announced.get(process.pid)
        if announced is None or not announced.name:
            return process
        early = t <= announced.t
        return msgspec.structs.replace(process, name=announced.name, role=announced.role if early else process.role)

    def suspect(self) -> tuple[int, str]:
        """Pid and name of the one process under test that a message without a pid can mean; 0 where there are more."""
        under_test = [process for process in self._known.values() if process.role is Role.SUT]
        return (under_test[0].pid, under_test[0].name) if len(under_test) == 1 else (0, "a process")

    def record_exit_status(self, t: float, pid: int, status: ExitStatus, otherwise: Role) -> ProcessKnown | None:
        """Take the exit status of a process that had forked away; an end by a signal is told at once."""
        process = next((p for p in self._known.values() if p.pid == pid), None)
        if status.signal is None:
            if process is not None:
                self._ends[pid] = f"exit status {status.status}"
            return None
        announced = self._announced.pop(pid, None)
        known = process or announced  # what was announced may have ended before any sample saw it
        if process is not None:
            del self._known[process.key]
        role, name = (known.role, known.name) if known else (otherwise, "")
        return self.crashed(t, pid, role, name, status.signal)

    def unasked_end(self, t: float, pid: int, role: Role, name: str, how: str) -> ProcessKnown | None:
        """Take an end that another program tells; it is then not told again when it shows in a sample."""
        process = next((p for p in self._known.values() if p.pid == pid), None)
        if process is not None:
            del self._known[process.key]
        self._announced.pop(pid, None)
        return self._end(t, pid, role, name, how)

    def crashed(self, t: float, pid: int, role: Role, name: str, signal: str) -> ProcessKnown | None:
        """Tell of an end by a signal; None when enough were told."""
        return self._end(t, pid, role, name, f"killed by {signal}")

    def _end(self, t: float, pid: int, role: Role, name: str, how: str) -> ProcessKnown | None:
        self._crashes += 1
        return None if self._crashes > CRASHES_MAX else ProcessKnown(t, pid, role, name, "ended", how)

    def _is_told(self, key: tuple[int, float], process: ProcessSample) -> bool:
        announced = self._announced.get(process.pid)
        if announced is not None and announced.role is process.role:
            return True  # even where a sample had seen it before, in another role
        return key in self._known and self._known[key].role is process.role

    def _event(self, t: float, process: ProcessSample, state: str, detail: str) -> ProcessKnown:
        if state == "ended":
            self._announced.pop(process.pid, None)
        return ProcessKnown(t, process.pid, process.role, process.name, state, detail)

    def _may_tell(self, event: ProcessKnown) -> bool:
        self._told[event.role] += 1
        others = sum(count for role, count in self._told.items() if role is not Role.SUT)
        return self._told[event.role] <= EVENTS_MAX if event.role is Role.SUT else others <= OTHERS_MAX
