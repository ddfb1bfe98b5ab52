"""Events: the facts of a run, in the order in which the supervisor saw them. The journal is a file of these.

Every event carries ``t``: seconds since the run started, monotonic, standing still while the machine is suspended.
Readings, verdicts and breaches are not facts but derived; ``BreachBegan`` and ``BreachEnded`` are written for people
and ``grep``, and ignored when a run is folded.
"""

from enum import StrEnum
from typing import Any

import msgspec

from stresstui.core.model.sample import ProcessSample, Role, Sample

SCHEMA = 1
UNREAD = "unread output"
SERVICE = "service"
"""Who says, of a doubt, that lines which may have meant something could not be read."""


class Phase(StrEnum):
    """Parts of a run, in order."""

    BUILD = "build"
    WARM_UP = "warm_up"
    SOAK = "soak"
    COOL_DOWN = "cool_down"
    ENDED = "ended"


class _Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event"):
    t: float


class Started(_Event, frozen=True, tag="started"):
    """The run began."""

    run: str
    """Name of the run and of its directory."""
    wall: str
    """Wall-clock time of ``t`` = 0, UTC, ISO 8601."""
    scenario: dict[str, Any]
    """The scenario as resolved, ``core.model.scenario.Scenario`` in builtin types."""
    runner: str
    """``cargo``, ``lab``, ``command`` or ``pid``."""
    why: str = ""
    """Why this runner, one sentence."""
    command: tuple[str, ...] = ()
    """The command, as started."""
    interval: float = 1.0
    """Seconds between samples."""
    duration: float | None = None
    """Planned seconds of warm-up and soak together; None = until the child exits."""
    warm_up: float = 0.0
    """Planned seconds of warm-up."""
    cool_down: float = 0.0
    """Planned seconds of cool-down."""
    schema: int = SCHEMA
    """Version of the journal."""
    tests: bool = False
    """Whether the command does nothing but test, as its script says where it has one."""


class PhaseBegan(_Event, frozen=True, tag="phase"):
    """A phase began, and with it the one before ended."""

    phase: Phase
    why: str = ""


class Sampled(_Event, frozen=True, tag="sample"):
    """The collector read a sample; ``t`` equals the sample's."""

    sample: Sample
    base: float | None = None
    """Only in the lines of a journal: ``t`` of the sample before, whose other processes are there as they were; its
    reader puts them in."""
    partly: tuple[ProcessSample, ...] = ()
    """Only with ``base``: processes of that sample of which only what is said here has changed."""
    gone: tuple[int, ...] = ()
    """Only with ``base``: pids of that sample that are not there any more."""


class Reported(_Event, frozen=True, tag="report"):
    """The workload reported numbers, in a metrics line or through a regular expression of the scenario."""

    values: dict[str, float]
    base: float | None = None
    """Only in the lines of a journal: ``t`` of the full report whose other values came again, unchanged; its reader
    puts them in."""


class Timed(_Event, frozen=True, tag="times"):
    """The workload told all times that it has taken since its start, so that several boxes' can be merged."""

    name: str
    """What was timed, such as ``latency_ms``."""
    buckets: str
    """``BUCKET:COUNT,...`` of an HDR histogram of two digits over microseconds; ``lab.net.latency`` reads it."""


class Matched(_Event, frozen=True, tag="match"):
    """A line of output that means something: a panic, a libtest line, a pattern of the scenario."""

    pattern: str
    """``panic``, ``crash``, ``libtest_running``, ``libtest_result`` and those of other harnesses, ``oom``, ``skip``,
    ``at_limit``, ``build_error``, or the name of a scenario's pattern."""
    line: str
    """The line, cut to 500 characters."""
    values: dict[str, float] = {}
    """Numbers read from it, such as ``{"tests_run": 1}``."""


class ProcessKnown(_Event, frozen=True, tag="process"):
    """A process of the tree appeared, was given another role, or ended."""

    pid: int
    role: Role
    name: str
    state: str = "running"
    """``running``, ``ended``, or ``leaked``: it outlived the child that left it."""
    detail: str = ""
    """How it ended, where that is known."""
    pprof: str = ""
    """Where it gives Go's profiles, ``host:port``, as it was announced."""


class ServiceState(_Event, frozen=True, tag="service"):
    """The workload or a service said how it is."""

    state: str
    """``starting``, ``ready``, ``loading``, ``idle``, ``stopped`` or ``failed``."""
    detail: str = ""
    name: str = "workload"
    ending: bool = False
    """Said while the run was being ended, by a signal that whatever it started heard as well."""


class Noted(_Event, frozen=True, tag="note"):
    """A person or a program wrote a note."""

    text: str
    by: str = ""


