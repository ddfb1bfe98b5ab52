"""Whose children processes were: real ones, a real netlink socket."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from stresstui.engine.process.kernel import lineage
from stresstui.engine.process.kernel.lineage import Lineage

PARENT_OF_ONE = """
import os
pid = os.fork()
if not pid:
    os._exit(0)
os.waitpid(pid, 0)
print(os.getpid(), pid)
"""


@pytest.fixture
def known() -> Iterator[Lineage]:
    made = Lineage()
    if made._socket is None:
        pytest.skip("this process may not listen to the kernel's proc connector")
    yield made
    made.close()


def family() -> tuple[int, int]:
    """A process of ours that is gone, and its child that was gone before."""
    done = subprocess.run([sys.executable, "-c", PARENT_OF_ONE], capture_output=True, text=True, check=True)
    parent, child = map(int, done.stdout.split())
    return parent, child


def test_those_above_a_process_that_is_gone_are_known(known: Lineage) -> None:
    parent, child = family()
    assert known.above(child)[:4] == [child, parent, os.getpid(), os.getppid()]


def test_those_above_a_living_process_need_no_report() -> None:
    own = [os.getpid(), os.getppid()]
    assert Lineage().above(os.getpid())[:2] == own[: 1 + bool(own[1])]  # in a container it may be the first


def test_who_was_gone_before_has_nobody_above(known: Lineage) -> None:
    _, child = family()
    late = Lineage()
    assert late.above(child) == [child]
    late.close()


def test_the_oldest_are_forgotten(known: Lineage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lineage, "_KEPT", 3)
    _, child = family()
    for _ in range(3):
        family()
    assert os.getpid() not in known.above(child)


def test_who_listens_no_longer_still_knows_the_living(known: Lineage) -> None:
    known.close()
    _, child = family()
    assert known.above(child) == [child]
