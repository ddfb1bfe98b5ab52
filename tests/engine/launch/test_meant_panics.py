from pathlib import Path

import pytest

from stresstui.engine.launch import meant_panics
from stresstui.engine.launch.cargo_command import sources_of
from stresstui.engine.launch.meant_panics import MeantPanics

TESTS = """
#[cfg(test)]
mod tests {
    #[test]
    #[should_panic(expected = "too big")]
    fn overflows() { panic!("too big"); }
    #[test] fn fine() { std::thread::Builder::new().name("worker".into()); }
    #[should_panic]
    #[tokio::test(flavor = "multi_thread")]
    async fn times_out() {}
    #[rstest] #[case(1)] #[case(2)] #[should_panic] fn each(#[case] n: u32) {}
    #[test_case(0 => panics "zero")] fn divides(n: u32) {}
}
"""
SOAK = """
#[test] #[should_panic] fn ends() {}
#[test] fn goes_on() { overflows(); }
made!(by_a_macro);
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    files = {
        "a/src/lib.rs": "mod deep; mod other;",
        "a/src/deep.rs": TESTS,
        "a/src/other/mod.rs": "#[test] fn two() {}",
        "a/tests/soak.rs": SOAK,
        "b/src/lib.rs": "#[test] fn two() {}",
        "b/src/main.rs": "#[test] #[should_panic] fn two() {}",
        "target/tests/gen.rs": "#[test] #[should_panic] fn goes_on() {}",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "Cargo.toml").write_text('[workspace]\nmembers = ["a", "b"]\n')
    (tmp_path / "a/Cargo.toml").write_text('[package]\nname = "a"\n')
    return tmp_path


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("deep::tests::overflows", True),
        ("deep::tests::times_out", True),
        ("deep::tests::each::case_1", True),
        ("deep::tests::divides::_0_expects_panicking", True),
        ("deep::tests::fine", False),
        ("ends", True),
        ("goes_on", False),
        ("other::two", False),
        ("worker", False),
        ("no_such_thread", False),
        ("overflows", None),
        ("by_a_macro", None),
        ("two", None),
    ],
)
def test_the_source_of_a_test_says_whether_it_is_to_panic(workspace: Path, path: str, told: object) -> None:
    assert MeantPanics(workspace)(path) is told


def test_where_names_are_made_of_pieces_a_thread_may_be_a_test(workspace: Path) -> None:
    assert MeantPanics(workspace)("no_such_thread") is False
    (workspace / "a/tests/pieces.rs").write_text("paste! { #[test] fn [<no_such _thread>]() {} }")
    assert MeantPanics(workspace)("no_such_thread") is None


def test_without_sources_nothing_is_known(tmp_path: Path) -> None:
    assert MeantPanics(tmp_path)("a") is None


def test_of_more_sources_than_are_read_nothing_is_known(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meant_panics, "_FILES_MOST", 2)
    assert MeantPanics(workspace)("ends") is None


def test_a_question_is_asked_of_the_sources_once_and_not_too_many_are(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meant_panics, "_NAMES_MOST", 1)
    known = MeantPanics(workspace)
    assert known("ends") is True
    (workspace / "a/tests/soak.rs").unlink()
    assert known("ends") is True
    assert known("deep::tests::overflows") is None


@pytest.mark.parametrize(
    ("argv", "cwd"),
    [
        (("cargo", "test"), "a"),
        (("cargo", "test", "--manifest-path", "a/Cargo.toml"), "."),
        (("cargo", "test", "--manifest-path=a/Cargo.toml"), "."),
        (("cargo", "test", "--manifest-path"), "a"),
    ],
)
def test_the_sources_of_a_command_are_its_workspace(workspace: Path, argv: tuple[str, ...], cwd: str) -> None:
    (workspace / "alone").mkdir()
    assert sources_of(argv, str(workspace / cwd)) == workspace
