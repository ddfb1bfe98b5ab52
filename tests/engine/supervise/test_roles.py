import os
from pathlib import Path

import pytest

from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import RunnerKind
from stresstui.engine.collect import ProcessFacts
from stresstui.engine.process.find import command_parts
from stresstui.engine.supervise.roles import Roles


def facts(
    pid: int = 10,
    *,
    ppid: int = 9,
    exe: str | None = "/bin/a",
    argv: tuple[str, ...] = ("a",),
    parent: Role | None = None,
) -> ProcessFacts:
    return ProcessFacts(pid, ppid, 1.0, "a", exe, argv, parent)


@pytest.mark.parametrize(
    ("runner", "role"),
    [
        (RunnerKind.CARGO, Role.BUILD),
        (RunnerKind.LAB, Role.DRIVER),
        (RunnerKind.COMMAND, Role.SUT),
        (RunnerKind.PID, Role.SUT),
    ],
)
def test_an_unknown_process(runner: RunnerKind, role: Role) -> None:
    assert Roles(runner).classify(facts()) is role


def test_a_child_inherits() -> None:
    assert Roles(RunnerKind.LAB).classify(facts(parent=Role.SUT)) is Role.SUT


def test_the_test_binary_is_the_system_under_test_by_its_real_path(tmp_path: Path) -> None:
    (tmp_path / "bench-1").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    roles = Roles(RunnerKind.CARGO)
    roles.set_binary(str(tmp_path / "link" / "bench-1"))
    assert roles.classify(facts(exe=str(tmp_path / "bench-1"), parent=Role.BUILD)) is Role.SUT
    assert roles.classify(facts(exe=str(tmp_path / "bench-2"), parent=Role.BUILD)) is Role.BUILD


def test_the_labs_word_counts_but_not_a_services() -> None:
    roles = Roles(RunnerKind.COMMAND)
    roles.announce(10, Role.DRIVER)
    assert roles.classify(facts(10)) is Role.DRIVER
    roles.add_service(20)
    roles.announce(21, Role.SUT)
    assert roles.classify(facts(20)) is Role.SERVICE
    assert roles.classify(facts(21, ppid=20, parent=Role.SERVICE)) is Role.SERVICE


def test_a_child_that_has_not_executed_its_program_is_nobody_yet() -> None:
    roles = Roles(RunnerKind.COMMAND)
    own = command_parts(os.getpid())
    assert roles.classify(facts(ppid=os.getpid(), argv=own)) is None
    assert roles.classify(facts(ppid=os.getpid(), argv=("python", "other.py"))) is Role.SUT


@pytest.mark.parametrize(
    ("exe", "parent", "role"),
    [
        ("/u/.cargo/bin/cargo", None, Role.BUILD),
        ("/u/toolchains/x/bin/rustc", Role.BUILD, Role.BUILD),
        ("/usr/bin/ld", Role.BUILD, Role.BUILD),
        ("/t/debug/deps/soak-1", Role.BUILD, Role.SUT),
        ("/usr/bin/python3", Role.SUT, Role.SUT),
    ],
)
def test_a_test_command_s_tools_are_told_from_what_it_tests(exe: str, parent: Role | None, role: Role) -> None:
    roles = Roles(RunnerKind.COMMAND, builds=True)
    assert roles.classify(facts(exe=exe, parent=parent)) is role
    assert Roles(RunnerKind.COMMAND).classify(facts(exe=exe)) is Role.SUT
