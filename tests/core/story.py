"""Scripts a run second by second, as the events that its supervisor would have seen."""

from collections.abc import Callable
from typing import Any

import msgspec

from stresstui.core.criteria.state import CriterionState
from stresstui.core.model import event as ev
from stresstui.core.model.event import Event, Phase
from stresstui.core.model.sample import HostSample, ProcessSample, Role, Sample
from stresstui.core.model.scenario import CriterionSpec, MetricSpec, RunnerKind, Scenario
from stresstui.core.run.fold import RunState, fold

MIB = 2**20
_USUAL: dict[str, Any] = {
    "cpu_s": lambda t: 0.1 * t, "rss": 50 * MIB, "vsz": 900 * MIB, "fds": 40, "threads": 9, "established": 20,
    "close_wait": 0, "listen": 1, "udp": 0, "bytes_in": lambda t: int(1000 * t), "bytes_out": lambda t: int(2000 * t),
}  # fmt: skip


def specs(*rules: str | CriterionSpec) -> tuple[CriterionSpec, ...]:
    return tuple(
        rule if isinstance(rule, CriterionSpec) else CriterionSpec(id=f"c{n}", title=f"Criterion {n}", rule=rule)
        for n, rule in enumerate(rules)
    )


def process(t: float, *, pid: int = 1, started: float = 1.0, role: Role = Role.SUT, **fields: Any) -> ProcessSample:
    wanted = {**_USUAL, **fields}
    values = {name: value(t) if callable(value) else value for name, value in wanted.items()}
    return ProcessSample(pid=pid, started=started, name="proxy", role=role, **values)


class Story:
    """A run in the making: each call adds events, ``state()`` folds them."""

    def __init__(
        self,
        *rules: str | CriterionSpec,
        runner: RunnerKind = RunnerKind.COMMAND,
        duration: float | None = 60.0,
        warm_up: float = 10.0,
        cool_down: float = 5.0,
        metrics: dict[str, MetricSpec] | None = None,
        own_warm_up: float | None = None,
        argv: tuple[str, ...] = ("proxy", "--run"),
        **scenario: Any,
    ) -> None:
        self.t = 0.0
        self.duration, self.warm_up, self.cool_down = duration, warm_up, cool_down
        self.scenario = Scenario(
            name="story", duration=duration, warm_up=own_warm_up or warm_up, cool_down=cool_down,
            criteria=specs(*rules), metrics=metrics or {}, **scenario,
        )  # fmt: skip
        self.events: list[Event] = [
            ev.Started(
                0.0, run="story_1", wall="2026-11-23T10:15:00Z", scenario=msgspec.to_builtins(self.scenario),
                runner=runner.value, command=argv, duration=duration, warm_up=warm_up,
                cool_down=cool_down,
            )
        ]  # fmt: skip

    def add(self, *events: Event) -> "Story":
        self.events.extend(events)
        return self

    def phase(self, phase: Phase) -> "Story":
        return self.add(ev.PhaseBegan(self.t, phase))

    def phase_of(self, name: str) -> "Story":
        return self.phase(Phase(name))

    def sample(
        self, *, processes: tuple[ProcessSample, ...] | None = None, host: HostSample | None = None,
        missed: int = 0, **fields: Any,
    ) -> "Story":  # fmt: skip
        found = (process(self.t, **fields),) if processes is None else processes
        sample = Sample(
            self.t, found, host or HostSample(), cpus=2, sockets_t=self.t, missed=missed,
            monitor_cpu_s=0.004 * self.t, monitor_rss=20 * MIB,
        )  # fmt: skip
        return self.add(ev.Sampled(self.t, sample=sample))

    def run(
        self, seconds: float, *, report: Callable[[float], dict[str, float]] | None = None, **fields: Any
    ) -> "Story":
        for _ in range(round(seconds)):
            self.sample(**fields)
            if report is not None:
                self.report(**report(self.t))
            self.t += 1.0
        return self

    def report(self, **values: float) -> "Story":
        return self.add(ev.Reported(self.t, values=values))

    def warm(self, **fields: Any) -> "Story":
        return self.phase(Phase.WARM_UP).run(self.warm_up, **fields)

    def soak(self, seconds: float | None = None, **fields: Any) -> "Story":
        planned = (self.duration or 0.0) - self.warm_up
        return self.phase(Phase.SOAK).run(planned if seconds is None else seconds, **fields)

    def cool(self, **fields: Any) -> "Story":
        return self.phase(Phase.COOL_DOWN).run(self.cool_down, **fields)

    def exit(self, status: int | None = 0, **fields: Any) -> "Story":
        return self.add(ev.Exited(self.t, status=status, **fields))

    def end(self) -> "Story":
        return self.add(ev.Ended(self.t, wall="2026-11-23T10:16:05Z"))

    def whole(self, **fields: Any) -> "Story":
        return self.warm(**fields).soak(**fields).cool(**fields).exit(planned=True).end()

    def state(self) -> RunState:
        return fold(self.events)

    def criterion(self, index: int = 0) -> CriterionState:
        return self.state().criteria[index]
