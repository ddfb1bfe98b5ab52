"""Sums of harnesses that more than one line tells."""

from stresstui.engine.output.harness_counts import count_groups, counts_of
from stresstui.engine.output.harness_memory import Counts, results


class RanFirst:
    """Python's unittest says how many ran in one line, and what they came to in the next but one."""

    def __init__(self) -> None:
        self._ran: int | None = None

    def count(self, groups: dict[str, str]) -> Counts:
        """Count what the second line says."""
        if groups.get("ran"):
            self._ran = int(groups["ran"])
            return {}
        ran, self._ran = self._ran, None
        if ran is None:
            return {}
        kinds = counts_of(groups.get("unittest", "")) or results()
        return kinds | {"tests_passed": max(0.0, ran - kinds["tests_failed"] - kinds["tests_ignored"])}


class SoFar:
    """testthat writes its sum anew with every result: what has come since counts; a smaller one is another's."""

    def __init__(self) -> None:
        self._told = results()

    def count(self, groups: dict[str, str]) -> Counts:
        """Count what has come since the line before."""
        before, now = self._told, count_groups(groups)
        goes_on = all(now[name] >= before[name] for name in before)
        self._told = now
        return {name: count - before[name] for name, count in now.items()} if goes_on else now
