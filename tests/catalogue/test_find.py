"""Which file a name stands for, and what packs add to it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from stresstui import catalogue
from stresstui.core.model.scenario import CommandRun, CriterionSpec, LabRun, MetricSpec, RunnerKind, Severity

Write = Callable[[str, str], Path]


def put(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path


def test_the_project_hides_the_user_and_the_user_hides_the_built_in(project: Path, user_folder: Path) -> None:
    built_in = catalogue.locate_scenario("ech_24h")
    assert (built_in.origin, built_in.overrides) == ("built-in", ())
    user = put(user_folder, "ech_24h.toml", 'title = "user\'s"\n')
    assert catalogue.load("ech_24h").title == "user's"
    own = put(project / ".stresstui", "ech_24h.toml", 'title = "project\'s"\n')
    assert catalogue.load("ech_24h").title == "project's"
    entry = next(entry for entry in catalogue.list_scenarios() if entry.name == "ech_24h")
    assert (entry.source, entry.origin, entry.title) == (str(own), "project", "project's")
    assert entry.overrides == (str(user), built_in.source)


def test_the_nearest_project_folder_upwards_is_taken_and_only_that(project: Path) -> None:
    put(project / ".stresstui", "far.toml", 'title = "far"\n')
    put(project / "deep" / ".stresstui", "near.toml", 'title = "near"\n')
    names = [entry.name for entry in catalogue.list_scenarios()]
    assert ("near" in names, "far" in names) == (True, False)
    assert catalogue.load("far", cwd=project).title == "far"


def test_a_broken_file_is_listed_with_its_error_and_does_not_hide_the_others(project: Path, user_folder: Path) -> None:
    broken = put(user_folder, "bad.toml", 'titel = "x"\n')
    put(user_folder, "good.toml", 'title = "Good"\nduration = "1h30m"\n[command]\nargv = ["true"]\n')
    entries = {entry.name: entry for entry in catalogue.list_scenarios()}
    assert entries["bad"].error == f"{broken}:1: unknown key 'titel'; did you mean 'title'?"
    good = entries["good"]
    assert (good.title, good.duration, good.runners) == ("Good", 5400.0, (RunnerKind.COMMAND,))
    assert (good.origin, good.error, len([e for e in entries.values() if e.origin != "suite"])) == ("user", "", 12)
    with pytest.raises(catalogue.ScenarioError, match="unknown key 'titel'"):
        catalogue.load("bad")


def test_a_broken_file_that_hides_a_built_in_one_is_no_way_around_it(project: Path) -> None:
    put(project / ".stresstui", "ech_24h.toml", "duration = 5\n")
    with pytest.raises(catalogue.ScenarioError, match=r"ech_24h\.toml:1: 'duration' should be text"):
        catalogue.load("ech_24h")


BUILT_IN = (
    "ech_24h, fd_leak, high_connection_rate, hysteria_24h, large_data_transfer, memory_leak, reality_24h, ssh_24h,"
    " stress_24h, tuic_24h"
)


def test_a_name_that_ends_as_a_file_does_is_one(project: Path) -> None:
    mine = project / "mine.toml"
    mine.write_text('title = "Mine"\n[command]\nargv = ["./soak"]\n')
    assert catalogue.load(str(mine)).title == "Mine"
    with pytest.raises(catalogue.ScenarioError, match=r"^away/soak\.toml: "):
        catalogue.load("away/soak.toml")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ech24h", "no scenario named 'ech24h'; did you mean 'ech_24h'?"),
        ("suite_fd_leek", "no scenario named 'suite_fd_leek'; did you mean 'suite_fd_leak'?"),
        ("../x", f"no scenario named '../x'; known are {BUILT_IN}"),
    ],
)  # fmt: skip
def test_a_name_that_nobody_has_is_one_line(name: str, message: str, project: Path) -> None:
    with pytest.raises(catalogue.ScenarioError) as caught:
        catalogue.load(name)
    assert str(caught.value) == message


WHOLE = """
title = "Soak"
objective = "See it last"
duration = "1h30m"
duration_note = "at least"
warm_up = "5m"
cool_down = "30s"
interval = "500ms"
until_exit = true
moves_bytes = false
services = ["ech"]

[command]
argv = ["./soak", "--forever"]
cwd = "/tmp"

[lab]
protocol = "ech"
profile = "steady"
options = { rate = 50, close = "rst", seed = 5 }

[env]
A = "1"

[metrics.depth]
unit = "count"
kind = "gauge"
title = "Depth"
falls = true
regex = 'depth (\\d+)'

[patterns]
retry = 'retrying'

