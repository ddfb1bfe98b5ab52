"""Which commands may build what they run without a command of their own that only builds."""

from pathlib import Path

import pytest

from stresstui.engine.launch.self_building import builds_itself


@pytest.mark.parametrize(
    "argv",
    [
        ["make", "soak"],
        ["/usr/bin/ninja", "test"],
        ["just", "soak"],
        ["cargo", "run", "--release"],
        ["cargo", "+nightly", "bench"],
        ["go", "run", "."],
        ["timeout", "2h", "make", "-j2", "soak"],
        ["bash", "-c", "cd app && cargo test --release -- --ignored"],
        ["bash", "-eo", "pipefail", "-c", "RUST_LOG=info cargo +nightly test | tee log"],
        ["sh", "-lc", "if cargo build; then ./target/debug/soak; fi"],
        ["env", "A=1", "sh", "-c", "go build -o soak . && ./soak"],
        ["sh", "-c", "cmake --build build\nbuild/soak"],
    ],
)
def test_commands_that_build_by_themselves(argv: list[str]) -> None:
    assert builds_itself(argv)


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["makeshift"],
        ["./soak", "make"],
        ["timeout", "60", "./soak", "make"],
        ["cargo", "--version"],
        ["go", "version"],
        ["sh", "-c", "# be calm; make sure that it runs\n./soak  # cargo test does not"],
        ["sh", "-c", "echo to make it run"],
        ["sh", "-c", "./makefile-server; remake all; make-server"],
        ["python3", "-c", "make = 1"],
        ["env", "A=1"],
    ],
)
def test_commands_that_do_not(argv: list[str]) -> None:
    assert not builds_itself(argv)


@pytest.mark.parametrize(
    ("text", "so"),
    [
        ("#!/usr/bin/env bash\nset -e\nfor t in a b; do\n  cargo test --release $t\ndone\n", True),
        ("#!/bin/sh\n# cargo test builds\nexec ./soak\n", False),
        ("#!/usr/bin/env python3\nmake = 1\n", False),
        ("cargo test\n", False),
    ],
)
def test_a_script_is_looked_through(tmp_path: Path, text: str, *, so: bool) -> None:
    (tmp_path / "run.sh").write_text(text)
    assert builds_itself(["./run.sh", "short"], str(tmp_path)) is so
    assert builds_itself(["bash", "-e", "run.sh"], str(tmp_path)) is so


def test_what_cannot_be_read_is_no_script(tmp_path: Path) -> None:
    assert not builds_itself(["bash", str(tmp_path)])
    assert not builds_itself(["bash", "no\0name"])
    assert not builds_itself(["nowhere.sh"], str(tmp_path))
