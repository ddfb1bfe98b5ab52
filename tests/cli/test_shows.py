"""What a person sees who uses the program: real runs through the installed command line."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stresstui.core.model.event import BreachBegan, Ended, Phase, PhaseBegan, Sampled
from stresstui.core.run.fold import fold
from stresstui.engine.control import client
from tests.cli.box import DEADLINE_S, Box

needs_cargo = pytest.mark.skipif(shutil.which("cargo") is None, reason="NO CARGO HERE: the cargo runner is not shown")

SOCKETS = """
import socket, time
server = socket.create_server(("127.0.0.1", 0))
kept = []
for n in range(400):
    kept.append(socket.create_connection(server.getsockname()))
    time.sleep(0.05)
"""
CARGO_TESTS = """
#[test] #[ignore] fn shows_pass() { std::thread::sleep(std::time::Duration::from_secs(3)); }
#[test] #[ignore] fn shows_fail() { assert_eq!(1, 2); }
#[test] #[ignore] fn shows_panic() { let _ = std::thread::spawn(|| panic!("aside")).join(); }
"""


@pytest.mark.parametrize(
    ("command", "code", "said"),
    [
        (("sh", "-c", "exit 3"), 1, "the child ended with exit status 3"),
        (("true",), 3, "inconclusive"),
        (("nosuchprogram",), 4, "not found"),
    ],
)
def test_the_exit_code_says_how_a_command_ended(box: Box, command: tuple[str, ...], code: int, said: str) -> None:
    done = box.run("run", "--headless", "--interval", "100ms", "--", *command)
    assert done.returncode == code, done.stdout + done.stderr
    assert re.search(said, done.stdout)
    assert box.result()["exit_code"] == code


def test_a_misspelt_metric_is_one_line_with_its_place(box: Box) -> None:
    path = box.scenario("max(fdz) < 10")
    done = box.run("run", "--headless", "--scenario-file", path, "--", "true")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert re.search(r"shown\.toml:\d+: .*fdz", line)
    assert not box.reports.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "--headless", "--scenario-file", "{file}"), "'shown' cannot be started: .*no Cargo workspace"),
        (("run", "--headless", "--scenario-file", "{file}", "--runner", "lab"), r"no \[lab\] table"),
        (("run", "--headless", "nosuchscenario"), "nosuchscenario"),
        (("watch", "--headless", "--name", "(["), "not a regular expression"),
    ],
)
def test_what_cannot_be_started_is_one_line(box: Box, arguments: tuple[str, ...], said: str) -> None:
    path = box.scenario("max(fds) < 10", '[cargo]\ntest = "a"')
    done = box.run(*(argument.format(file=path) for argument in arguments))
    assert done.returncode == 2, done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    assert re.search(said, line)
    assert not box.reports.exists()


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shown")
    tests = root / "app" / "tests"
    tests.mkdir(parents=True)
    (root / "app" / "src").mkdir()
    (root / "Cargo.toml").write_text('[workspace]\nmembers = ["app"]\nresolver = "2"\n')
    (root / "app" / "src" / "lib.rs").write_text("")
    (root / "app" / "Cargo.toml").write_text('[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n')
    (tests / "bench_p0_protocols.rs").write_text(CARGO_TESTS)
    return root


@needs_cargo
@pytest.mark.parametrize(
    ("test", "code", "said"),
    [
        ("shows_pass", 0, "passed"),
        ("shows_fail", 1, "1 of 1 tests failed"),
        ("shows_panic", 1, "1 panic in the output"),
        ("shows_of_that_name_are_none", 3, "no test ran"),
    ],
)
def test_the_guides_command_is_judged_by_what_it_did(
    box: Box, workspace: Path, test: str, code: int, said: str
) -> None:
    box.env["CARGO_TARGET_DIR"] = str(workspace / "target")
    path = box.scenario("max(fds) < 1000", f'until_exit = true\n[cargo]\ntest = "{test}"')
    reports = ("--report-dir", str(box.reports))
    done = box.run("run", "--headless", "--interval", "300ms", "--scenario-file", path, *reports, cwd=workspace / "app")
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stdout
    assert any(isinstance(event, PhaseBegan) and event.phase is Phase.BUILD for event in box.events())


def test_sockets_that_are_never_closed_breach_while_the_child_runs(box: Box) -> None:
    path = box.scenario("max(fds) < 20 for 1s")
    box.start("run", "--headless", "--interval", "200ms", "--scenario-file", path, "--", sys.executable, "-c", SOCKETS)
    breach = box.wait(lambda event: isinstance(event, BreachBegan), "the breach")
    assert client.is_live(box.directory())
    assert not any(isinstance(event, Ended) for event in box.events())
    crossed = next(
        e.t for e in box.events() if isinstance(e, Sampled) and sum(p.fds or 0 for p in e.sample.processes) >= 20
    )
    assert 0.9 <= breach.t - crossed < 2.0
    assert box.run("stop").returncode == 0
    assert box.started[0].wait(DEADLINE_S) == 1
    said, _ = box.started[0].communicate()
    assert re.search(r"breach .*Few descriptors", said)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGKILL])
def test_the_run_outlives_its_screen(box: Box, number: signal.Signals) -> None:
    path = box.scenario("max(fds) < 100")
    master, slave = os.openpty()
    plan = ("run", "--interval", "250ms", "--duration", "6s", "--warm-up", "500ms", "--scenario-file", path)
    screen = box.start(*plan, "--", "sleep", "60", stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    seen = b""
    while b"Few descriptors" not in seen:
        seen += os.read(master, 65536)
    box.wait_for_samples(3)
    screen.send_signal(number)
    screen.wait(DEADLINE_S)
    os.close(master)
    assert client.is_live(box.directory())
    attached = box.run("attach", "--headless")
    assert attached.returncode == 0, attached.stdout
    assert "started shown with command" in attached.stdout.splitlines()[0]
    assert "passed" in attached.stdout
    samples = [event.sample for event in box.events() if isinstance(event, Sampled)]
    assert sum(sample.missed for sample in samples) <= 1
    ticks = [round(sample.t / 0.25 - 0.45) for sample in samples]
    assert ticks == list(range(ticks[0], ticks[0] + len(ticks))) or sum(sample.missed for sample in samples) == 1
    assert samples[-1].t > 5.5


@pytest.mark.parametrize(
    ("end", "code", "by"), [("stop", 130, "user"), ("SIGINT", 130, "SIGINT"), ("SIGTERM", 143, "SIGTERM")]
)
def test_an_early_end_is_an_aborted_run(box: Box, end: str, code: int, by: str) -> None:
    path = box.scenario("max(fds) < 100")
    lines = box.start("run", "--headless", "--interval", "100ms", "--scenario-file", path, "--", "sleep", "60")
    box.wait_for_samples(3)
    if end == "stop":
        assert box.run("stop").returncode == 0
    else:
        lines.send_signal(signal.Signals[end])
    said, _ = lines.communicate(timeout=DEADLINE_S)
    assert lines.returncode == code, said
    assert f"stopped by {by}" in said
    assert box.result()["outcome"] == "aborted"


def test_what_runs_already_is_watched_and_left_alone(box: Box) -> None:
    with subprocess.Popen(["sleep", "60"]) as watched:
        done = box.run("watch", "--headless", "--pid", str(watched.pid), "--duration", "2s", "--interval", "200ms")
        assert watched.poll() is None
        watched.kill()
    assert done.returncode == 3, done.stdout  # the default criteria cannot all be judged in two seconds
    seen = {p.pid for event in box.events() if isinstance(event, Sampled) for p in event.sample.processes}
    assert seen == {watched.pid}
    assert box.result()["metrics"]["rss"]["samples"] >= 5


def test_the_guides_pipelines_print_what_was_sampled(box: Box) -> None:
    path = box.scenario("max(fds) < 1000")
    script = "import time; kept = [open('/dev/null') for _ in range(9)]; time.sleep(60)"
    done = box.run(
        "run", "--headless", "--interval", "200ms", "--duration", "3s", "--scenario-file", path, "--",
        sys.executable, "-c", script,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout

    def printed(name: str) -> list[int]:
        pipeline = f"grep \"{name}:\" reports/stress-tests/monitor_*.log | awk '{{print $2}}'"
        lines = subprocess.run(pipeline, shell=True, cwd=box.folder, capture_output=True, text=True, check=True)
        return [int(line) for line in lines.stdout.splitlines()]

    samples = [event.sample for event in box.events() if isinstance(event, Sampled)]
    rss = {sum(p.rss or 0 for p in sample.processes) // 1024 for sample in samples}
    open_fds = {sum(p.fds or 0 for p in sample.processes) for sample in samples}
    memory, fds, connections = printed("Memory"), printed("FDs"), printed("Connections")
    # A line is left out where its number is not known: the first sample may come before the child has opened anything.
    assert min(len(memory), len(fds)) >= 3
    assert len(connections) >= 1
    assert set(memory) <= rss
    assert set(fds) <= open_fds
    assert fds[-1] >= 12
    assert connections[-1] == 0


def test_the_portable_collector_judges_alike(box: Box) -> None:
    path = box.scenario("max(fds) < 100")
    plan = ("--interval", "200ms", "--duration", "3s", "--collector", "portable", "--scenario-file", path)
    done = box.run("run", "--headless", *plan, "--", sys.executable, "-c", SOCKETS)
    assert done.returncode in (0, 1), done.stdout
    state = fold(box.events())
    assert state.summaries["rss"].high > 1 << 20
    assert state.summaries["fds"].high >= 20
    # Its socket table is read more seldom, but it is read.
    assert state.summaries["established"].high >= 1


def test_an_argument_of_any_size_is_shown_cut(box: Box) -> None:
    """As where a configuration was written on the command line."""
    done = box.run("run", "--headless", "--interval", "200ms", "--duration", "1s", "--", "sleep", "60", "#" * 100_000)
    assert done.returncode in (1, 3), done.stderr  # sleep does not know that time
    assert max(map(len, done.stdout.splitlines())) < 300
    (directory,) = box.reports.glob("*/summary.md")
    for name in ("summary.md", "junit.xml", "result.json"):
        assert (directory.parent / name).stat().st_size < 50_000, name
