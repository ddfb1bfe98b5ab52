"""Under what a run was made: what must be the same before a difference can be one of what is under test."""

from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.core.model.scenario import CommandRun, LabRun, Scenario
from stresstui.core.model.units import format_duration, format_value
from stresstui.core.run.fold import RunState
from stresstui.files import read_plain
from stresstui.folder import REQUEST

ALIKE: Final = 1.25
"""Times the shortest of several lengths that the longest may last."""
AB: Final = ("ab_a", "ab_b")
"""What the runs of the two sides of ``stresstui ab`` go by."""
UNNAMED: Final = frozenset(("command", "watch", *AB))
"""Scenarios of commands and processes that a person named, instead of a file."""
_MEMORY_ALIKE: Final = 1.1
_COMMAND_MAX: Final = 60


class Setting(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a run's record says of where and how it was made; empty or 0 where it does not, but it has an interval."""

    cpus: int = 0
    """CPUs of the machine."""
    allowed: int = 0
    """CPUs of these that the run might use in its soak."""
    memory: int = 0
    """Physical memory, bytes."""
    machine: str = ""
    """Processor architecture."""
    system: str = ""
    """Operating system and its release."""
    collector: str = ""
    """How the operating system was read, as it was asked for."""
    interval: float = 0.0
    """Seconds between samples."""
    warm_up: float | None = None
    """Seconds of warm-up as planned; None where that is not known."""
    cool_down: float | None = None
    """The same of the cool-down."""
    load: str = ""
    """The lab's protocol, profile and options."""
    faults: str = ""
    """What the lab did wrong on purpose."""
    command: str = ""
    """What was run, of a command or a test."""
    criteria: dict[str, str] = {}
    """Rules by the criteria's ids."""
    versions: dict[str, str] = {}
    """Versions of this program and of what the verdict rests on."""
    revision: str = ""
    """Revision of the code under test."""


class _Host(msgspec.Struct, frozen=True):
    system: str = ""
    machine: str = ""
    memory: int = 0
    cpus: int = 0


class _Scenario(msgspec.Struct, frozen=True):
    name: str = ""
    command: CommandRun | None = None
    lab: LabRun | None = None


class _Request(msgspec.Struct, frozen=True):
    host: _Host = _Host()
    runner: str = ""
    pids: tuple[int, ...] = ()
    pattern: str = ""
    scenario: _Scenario = _Scenario()
    interval: float = 1.0
    warm_up: float = 0.0
    collector: str = ""
    versions: dict[str, str] = {}
    revision: str | None = None


def setting_of(state: RunState, run_dir: Path | None) -> Setting:
    """Read it out of a run and of what stands beside its journal; what cannot be read stays empty."""
    started, asked = state.started, _read(run_dir)
    lab = state.scenario.lab
    return Setting(
        cpus=asked.host.cpus,
        allowed=state.cpus,
        memory=asked.host.memory,
        machine=asked.host.machine,
        system=asked.host.system,
        collector=asked.collector,
        interval=started.interval if started else 0.0,
        warm_up=started.warm_up if started else None,
        cool_down=started.cool_down if started else None,
        load=load_of(lab) if started and started.runner == "lab" else "",
        faults=", ".join(sorted(lab.inject)) if lab is not None else "",
        command=" ".join(started.command) if started and started.runner != "lab" else "",
        criteria=_criteria(state.scenario),
        versions=asked.versions,
        revision=asked.revision or "",
    )


def kind_of(run_dir: Path) -> tuple[object, ...]:
    """What must be the same for runs to be in one row, as their requests say it: machine, load, interval, warm-up.

    Where no file says what a scenario runs, one name stands for anything: there it is what was run or watched too.
    """
    asked = _read(run_dir)
    load = load_of(asked.scenario.lab) if asked.runner == "lab" else ""
    argv = asked.scenario.command.argv if asked.scenario.command else ()
    what = (argv, asked.pattern, asked.pids) if asked.scenario.name in UNNAMED else ()
    return asked.host.cpus, asked.host.machine, load, asked.interval, asked.warm_up, what


def load_of(lab: LabRun | None) -> str:
    """The lab's load in words; empty without one."""
    if lab is None:
        return ""
    return " ".join([lab.protocol, lab.profile, *(f"{name}={value}" for name, value in sorted(lab.options.items()))])


def _criteria(scenario: Scenario) -> dict[str, str]:
    return {one.id: f"{one.rule} {one.severity.value}" for one in scenario.criteria}


def _read(run_dir: Path | None) -> _Request:
    if run_dir is None:
        return _Request()
    try:
        return msgspec.json.decode(read_plain(run_dir / REQUEST), type=_Request)
    except (OSError, *UNREADABLE):
        return _Request()


def unlike(known: list[Setting]) -> list[str]:
    """What differs so that a metric may differ for it: no verdict rests on such runs."""
    said = []
    if differ := _differ([str(one.cpus) for one in known if one.cpus]):
        said.append(f"the machines differ: {differ} CPUs")
    if differ := _differ([str(one.allowed) for one in known if one.allowed]):
        said.append(f"the CPUs that they might use differ: {differ}")
    if differ := _differ([one.machine for one in known if one.machine]):
        said.append(f"the machines differ: {differ}")
    sizes = [one.memory for one in known if one.memory]
    if sizes and max(sizes) > _MEMORY_ALIKE * min(sizes):
        least, most = format_value(min(sizes), "bytes"), format_value(max(sizes), "bytes")
        said.append(f"the machines differ: {least} and {most} of memory")
    if differ := _differ([one.load for one in known if one.load]):
        said.append(f"the loads differ: {differ}")
    if differ := _differ([format_duration(one.interval) for one in known if one.interval]):
        said.append(f"they were sampled at different intervals: {differ}")
    warm_ups = [one.warm_up for one in known if one.warm_up is not None]
    if warm_ups and max(warm_ups) > ALIKE * min(warm_ups):
        said.append(f"the warm-ups differ: {format_duration(min(warm_ups))} and {format_duration(max(warm_ups))}")
    return said


def notes(known: list[Setting]) -> list[str]:
    """What differs beside that: it may be what was changed on purpose, and is to be known."""
    said = [
        f"the {what} differ: {differ}"
        for what, differ in (
            ("systems", _differ([one.system for one in known if one.system])),
            ("collectors", _differ([one.collector for one in known if one.collector])),
            ("faults on purpose", _differ([one.faults or "none" for one in known if one.interval])),
            ("commands", _differ([_short(one.command) for one in known if one.command])),
            ("revisions under test", _differ([one.revision[:12] for one in known if one.revision])),
        )
        if differ
    ]
    cool_downs = [one.cool_down for one in known if one.cool_down is not None]
    if cool_downs and max(cool_downs) > ALIKE * min(cool_downs):
        said.append(f"the cool-downs differ: {format_duration(min(cool_downs))} and {format_duration(max(cool_downs))}")
    tools = [one.versions for one in known if one.versions]
    said.extend(
        f"the versions of {name} differ: {differ}"
        for name in sorted({name for versions in tools for name in versions})
        if (differ := _differ([versions.get(name, "none") for versions in tools]))
    )
    rules = [one.criteria for one in known if one.criteria]
    changed = sorted({name for one in rules for name in one if any(one[name] != other.get(name) for other in rules)})
    if changed:
        said.append(f"the criteria differ: {', '.join(changed)}")
    bare = sum(not one.interval for one in known)
    if bare and bare < len(known):
        what = "run is" if bare == 1 else "runs are"
        said.append(f"of {bare} {what} not known on what machine and with what load, nor how busy: an older record")
    return said


def _differ(found: list[str]) -> str:
    """Those that there are, where there are several; empty where all are the same."""
    several = list(dict.fromkeys(found))
    return ", ".join(several) if len(several) > 1 else ""


def _short(command: str) -> str:
    return command if len(command) <= _COMMAND_MAX else command[: _COMMAND_MAX - 1] + "…"
