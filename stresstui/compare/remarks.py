"""What is to be known of how surely two sides differ, in sentences."""

from collections.abc import Mapping, Sequence

from stresstui.compare.earlier import Scatter
from stresstui.compare.family import ASKED
from stresstui.compare.found import SEVERAL, SOAK, Change, Comparison
from stresstui.compare.numbers import Numbers
from stresstui.compare.reach import RUNS_MAX


def remarks_of(
    base: Sequence[Numbers], other: Sequence[Numbers], found: list[Comparison], earlier: Mapping[str, Scatter]
) -> list[str]:
    """What is assumed and from where it is known by how much runs differ, and what more runs would have seen."""
    said = []
    told = all(one.phase == SOAK and one.metric in earlier for one in found if one.metric in ASKED)
    if min(len(base), len(other)) == 1 and max(len(base), len(other)) < SEVERAL and not told:
        said.append(
            "with one run a side it is assumed that runs of the same thing differ by 2 % in memory, 3 % in throughput, "
            "10 % in CPU, 30 % in times, 50 % in p99; three runs a side or more tell it"
        )
    unseen = [one for one in found if one.runs is not None and one.change is Change.NONE]
    if unseen:
        said.append("; ".join(map(_unseen, unseen)))
    if not found:
        said.append("there is nothing to compare: no metric has values in the same phase of all runs")
    return [*said, *_earlier(earlier, found, min(len(base), len(other)))]


def _earlier(earlier: Mapping[str, Scatter], found: list[Comparison], fewest: int) -> list[str]:
    runs = max((earlier[one.metric].runs for one in found if one.metric in earlier), default=0)
    more = "" if fewest >= SEVERAL else ", whose variance counts twice, since so few a side tell nothing of the day"
    return [f"what runs differ by is told by {runs} earlier ones of the same kind too{more}"] if runs else []


def _unseen(one: Comparison) -> str:
    needed = f"{one.runs}+{one.runs} runs" if one.runs != RUNS_MAX else f"more than {RUNS_MAX} runs a side"
    return f"{100 * ASKED[one.metric]:.0f} % of {one.metric} would have been seen with {needed}"
