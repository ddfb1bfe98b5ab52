from pathlib import Path

import msgspec
import pytest

from stresstui.core.model.scenario import CargoRun, CargoTest
from stresstui.engine.launch.binary_tests import is_libtest, read_list, select

LISTED = ["base::soak", "base::soak_again", "p0::ech::endurance", "quick", "p0::quick"]
IGNORED = ["base::soak", "base::soak_again", "p0::ech::endurance"]


def chosen(test: str, *others: str, args: tuple[str, ...] | None = None) -> str:
    run = CargoRun(test=test, tests=tuple(CargoTest(target="bench_p0_protocols", name=name) for name in others))
    run = run if args is None else msgspec.structs.replace(run, args=args)
    found = select(run, LISTED, IGNORED)
    return " ".join((found.run.test, *found.run.args))


PLAIN = "--nocapture --ignored --test-threads=1"
INCLUDED = "--nocapture --include-ignored --test-threads=1"


@pytest.mark.parametrize(
    ("test", "others", "said"),
    [
        ("endurance", (), f"endurance {PLAIN}"),
        ("24_hour", ("endurance",), f"endurance {PLAIN}"),
        ("24_hour", ("nothing", "soak_again"), f"soak_again {PLAIN}"),
        ("soak", ("endurance",), f"base::soak --exact {PLAIN}"),
        ("base", (), f"base {PLAIN}"),
        ("quick", (), f"quick {INCLUDED}"),
        ("p0", (), f"p0 {INCLUDED}"),
        ("none_of_them", (), f"none_of_them {PLAIN}"),
    ],
)
def test_the_binary_decides_what_runs(test: str, others: tuple[str, ...], said: str) -> None:
    assert chosen(test, *others) == said


def test_a_person_s_own_arguments_stay() -> None:
    assert chosen("quick", args=("--nocapture",)) == "quick --nocapture"
    assert chosen("soak", args=("--exact",)) == "soak --exact"


def test_what_was_changed_is_said() -> None:
    other = CargoRun(test="24_hour", tests=(CargoTest(target="bench_p0_protocols", name="endurance"),))
    assert select(other, LISTED, IGNORED).said == "it has no test '24_hour', so 'endurance' runs"
    assert (
        select(CargoRun(test="quick"), LISTED, IGNORED).said
        == "not all of its tests are #[ignore], so --include-ignored"
    )
    assert select(CargoRun(test="endurance"), LISTED, IGNORED).said == ""


def test_where_none_fits_those_alike_are_named() -> None:
    found = select(CargoRun(test="soak_agains"), LISTED, IGNORED)
    assert found.lacks
    assert found.said == "of its 5 tests none is 'soak_agains'; alike are soak_again"


def test_the_list_is_read_without_benchmarks_and_other_lines() -> None:
    assert read_list("noise\na::b: test\nbench_x: benchmark\n\n2 tests, 1 benchmarks\n") == ["a::b"]


@pytest.mark.parametrize(("table", "libtest"), [("harness = false", False), ("harness = true", True), ("", True)])
def test_a_harness_of_its_own_is_asked_nothing(tmp_path: Path, table: str, *, libtest: bool) -> None:
    manifest = tmp_path / "Cargo.toml"
    manifest.write_text(f'[[test]]\nname = "other"\nharness = false\n[[test]]\nname = "soak"\n{table}\n')
    assert is_libtest(str(manifest), "soak") is libtest
    assert is_libtest(str(tmp_path / "none.toml"), "soak")
