"""`stresstui list`, `show` and `metrics`, as a person sees them."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from stresstui.cli.commands.reference.catalogue import list_command, metrics_command, show_command

Write = Callable[[str, str], Path]


def run(command: click.Command, *args: str, columns: int | None = None) -> Result:
    return CliRunner(env={"COLUMNS": None if columns is None else str(columns)}).invoke(command, args)


def test_list_says_what_can_be_run(project: Path) -> None:
    shown = run(list_command, columns=200)
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert lines[0].split() == ["NAME", "DURATION", "RUNNERS", "TITLE", "SOURCE"]
    assert lines[11] == ""
    assert " ".join(lines[1].split()) == "ech_24h 24h cargo, lab ECH, 24 hours built-in"


@pytest.mark.parametrize(("command", "args", "least"), [(list_command, (), 73), (show_command, ("hysteria_24h",), 60)])
def test_nothing_but_a_path_is_wider_than_the_terminal(
    command: click.Command, args: tuple[str, ...], least: int, project: Path
) -> None:
    for columns in range(least, 130, 3):
        shown = run(command, *args, columns=columns).output.splitlines()
        assert max(len(line) for line in shown if ".toml" not in line) <= columns


def test_a_pipe_gets_titles_uncut(project: Path) -> None:
    assert "File descriptor leak de..." in run(list_command, columns=80).output
    assert "File descriptor leak detection" in run(list_command).output


def test_list_says_what_is_broken_below(project: Path, user_folder: Path) -> None:
    user_folder.mkdir(parents=True)
    broken = user_folder / "bad.toml"
    broken.write_text("\nduration = 5\n")
    shown = run(list_command)
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert " ".join(lines[1].split()) == f"bad - - (broken, see below) user: {broken}"
    mend = "'duration' should be text in quotes, not a whole number; write it as \"...\""
    assert lines[-2:] == ["Broken files:", f"{broken}:2: {mend}"]


def test_show_says_what_runs_and_how_it_is_judged(project: Path) -> None:
    lines = run(show_command, "large_data_transfer", columns=110).output.splitlines()
    assert lines[:8] == [
        "Large data transfer",
        "",
        "Name:        large_data_transfer",
        "Objective:   Test sustained high throughput",
        "Duration:    10m, of it 30s warm-up, then 15s cool-down, a sample every 1s",
        "Range:       10-30 minutes",
        "Lab:         plain, profile large_transfer",
        "Cargo:       cargo test --package app --test bench_p0_protocols stress_large_data_transfer -- --nocapture \\",
    ]
    first = lines.index("Success criteria")
    assert lines[first + 1 : first + 3] == [
        "  Achieve >50 MB/s throughput",
        "      mean(throughput) > 50MB/s   [fast]",
    ]
    assert "      count(corrupt_bytes_total) == 0   [no_corruption]; only with lab" in lines
    assert "      cv(throughput) < 30%   [throughput_even]; a breach only warns" in lines


def test_the_command_that_is_shown_can_be_copied(project: Path) -> None:
    shown = run(show_command, "ech_24h", columns=60).output.split("Cargo:", 1)[1].split("Source:", 1)[0]
    command = "cargo test --package app --test bench_p0_protocols stress_ech_24h"
    assert " ".join(shown.replace("\\\n", " ").split()) == f"{command} -- --nocapture --ignored --test-threads=1"


def test_show_says_which_file_won_and_what_it_hides(project: Path) -> None:
    own = project / ".stresstui" / "ech_24h.toml"
    own.parent.mkdir()
    own.write_text('title = "Ours"\n[command]\nargv = ["./x", "a b"]\n[env]\nA = "1"\n')
    lines = run(show_command, "ech_24h", columns=500).output.splitlines()
    assert "Duration:    until the workload exits, a sample every 1s" in lines
    assert "Command:     ./x 'a b'" in lines
    assert "Environment: A=1" in lines
    assert f"Source:      {own} (project)" in lines
    (hidden,) = [line for line in lines if line.startswith("Overrides:")]
    assert hidden.endswith("catalogue/ech_24h.toml")


def test_show_reads_a_file_given_by_name(write: Write) -> None:
    path = write("soak.toml", 'title = "Mine\\u001b[2J"\n[lab]\nprotocol = "ech"\noptions = { rate = 9 }\n')
    shown = run(show_command, "--scenario-file", str(path), columns=500).output
    assert shown.splitlines()[0] == "Mine?[2J"
    assert "Lab:         ech, profile steady --rate 9" in shown
    assert f"Source:      {path} (--scenario-file)" in shown


@pytest.mark.parametrize("command", [show_command, metrics_command])
def test_a_mistake_is_one_line_on_standard_error_and_exit_2(command: click.Command, write: Write) -> None:
    path = write("soak.toml", '[[criteria]]\nid = "a"\ntitle = "A"\nrule = "max(rrs) < 1MiB"\n')
    shown = run(command, "--scenario-file", str(path))
    assert shown.exit_code == 2
    assert shown.stdout == ""
    assert shown.stderr == f"{path}:4: 'max(rrs) < 1MiB': unknown metric 'rrs'; did you mean 'rss'?\n"


def test_an_unknown_name_is_exit_2(project: Path) -> None:
    shown = run(show_command, "ech")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr == "no scenario named 'ech'; did you mean 'ech_24h'?\n"


@pytest.mark.parametrize("args", [(), ("ech_24h", "--scenario-file", "x.toml")])
def test_show_wants_one_scenario(args: tuple[str, ...], project: Path) -> None:
    shown = run(show_command, *args)
    assert shown.exit_code == 2
    assert "name one scenario, or give one --scenario-file" in shown.stderr


def test_metrics_are_the_built_in_ones_and_a_scenarios_own(project: Path) -> None:
    alone = [line.split() for line in run(metrics_command).output.splitlines()]
    assert alone[0] == ["NAME", "KIND", "UNIT", "FROM", "TITLE"]
    assert alone[1] == ["rss", "gauge", "bytes", "built-in", "RSS"]
    assert {row[3] for row in alone[1:]} == {"built-in"}
    both = [line.split()[:4] for line in run(metrics_command, "ech_24h").output.splitlines()]
    assert ["ech_share_percent", "gauge", "%", "workload"] in both
    assert len(both) > len(alone)
