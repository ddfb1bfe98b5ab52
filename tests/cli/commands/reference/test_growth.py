import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from stresstui.cli.commands.reference.growth import growth
from tests.cli.commands.compare.test_compare import recorded

KEYS = {"leak", "first_alarm_t", "alarms", "evals", "state", "slope_per_hour", "ci", "resolvable_per_hour"}
RISING = "t,value\n" + "".join(f"{t},{50_000_000 + 20_000 * t}\n" for t in range(0, 1800, 5))


def run(*arguments: str, text: str | None = None) -> tuple[int, str, str]:
    found = CliRunner().invoke(growth, arguments, input=text)
    return found.exit_code, found.stdout, found.stderr


def test_a_run_is_taken_by_its_name_and_a_file_that_is_not_there_is_one(tmp_path: Path) -> None:
    recorded(tmp_path, "story_1", 100.0)
    code, out, err = run("story_1", "--value", "rss", "--kind", "rss", "--report-dir", str(tmp_path))
    assert (code, err) == (0, "note    metric 'rss' of story_1\n")
    assert out.startswith("leak    not known")
    for missing, said in (("stry", "no run 'stry'"), ("a.csv", "a.csv: No such file"), ("./stry", "No such file")):
        code, _, err = run(missing, "--report-dir", str(tmp_path))
        assert code == 2
        assert said in err


def test_a_leak_as_one_object() -> None:
    code, out, err = run("-", "--kind", "rss", "--json", text=RISING)
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert set(answer) == KEYS
    assert answer["leak"] is True
    assert answer["state"] == "leaking"
    assert answer["alarms"] == [[answer["first_alarm_t"], None]]
    assert answer["slope_per_hour"] == pytest.approx(72e6, rel=0.01)
    assert answer["evals"] == 30


def test_a_planned_length_makes_the_start_of_a_run_pending() -> None:
    slow = "t,value\n" + "".join(f"{t},{500_000_000 + 10_000 * t}\n" for t in range(0, 1800, 5))
    bare, planned = (json.loads(run("--json", *more, text=slow)[1]) for more in ((), ("--planned", "24h")))
    assert (bare["state"], bare["leak"]) == ("leaking", True)
    assert (planned["state"], planned["leak"], planned["alarms"]) == ("growing", False, [])


def test_one_time_on_all_lines_shows_nothing_and_is_no_mistake() -> None:
    code, out, err = run("--json", text="t,value\n" + "".join(f"5,{value}\n" for value in range(1000)))
    assert (code, err) == (0, "")
    assert (json.loads(out)["state"], json.loads(out)["leak"]) == ("undecided", False)


def test_a_planned_length_that_is_none_is_refused() -> None:
    code, _, err = run("--planned", "soon", text=RISING)
    assert code == 2
    assert "soon" in err


def test_unknown_values_are_null() -> None:
    _, out, _ = run("--json", text="t,value\n1,5\n")
    answer = json.loads(out)
    assert answer["leak"] is False
    assert answer["state"] == "undecided"
    assert [answer[key] for key in ("first_alarm_t", "slope_per_hour", "ci", "resolvable_per_hour")] == [None] * 4


def test_a_judgement_for_people(tmp_path: Path) -> None:
    path = tmp_path / "rss.csv"
    path.write_text(RISING)
    code, out, _ = run(str(path))
    assert code == 0
    assert out.startswith("leak    yes\nstate   leaking\n")
    assert "MiB/h" in out


def test_untidy_input_is_read() -> None:
    lines = ["", "# recorded by hand", " T , note, Value ", *(f" {t} , x, {7 if t % 3 else ''} " for t in range(600))]
    code, out, err = run("--kind", "fds", "--json", text="\ufeff" + "\r\n".join(lines) + "\r\n\r\n")
    assert (code, err) == (0, "")
    assert json.loads(out)["state"] == "steady"


