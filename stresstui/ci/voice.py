"""What a CI system reads in a job's log: groups that fold, an annotation for each failed criterion, a job's summary."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.run.fold import RunState
from stresstui.core.text.printable import printable
from stresstui.report.summary import fitted, summary_of

Write = Callable[[str], None]
"""Writes a line as it is."""
ANNOTATIONS_MAX: Final = 10
"""Annotations of a kind that GitHub shows of a step."""


class Voice:
    """Says nothing: a run that no CI system reads."""

    def begin(self, name: str) -> None:
        """A run begins to print."""

    def end(self, state: RunState) -> None:
        """It has ended; its verdict is printed next."""


class GitHub(Voice):
    """Workflow commands of GitHub Actions."""

    def __init__(self, write: Write, summary: Path | None) -> None:
        self._write, self._summary = write, summary

    def begin(self, name: str) -> None:
        """Fold what is printed until the end."""
        self._write(f"::group::{_escaped(name)}")

    def end(self, state: RunState) -> None:
        """Close the group, annotate what failed, append the summary; a summary that cannot be written ends nothing."""
        self._write("::endgroup::")
        failed = [c for c in state.criteria if c.verdict in (Verdict.FAILED, Verdict.BREACHED)]
        for criterion in failed[:ANNOTATIONS_MAX]:
            self._write(_annotation(criterion))
        if self._summary is None:
            return
        try:
            room = self._summary.stat().st_size if self._summary.exists() else 0
            with self._summary.open("a", encoding="utf-8") as file:
                file.write(fitted(summary_of(state), max(1024, (1 << 20) - room - 1)))
        except OSError as error:
            self._write(f"::warning::the summary cannot be written: {_escaped(str(error))}")


class GitLab(Voice):
    """Sections of a GitLab job's log."""

    def __init__(self, write: Write, now: Callable[[], float] = time.time) -> None:
        self._write, self._now = write, now

    def begin(self, name: str) -> None:
        """Fold what is printed until the end."""
        self._write(f"\x1b[0Ksection_start:{self._now():.0f}:stresstui[collapsed=true]\r\x1b[0K{printable(name)}")

    def end(self, state: RunState) -> None:
        """Close the section."""
        del state
        self._write(f"\x1b[0Ksection_end:{self._now():.0f}:stresstui\r\x1b[0K")


def voice_of(environment: Mapping[str, str], write: Write) -> Voice:
    """Who reads the log, by the variables that each system sets."""
    if environment.get("GITHUB_ACTIONS") == "true":
        path = environment.get("GITHUB_STEP_SUMMARY")
        return GitHub(write, Path(path) if path else None)
    return GitLab(write) if environment.get("GITLAB_CI") == "true" else Voice()


def _annotation(criterion: CriterionState) -> str:
    warns = criterion.shown_verdict is Verdict.WARNING
    title = _escaped(criterion.spec.title).replace(":", "%3A").replace(",", "%2C")
    return (
        f"::{'warning' if warns else 'error'} title={title}::{_escaped(f'{criterion.spec.rule}: {criterion.evidence}')}"
    )


def _escaped(text: str) -> str:
    """A text in a workflow command (actions/toolkit, command.ts)."""
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
