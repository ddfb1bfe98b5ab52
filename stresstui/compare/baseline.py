"""A scenario's baseline: the numbers of good runs, in one file that needs none of their folders."""

import math
import re
from pathlib import Path
from statistics import fmean, stdev
from typing import Final

import msgspec

from stresstui.compare.numbers import FEWEST, Numbers
from stresstui.compare.student import quantile
from stresstui.core.model.errors import UNREADABLE
from stresstui.files import make_folder, read_plain, write_whole
from stresstui.folder import BASELINES

SURE: Final = 0.95
"""Part of equal runs that are no farther from the baseline than is said."""
SEVERAL: Final = 3
"""Runs that tell how far equal ones differ."""
SCHEMA: Final = 1
"""Version of the file."""


class BaselineError(ValueError):
    """A file that is no baseline; the message is one line with file and mend."""


class Baseline(msgspec.Struct, frozen=True):
    """What later runs of a scenario are compared with."""

    schema: int
    scenario: str
    runs: list[Numbers]


def path_of(report_dir: Path, scenario: str) -> Path:
    """The file of a scenario's baseline."""
    safe = re.sub(r"[^\w.-]", "_", scenario).lstrip(".") or "_"
    return report_dir / BASELINES / f"{safe}.json"


def read(report_dir: Path, scenario: str) -> Baseline | None:
    """The baseline of a scenario; None where there is none. Raises BaselineError."""
    path = path_of(report_dir, scenario)
    try:
        found = msgspec.json.decode(read_plain(path), type=Baseline)
    except FileNotFoundError:
        return None
    except (OSError, *UNREADABLE) as error:
        mend = f"set it anew: stresstui baseline set {scenario}"
        raise BaselineError(f"{path}: cannot be used: {error}; {mend}") from None
    if found.schema != SCHEMA or not found.runs or not all(map(_is_whole, found.runs)):
        raise BaselineError(f"{path}: not of this version; set it anew: stresstui baseline set {scenario}")
    return found


def _is_whole(run: Numbers) -> bool:
    """Whether every metric has the values that it must have to be compared: somebody may have edited the file."""
    return all(len(one.values) >= FEWEST for metrics in run.phases.values() for one in metrics.values())


def means_of(baseline: Baseline) -> dict[str, float]:
    """Means of the soak over all its runs, by metric."""
    return {name: fmean(values) for name, values in _means(baseline).items()}


def reaches_of(baseline: Baseline) -> dict[str, float]:
    """How far from that mean, as a share of it, one more equal run may be by chance, by metric of three runs or more.

    It is the half of a prediction interval of SURE, by Student's t.
    """
    return {
        name: quantile(1 - SURE, len(values) - 1) * stdev(values) * math.sqrt(1 + 1 / len(values)) / abs(fmean(values))
        for name, values in _means(baseline).items()
        if len(values) >= SEVERAL and fmean(values)
    }


def _means(baseline: Baseline) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for run in baseline.runs:
        for name, one in run.phases.get("soak", {}).items():
            found.setdefault(name, []).append(fmean(one.values))
    return found


def write(report_dir: Path, baseline: Baseline) -> Path:
    """Write the file whole or not at all, and return its path; raises OSError."""
    path = path_of(report_dir, baseline.scenario)
    make_folder(path.parent)
    return write_whole(path, msgspec.json.encode(baseline) + b"\n")
