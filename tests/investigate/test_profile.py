"""Go's profiles in text form: who holds what, and what grew."""

import pytest

from stresstui.investigate.evidence import describe
from stresstui.investigate.profile import ProfileError, growth_of, holder_of, parse

HEAP = """heap profile: 3: 2097792 [9: 9] @ heap/2
{count}: {size} [{count}: {size}] @ 0x1 0x2
#\t0x46f0a4\tbytes.growSlice+0x94\t\tbytes/buffer.go:267
#\t0x4f5c8e\tmain.(*cache).remember+0x14e\t/src/main.go:16
#\t0x458baf\tmain.main+0x3af\t/src/main.go:26

1: 160 [1: 160] @ 0x3
#\t0xc220f4\tgithub.com/x/y/v5.(*node).Insert+0x574\tgithub.com/x/y/v5@v5.2.5/tree.go:219

# runtime.MemStats
# Alloc = 1: 2 [3: 4] @ heap
"""
GOROUTINES = """goroutine profile: total {total}
{count} @ 0x43f0ce 0x44f158
#\t0x43f0cd\tinternal/poll.runtime_pollWait+0x84\truntime/netpoll.go:351
#\t0x6e9d84\tmain.serve+0x44\t/src/main.go:40

1 @ 0x1
#\t0x2\tmain.main+0x4\t/src/main.go:4
"""


def test_the_function_that_grew_is_named_and_not_its_plumbing() -> None:
    before, after = parse(HEAP.format(count=2, size=2 << 20)), parse(HEAP.format(count=40, size=40 << 20))
    (grown,) = growth_of(before, after)
    assert grown.function == "main.(*cache).remember"
    assert grown.size == pytest.approx(38 << 20)
    assert grown.through == ("bytes.growSlice", "main.(*cache).remember", "main.main")
    assert describe(grown, "heap") == "+38.0 MiB in +38 objects, held by main.(*cache).remember"


def test_goroutines_are_counted_by_where_they_wait() -> None:
    (grown,) = growth_of(parse(GOROUTINES.format(total=3, count=2)), parse(GOROUTINES.format(total=10, count=9)))
    assert (grown.function, grown.count, grown.size) == ("main.serve", 7.0, 0.0)
    assert describe(grown, "goroutines") == "+7 goroutines in main.serve"


def test_equal_profiles_show_nothing_and_a_shrinking_one_neither() -> None:
    big, small = parse(HEAP.format(count=40, size=40 << 20)), parse(HEAP.format(count=2, size=2 << 20))
    assert growth_of(big, big) == []
    assert growth_of(big, small) == []


def test_what_was_sampled_stands_for_more() -> None:
    text = HEAP.format(count=1, size=1024).replace("heap/2", "heap/1048576")
    (stack, *_) = parse(text)
    assert stack.size == pytest.approx(1024 / (1 - 2.718281828459045 ** (-1024 / 524288)), rel=1e-6)


def test_only_plumbing_is_named_as_it_is() -> None:
    assert holder_of(("bytes.growSlice", "runtime.main")) == "bytes.growSlice"


@pytest.mark.parametrize("text", ["", "<html>", "\x1f\x8b\x08", "heap"])
def test_what_is_no_profile(text: str) -> None:
    with pytest.raises(ProfileError):
        parse(text)
