import gzip
import random
from pathlib import Path

import pytest

from stresstui.core.growth import Kind, Replay, State, replay

MB = 1e6
HOUR = 3600.0
TRACES = Path(__file__).parent / "traces"
DESCRIPTORS = {"fd_leak", "fd_churn", "node_sockets", "rust_files", "go_sockets", "sqlite_open"}
LEAKS = {
    "fd_leak", "sawtooth_leak", "slow_leak", "staircase", "arenas_leak", "lab_leaks", "node_leak", "node_sockets",
    "redis_grows", "rust_files", "rust_grown", "go_waits", "go_sockets", "java_again", "ruby_observed",
    "memcached_grows", "sqlite_open", "mqtt_retained", "postgres_prepares", "java_timers", "node_listens", "php_kept",
    "tasks_forgotten",
}  # fmt: skip
UNSEEN = {"java_leak"}
"""It leaks inside a heap of a fixed size, taken from the system early: its memory does not show it for long."""
BOTH = {"go_sockets", "sqlite_open"}
"""A connection that is held has buffers: memory leaks with the descriptors."""
WERE_CALLED = {"reality", "xray", "cache", "c_slots", "java_once", "ruby_finished"}
"""They do not leak, and were called in their first quarter of an hour."""
MEMORY_ONLY = {"reality", "reality_short"}
"""The proxies of a tunnel for an hour and for 22 minutes, whose memory settles by .6 and .9 % more until half an hour
has passed: no descriptors were recorded."""
NAMES = sorted(path.name.removesuffix(".csv.gz") for path in TRACES.glob("*.csv.gz"))


def recorded(name: str, kind: Kind, until: float) -> list[tuple[float, float]]:
    rows = gzip.decompress((TRACES / f"{name}.csv.gz").read_bytes()).decode().split()[1:]
    column = 1 if kind is Kind.RSS else 2
    points = [(float(row.split(",")[0]), float(row.split(",")[column])) for row in rows]
    return [point for point in points if point[0] <= until]


def own_kind(name: str) -> Kind:
    return Kind.FDS if name in DESCRIPTORS else Kind.RSS


def test_there_are_recorded_traces() -> None:
    assert len(NAMES) >= 30
    assert set(NAMES) >= LEAKS


@pytest.mark.parametrize("name", sorted(set(NAMES) - UNSEEN))
@pytest.mark.parametrize("minutes", [20, 31])
def test_every_recorded_program_is_judged_right(name: str, minutes: int) -> None:
    found = replay(recorded(name, own_kind(name), minutes * 60), own_kind(name))
    assert found.leak is (name in LEAKS), found.reason
    assert bool(found.alarms) is (name in LEAKS) or (name == "node_leak" and minutes < 22), found


@pytest.mark.parametrize("name", sorted(set(NAMES) - UNSEEN))
def test_every_recorded_program_is_judged_right_where_the_plan_is_told(name: str) -> None:
    points = recorded(name, own_kind(name), 1860)
    assert replay(points, own_kind(name), points[-1][0]).leak is (name in LEAKS)


@pytest.mark.parametrize("name", sorted(WERE_CALLED))
def test_what_only_fills_in_its_first_quarter_of_an_hour_is_not_called(name: str) -> None:
    for minutes in range(5, 16):
        found = replay(recorded(name, Kind.RSS, minutes * 60), Kind.RSS)
        assert (found.leak, found.alarms) == (False, []), minutes


@pytest.mark.parametrize("name", ["reality", "xray", "c_slots", "ruby_finished"])
def test_what_only_fills_in_a_test_of_minutes_is_not_called(name: str) -> None:
    for minutes in range(5, 16):
        points = recorded(name, Kind.RSS, minutes * 60)
        assert not replay(points, Kind.RSS, points[-1][0]).leak, minutes


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("bursts", [15]),
        ("go_bounded", [4, 5]),
        ("java_once", [4, 5, 6]),
        ("java_served", [10]),
        ("node_cache", [25, 26, 27, 28]),
        ("node_ended", [9, 10]),
        ("prometheus", [4, 5, 17, 18, 19, 20, 21, 22]),
        ("redis_lru", [4]),
    ],
)
def test_what_has_filled_or_risen_by_little_when_a_run_ends_is_not_called(name: str, minutes: list[int]) -> None:
    """Heaps, caches and a monitor that watches itself were, in runs of just these lengths."""
    for minute in minutes:
        points = recorded(name, Kind.RSS, minute * 60)
        assert not replay(points, Kind.RSS, points[-1][0]).leak, minute
        assert not replay(points, Kind.RSS).leak, minute


@pytest.mark.parametrize("planned", [None, 78 * 60.0])
@pytest.mark.parametrize("began", [60, 150, 300, 600])
def test_memory_that_settles_for_half_an_hour_is_not_called(began: int, planned: float | None) -> None:
    points = [(t, rss) for t, rss in recorded("reality", Kind.RSS, HOUR) if t >= began]
    assert replay(points, Kind.RSS, planned).alarms == []
    for minutes in range(5, 60, 3):
        stopped = [point for point in points if point[0] <= 60 * minutes]
        assert not replay(stopped, Kind.RSS, planned).leak


