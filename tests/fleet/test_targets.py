import json
from pathlib import Path

import pytest

from stresstui.fleet.matrix.inventory import Box, Inventory, InventoryError, Wanted, read_inventory
from stresstui.fleet.record import FleetRecord, FleetRun, State
from stresstui.fleet.targets import next_target, targets_of, write_targets

WANTED = Wanted(scenario="ech_24h")
BOX = Box(name="a", host="10.0.0.1", metrics=":9464", labels={"kernel": "6.1", "disk-type": "ssd", "cores": 4})


def run(target: str, state: State = State.RUNNING, box: str = "a") -> FleetRun:
    return FleetRun(box=box, wanted=WANTED, directory="/r/one", state=state, target=target)


def test_runs_of_a_box_answer_at_ports_of_their_own() -> None:
    runs = [run("10.0.0.1:9464"), run("10.0.0.1:9465", State.ENDED), run("10.0.0.1:9465", box="b")]
    assert next_target(BOX, []) == "10.0.0.1:9464"
    assert next_target(BOX, runs) == "10.0.0.1:9465"
    assert next_target(Box(name="a", metrics="192.0.2.7:1"), []) == "192.0.2.7:1"
    assert next_target(Box(name="a"), []) == ""


@pytest.mark.parametrize(("host", "metrics"), [("fd00::1", ":9464"), ("", "[fd00::1]:9464")])
def test_an_address_of_ipv6_has_its_brackets_in_a_target(host: str, metrics: str) -> None:
    assert next_target(Box(name="a", host=host, metrics=metrics), []) == "[fd00::1]:9464"


def test_targets_are_those_that_answer() -> None:
    runs = [
        run("10.0.0.1:9464"),
        run("10.0.0.1:9465", State.UNREACHABLE),
        run("10.0.0.1:9466", State.LOST),
        run("10.0.0.1:9467", State.ENDED),
        run("10.0.0.1:9468", State.ENDED),
        run(""),
        FleetRun(box="a", wanted=WANTED, target="10.0.0.1:9469"),
    ]
    record = FleetRecord(name="f", inventory=Inventory(box=(BOX,)), runs=runs)
    found = targets_of(record, ended=[2, 4])
    ports = [one["targets"][0][-1] for one in found]
    assert ports == ["4", "5", "6", "8"]
    labels = {"box": "a", "fleet": "f", "box_kernel": "6.1", "box_disk_type": "ssd", "box_cores": "4"}
    assert found[0]["labels"] == labels


def test_once_all_is_over_nothing_is_listed_for_long() -> None:
    runs = [run("10.0.0.1:9464", State.LOST), run("10.0.0.1:9465", State.ENDED)]
    record = FleetRecord(name="f", inventory=Inventory(box=(BOX,)), runs=runs)
    assert [one["targets"] for one in targets_of(record, ended=[1])] == [["10.0.0.1:9465"]]
    assert targets_of(record) == []


def test_the_file_is_whole_and_none_is_written_where_none_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "targets.json"
    write_targets(FleetRecord(name="f", inventory=Inventory(box=(BOX,)), runs=[run("x:1")]))
    assert not path.exists()
    write_targets(FleetRecord(name="f", inventory=Inventory(box=(BOX,), targets=str(path)), runs=[run("x:1")]))
    assert json.loads(path.read_text())[0]["targets"] == ["x:1"]
    assert path.stat().st_mode & 0o444 == 0o444  # Prometheus is a user of its own


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('targets = "t.json"\n[[box]]\nname = "a"\n', "no box says where it is scraped"),
        ('[[box]]\nname = "a"\nmetrics = "10.0.0.1"\n', "write HOST:PORT"),
        ('[[box]]\nname = "a"\nmetrics = "10.0.0.1:http"\n', "write HOST:PORT"),
        ('[[box]]\nname = "a"\nmetrics = "10.0.0.1:70000"\n', "write HOST:PORT"),
    ],
)
def test_what_cannot_be_scraped_is_a_mistake(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "fleet.toml"
    path.write_text(text)
    with pytest.raises(InventoryError, match=said):
        read_inventory(path)
