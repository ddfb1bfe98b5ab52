"""What happened to the child: tests, panics, crashes, and how it ended."""

from typing import Final

import msgspec

from stresstui.core.derive.tellers import Tellers
from stresstui.core.model import event as ev

FROM_OUTPUT: Final = frozenset(("panics", "crashes", "oom_errors", "tests_run", "tests_failed"))
"""What is counted in the lines of its output: at least so much where some of them could not be read."""

CRASH_SIGNALS: Final = frozenset((
    "SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP", "SIGSYS", "SIGQUIT", "SIGKILL", "SIGXFSZ", "SIGXCPU",
))  # fmt: skip
"""Signals that mean a crash when nobody here sent them; the kernel's out-of-memory killer sends SIGKILL, and its
limits of a file's size and of CPU time have signals of their own."""

FAULT_SIGNALS: Final = CRASH_SIGNALS - {"SIGKILL", "SIGQUIT", "SIGTRAP"}
"""Those that nobody sends to end a program: it broke, though it had just been asked to end."""

RAN_OUT: Final = "oom"
"""Pattern of what tells that something ran out."""
AT_LIMIT: Final = "at_limit"
"""Pattern of what tells that nothing is left, and not whether more was wanted."""
BUILD_ERROR: Final = "build_error"
"""Pattern of what a compiler said first of why it failed."""
NO_SUCCESS: Final = "no_success"
"""Pattern of what tells that none of a load's requests succeeded."""
_TELLING_S: Final = 10.0
"""Seconds from a message to the end that it explains: a core may have to be written in between."""


