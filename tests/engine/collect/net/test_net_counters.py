"""Counters of namespaces, of which a run may see several: a program under test may move into one of its own."""

from stresstui.engine.collect.net.net_counters import Continued


def test_counters_of_another_namespace_go_on_from_where_those_before_were() -> None:
    counters = Continued()
    assert counters.take({"retrans_segs": 100, "time_wait": 3}, other=False) == {"retrans_segs": 100, "time_wait": 3}
    assert counters.take({"retrans_segs": 4, "time_wait": 1}, other=True) == {"retrans_segs": 100, "time_wait": 1}
    assert counters.take({"retrans_segs": 6, "time_wait": 0}, other=False) == {"retrans_segs": 102, "time_wait": 0}
    assert counters.take({"retrans_segs": 900, "time_wait": 7}, other=True) == {"retrans_segs": 102, "time_wait": 7}


def test_a_counter_that_cannot_be_read_is_none_and_begins_where_it_first_can() -> None:
    counters = Continued()
    assert counters.take({"retrans_segs": None, "in_octets": 5}, other=False) == {"retrans_segs": None, "in_octets": 5}
    assert counters.take({"retrans_segs": 40, "in_octets": None}, other=True) == {"retrans_segs": 40, "in_octets": None}


def test_counters_that_are_first_read_in_a_namespace_are_as_they_are() -> None:
    assert Continued().take({"retrans_segs": 7}, other=True) == {"retrans_segs": 7}
