"""What a report is made of: the folded run, and what else its folder holds."""

from pathlib import Path
from typing import Any, Final

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.core.run.fold import RunState
from stresstui.files import read_plain
from stresstui.folder import EVIDENCE, REQUEST

_FILES_MAX: Final = 20
_WAYS: Final = ("host", "limits", "versions", "revision", "checks", "collector", "cwd")


class Material(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a report tells."""

    state: RunState
    """The run as folded."""
    environment: dict[str, Any] = {}
    """What run.json says of machine, limits, versions and the doctor's look, in builtin types."""
    evidence: list[tuple[str, dict[str, Any]]] = []
    """Files of evidence by name, in builtin types: what each breach looked like."""
    comparison: tuple[str, list[tuple[str, ...]]] = ("", [])
    """How it compares with its scenario's baseline: in one line, and a table whose first row has the heads."""
    evidence_left: int = 0
    """How many such files are not read here, for want of room."""


def gather(
    state: RunState,
    run_dir: Path,
    comparison: tuple[str, list[tuple[str, ...]]] = ("", []),
) -> Material:
    """Read what the run's folder holds beside its journal; what cannot be read is left out."""
    files = sorted((run_dir / EVIDENCE).glob("*.json"), key=_time_of)
    read = [(path.stem, document) for path in files[:_FILES_MAX] if (document := _read(path))]
    request = _read(run_dir / REQUEST)
    return Material(
        state=state,
        environment={name: request[name] for name in _WAYS if request.get(name)},
        evidence=read,
        comparison=comparison,
        evidence_left=max(0, len(files) - _FILES_MAX),
    )


def _time_of(path: Path) -> tuple[float, str]:
    """Evidence is named for its criterion and the second of the run; what has no second comes last."""
    second = path.stem.rpartition("_")[2]
    return (float(second), path.stem) if second.isdigit() else (float("inf"), path.stem)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(read_plain(path))
    except (OSError, *UNREADABLE):
        return {}
    return found if isinstance(found, dict) else {}
