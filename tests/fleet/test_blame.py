"""Which process is behind a failure."""

from stresstui.core.derive.processes import ProcessRow, ProcessTable
from stresstui.core.model.sample import Role
from stresstui.core.run.fold import RunState
from stresstui.fleet.blame import blamed
from tests.core.story import Story


def row(pid: int, fds: tuple[int, int], role: Role = Role.SUT) -> tuple[tuple[int, float], ProcessRow]:
    first, most = fds
    made = ProcessRow(
        pid=pid, name=f"p{pid}", role=role, began=0, ended=9, cpu_first=None, cpu_s=None, rss_first=None, rss=None,
        rss_max=None, fds_first=first, fds=most, fds_max=most, established=None, close_wait=None,
    )  # fmt: skip
    return (pid, 0.0), made


def run(rule: str, *rows: tuple[tuple[int, float], ProcessRow]) -> RunState:
    state = Story(rule).whole().state()
    state.processes = ProcessTable(rows=dict(rows))
    return state


def failed(*rows: tuple[tuple[int, float], ProcessRow]) -> RunState:
    return run("max(fds) < 1", *rows)


def test_the_one_that_grew_is_blamed_before_the_one_that_is_large() -> None:
    said = blamed(failed(row(1, (60, 60)), row(2, (5, 90)), row(3, (1, 400), Role.DRIVER)))
    assert said == "p2 (pid 2): File descriptors 5 to 90"


def test_where_none_grew_much_the_largest_is() -> None:
    assert blamed(failed(row(1, (80, 80)), row(2, (9, 10)))) == "p1 (pid 1): File descriptors 80"


def test_of_many_alike_none_is_blamed() -> None:
    assert blamed(failed(*(row(pid, (5, 30)) for pid in range(1, 5)))) == ""


def test_of_a_run_that_passed_none_is_blamed() -> None:
    assert blamed(run("max(fds) < 10000", row(2, (5, 90)))) == ""
