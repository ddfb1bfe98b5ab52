"""What happened to the child: tests, panics, crashes, and how it ended."""

from typing import Final

import msgspec

from stresstui.core.model import event as ev

CRASH_SIGNALS: Final = frozenset(
    ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP", "SIGSYS", "SIGQUIT", "SIGKILL")
)
"""Signals that mean a crash when nobody here sent them; the kernel's out-of-memory killer sends SIGKILL."""


class Facts(msgspec.Struct):
    """Facts about the child so far."""

    panics: int = 0
    """Panic messages in its output."""
    crashed: int = 0
    """Processes of the system under test that a crash signal ended."""
    oom_errors: int = 0
    """Messages about exhausted memory or descriptors."""
    skips: list[str] = []
    """Lines in which it says that it skipped its work, the first few."""
    libtest: bool = False
    """True once a libtest line was seen."""
    tests_announced: int = 0
    """Sum over ``running N tests``."""
    tests_passed: int = 0
    """Sum over ``test result`` lines."""
    tests_failed: int = 0
    """Sum over ``test result`` lines."""
    tests_ignored: int = 0
    """Sum over ``test result`` lines."""
    exited_at: float | None = None
    """When the child ended, seconds since the run started."""
    exit_status: int | None = None
    """Its exit status."""
    signal: str | None = None
    """Name of the signal that ended it."""
    planned: bool = False
    """True when it was stopped at the end of its plan."""
    cause: str = ""
    """Why the run could not start, if so: ``not_found``, ``build_failed``, ``not_ready``."""
    stopped_by: str = ""
    """Who asked for an early end."""
    stop_reason: str = ""
    """And why."""

    @property
    def tests_run(self) -> int:
        """Tests that really ran."""
        return max(0, self.tests_announced - self.tests_ignored)

    @property
    def ended_itself(self) -> bool:
        """True when the child ended and nobody here had asked it to."""
        return self.exited_at is not None and not self.planned and not self.stopped_by

    @property
    def crashed_by_signal(self) -> bool:
        """True when a crash signal that nobody here sent ended the child."""
        return self.signal in CRASH_SIGNALS and not self.planned and not self.stopped_by

    def counters(self) -> dict[str, float]:
        """Give the counters that rules may read."""
        crashes = self.panics + self.crashed + int(self.crashed_by_signal)
        return {"panics": float(self.panics), "crashes": float(crashes), "oom_errors": float(self.oom_errors)}

    def match(self, event: ev.Matched) -> bool:
        """Take in a line that means something; tell whether it is worth a line in the event list."""
        values = event.values
        if event.pattern == "panic":
            self.panics += 1
        elif event.pattern == "oom":
            self.oom_errors += 1
        elif event.pattern == "skip":
            self.skips = [*self.skips, event.line][:5]
        elif event.pattern == "libtest_running":
            self.libtest = True
            self.tests_announced += int(values.get("tests_run", 0))
        elif event.pattern == "libtest_result":
            self.libtest = True
            self.tests_passed += int(values.get("tests_passed", 0))
            self.tests_failed += int(values.get("tests_failed", 0))
            self.tests_ignored += int(values.get("tests_ignored", 0))
        return True

    def note_process(self, event: ev.ProcessKnown) -> bool:
        """Take in a process's end; tell whether a crash signal ended it."""
        crashed = event.state == "ended" and any(name in event.detail for name in CRASH_SIGNALS)
        if crashed and event.role == "sut" and not self.stopped_by and not self.planned:
            self.crashed += 1
            return True
        return False

    def exit(self, event: ev.Exited) -> None:
        """Take in the child's end."""
        self.exited_at, self.exit_status, self.signal = event.t, event.status, event.signal
        self.planned, self.cause = event.planned, event.cause

    def describe_exit(self) -> str:
        """Say how the child ended."""
        if self.cause:
            return {"not_found": "the command was not found", "build_failed": "the build failed"}.get(
                self.cause, "the workload did not become ready"
            )
        how = f"by {self.signal}" if self.signal else f"with status {self.exit_status}"
        if self.exit_status is None and self.signal is None:
            how = "with a status that is not known here"
        return f"the child was stopped as planned and ended {how}" if self.planned else f"the child ended {how}"
