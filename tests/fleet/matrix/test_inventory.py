from pathlib import Path

import pytest

from stresstui.fleet.matrix.inventory import InventoryError, read_inventory
from stresstui.fleet.matrix.plan import Assignment, assign, door_of, replacement

GOOD = """
[[box]]
name = "a"
labels = { kernel = "6.1" }
[[box]]
name = "b"
host = "10.0.0.2"
labels = { kernel = "6.1" }
[[box]]
name = "c"
labels = { kernel = "5.10" }
[[run]]
scenario = "ech_24h"
where = "kernel == '6.1'"
elsewhere = true
[[run]]
scenario = "ssh_24h"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "fleet.toml"
    path.write_text(text)
    return path


def test_the_matrix_says_what_runs_where(tmp_path: Path) -> None:
    inventory = read_inventory(written(tmp_path, GOOD))
    found = [(one.box, one.wanted.scenario) for one in assign(inventory)]
    assert found == [("a", "ech_24h"), ("b", "ech_24h"), ("a", "ssh_24h"), ("b", "ssh_24h"), ("c", "ssh_24h")]
    assert [box.address for box in inventory.box] == ["a", "10.0.0.2", "c"]


def test_a_lost_run_goes_to_another_box_where_that_is_allowed(tmp_path: Path) -> None:
    inventory = read_inventory(written(tmp_path, GOOD))
    ech, ssh = inventory.run
    again = replacement(inventory, Assignment("a", ech), gone=set())
    assert again is not None
    assert (again.box, again.instead_of) == ("b", "a")
    assert replacement(inventory, Assignment("a", ech), gone={"b"}) is None
    assert replacement(inventory, Assignment("a", ssh), gone=set()) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it names no box"),
        ("[[box]]\nhost = 'x'", "[[box]] 1: object missing required field `name`"),
        ("[[box]]\nname = 'a b'", "[[box]] 1: name: it has 1 to 63 letters, digits, dots"),
        ("[[box]]\nname = 'a'\nhost = 'me@a'", "[[box]] a: host = 'me@a' is no name or address alone; user and port"),
        ("[[box]]\nname = 'a'\nhost = '[::1]:22'", "host = '[::1]:22' is no"),
        ("[[box]]\nname = 'a'\nhost = 'a:22'", "host = 'a:22' is no"),
        ("[[box]]\nname = 'a'\nhost = '-oX'", "host = '-oX' is no"),
        ("[[box]]\nname = 'a'\nhost = '::1'\n[[box]]\nname = 'a'", "two boxes are called 'a'"),
        ("[[box]]\nname = 'a'\nport = 'x'", "[[box]] 1: port: expected `int | null`, got `str`"),
        ("[[box]]\nname = 'a'\nprot = 1", "[[box]] 1: object contains unknown field `prot`"),
        ("[[box]]\nname = 'a'\n[[box]]\nname = 'a'", "two boxes are called 'a'; rename one"),
        ("[[box]]\nname = 'a'\n[[run]]\nscenario = 's'\nwhere = 'kernel == 1'", "no box has a label 'kernel'"),
        ("[[box]]\nname = 'a'\n[[run]]\nscenario = 's'\nduration = 'x'", "[[run]] 1 (s): duration: 'x'"),
        ("[[box]\n", "fleet.toml: "),
    ],
)
def test_a_mistake_is_one_line_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InventoryError) as found:
        read_inventory(written(tmp_path, text))
    assert said in str(found.value)
    assert "\n" not in str(found.value)
    assert str(found.value).startswith(str(tmp_path / "fleet.toml"))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match="write one: 'stresstui help fleet'"):
        read_inventory(tmp_path / "none.toml")


def test_a_line_of_the_matrix_for_no_box_is_a_mistake(tmp_path: Path) -> None:
    inventory = read_inventory(written(tmp_path, GOOD.replace("kernel == '6.1'", "kernel == '4.4'")))
    with pytest.raises(InventoryError, match="holds for no box"):
        assign(inventory)


LOAD = """
[[box]]
name = "a"
host = "10.0.0.1"
[[box]]
name = "b"
host = "beta"
[[box]]
name = "c"
[[run]]
scenario = "ssh_24h"
server = "a"
clients = ["b", "c"]
"""


def test_a_load_of_several_boxes_has_its_servers_first_and_its_clients_behind(tmp_path: Path) -> None:
    inventory = read_inventory(written(tmp_path, LOAD))
    assert [(one.box, one.part, one.load) for one in assign(inventory)] == [
        ("a", "server", 1), ("b", "client", 1), ("c", "client", 1),
    ]  # fmt: skip
    assert door_of(inventory, "a") == "10.0.0.1"
    named = read_inventory(written(tmp_path, LOAD.replace('host = "10.0.0.1"', 'door = "10.9.0.1:4433"')))
    assert door_of(named, "a") == "10.9.0.1:4433"


@pytest.mark.parametrize(
    ("line", "door"),
    [
        ('host = "fd00::1"', "[fd00::1]"),
        ('door = "[fd00::1]:4433"', "[fd00::1]:4433"),
        ('door = "fd00::1"', "[fd00::1]"),
        ('door = "alpha.example.org"', "alpha.example.org"),
        ('door = "alpha:4433"', "alpha:4433"),
    ],
)
def test_a_door_is_of_either_family_or_a_name(tmp_path: Path, line: str, door: str) -> None:
    inventory = read_inventory(written(tmp_path, LOAD.replace('host = "10.0.0.1"', line)))
    assert door_of(inventory, "a") == door


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('["b", "c"]', '["b", "d"]', "ssh_24h: there is no box 'd'; there are a, b, c"),
        ('["b", "c"]', '["b", "a"]', "ssh_24h: box 'a' is named twice; each is one side"),
        ('["b", "c"]', "[]", "ssh_24h: a load of several boxes needs both, a server and clients"),
        ('"ssh_24h"', '"ssh_24h"\nelsewhere = true', "leave out where and elsewhere"),
        ('server = "a"', 'server = "b"', "is named twice"),
        ("10.0.0.1", "alpha", "[[box]] a: 'alpha' may be known here alone; say where its clients reach it: door = "),
    ],
)
def test_a_load_that_cannot_be_is_a_mistake_before_anything_starts(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in LOAD
    with pytest.raises(InventoryError) as found:
        assign(read_inventory(written(tmp_path, LOAD.replace(old, new))))
    assert said in str(found.value)
