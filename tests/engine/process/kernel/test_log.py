"""What the kernel says, in the form in which /dev/kmsg gives it."""

import pytest

from stresstui.engine.process.kernel import log
from stresstui.engine.process.kernel.log import KEPT, KernelLog

KILL = b"6,2501,13781333066,-;Memory cgroup out of memory: Killed process 22329 (python) total-vm:76508kB\n KEY=v\n"


def test_the_newest_messages_are_kept_for_people_and_the_kills_are_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [[KILL, b"garbage"], []]
    monkeypatch.setattr(KernelLog, "_records", lambda self: said.pop(0) if said else [])
    kernel = KernelLog()
    shown = "[13781.333066] Memory cgroup out of memory: Killed process 22329 (python) total-vm:76508kB"
    assert kernel.messages() == [shown, "[    0.000000] "]
    assert [kill.pid for kill in kernel.memory_kills()] == [22329]
    said.append([b"6,1,1000000,-;line %d" % number for number in range(KEPT + 9)])
    assert len(kernel.messages()) == log.KEPT
    assert kernel.messages()[-1] == f"[    1.000000] line {KEPT + 8}"
    kernel.close()