def test_missing_values_are_left_out() -> None:
    text = "t,value\n" + "".join(f"{t},{'NaN' if t % 7 == 0 else 5}\n" for t in range(900))
    assert json.loads(run("--kind", "fds", "--json", text=text)[1])["state"] == "steady"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1: no header"),
        ("1,2\n", "line 1: no header, only '1,2'"),
        ("t,value\n1,2\n0,3\n", "line 3: t goes back from 1 to 0"),
        ("t,value\n1,2\nx,3\n", "line 3: t is 'x', not a number"),
        ("t,value\n\n1,12 apples\n", "line 3: value is '12 apples', not a number"),
        ("t,value\n1,2\n2,3\n" * 9 + "1\n", "line 28: 1 cells under 2 names"),
        ("t,value\n1,3\n,4\n", "line 3: t is missing"),
        ("t,value\n4,inf\n", "line 2: value is infinite"),
        (
            '{"status":"error","error":"no such metric\\u001b"}',
            "line 1: an error instead of data: 'no such metric\\x1b'",
        ),
        ("t,value\n1764180001,2\n1764180000,3\n", "line 3: t goes back from 1764180001 to 1764180000"),
    ],
)
def test_bad_input_is_one_line_with_its_place_and_mend(text: str, said: str) -> None:
    code, out, err = run("-", text=text)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith(f"stresstui growth: standard input: {said}")
    assert ": " in err.split(said)[1] or "," in err.split(said)[1]


def test_the_newest_line_may_come_first() -> None:
    rows = [f"{t},{1000 + t}" for t in range(1200)]
    first = json.loads(run("--kind", "fds", "--json", text="\n".join(["t,value", *rows]))[1])
    code, out, err = run("--kind", "fds", "--json", text="\n".join(["t,value", *reversed(rows)]))
    assert (code, err) == (0, "note    the newest line comes first: read from the end\n")
    assert json.loads(out) == first
    assert first["leak"]


def test_alarms_are_told_from_the_first_line_on() -> None:
    rows = [f"{1764180000 + t},{1000 + t}" for t in range(1200)]
    assert "alarms  from 7m after its start to the end" in run("--kind", "fds", text="\n".join(["t,value", *rows]))[1]


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    code, _, err = run(str(tmp_path / "none.csv"))
    assert code == 2
    assert "none.csv" in err
    assert "No such file" in err
    (tmp_path / "odd.csv").write_bytes(b"\xff\x00t,value")
    code, _, err = run(str(tmp_path / "odd.csv"))
    assert code == 2
    assert "not UTF-8" in err
    (tmp_path / "odd.csv.gz").write_bytes(gzip.compress(b"t,value"))
    code, _, err = run(str(tmp_path / "odd.csv.gz"))
    assert code == 2
    assert "gunzip it first" in err


def test_the_command_loads_no_heavy_module() -> None:
    script = (
        "import sys, stresstui.cli.commands.reference.growth as g\n"
        "g.growth(['--json'], standalone_mode=False); print(*sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], input=b"t,value\n1,5\n", capture_output=True, check=True, timeout=30
    )
    loaded = set(found.stdout.decode().splitlines()[-1].split())
    assert "stresstui.core.growth" in loaded
    assert not loaded & {"textual", "psutil", "asyncio", "plotext"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--value", "fds"], "judged as fds, as 'fds' is called"),
        (["--value", "fds", "--kind", "gauge_up"], ""),
        (["--value", "memory"], "judged as rss"),
    ],
)
def test_a_value_is_judged_as_it_is_called(options: list[str], said: str) -> None:
    rows = "".join(f"{t},{40 + t // 20},{50_000_000 + 4096 * (t % 7)}\n" for t in range(1500))
    code, out, err = run(*options, text="t,fds,memory\n" + rows)
    assert code == 0
    assert ("leak    yes" in out) is ("fds" in options)
    assert (said in err) if said else ("judged as" not in err)


def test_what_is_too_short_to_judge_is_no_leak_and_no_health(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("t,value\n0,5\n1,6\n")
    done = CliRunner().invoke(growth, [str(path), "--kind", "fds"])
    assert done.output.startswith("leak    not known\nstate   undecided\n")


@pytest.mark.parametrize("name", ["mem_available", "kbmemfree", "free"])
def test_free_memory_leaks_where_it_falls(name: str) -> None:
    rows = "".join(f"{t},{8_000_000 - 5 * t}\n" for t in range(0, 14400, 10))
    code, out, err = run("--value", name, "--unit", "KiB", text=f"t,{name},threads\n" + rows.replace("\n", ",1\n"))
    assert code == 0
    assert "leak    yes" in out
    assert "Falling steadily at -17.6 MiB/h" in out
    assert f"judged as bytes_down, as '{name}' is called" in err
