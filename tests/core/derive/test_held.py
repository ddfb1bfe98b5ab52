from stresstui.core.derive.held import NAMES_MAX, Held
from stresstui.core.model.event import Sampled, decode_event, encode_event
from stresstui.core.model.sample import Inventory, Sample
from stresstui.core.run.fold import fold


def newest(held: Held) -> dict[str, float | None]:
    return {name: series.newest for name, series in held.peers.items()}


def test_what_is_in_an_inventory_no_more_holds_nothing_now() -> None:
    held = Held()
    held.observe(Inventory(1.0, {"tcp": 3, "file": 1}, {"to 10.0.0.1:443": 3}))
    held.observe(Inventory(31.0, {"tcp": 5}, {"from 10.0.0.2": 5}))
    assert {name: series.newest for name, series in held.kinds.items()} == {"tcp": 5, "file": 0}
    assert newest(held) == {"to 10.0.0.1:443": 0, "from 10.0.0.2": 5}
    assert [bucket.mean for bucket in held.kinds["tcp"].buckets] == [3, 5]


def test_a_name_that_holds_nothing_makes_room_for_one_that_does_and_no_other() -> None:
    held = Held()
    held.observe(Inventory(1.0, {}, {f"from {n}": 1 for n in range(NAMES_MAX)}))
    held.observe(Inventory(31.0, {}, {f"from {n}": 1 for n in range(1, NAMES_MAX)} | {"from new": 2, "from newer": 2}))
    assert len(held.peers) == NAMES_MAX
    assert newest(held)["from new"] == 2
    assert not {"from 0", "from newer"} & held.peers.keys()


def test_a_journal_with_an_inventory_and_one_without_are_both_read() -> None:
    taken = Inventory(4.0, {"tcp": 3}, {"listening": 1}, 0.002, 30.0)
    state = fold([Sampled(5.0, Sample(5.0)), decode_event(encode_event(Sampled(6.0, Sample(6.0, inventory=taken))))])
    assert state.held.newest == taken
    later = encode_event(Sampled(7.0, Sample(7.0))).replace(b'"sample":{', b'"sample":{"of_a_later_version":{"x":1},')
    assert decode_event(later) == Sampled(7.0, Sample(7.0))  # so does a reader that knows no inventory