@pytest.mark.parametrize("planned", [None, 22 * 60.0])
def test_memory_that_settles_until_the_end_of_a_short_run_is_not_called(planned: float | None) -> None:
    points = recorded("reality_short", Kind.RSS, HOUR)
    assert replay(points, Kind.RSS, planned).alarms == []
    leaking = [(t, rss + 20 * MB * t / HOUR) for t, rss in points]
    assert replay(leaking, Kind.RSS, planned).leak


@pytest.mark.parametrize("name", sorted(set(NAMES) - MEMORY_ONLY - BOTH))
def test_no_recorded_program_leaks_what_it_does_not_touch(name: str) -> None:
    other = Kind.RSS if own_kind(name) is Kind.FDS else Kind.FDS
    assert replay(recorded(name, other, 1860), other).alarms == []


@pytest.mark.parametrize("name", ["sawtooth_leak", "fd_leak"])
def test_the_two_leaks_of_the_guide_are_called_within_minutes(name: str) -> None:
    found = replay(recorded(name, own_kind(name), 1860), own_kind(name))
    assert found.first_alarm_t is not None
    assert found.first_alarm_t <= 15 * 60


def test_nothing_at_all_is_undecided() -> None:
    found = replay([], Kind.RSS)
    assert found == Replay(False, None, [], 1, State.UNDECIDED, None, None, None, found.reason)


def test_it_evaluates_every_minute_and_at_the_end() -> None:
    assert replay([(t * 5.0, 1.0) for t in range(121)], Kind.FDS).evals == 10
    assert replay([(t * 7.0, 1.0) for t in range(100)], Kind.FDS).evals == 12


def test_a_long_pause_is_a_gap_without_evaluations() -> None:
    points = [(t * 5.0 + 36_000 * (t > 100), 20.0) for t in range(201)]
    found = replay(points, Kind.FDS)
    assert found.evals <= 18
    assert found.state is State.STEADY


def test_slower_sampling_is_not_an_endless_gap() -> None:
    chance = random.Random(9)
    times = [float(t) for t in range(600)] + [600.0 + 150 * i for i in range(200)]
    found = replay([(t, 60 * MB + 2e3 * t + chance.gauss(0, MB)) for t in times], Kind.RSS)
    assert found.leak
    assert found.slope_per_hour == pytest.approx(2e3 * HOUR, rel=0.2)


def test_it_never_looks_ahead() -> None:
    chance = random.Random(5)
    points = [(t * 10.0, 60 * MB + 9e3 * t + chance.gauss(0, MB)) for t in range(720)]
    whole = replay(points, Kind.RSS)
    assert whole.first_alarm_t is not None
    until = [point for point in points if point[0] <= whole.first_alarm_t]
    assert replay(until, Kind.RSS).first_alarm_t == whole.first_alarm_t
    other = until + [(t, 60 * MB) for t, _ in points[len(until) :]]
    assert replay(other, Kind.RSS).first_alarm_t == whole.first_alarm_t


def test_a_leak_across_a_restart_is_still_a_leak() -> None:
    chance = random.Random(6)
    points = [
        (t * 10.0, 30 * MB + 150 * MB * ((t * 10.0 + 1800) % 6000) / HOUR + chance.gauss(0, MB)) for t in range(1000)
    ]
    assert replay(points, Kind.RSS).leak


def test_a_restart_of_a_steady_process_is_no_leak() -> None:
    chance = random.Random(7)
    points = [(t * 10.0, (8 if 300 <= t < 305 else 300) * MB + chance.gauss(0, MB)) for t in range(1000)]
    assert replay(points, Kind.RSS).alarms == []


def test_the_same_trace_gives_the_same_answer() -> None:
    chance = random.Random(8)
    points = [(t * 5.0, 60 * MB + 2e3 * t + chance.gauss(0, 3 * MB)) for t in range(2000)]
    assert replay(points, Kind.RSS) == replay(iter(points), Kind.RSS)


@pytest.mark.parametrize(("per_hour", "leak"), [(40 * MB, True), (0.0, False)])
@pytest.mark.parametrize("other", [0.0, 3 * MB])
def test_readings_that_were_written_twice_change_nothing(per_hour: float, other: float, *, leak: bool) -> None:
    """As an exporter does that begins again, with the same value or another one."""
    chance = random.Random(11)
    once = [(10.0 * i, 200 * MB + per_hour * i / 360 + chance.gauss(0, 0.2 * MB)) for i in range(720)]
    twice = [
        (t, value + more) for i, (t, value) in enumerate(once) for more in ((0.0, other) if i % 9 == 0 else (0.0,))
    ]
    assert replay(once, Kind.RSS).leak is leak
    assert replay(twice, Kind.RSS).leak is leak
