"""Go's profiles in their text form (runtime/pprof, ``debug=1``): heap and goroutines, and what grew between two.

heap profile: 2: 640 [3: 720] @ heap/1048576
1: 160 [1: 160] @ 0x490e85 0x426fa5
#	0xc220f4	github.com/go-chi/chi/v5.(*node).InsertRoute+0x574	github.com/go-chi/chi/v5@v5.2.5/tree.go:219

goroutine profile: total 9
4 @ 0x43f0ce 0x44f158
#	0x6e9d84	net.(*conn).Read+0x44	net/net.go:179
"""

import math
import re
from collections import defaultdict
from typing import Final

import msgspec

_HEAP: Final = re.compile(r"(\d+): (\d+) \[(\d+): (\d+)\] @")
_GOROUTINES: Final = re.compile(r"(\d+) @")
_FRAME: Final = re.compile(r"#\s+0x[0-9a-f]+\s+(\S.*?)\+0x[0-9a-f]+(?:\s+(\S+))?$")
_RATE: Final = re.compile(r"@ heap/(\d+)")
_PLUMBING: Final = ("runtime.", "internal/", "bytes.", "strings.", "sync.", "bufio.", "io.", "slices.", "maps.")
"""Packages that allocate on behalf of whoever calls them."""


class ProfileError(ValueError):
    """What is no such profile."""


class Stack(msgspec.Struct):
    """What one path of calls holds."""

    frames: tuple[str, ...]
    """Functions, the innermost first."""
    count: float
    """Objects, or goroutines."""
    size: float
    """Bytes; 0 for goroutines."""


class Growth(msgspec.Struct, frozen=True):
    """What became more between two profiles."""

    function: str
    """Who holds it: the innermost function that is no plumbing of the language's own library."""
    count: float
    """Objects or goroutines more."""
    size: float
    """Bytes more; 0 for goroutines."""
    through: tuple[str, ...]
    """The path of calls of the largest part of it, the innermost first."""


def parse(text: str) -> list[Stack]:
    """Read a heap or goroutine profile; raises ProfileError."""
    first = text.partition("\n")[0]
    if first.startswith("heap profile:"):
        return _stacks(text, _HEAP, (1, 2))
    if first.startswith("goroutine profile:"):
        return _stacks(text, _GOROUTINES, (1, None))
    raise ProfileError(f"no profile of Go's in text form begins with {first[:60]!r}")


def _stacks(text: str, head: re.Pattern[str], groups: tuple[int, int | None]) -> list[Stack]:
    rate = _RATE.search(text.partition("\n")[0])
    found: list[Stack] = []
    for line in text.splitlines()[1:]:
        if line.startswith("# runtime.MemStats"):
            break
        if match := head.match(line):
            count, size = (0.0 if group is None else float(match[group]) for group in groups)
            found.append(_scaled(Stack((), count, size), int(rate[1]) // 2 if rate else 0))
        elif found and (frame := _FRAME.match(line)):
            found[-1].frames = (*found[-1].frames, frame[1])
    return [stack for stack in found if stack.frames]


def _scaled(stack: Stack, rate: int) -> Stack:
    """What was sampled stands for more (pprof's scaleHeapSample, legacy_profile.go): one byte in ``rate`` is seen."""
    if rate <= 1 or not stack.count or not stack.size:
        return stack
    scale = 1 / (1 - math.exp(-(stack.size / stack.count) / rate))
    return Stack(stack.frames, stack.count * scale, stack.size * scale)


def holder_of(frames: tuple[str, ...]) -> str:
    """The innermost function that is not merely plumbing."""
    return next((frame for frame in frames if not frame.startswith(_PLUMBING)), frames[0])


def growth_of(before: list[Stack], after: list[Stack]) -> list[Growth]:
    """What grew, by function, the most first."""
    change: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for sign, stacks in ((-1, before), (1, after)):
        for stack in stacks:
            change[stack.frames][0] += sign * stack.count
            change[stack.frames][1] += sign * stack.size
    functions: dict[str, list[tuple[float, float, tuple[str, ...]]]] = defaultdict(list)
    for frames, (count, size) in change.items():
        functions[holder_of(frames)].append((size, count, frames))
    grown = [
        Growth(name, sum(c for _, c, _ in parts), sum(s for s, _, _ in parts), max(parts)[2])
        for name, parts in functions.items()
    ]
    return sorted((one for one in grown if one.size > 0 or (not one.size and one.count > 0)),
                  key=lambda one: (-one.size, -one.count, one.function))  # fmt: skip
