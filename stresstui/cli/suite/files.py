"""What a suite leaves in the report folder: the log of all its tests, a summary, and the result for programs."""

import os
import shutil
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Final

import msgspec

from stresstui.cli.suite.step import NOT_RUN, PEAKS, SKIPPED, Step
from stresstui.core.model.units import format_duration
from stresstui.folder import OUTPUT

SCHEMA: Final = 1
"""Version of the suite's result."""


def table(steps: Sequence[Step]) -> list[str]:
    """A line for each scenario: outcome, name, time, the first reason."""
    width = max(len(step.scenario) for step in steps)
    return [
        f"{step.outcome:<13}  {step.scenario:<{width}}  {format_duration(round(step.duration_s)):>7}  "
        f"{step.reasons[0] if step.reasons else ''}".rstrip()
        for step in steps
    ]


def write_files(folder: Path, suite: str, stamp: str, steps: Sequence[Step], verdict: str) -> list[Path]:
    """Write the four files and give their paths. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"stress_test_{suite}_{stamp}.log"
    summary, result = folder / f"summary_{stamp}.txt", folder / f"suite_{suite}_{stamp}.json"
    _write_log(log, steps)
    _write(summary, "\n".join(_summary(suite, stamp, steps, verdict, log)).encode() + b"\n")
    document = {"schema": SCHEMA, "suite": suite, "outcome": verdict, "scenarios": list(steps)}
    _write(result, msgspec.json.format(msgspec.json.encode(document)) + b"\n")
    junit = result.with_suffix(".xml")
    _write_junit(junit, suite, steps)
    return [log, summary, result, junit]


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(content)


def _write_log(path: Path, steps: Sequence[Step]) -> None:
    """The output of every test, one after the other, as the tests printed it."""
    _write(path, b"")
    with path.open("ab") as log:
        for step in steps:
            log.write(f"=== {step.scenario}: {step.outcome} ===\n".encode())
            output = Path(step.run, OUTPUT) if step.run else None
            if output is not None and output.exists():
                with output.open("rb") as file:
                    shutil.copyfileobj(file, log)
                log.write(b"\n")


def _summary(suite: str, stamp: str, steps: Sequence[Step], verdict: str, log: Path) -> list[str]:
    head = [f"Test Type:    {suite}", f"Timestamp:    {stamp}", f"Outcome:      {verdict}"]
    usage = ["Resource Usage:", "---------------", *(_usage(step) for step in steps if step.peaks)]
    return [
        "Stress Test Summary",
        "===================",
        "",
        *head,
        "",
        *table(steps),
        "",
        *usage,
        "",
        f"Full log: {log}",
    ]


def _usage(step: Step) -> str:
    """The most that a scenario used, in the words of the Rust project's own monitor."""
    rss, fds, connections = (step.peaks.get(name) for name in PEAKS)
    memory = "-" if rss is None else f"{rss / 1024:.0f}KB"
    most = ["-" if one is None else f"{one:.0f}" for one in (fds, connections)]
    return f"{step.scenario}: Max Memory: {memory}  Max FDs: {most[0]}  Max Connections: {most[1]}"


def _write_junit(path: Path, suite: str, steps: Sequence[Step]) -> None:
    from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

    cases = TestSuite(suite)
    kinds = {"failed": Failure, "inconclusive": Error, SKIPPED: Skipped, NOT_RUN: Skipped}
    for step in steps:
        case = TestCase(step.scenario, classname=f"stresstui.{suite}", time=step.duration_s)
        if step.outcome != "passed":
            said = "; ".join([step.outcome, *step.reasons])
            case.result = [kinds.get(step.outcome, Error)("".join(c for c in said if c.isprintable()))]
        cases.add_testcase(case)
    document = JUnitXml()
    document.add_testsuite(cases)
    content = BytesIO()
    document.write(content)
    _write(path, content.getvalue())