[[criteria]]
id = "short"
title = "Short"
rule = "min(depth) > 3 for 10s"
group = "Mine"
severity = "warn"
runners = ["command", "lab"]
abort = true
grace = "30s"
"""


def test_every_key_arrives_in_the_scenario(write: Write) -> None:
    scenario = catalogue.load_file(write("soak.toml", WHOLE))
    assert (scenario.name, scenario.title, scenario.objective) == ("soak", "Soak", "See it last")
    assert (scenario.duration, scenario.duration_note) == (5400.0, "at least")
    assert (scenario.warm_up, scenario.cool_down, scenario.interval) == (300.0, 30.0, 0.5)
    assert (scenario.until_exit, scenario.moves_bytes) == (True, False)
    assert (scenario.services, scenario.env, scenario.cargo) == (("ech",), {"A": "1"}, None)
    assert scenario.command == CommandRun(argv=("./soak", "--forever"), cwd="/tmp")
    assert scenario.lab == LabRun(protocol="ech", options={"rate": 50, "close": "rst", "seed": 5})
    assert scenario.metrics == {
        "depth": MetricSpec(unit="count", kind="gauge", title="Depth", falls=True, regex=r"depth (\d+)")
    }
    assert scenario.patterns == {"retry": "retrying"}
    assert scenario.criteria == (
        CriterionSpec(
            id="short", title="Short", rule="min(depth) > 3 for 10s", group="Mine", severity=Severity.WARN,
            runners=(RunnerKind.COMMAND, RunnerKind.LAB), abort=True, grace="30s",
        ),
    )  # fmt: skip
    assert scenario.source.endswith("soak.toml")


def test_an_empty_file_is_a_scenario_that_runs_nothing(write: Write) -> None:
    scenario = catalogue.load_file(write("soak.toml", ""))
    assert (scenario.title, scenario.duration, scenario.interval) == ("soak", None, 1.0)
    assert catalogue.runners_of(scenario) == ()


PACK = """
[metrics]
depth = { title = "Depth" }
[patterns]
retry = 'retrying'
[[criteria]]
id = "a"
title = "A"
rule = "max(depth) < 9"
[[criteria]]
id = "b"
title = "B"
rule = "max(fds) < 9"
"""


def test_a_criterion_of_the_same_id_takes_the_place_of_the_packs(write: Write) -> None:
    write("packs/mine.toml", PACK)
    own = '[[criteria]]\nid = "c"\ntitle = "C"\nrule = "max(rss) < 1GiB"\n'
    own += '[[criteria]]\nid = "a"\ntitle = "Mine"\nrule = "max(depth) < 5"\n'
    scenario = catalogue.load_file(write("soak.toml", 'include = ["mine"]\n' + own))
    assert [(spec.id, spec.title) for spec in scenario.criteria] == [("a", "Mine"), ("b", "B"), ("c", "C")]
    assert list(scenario.metrics) == ["depth"]
    assert scenario.patterns == {"retry": "retrying"}


def test_a_pack_beside_the_file_goes_before_the_built_in_one(write: Write) -> None:
    write("packs/stable_24h.toml", PACK)
    scenario = catalogue.load_file(write("soak.toml", 'include = ["stable_24h"]\n'))
    assert [spec.id for spec in scenario.criteria] == ["a", "b"]


def test_a_mistake_in_a_pack_is_pointed_at_in_the_pack(write: Write) -> None:
    pack = write("packs/mine.toml", PACK.replace("max(fds)", "max(fdz)"))
    with pytest.raises(catalogue.ScenarioError) as caught:
        catalogue.load_file(write("soak.toml", 'include = ["mine"]\n'))
    assert str(caught.value) == f"{pack}:13: 'max(fdz) < 9': unknown metric 'fdz'; did you mean 'fds'?"


def test_a_pack_has_no_scenarios_keys(write: Write) -> None:
    pack = write("packs/mine.toml", 'duration = "1h"\n')
    with pytest.raises(catalogue.ScenarioError) as caught:
        catalogue.load_file(write("soak.toml", 'include = ["mine"]\n'))
    assert str(caught.value) == f"{pack}:1: unknown key 'duration'; known are metrics, patterns, criteria"


def test_two_packs_that_disagree_are_refused_and_two_that_agree_are_not(write: Write) -> None:
    write("packs/one.toml", PACK)
    write("packs/two.toml", PACK)
    soak = write("soak.toml", 'include = [\n  "one",\n  "two",\n]\n')
    assert len(catalogue.load_file(soak).criteria) == 2
    write("packs/two.toml", PACK.replace("max(fds) < 9", "max(fds) < 8"))
    with pytest.raises(catalogue.ScenarioError) as caught:
        catalogue.load_file(soak)
    assert str(caught.value) == f"{soak}:3: pack 'two' and one.toml both have 'b'; include only one of them"
