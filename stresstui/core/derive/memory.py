"""Memory of a reading: what processes have mapped, and what they hold without mapping it."""

from typing import Final

from stresstui.core.derive.group import DETAILS, Group
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.sample import Sample

_ESTIMATE: Final = Certainty.ESTIMATE


def add_memory(values: dict[str, float], certainty: dict[str, Certainty], sample: Sample, group: Group) -> None:
    """Copy the sums of details, and add to ``rss`` the memory that processes hold but do not map, as memory files."""
    sums = {name: group.totals[name] for name in DETAILS if not group.unread[name]}
    values.update((name, float(number)) for name, number in sums.items())
    if sample.details_t is not None and sample.details_t < sample.t:
        certainty.update(dict.fromkeys(sums, _ESTIMATE))
    if "rss_shmem" in sums:
        _add_unmapped(values, sample, sums["rss_shmem"])
    if "rss_anon" in sums:
        _add_total(values, certainty, sample, group, sums)


def _add_unmapped(values: dict[str, float], sample: Sample, mapped: int) -> None:
    """A memory file is charged to who filled it, mapped or not; RSS knows the mapped ones only."""
    held = _shared(sample)
    if held is not None and "rss" in values:
        values["rss"] += max(0, held - mapped)


def _add_total(
    values: dict[str, float], certainty: dict[str, Certainty], sample: Sample, of: Group, sums: dict[str, int]
) -> None:
    """Own, swapped out and shared memory, each once; page cache is left out, since the kernel takes it back."""
    group = sample.cgroup
    if group is not None and group.anon is not None and group.shmem is not None:
        values["memory"] = float(group.anon + group.shmem + (group.swap or 0))
        certainty.pop("memory", None)
        return
    shared = max(_shared(sample) or 0, of.largest_shared)
    values["memory"] = float(sums["rss_anon"] + sums.get("swap", 0) + shared)
    if sample.memory_files is None:
        certainty["memory"] = Certainty.AT_LEAST
        return
    # Pages that a fork shares with its parent until one of them writes are counted for both.
    if len(of.under_test) > 1 or "rss_anon" in certainty:
        certainty["memory"] = _ESTIMATE


def _shared(sample: Sample) -> int | None:
    group = sample.cgroup.shmem if sample.cgroup is not None else None
    found = [number for number in (sample.memory_files, group) if number is not None]
    return max(found, default=None)
