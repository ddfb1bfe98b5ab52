"""``compare``, ``baseline``, ``history`` and ``ab`` through the command line."""

import json
import re
import shutil
import sys
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from stresstui.cli import cli
from stresstui.cli.commands.compare.ab import abba
from stresstui.cli.options import PlanOptions
from stresstui.cli.runs_of import numbers
from stresstui.compare.baseline import Baseline, write
from stresstui.compare.numbers import Numbers, Values
from stresstui.core.model.event import Started, StopRequested, encode_event
from stresstui.core.model.sample import HostSample
from stresstui.core.model.scenario import CommandRun, RunnerKind
from stresstui.engine.launch.request import HostFacts, RunRequest, save_request
from stresstui.engine.record.checkpoint import fold_run
from stresstui.history.against import told
from stresstui.report.result import write_result
from tests.cli.box import Box
from tests.core.story import MIB, Story


def invoke(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def recorded(
    reports: Path, name: str, size: float, *, duration: float = 60.0, stopped: bool = False, warm: float = 1.0,
    host: HostFacts = HostFacts(cpus=2), busy: bool = False, month: int = 11,  # noqa: B008 - it is frozen
    scenario: str = "story", argv: tuple[str, ...] = (),
) -> str:  # fmt: skip
    """A run whose memory is around a size, and that times as much in warm-up, as its folder would hold it."""
    story = Story("max(fds) < 100", duration=duration).warm(rss=int(warm * size * MIB))
    story.scenario = msgspec.structs.replace(story.scenario, name=scenario, command=CommandRun(argv=argv or ("proxy",)))
    story.phase_of("soak")
    for _second in range(round(duration - story.warm_up)):
        waited = HostSample(cpu_stall_s=story.t * (1.0 if busy else 0.05))
        story.sample(host=waited, rss=lambda t: int(size * MIB * (1 + 0.001 * ((t * 7) % 5))))
        story.t += 1.0
    if stopped:
        story.add(StopRequested(story.t, "user"))
    story.cool().exit(planned=True).end()
    folder = reports / name
    folder.mkdir(parents=True)
    first = story.events[0]
    assert isinstance(first, Started)
    story.events[0] = msgspec.structs.replace(first, run=name, scenario=msgspec.to_builtins(story.scenario))
    (folder / "journal.jsonl").write_bytes(b"".join(encode_event(event) + b"\n" for event in story.events))
    request = RunRequest(run=name, requested=f"2026-{month}-2{name[-1]}T00:00:00Z", scenario=story.scenario,
                         runner=RunnerKind.COMMAND, host=host)  # fmt: skip
    save_request(request, folder)
    write_result(story.state(), folder)
    return name


ab_command = sys.modules["stresstui.cli.commands.compare.ab"]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    for number, size in enumerate((100.0, 100.1, 99.9, 150.0, 150.2, 149.8)):
        recorded(tmp_path, f"story_{number}", size)
    return tmp_path


def test_worse_is_exit_code_one_and_equal_is_zero(reports: Path) -> None:
    place = ("--report-dir", str(reports))
    done = invoke(
        "compare", "story_0", "story_1", "story_2", "story_3", "--with", "story_4", "--with", "story_5", *place
    )
    assert done.exit_code == 1, done.output
    assert "✗ worse" in done.output
    assert "+50.0 %" in done.output
    same = invoke("compare", "story_0", "story_1", *place)
    assert same.exit_code == 0, same.output
    found = json.loads(invoke("compare", "story_0", "story_1", "--json", *place).output)
    assert {one["metric"] for one in found["comparisons"]} >= {"rss", "fds", "cpu"}
    assert invoke("compare", "story_0", "story_1", "--markdown", *place).output.startswith("# Compared")


def test_what_a_saturated_host_left_too_little_of_is_exit_code_three(reports: Path) -> None:
    place = ("--report-dir", str(reports))
    recorded(reports, "story_6", 100.0, busy=True)
    for named in (("story_0", "story_6"), ("story_6", "story_0")):
        done = invoke("compare", *named, *place)
        assert done.exit_code == 3, done.output
        assert "OPEN, so no verdict: throughput cannot be compared: too little is left" in done.output
        assert "98 % of story_6" in done.output or "100 % of story_6" in done.output
    recorded(reports, "story_7", 150.0, busy=True)
    worse = invoke("compare", "story_0", "story_7", *place)
    assert worse.exit_code == 1, worse.output  # memory tells nothing of time
    assert "throughput cannot be compared" in worse.output
    assert invoke("baseline", "set", "story", "story_6", *place).exit_code == 0
    assert invoke("compare", "story_0", *place).exit_code == 3
    told = invoke("history", "story", *place).output
    assert "(in 6 of 8 runs is enough left)" in next(line for line in told.splitlines() if "throughput" in line)
    assert "enough left" not in next(line for line in told.splitlines() if line.startswith("rss"))
    assert re.search(r"story_6 .* the host was saturated for (98|100) %", told)


def test_a_baseline_outlives_its_runs(reports: Path) -> None:
    place = ("--report-dir", str(reports))
    assert invoke("compare", "story_3", *place).exit_code == 2
    done = invoke("baseline", "set", "story", "story_0", "story_1", "story_2", *place)
    assert done.exit_code == 0, done.output
    for number in range(3):
        for path in (reports / f"story_{number}").iterdir():
            path.unlink()
        (reports / f"story_{number}").rmdir()
    assert "rss" in invoke("baseline", "show", "story", *place).output
    assert invoke("compare", "story_4", *place).exit_code == 1
    assert invoke("baseline", "clear", "story", *place).exit_code == 0
    assert invoke("baseline", "show", "story", *place).exit_code == 2


def test_the_newest_that_passed_is_the_baseline(reports: Path) -> None:
    done = invoke("baseline", "set", "story", "--report-dir", str(reports))
    assert "story_5" in done.output, done.output
    assert invoke("baseline", "set", "other", "--report-dir", str(reports)).exit_code == 2
    assert invoke("baseline", "set", "other", "story_1", "--report-dir", str(reports)).exit_code == 2


def test_a_damaged_baseline_is_one_line(reports: Path) -> None:
    folder = reports / "baselines"
    folder.mkdir(mode=0o700)
    empty = (
        '{"schema": 1, "scenario": "story", "runs": [{"run": "r", "scenario": "story", "runner": "lab", "planned": 1,'
    )
    empty += (
        ' "outcome": "passed", "phases": {"soak": {"rss": {"unit": "", "title": "", "falls": false, "values": []}}}}]}'
    )
    for text in ("{", empty, empty.replace('"schema": 1', '"schema": 9')):
        (folder / "story.json").write_text(text)
        done = invoke("compare", "story_3", "--report-dir", str(reports))
        assert done.exit_code == 2
        assert "set it anew" in done.output


def test_history_says_where_it_changed(reports: Path) -> None:
    done = invoke("history", "story", "--metric", "rss", "--report-dir", str(reports))
    assert done.exit_code == 0, done.output
    assert done.output.count("passed") == 6
    assert "rss" in done.output
    assert invoke("history", "nothing", "--report-dir", str(reports)).exit_code == 2
    assert invoke("history", "story", "--metric", "no", "--report-dir", str(reports)).exit_code == 2
    found = json.loads(invoke("history", "story", "--json", "--report-dir", str(reports)).output)
    assert len(found["runs"]) == 6


def test_history_is_of_runs_of_a_kind(reports: Path) -> None:
    recorded(reports, "story_7", 60.0, duration=20.0)
    recorded(reports, "story_8", 400.0, stopped=True)
    done = invoke("history", "story", "--report-dir", str(reports))
    assert "story_5" in done.output
    assert not {"story_7", "story_8"} & set(done.output.split())
    assert (
        "left out: 2 runs that are of another length, runner, load or machine, or not whole; --all has them too"
        in done.output
    )
    found = json.loads(invoke("history", "story", "--all", "--json", "--report-dir", str(reports)).output)
    assert (len(found["runs"]), found["left_out"]) == (8, "")
    for name in ("story_6", "story_9"):
        recorded(reports, name, 100.0, duration=20.0)
    found = json.loads(invoke("history", "story", "--json", "--report-dir", str(reports)).output)
    assert [run["run"] for run in found["runs"]] == [f"story_{number}" for number in range(6)]  # most have their length


def test_history_is_of_the_soak_alone(reports: Path) -> None:
    recorded(reports, "story_6", 100.0, warm=9.0)
    done = invoke("history", "story", "--metric", "rss", "--report-dir", str(reports))
    assert "means of the soak: after warm-up" in done.output
    found = json.loads(invoke("history", "story", "--json", "--report-dir", str(reports)).output)
    means = [run["metrics"]["rss"]["value"] / MIB for run in found["runs"]]
    assert means[6] == pytest.approx(means[0], rel=0.01)


def test_history_reads_what_an_older_version_did_not_write_from_the_journal(reports: Path) -> None:
    place = ("--json", "--report-dir", str(reports))
    now = json.loads(invoke("history", "story", *place).output)["runs"]
    for number in range(3):
        path = reports / f"story_{number}" / "result.json"
        path.write_text(json.dumps({name: one for name, one in json.loads(path.read_text()).items() if name != "soak"}))
    old = json.loads(invoke("history", "story", *place).output)["runs"]
    for before, after in zip(now, old, strict=True):
        assert after["metrics"]["rss"]["value"] == pytest.approx(before["metrics"]["rss"]["value"], rel=1e-5)
    (reports / "story_0" / "journal.jsonl").unlink()
    assert len(json.loads(invoke("history", "story", *place).output)["runs"]) == 5


def test_history_leaves_other_machines_out(reports: Path) -> None:
    recorded(reports, "story_6", 100.0, host=HostFacts(cpus=16))
    done = invoke("history", "story", "--report-dir", str(reports))
    assert "left out: 1 run that is of another length, runner, load or machine" in done.output


def test_other_machines_are_no_two_of_a_kind(reports: Path) -> None:
    recorded(reports, "story_6", 100.0, host=HostFacts(cpus=16))
    done = invoke("compare", "story_0", "story_6", "--report-dir", str(reports))
    assert done.exit_code == 3
    assert "the machines differ: 2, 16 CPUs" in done.output


def test_earlier_runs_of_the_same_kind_tell_what_runs_differ_by(reports: Path) -> None:
    for number in range(10, 22):
        host = HostFacts(cpus=2 if number < 21 else 16)
        recorded(reports, f"story_{number}", 100.0 + number % 3, host=host, month=10)
    recorded(reports, "story_30", 900.0, month=12)  # what came later tells nothing of these
    named = ("story_0", "story_1", "story_2", "story_3", "--with", "story_4", "--with", "story_5")
    done = invoke("compare", *named, "--report-dir", str(reports))
    assert "told by 11 earlier ones of the same kind too\n" in done.output
    few = invoke("compare", "story_0", "story_1", "--report-dir", str(reports)).output
    assert "told by 11 earlier ones of the same kind too, whose variance counts twice" in few


def test_a_copy_of_a_run_is_no_earlier_run(reports: Path) -> None:
    for number in range(10, 19):
        recorded(reports, f"story_{number}", 100.0 + number % 3, month=10)
        shutil.copytree(reports / f"story_{number}", reports / f"copy_{number}")
    done = invoke("compare", "story_0", "story_1", "--report-dir", str(reports))
    assert "earlier" not in done.output


def test_what_is_told_at_the_end_of_a_run_is_what_compare_says(reports: Path) -> None:
    for number in range(10, 22):
        recorded(reports, f"story_{number}", 100.0 + number % 3 / 10, month=10)
    place = ("--report-dir", str(reports))
    assert invoke("baseline", "set", "story", "story_0", "story_1", "story_2", *place).exit_code == 0
    for number in (4, 5):
        at_end = told(fold_run(reports / f"story_{number}" / "journal.jsonl"), reports / f"story_{number}")
        assert at_end is not None
        recorded(reports, f"story_3{number}", 100.0, month=12)
        assert invoke("compare", f"story_{number}", "--markdown", *place).output == at_end.markdown
        assert "earlier ones" in at_end.markdown


def test_ab_says_what_compare_says_of_its_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Earlier runs of the same commands tell both what runs differ by, and those of other commands tell nothing."""
    place, commands = ("--report-dir", str(tmp_path)), {"ab_a": ("sleep", "60"), "ab_b": ("sleep", "61")}
    for number in range(10, 22):
        recorded(tmp_path, f"ab_a_{number}", 100 + number % 3 / 10, month=10, scenario="ab_a", argv=commands["ab_a"])
        recorded(tmp_path, f"ab_b_{number + 30}", 7.0 * number, month=10, scenario="ab_b", argv=("other",))
    sizes = iter((100.0, 100.4, 100.3, 100.1, 100.2, 100.6))

    def run(request: RunRequest, _plan: PlanOptions) -> Numbers:
        name, size = request.scenario.name, next(sizes)
        number = round(size * 10) - 1000
        return numbers(recorded(tmp_path, f"{name}_{number}", size, scenario=name, argv=commands[name]), tmp_path)

    monkeypatch.setattr(ab_command, "_run", run)
    asked = ("ab", "sleep 60", "sleep 61", "--rounds", "3", *place)
    done = invoke(*asked)
    named = ("ab_a_0", "ab_a_1", "ab_a_2", "ab_b_4", "--with", "ab_b_3", "--with", "ab_b_6")
    again = invoke("compare", *named, *place)
    assert (again.exit_code, again.output) == (done.exit_code, done.output.partition("run 6 of 6: B\n")[2])
    assert "told by 12 earlier ones of the same kind too\n" in done.output
    assert done.exit_code == 0  # the two sides are of one kind, though their names differ


def test_history_is_a_page_too(reports: Path, tmp_path: Path) -> None:
    path = tmp_path / "pages" / "history.html"
    done = invoke("history", "story", "--html", str(path), "--report-dir", str(reports))
    assert (done.exit_code, done.output.strip()) == (0, str(path))
    assert path.read_text().count("<circle") >= 6 * 3
    (tmp_path / "file").write_text("")
    failed = invoke("history", "story", "--html", str(tmp_path / "file" / "x.html"), "--report-dir", str(reports))
    assert failed.exit_code == 4
    assert "Errno" not in failed.output


def test_the_order_is_abba() -> None:
    assert abba(1) == "ab"
    assert abba(4) == "abbaabba"


def test_ab_runs_both_and_compares(box: Box) -> None:
    fast = ("--duration", "2s", "--warm-up", "0.5s", "--cool-down", "0.1s", "--interval", "0.1s", "--rounds", "1")
    done = box.run("ab", "sleep 60", "sleep 61", *fast)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    assert "run 2 of 2: B" in done.stdout
    assert len(list(box.reports.glob("ab_*/result.json"))) == 2
    assert box.run("ab", "", "true").returncode == 2
    assert box.run("ab", "true", "true", "--detach").returncode == 2


def test_a_rule_on_the_baseline_is_judged_with_the_numbers_that_were_kept(box: Box) -> None:
    fast = ("--duration", "4s", "--warm-up", "0.5s", "--cool-down", "0.1s", "--interval", "0.3s", "--headless")
    words = ("run", "--scenario-file", box.scenario("vs(baseline, fds) < +50%"), *fast, "--", "sleep", "60")
    first = box.run(*words)
    assert first.returncode == 3, first.stdout
    assert "has no baseline" in first.stderr
    soak = {"fds": Values("count", "File descriptors", falls=False, values=[3.0] * 20)}
    kept = Numbers("good_1", "shown", "command", 4.0, "passed", {"soak": soak})
    write(box.reports, Baseline(1, "shown", [kept]))
    second = box.run(*words)
    assert second.returncode == 0, second.stdout + second.stderr
    assert "the baseline has 3" in second.stdout
    assert "compared with the baseline: " in second.stdout
    write(box.reports, Baseline(1, "shown", [msgspec.structs.replace(kept, planned=60.0)]))
    other = box.run(*words)
    assert other.returncode == 3, other.stdout + other.stderr
    assert "the planned lengths differ: 1m, 4s" in other.stderr
    assert "the baseline is of runs that this one cannot be held against" in other.stdout
