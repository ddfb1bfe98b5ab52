"""What each process of the tree is to the run."""

import functools
import os
from pathlib import Path
from typing import Final

from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import RunnerKind
from stresstui.engine.collect.proc.facts import ProcessFacts
from stresstui.engine.process.find import command_parts
from stresstui.engine.process.watchdog import PROGRAM


@functools.cache
def _own_argv() -> tuple[str, ...]:
    return command_parts(os.getpid())


BUILD_TOOLS: Final = frozenset(
    "cargo cargo-nextest rustup rustc rustdoc rustfmt clippy-driver sccache build-script-bu build-script-build "  # noqa: SIM905 - a list of words
    "go compile link asm cgo vet buildid cc c++ gcc g++ cc1 cc1plus clang clang++ as collect2 ld ld.bfd ld.gold ld.lld "
    "lld rust-lld wild mold lto-wrapper lto1 ar make gmake ninja just cmake".split()
)
"""Programs that a test command runs beside what it tests."""


class Roles:
    """Classifies processes; what is learned on the way (announcements, the test binary) is told to it."""

    def __init__(self, runner: RunnerKind, *, builds: bool = False) -> None:
        """``builds`` says that the command is a test command, which compiles before it runs what it tests."""
        self._runner, self._builds = runner, builds
        self._announced: dict[int, Role] = {}
        self._services: set[int] = set()
        self._binary: str | None = None
        self.version = 0
        """Grows with everything that is learned: what was said of a process before may no longer hold."""

    @property
    def otherwise(self) -> Role:
        """The role of a process of which nothing is known."""
        return {RunnerKind.CARGO: Role.BUILD, RunnerKind.LAB: Role.DRIVER}.get(self._runner, Role.SUT)

    def announce(self, pid: int, role: Role) -> None:
        """Take the lab's word for what one of its processes is."""
        self._announced[pid] = role
        self.version += 1

    def add_service(self, pid: int) -> None:
        """Everything below this process is a service."""
        self._services.add(pid)
        self.version += 1

    def set_binary(self, path: str) -> None:
        """The executable under test, for the ``cargo`` runner."""
        self._binary = str(Path(path).resolve())
        self.version += 1

    def classify(self, facts: ProcessFacts) -> Role | None:
        """Say what a process is; callable from any thread."""
        if facts.ppid == os.getpid() and (facts.argv == _own_argv() or PROGRAM in facts.argv):
            return None  # a guard, or a child that has not executed its program yet and looks like this process
        if self._is_service(facts):
            return Role.SERVICE
        if facts.pid in self._announced:
            return self._announced[facts.pid]
        if self._runner is RunnerKind.CARGO and self._binary is not None and facts.exe == self._binary:
            return Role.SUT
        if self._builds:
            return Role.BUILD if BUILD_TOOLS & {facts.name, Path(facts.exe or "").name} else Role.SUT
        return facts.parent_role or self.otherwise

    def _is_service(self, facts: ProcessFacts) -> bool:
        if not self._services:
            return False
        return facts.pid in self._services or facts.parent_role is Role.SERVICE or self._of_service_group(facts.pid)

    def _of_service_group(self, pid: int) -> bool:
        """A process that forked away from a service is still in its process group, unless it made its own."""
        try:
            return os.getpgid(pid) in self._services
        except OSError:
            return False
