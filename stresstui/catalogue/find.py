"""Where scenarios are looked for, and which of several with one name wins."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

import msgspec

from stresstui.catalogue.build import PACKS, build
from stresstui.catalogue.convert import hint
from stresstui.catalogue.document import Document, open_document
from stresstui.catalogue.error import ScenarioError
from stresstui.catalogue.trust import check_trusted
from stresstui.core.model.scenario import MetricSpec, RunnerKind, Scenario
from stresstui.places import config_folder

Origin = Literal["built-in", "suite", "project", "user", "file"]

_BUILT_IN: Final = Path(__file__).parent
_SUITE: Final = _BUILT_IN / "suite"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario as a list shows it."""

    name: str
    """Name on the command line."""
    source: str
    """The file that won."""
    origin: Origin
    """Where the file was found."""
    overrides: tuple[str, ...] = ()
    """Files of the same name that it hides, the next one first."""
    title: str = ""
    """Name for people; empty where the file is broken."""
    duration: float | None = None
    """Seconds of warm-up and soak; None = until the workload exits, or broken."""
    runners: tuple[RunnerKind, ...] = ()
    """Runners that it has a table for."""
    error: str = ""
    """What is wrong with the file, one line; empty for a good one."""


def load(name: str, *, cwd: Path | None = None) -> Scenario:
    """The scenario of that name, or in that ``.toml`` file; raise ScenarioError where there is none or it is wrong."""
    return _load(Path(locate_scenario(name, cwd=cwd).source))


def load_file(path: Path, known: Mapping[str, MetricSpec] | None = None) -> Scenario:
    """The scenario in that file, named as the file; raise ScenarioError where it has a mistake.

    ``known``: metrics that its rules may name beside those that it declares, as a recorded run has them.
    """
    return _load(path, known)


def default_scenario() -> Scenario:
    """What any command or process is judged by when no scenario is named: the pack ``default``."""
    text = 'include = ["default"]\n'
    return build(Document(PACKS / "default.toml", text), "default")


def list_scenarios(*, cwd: Path | None = None) -> list[Entry]:
    """Every scenario by name; a broken file is listed with its error."""
    return [_described(entry) for _, entry in sorted(_entries(cwd).items())]


def is_file(name: str) -> bool:
    """Whether a name is that of a file rather than of a scenario."""
    return name.endswith(".toml")


def locate_scenario(name: str, *, cwd: Path | None = None) -> Entry:
    """Which file a name stands for, unread, if it is not one itself; raise ScenarioError where there is none."""
    if is_file(name):
        return Entry(name=Path(name).stem, source=name, origin="file")
    entries = _entries(cwd)
    if name not in entries:
        # The suite's are many: they are proposed where one is meant, but not all named.
        known = sorted(one for one, entry in entries.items() if entry.origin != "suite" or name.startswith("suite"))
        raise ScenarioError(f"no scenario named '{name}'; {hint(name, known)}")
    return entries[name]


def _load(path: Path, known: Mapping[str, MetricSpec] | None = None) -> Scenario:
    if _BUILT_IN not in path.parents:
        check_trusted(path)
    return build(open_document(path), path.stem, known)


def _entries(cwd: Path | None) -> dict[str, Entry]:
    found: dict[str, list[tuple[Origin, Path]]] = {}
    for origin, folder in _folders(cwd or Path.cwd()):
        for path in sorted(folder.glob("*.toml")):
            found.setdefault(path.stem, []).append((origin, path))
    return {
        name: Entry(
            name=name, source=str(files[0][1]), origin=files[0][0], overrides=tuple(str(p) for _, p in files[1:])
        )
        for name, files in found.items()
    }


def _folders(cwd: Path) -> list[tuple[Origin, Path]]:
    start = cwd.resolve()
    project = next((up / ".stresstui" for up in (start, *start.parents) if (up / ".stresstui").is_dir()), None)
    if project is not None:
        check_trusted(project)
    user = config_folder() / "scenarios"
    folders: list[tuple[Origin, Path]] = [("user", user), ("built-in", _BUILT_IN), ("suite", _SUITE)]
    return folders if project is None else [("project", project), *folders]


def _described(entry: Entry) -> Entry:
    try:
        scenario = _load(Path(entry.source))
    except ScenarioError as error:
        return msgspec.structs.replace(entry, error=str(error))
    return msgspec.structs.replace(
        entry, title=scenario.title, duration=scenario.duration, runners=runners_of(scenario)
    )


def runners_of(scenario: Scenario) -> tuple[RunnerKind, ...]:
    """The runners that a scenario has a table for."""
    tables = {
        RunnerKind.CARGO: scenario.cargo,
        RunnerKind.LAB: scenario.lab,
        RunnerKind.COMMAND: scenario.command,
    }
    return tuple(kind for kind, table in tables.items() if table is not None)
