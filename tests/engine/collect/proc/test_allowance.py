"""What CPU time a run may have."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from stresstui.engine.collect.proc import allowance, cgroup
from stresstui.engine.collect.proc.allowance import Allowance, Allowed, allowed, parse_quota
from stresstui.engine.collect.proc.cgroup import Mount


@pytest.fixture
def groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A process in the group /box/slice/scope, on a box of eight CPUs whose container shows /box alone."""
    monkeypatch.setattr(cgroup, "paths_of", lambda _: {"": "/box/slice/scope", "cpu": "/box/slice/scope"})
    monkeypatch.setattr(cgroup, "read_mounts", lambda: dict.fromkeys(("", "cpu"), Mount("/box", tmp_path)))
    monkeypatch.setattr(allowance, "affine", lambda _: 8)
    (tmp_path / "slice/scope").mkdir(parents=True)
    return tmp_path


def write(folder: Path, quota: str, throttled: int, *, unified: bool) -> None:
    number, period = quota.split()
    if unified:
        (folder / "cpu.max").write_text(f"{quota}\n")
    else:
        (folder / "cpu.cfs_quota_us").write_text(f"{'-1' if number == 'max' else number}\n")
        (folder / "cpu.cfs_period_us").write_text(f"{period}\n")
    (folder / "cpu.stat").write_text(f"nr_periods 900\nnr_throttled {throttled}\nthrottled_time 5\n")


@pytest.mark.parametrize("unified", [True, False])
def test_the_least_quota_around_the_process_counts(groups: Path, *, unified: bool) -> None:
    assert allowed([1]) == Allowed(8)
    write(groups / "slice/scope", "max 100000", 0, unified=unified)
    write(groups / "slice", "250000 100000", 7, unified=unified)
    assert allowed([1]) == Allowed(3, 2.5, 0.7)
    write(groups / "slice/scope", "10000 20000", 100, unified=unified)
    assert allowed([1]) == Allowed(1, 0.5, 2.0)
    write(groups, "9000000 1000000", 3, unified=unified)
    assert allowed([1]) == Allowed(1, 0.5, 2.0)


def test_a_quota_of_more_than_the_cpus_is_none(groups: Path) -> None:
    write(groups, "900000 100000", 3, unified=True)
    assert allowed([1]) == Allowed(8)


@pytest.mark.parametrize(
    ("text", "cpus"),
    [("max 100000\n", None), ("-1 100000", None), ("150000 100000\n", 1.5), ("50000", 0.5), ("", None), ("1 0", None)],
)
def test_what_is_no_quota(text: str, cpus: float | None) -> None:
    found = parse_quota(Path("/x"), text)
    assert (found.cpus if found else None) == cpus


def test_the_cpus_of_many_processes_are_asked_for_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def affine(pids: Sequence[int]) -> int:
        asked.append(len(pids))
        return 1

    monkeypatch.setattr(allowance, "affine", affine)
    for count, times in ((3, 13), (400, 4), (5000, 3)):
        known = Allowance()
        asked.clear()
        for t in range(61):
            known.read(float(t), range(count))
        assert len(asked) == times