class Facts(msgspec.Struct):
    """Facts about the child so far."""

    panics: int = 0
    """Panic messages in its output."""
    breaks: int = 0
    """Other messages in its output that a program broke: of a runtime, a sanitizer, a C library."""
    crashed: int = 0
    """Processes of the system under test that a crash signal ended."""
    explained: int = 0
    """Ends among those that a message tells as well, or that somebody saw before their status came."""
    tellers: Tellers = msgspec.field(default_factory=Tellers)
    """Who told of what broke, of late ..."""
    aborts: Tellers = msgspec.field(default_factory=Tellers)
    """... and of panics and of what an abort ended, which is how some runtimes end after one."""
    oom_errors: int = 0
    """Messages about exhausted memory or descriptors."""
    at_limit: str = ""
    """Who has no descriptor left and may have wanted more; empty where nobody."""
    unread: str = ""
    """Why lines that may have meant something were not read; empty where all were."""
    no_success: str = ""
    """What says that none of its requests succeeded; empty where nothing does."""
    skips: list[str] = []
    """Lines in which it says that it skipped its work, the first few."""
    oom_kills: int = 0
    """Processes that the kernel killed for want of memory."""
    leaked: int = 0
    """Processes that outlived the child that left them."""
    harness: bool = False
    """True once a line of a test harness was seen."""
    harness_runs: int = 0
    """Times a harness said how many tests it begins ..."""
    harness_ends: int = 0
    """... and what they came to."""
    tests_cut: int = 0
    """Test programs that began and never summed up, so that one test of each at least was cut off."""
    test_binaries: int = 0
    """Test programs that cargo said it runs."""
    tests_announced: int = 0
    """Sum over ``running N tests``."""
    tests_passed: int = 0
    """Sum over ``test result`` lines."""
    tests_failed_summed: int = 0
    """Sum over ``test result`` lines."""
    tests_failed_named: int = 0
    """Tests that a line of their own says have failed; the summary comes later, or never."""
    tests_ignored: int = 0
    """Sum over ``test result`` lines."""
    tests_listed: int = 0
    """Tests that a line of their own says have ended, where a harness may print no sum."""
    tests_unsummed: int = 0
    """Tests that a line of their own says have ended, where the sum that counts them never came."""
    exited_at: float | None = None
    """When the child ended, seconds since the run started."""
    load_ended_at: float | None = None
    """When its load ended, likewise: when it was asked to end, or did by itself."""
    is_left: bool = False
    """True where it could not be ended."""
    exit_status: int | None = None
    """Its exit status."""
    signal: str | None = None
    """Name of the signal that ended it."""
    planned: bool = False
    """True when it was stopped at the end of its plan."""
    build_error: str = ""
    """What a compiler in its output said first of why it failed, and where; empty where none did."""
    cause: str = ""
    """Why the run could not start, if so: ``not_found``, ``build_failed``, ``not_ready``."""
    stopped_by: str = ""
    """Who asked for an early end."""
    told_to_end: bool = False
    """Whether that had been asked for when the child ended: its status is the answer, and no failure of its own."""
    stop_reason: str = ""
    """And why."""

    @property
    def tests_run(self) -> int:
        """Tests that really ran, to their end or not."""
        if 0 < self.harness_runs <= self.harness_ends:
            ran = max(self.tests_ended, self.tests_failed)  # the last word: what was announced may have been cut short
        else:
            ran = max(0, self.tests_announced - self.tests_ignored, self.tests_ended, self.tests_failed)
        return ran + self.tests_cut

    @property
    def tests_failed(self) -> int:
        """Tests that failed, as far as it was said."""
        return max(self.tests_failed_summed, self.tests_failed_named)

    @property
    def tests_ended(self) -> int:
        """Tests of which a harness said what they came to."""
        return max(self.tests_passed + self.tests_failed_summed, self.tests_listed) + self.tests_unsummed

    @property
    def tests_open(self) -> int:
        """Tests that began and of which nobody ever said what they came to: they hang, or were cut off."""
        begun = self.tests_announced - self.tests_ignored - self.tests_ended
        return self.tests_cut + (max(0, begun) if self.harness_runs > self.harness_ends else 0)

    @property
    def tests_unsaid(self) -> int:
        """Test programs of cargo's that did not say what they begin: with a harness of their own nobody knows."""
        return max(0, self.test_binaries - self.harness_runs)

    @property
    def had_to_be_killed(self) -> bool:
        """True when the child did not end when it was asked to at the end of its plan."""
        return self.planned and self.signal == "SIGKILL"

    @property
    def ended_itself(self) -> bool:
        """True when the child ended and nobody here had asked it to."""
        return self.exited_at is not None and not self.planned and not self.stopped_by

    @property
    def crashed_by_signal(self) -> bool:
        """True when a crash signal that nobody here sent ended the child, by itself or as it was asked to end."""
        return self.signal in (FAULT_SIGNALS if self.planned else CRASH_SIGNALS) and not self.stopped_by

    @property
    def crashes_told(self) -> int:
        """Everything that told of a crash, however many of them told of the same."""
        return self.panics + self.breaks + self.crashed + int(self.crashed_by_signal) + self.oom_kills

    def counters(self) -> dict[str, float]:
        """Give the counters that rules may read."""
        ended = self.crashed + int(self.crashed_by_signal) - self.explained
        killed = max(ended, self.oom_kills)  # such a kill may be among the crashed
        return {
            "panics": float(self.panics),
            "crashes": float(self.panics + self.breaks + killed),
            "oom_errors": float(self.oom_errors + self.oom_kills),
            "leaked_processes": float(self.leaked),
        }

    def match(self, event: ev.Matched, *, own: bool = False) -> bool:
        """Take in a line that means something, ``own`` if by the scenario's words; tell whether to list it."""
        values = event.values
        if event.pattern == "panic":
            self.panics += 1
            self.explained += not self.aborts.is_news(event.t, "message", _TELLING_S)
        elif event.pattern == "crash" and not own:
            self.breaks += 1
            self.explained += not self.tellers.is_news(event.t, "message", _TELLING_S)
        elif event.pattern == RAN_OUT:
            self.oom_errors += 1
        elif event.pattern == BUILD_ERROR and not own:
            self.build_error = self.build_error or event.line
        elif event.pattern == AT_LIMIT and not own:
            self.at_limit = self.at_limit or event.line
        elif event.pattern == NO_SUCCESS and not own:
            self.no_success = self.no_success or event.line
        elif event.pattern == "skip":
            self.skips = [*self.skips, event.line][:5]
        elif event.pattern == "oom_kill":
            self.oom_kills += 1
        elif not own:
            self._match_harness(event.pattern.rpartition("_")[2], values)
        return True

    def _match_harness(self, what: str, values: dict[str, float]) -> None:
        """Take in a harness's line: ``libtest_running``, ``pytest_result`` and their like."""
        if what == "failed":
            self.harness = True
            self.tests_failed_named += 1
            return
        if not values:
            return
        if what == "binary":
            self.test_binaries += 1
            return
        self.harness = True
        if what == "ended":
            self.tests_unsummed += int(values["tests_passed"] + values["tests_failed"])
            self.tests_ignored += int(values["tests_ignored"])
        if what == "cut":
            self.tests_cut += 1
        if what in ("running", "item") and "tests_run" in values:
            self.harness_runs += 1
            self.tests_announced += int(values["tests_run"])
        if what in ("result", "part"):
            self.harness_ends += what == "result"
            self.tests_passed += int(values.get("tests_passed", 0))
            self.tests_failed_summed += int(values.get("tests_failed", 0))
            self.tests_ignored += int(values.get("tests_ignored", 0))
        if what == "item":
            failed = int(values.get("tests_failed", 0))
            self.tests_failed_named += failed
            self.tests_listed += failed + int(values.get("tests_passed", 0))
            self.tests_ignored += int(values.get("tests_ignored", 0))

    def note_process(self, event: ev.ProcessKnown) -> bool:
        """Take in a process's end; tell whether a crash signal ended it, or it had none when it should have."""
        if event.state == "leaked":
            self.leaked += 1
            return True
        signals = FAULT_SIGNALS if self.planned else CRASH_SIGNALS
        crashed = event.state == "ended" and any(name in event.detail for name in signals)
        if crashed and event.role == "sut" and not self.stopped_by:
            self.crashed += 1
            self._note_end(event.t, "seen", next(name for name in signals if name in event.detail))
            return True
        return False

    def _note_end(self, t: float, teller: str, signal: str) -> None:
        """Take in an end by a signal: a message may tell of it as well, or who saw it before its status came."""
        if signal not in FAULT_SIGNALS | {"SIGTRAP"}:
            return
        known = not self.tellers.is_news(t, teller, _TELLING_S)
        if not known and signal == "SIGABRT":
            known = not self.aborts.is_news(t, "end", _TELLING_S)
        self.explained += known

    def exit(self, event: ev.Exited) -> None:
        """Take in the child's end."""
        self.exited_at, self.exit_status, self.signal = event.t, event.status, event.signal
        self.load_ended_at = event.t if event.asked is None else event.asked
        self.planned, self.cause, self.is_left = event.planned, event.cause, event.left
        self.told_to_end = bool(self.stopped_by)
        if self.crashed_by_signal:
            self._note_end(event.t, "status", self.signal or "")

    def describe_exit(self) -> str:
        """Say how the child ended."""
        if self.cause:
            return {"not_found": "what is to be run or watched was not found", "build_failed": "the build failed"}.get(
                self.cause, "the workload did not become ready"
            )
        how = f"by {self.signal}" if self.signal else f"with status {self.exit_status}"
        if self.exit_status is None and self.signal is None:
            how = "with a status that is not known here"
        if self.is_left:
            return "the child was asked to end, could not be ended, and is left running"
        if self.had_to_be_killed:
            return "the child was asked to end as planned, did not, and had to be killed"
        return f"the child was stopped as planned and ended {how}" if self.planned else f"the child ended {how}"
