"""One scenario of a suite as it came out, and the verdict of all."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from stresstui.cli.starting.stopped import was_stopped
from stresstui.core.model.errors import UNREADABLE
from stresstui.core.model.outcome import ExitCode
from stresstui.folder import OUTPUT, RESULT

_BLOCKED: Final = re.compile(rb"PermissionDenied|Operation not permitted")
_FAILED_TEST: Final = re.compile(rb"^test .+ \.\.\. FAILED\s*$")
_OF_THE_TESTS: Final = re.compile(r"(exit_status|tests_\w+|count\((panic|crash)\w*\))\b")
"""Rules that a test breaks by being refused its sockets: it panics, fails, and its status says so."""
_WORDS: Final = {
    ExitCode.PASSED: "passed",
    ExitCode.FAILED: "failed",
    ExitCode.INCONCLUSIVE: "inconclusive",
    ExitCode.INTERRUPTED: "aborted",
    ExitCode.TERMINATED: "aborted",
}
_ENDS: Final = (ExitCode.INTERRUPTED, ExitCode.TERMINATED)
PEAKS: Final = ("rss", "fds", "established")
"""Metrics whose most is told of each scenario."""
SKIPPED: Final = "skipped"
NOT_RUN: Final = "not run"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario of the suite."""

    scenario: str
    """Its name."""
    outcome: str
    """The run's outcome; ``skipped``, ``not run`` or ``could not run`` where there is none."""
    code: int | None = None
    """Exit code of the run; None where it was not begun."""
    reasons: list[str] = []
    """Why it came out so."""
    duration_s: float = 0.0
    """Seconds from start to end."""
    run: str | None = None
    """The run's directory."""
    stopped: bool = False
    """Whether somebody asked for its end, whatever it had come to by then."""
    peaks: dict[str, float] = {}
    """The most that was seen of memory (``rss``, bytes), descriptors (``fds``) and connections (``established``)."""


def ended_step(scenario: str, run_dir: Path, code: int) -> Step:
    """The step of a run that has ended with ``code``."""
    result = _read(run_dir)
    reasons = [str(reason) for reason in result.get("reasons") or []]
    outcome = _WORDS.get(ExitCode(code), "could not run") if code in set(ExitCode) else "could not run"
    if code in (ExitCode.FAILED, ExitCode.INCONCLUSIVE) and _is_blocked(run_dir, result):
        outcome, reasons = SKIPPED, ["this environment does not permit the sockets that the test needs", *reasons]
    return Step(
        scenario=scenario,
        outcome=outcome,
        code=code,
        reasons=reasons,
        duration_s=float(result.get("duration_s") or 0.0),
        run=str(run_dir),
        stopped=was_stopped(run_dir),
        peaks=_peaks(result),
    )


def _peaks(result: dict[str, Any]) -> dict[str, float]:
    metrics = result.get("metrics") or {}
    known = {name: (metrics.get(name) or {}).get("max") for name in PEAKS}
    return {name: float(most) for name, most in known.items() if most is not None}


def _is_blocked(run_dir: Path, result: dict[str, Any]) -> bool:
    """Whether tests failed for want of sockets alone: a refusal each, and nothing measured that failed."""
    failed = [criterion["rule"] for criterion in result.get("criteria", []) if criterion.get("verdict") == "failed"]
    if not all(_OF_THE_TESTS.match(rule) for rule in failed):
        return False
    try:
        lines = (run_dir / OUTPUT).read_bytes().splitlines()
    except OSError:
        return False
    refusals = sum(1 for line in lines if _BLOCKED.search(line))
    return refusals > 0 and refusals >= sum(1 for line in lines if _FAILED_TEST.search(line))


def _read(run_dir: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = msgspec.json.decode((run_dir / RESULT).read_bytes(), type=dict[str, Any])
    except (OSError, *UNREADABLE):
        return {}
    return found


def ends_suite(step: Step) -> bool:
    """Whether no further scenario is begun: somebody asked for the end."""
    return step.code in _ENDS or step.stopped


def combined(steps: Sequence[Step]) -> ExitCode:
    """The exit code of all: what ended the suite, else the worst; passed only where something did, skips aside."""
    for step in steps:
        if step.code in _ENDS:
            return ExitCode(step.code or ExitCode.INTERRUPTED)
    outcomes = {step.outcome for step in steps}
    if "failed" in outcomes:
        return ExitCode.FAILED
    if "could not run" in outcomes:
        return ExitCode.COULD_NOT_RUN
    return ExitCode.PASSED if "passed" in outcomes and outcomes <= {"passed", SKIPPED} else ExitCode.INCONCLUSIVE
