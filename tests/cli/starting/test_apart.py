"""A run as one side of tunnels between two boxes: what each side judges, and what is refused before it starts."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stresstui.catalogue import load
from stresstui.cli.commands.start.run import run
from stresstui.cli.options import RunOptions
from stresstui.cli.starting.apart import one_side
from stresstui.cli.starting.launch import make_request
from stresstui.core.model.scenario import RunnerKind, criteria_for
from stresstui.engine.launch.plan import make_plan

SCENARIOS = (
    "ech_24h", "reality_24h", "hysteria_24h", "ssh_24h", "tuic_24h", "memory_leak", "fd_leak", "high_connection_rate",
    "stress_24h", "large_data_transfer",
)  # fmt: skip


def side(name: str, **more: Any) -> Any:
    options = RunOptions(invitation=Path("/own/invitation"), **more)
    return one_side(make_request(load(name), RunnerKind.LAB, "asked for", options), options)


def ids(scenario: Any) -> set[str]:
    return {spec.id for spec in criteria_for(scenario, RunnerKind.LAB)}


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_criterion_is_judged_on_one_side_or_on_both(name: str) -> None:
    scenario = load(name)
    server, client = (ids(side(name, **more).scenario) for more in ({"served_at": "10.0.0.1"}, {}))
    assert server | client == ids(scenario)
    assert {"no_crashes"} & ids(scenario) <= server & client


def test_each_side_judges_what_it_counts_and_says_what_the_other_does() -> None:
    server, client = side("reality_24h", served_at="10.0.0.1"), side("reality_24h")
    assert {"authentication", "wrong_key_refused", "tls_sessions"} <= ids(server.scenario)
    assert "connection_reuse" in ids(client.scenario) - ids(server.scenario)
    assert "authentication" not in ids(client.scenario)
    assert "the server's side; the other side judges connection_reuse" in server.why
    assert (server.scenario.name, client.scenario.name) == ("reality_24h-server", "reality_24h-client")


def test_servers_have_no_end_of_their_own_but_a_limit_behind_the_clients() -> None:
    server, client = side("reality_24h", served_at="10.0.0.1", duration=3600.0), side("reality_24h", duration=3600.0)
    assert (server.duration, client.duration) == (None, 3600.0)
    assert server.warm_up == client.warm_up
    assert (client.cool_down, server.cool_down) == (150.0, 160.0)
    plan = make_plan(server)
    assert plan.ready_within > make_plan(client).ready_within
    argv = plan.argv
    assert argv[argv.index("--serve") + 1] == "10.0.0.1"
    assert float(argv[argv.index("--max-duration") + 1].rstrip("s")) > 3600 + client.cool_down
    assert "--serve" not in make_plan(client).argv


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["ech_24h", "--serve", "10.0.0.1"], "--serve needs --invitation FILE"),
        (["ech_24h", "--serve", "10.0.0.300", "--invitation", "x"], "'10.0.0.300' is no IPv4 address"),
        (["ech_24h", "--serve", "[::]:80", "--invitation", "x"], "'::' is every address of a box"),
        (["ech_24h", "--serve", "there.invalid", "--invitation", "x"], "there.invalid cannot be found: "),
        (["ech_24h", "--runner", "cargo", "--serve", "10.0.0.1", "--invitation", "x"], "--runner cargo starts another"),
        (["ech_24h", "--invitation", "x"], "x is no file that can be read; 'stresstui run NAME --serve ADDRESS"),
        (["--serve", "10.0.0.1", "--invitation", "x", "--", "true"], "are the lab's; name a scenario that runs there"),
    ],
)
def test_what_cannot_be_one_side_is_refused_before_anything_starts(argv: list[str], said: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(run, [*argv, "--report-dir", str(tmp_path / "reports")])
    assert result.exit_code == 2, result.output
    assert said in result.output
    assert not (tmp_path / "reports").exists()
