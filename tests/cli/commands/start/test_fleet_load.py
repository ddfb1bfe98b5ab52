"""``stresstui fleet run --clients``: who is named, what is recorded, and what is refused before anything starts."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stresstui.cli.commands.start import fleet as module
from stresstui.fleet.record import load, newest

BOXES = "".join(f'[[box]]\nname = "{name}"\nhost = "10.0.0.{number}"\n' for number, name in enumerate("abcd", 1))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "fleet.toml").write_text(BOXES)
    monkeypatch.setattr(module, "follow", lambda *_, **__: None)

    def go(*argv: str) -> tuple[int, str, list[tuple[str, str]]]:
        told = ["run", "-f", str(tmp_path / "fleet.toml"), "--fleet-dir", str(tmp_path / "fleets"), *argv]
        result = CliRunner().invoke(module.fleet, told)
        folder = newest(tmp_path / "fleets") if (tmp_path / "fleets").exists() else None
        runs = [] if folder is None else load(folder).runs
        return result.exit_code, result.output, [(one.box, one.scenario) for one in runs]

    return go


@pytest.mark.parametrize(
    "clients", [("--clients", "b", "c", "d"), ("--clients", "b,c", "--clients", "d"), ("--clients", "b,c,d")]
)
def test_clients_are_named_one_behind_the_other_or_between_commas(run: Any, clients: tuple[str, ...]) -> None:
    code, said, runs = run("--scenario", "ssh_24h", *clients, "--server", "a", "--", "--interval", "500ms")
    assert code == 0, said
    assert runs == [
        ("a", "ssh_24h-server"), ("b", "ssh_24h-client"), ("c", "ssh_24h-client"), ("d", "ssh_24h-client"),
    ]  # fmt: skip


def test_a_length_and_options_are_also_those_of_every_run_of_the_matrix(run: Any, tmp_path: Path) -> None:
    matrix = '[[run]]\nscenario = "one"\nduration = "2h"\noptions = ["--runner", "lab"]\n[[run]]\nscenario = "two"\n'
    (tmp_path / "fleet.toml").write_text(BOXES + matrix)
    code, said, _ = run("--duration", "5m", "--", "--interval", "2s")
    assert code == 0, said
    wanted = {one.wanted.scenario: one.wanted for one in load(newest(tmp_path / "fleets") or Path()).runs}
    assert {name: one.duration for name, one in wanted.items()} == {"one": "5m", "two": "5m"}
    assert wanted["one"].options == ("--runner", "lab", "--interval", "2s")
    assert wanted["two"].options == ("--interval", "2s")


def test_without_them_the_matrix_is_as_the_inventory_has_it(run: Any, tmp_path: Path) -> None:
    (tmp_path / "fleet.toml").write_text(BOXES + '[[run]]\nscenario = "one"\nduration = "2h"\n')
    assert run()[0] == 0
    assert {one.wanted.duration for one in load(newest(tmp_path / "fleets") or Path()).runs} == {"2h"}


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("--server", "a", "--clients", "b"), "--server and --clients carry out one scenario; name it with --scenario"),
        (("--scenario", "ssh_24h", "--warm-up", "9s"), "put it behind --, as in 'stresstui fleet run -- --warm-up'"),
        (("--scenario", "ssh_24h", "--warmup", "9s"), "No such option '--warmup'"),
        (("--scenario", "ssh_24h", "--clients", "b"), "needs both, a server and clients"),
        (("--scenario", "ssh_24h", "--server", "a", "--clients", "x"), "there is no box 'x'; there are a, b, c, d"),
    ],
)
def test_what_cannot_be_a_load_starts_nothing(run: Any, argv: tuple[str, ...], said: str) -> None:
    code, output, runs = run(*argv)
    assert (code, runs) == (2, [])
    assert said in output