class Problem(_Event, frozen=True, tag="problem"):
    """An error at run time that did not end the run."""

    where: str
    text: str


class Doubted(_Event, frozen=True, tag="doubt"):
    """Something was lost, could not be seen, or disturbed the run, so that no pass can be trusted any more.

    A run with a doubt is inconclusive at best; a failure that was seen stays one.
    """

    where: str
    """Who says so: ``journal``, ``output``, ``collector``, ``SERVICE``, ``host``, ``supervisor``, or ``UNREAD``."""
    reason: str
    """One sentence for people; it becomes a reason of the outcome."""


class Burdened(_Event, frozen=True, tag="burden"):
    """Somebody looks into the processes under test with what slows them: what is measured meanwhile judges nothing."""

    by: str
    """Who looks: the same when it begins and when it is over."""
    what: str = ""
    """What is done, in a few words."""
    seconds: float | None = 0.0
    """How long it may last, unless its end is told before: 0 = it is over, None = to the end of the run."""
    everything: bool = False
    """True where also what does not depend on time is bent, such as the memory."""


class StopRequested(_Event, frozen=True, tag="stop"):
    """Somebody asked for the run to end before its plan."""

    by: str
    """``user``, ``SIGTERM``, ``SIGINT``, ``criterion`` or ``supervisor``."""
    reason: str = ""


class Exited(_Event, frozen=True, tag="exit"):
    """The child ended."""

    status: int | None = None
    """Exit status; None when a signal ended it, or when it was not this program's child."""
    signal: str | None = None
    """Name of the signal that ended it."""
    planned: bool = False
    """True when the supervisor stopped it at the end of the planned duration."""
    cause: str = ""
    """``not_found``, ``build_failed``, ``not_ready`` where the run could not start; else empty."""
    asked: float | None = None
    """When it was asked to end, seconds since the run started: what came after was no load; None where it was not."""
    left: bool = False
    """True where it could not be ended, and is left: a process of another user may not be."""


class Descriptor(msgspec.Struct, frozen=True, omit_defaults=True):
    """An open file descriptor of a process of the system under test."""

    pid: int
    name: str
    """The process's name."""
    fd: int
    kind: str
    """``tcp``, ``udp``, ``unix``, ``file``, ``pipe``, ``anon`` or another short word."""
    target: str = ""
    """Path, or what the kernel calls it; empty for sockets with addresses."""
    local: str = ""
    peer: str = ""
    state: str = ""
    """State of a TCP socket."""
    age_s: float | None = None
    """Seconds for which it is known to have been open, at least; None where it was not seen before."""


class Captured(_Event, frozen=True, tag="captured"):
    """Evidence: the descriptors that a moment found open and its reference did not."""

    what: str
    """``leftover`` (open at the end of cool-down, not before the load) or ``breach``."""
    descriptors: tuple[Descriptor, ...] = ()
    """The first of them, the oldest first."""
    count: int = 0
    """How many there were."""
    criterion: str = ""
    """Id of the criterion whose breach it is evidence of."""
    file: str = ""
    """Where the whole evidence is, from the run's directory on."""


class BreachBegan(_Event, frozen=True, tag="breach_began"):
    """For people and grep: a criterion was breached. Ignored when folding."""

    criterion: str
    title: str
    value: float | None = None
    text: str = ""
    began: float | None = None
    """When the limit was first crossed, seconds since the run started: a breach is known once that has lasted."""
    warning: bool = False
    """True where the breach does not fail the run."""


class BreachEnded(_Event, frozen=True, tag="breach_ended"):
    """For people and grep: a breach was over. Ignored when folding."""

    criterion: str
    title: str
    worst: float | None = None


class Ended(_Event, frozen=True, tag="ended"):
    """The run is over; nothing follows."""

    wall: str = ""
    """Wall-clock time, UTC, ISO 8601."""
    reason: str = ""
    outcome: str = ""
    """The outcome as judged then; it is derived, and looked at only where the journal turns out to be damaged."""
    reasons: tuple[str, ...] = ()
    """Why that outcome, the first few reasons."""


Event = (
    Started | PhaseBegan | Sampled | Reported | Timed | Matched | ProcessKnown | ServiceState | Noted | Problem
    | Doubted | Burdened | StopRequested | Exited | Captured | BreachBegan | BreachEnded | Ended
)  # fmt: skip
"""Any fact of a run."""

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode_event(event: Event) -> bytes:
    """Write an event as one line of JSON, without the line's end."""
    return _ENCODER.encode(event)


def decode_event(line: bytes) -> Event:
    """Read one line of a journal; raise msgspec.DecodeError when it is not an event."""
    return _DECODER.decode(line)
