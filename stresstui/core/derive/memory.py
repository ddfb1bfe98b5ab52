"""Memory of a reading: what processes have mapped, and what they hold without mapping it."""

from operator import attrgetter
from typing import Final

from stresstui.core.model.certainty import Certainty
from stresstui.core.model.sample import ProcessSample, Sample

_ESTIMATE: Final = Certainty.ESTIMATE
_DETAILS: Final = ("rss_anon", "rss_file", "rss_shmem", "swap", "pss")
_details_of: Final = attrgetter(*_DETAILS)


def add_memory(
    values: dict[str, float], certainty: dict[str, Certainty], sample: Sample, processes: list[ProcessSample]
) -> None:
    """Sum the details, and add to ``rss`` the memory that processes hold but do not map, as memory files."""
    columns = zip(*map(_details_of, processes), strict=True)
    sums = {name: sum(numbers) for name, numbers in zip(_DETAILS, columns, strict=True) if None not in numbers}
    values.update((name, float(number)) for name, number in sums.items())
    if sample.details_t is not None and sample.details_t < sample.t:
        certainty.update(dict.fromkeys(sums, _ESTIMATE))
    if "rss_shmem" in sums:
        _add_unmapped(values, sample, sums["rss_shmem"])
    if "rss_anon" in sums:
        _add_total(values, certainty, sample, processes, sums)


def _add_unmapped(values: dict[str, float], sample: Sample, mapped: int) -> None:
    """A memory file is charged to who filled it, mapped or not; RSS knows the mapped ones only."""
    held = _shared(sample)
    if held is not None and "rss" in values:
        values["rss"] += max(0, held - mapped)


def _add_total(
    values: dict[str, float],
    certainty: dict[str, Certainty],
    sample: Sample,
    processes: list[ProcessSample],
    sums: dict[str, int],
) -> None:
    """Own, swapped out and shared memory, each once; page cache is left out, since the kernel takes it back."""
    group = sample.cgroup
    if group is not None and group.anon is not None and group.shmem is not None:
        values["memory"] = float(group.anon + group.shmem + (group.swap or 0))
        certainty.pop("memory", None)
        return
    largest = max((process.rss_shmem or 0 for process in processes), default=0)
    shared = max(_shared(sample) or 0, largest)
    values["memory"] = float(sums["rss_anon"] + sums.get("swap", 0) + shared)
    if sample.memory_files is None:
        certainty["memory"] = Certainty.AT_LEAST
        return
    # Pages that a fork shares with its parent until one of them writes are counted for both.
    if len(processes) > 1 or "rss_anon" in certainty:
        certainty["memory"] = _ESTIMATE


def _shared(sample: Sample) -> int | None:
    group = sample.cgroup.shmem if sample.cgroup is not None else None
    found = [number for number in (sample.memory_files, group) if number is not None]
    return max(found, default=None)
