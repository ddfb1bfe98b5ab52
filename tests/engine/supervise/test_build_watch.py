"""When a command that builds by itself has come to run what it built."""

import asyncio

import pytest

from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.engine.supervise.build_watch import BuildWatch


def watched(*samples: str) -> list[bool]:
    """Whether it was over after each sample; a word is a process, ``name:pid``, in capitals one under test."""

    async def look() -> list[bool]:
        watch, seen = BuildWatch(), []
        for t, words in enumerate(samples):
            watch.observe(Sample(float(t), tuple(map(process, words.split()))))
            seen.append(watch.over.is_set())
        return seen

    return asyncio.run(look())


def process(word: str) -> ProcessSample:
    name, _, pid = word.partition(":")
    role = Role.SUT if name.isupper() or name == "sh" else Role.BUILD
    return ProcessSample(int(pid or 1), 1, name.lower(), role, 1)


@pytest.mark.parametrize(
    ("samples", "over_after"),
    [
        (["make", "make cc1:2", "make SOAK:3", "make SOAK:3"], 3),
        (["make sh:2", "make sh:2 cc1:3", "make SOAK:4", "make SOAK:4"], 3),
        (["make", "make PROTOC:3", "make PROTOC:4", "make cc1:5", "make SOAK:6", "make SOAK:6"], 5),
        (["make CONFIGURE:3 cc1:4", "make CONFIGURE:3 cc1:5", "make CONFIGURE:3", "make SOAK:6", "make SOAK:6"], 4),
        (["make cargo:2 rustc:3", "make cargo:2 SOAK:4", "make cargo:2 SOAK:4"], 2),
        (["make cc1:2"] * 30, None),
        (["make sh:2"] * 12, 10),
    ],
)
def test_it_is_over_when_something_stays_that_builds_nothing(samples: list[str], over_after: int | None) -> None:
    seen = watched(*samples)
    assert (seen.index(True) if True in seen else None) == over_after
