"""The files: ``verdict.json``, ``summary.md``, ``junit.xml`` and ``report.html``."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from stresstui.files import write_whole
from stresstui.fleet.report.junit import junit
from stresstui.fleet.report.page import page_of
from stresstui.fleet.report.told import Told
from stresstui.fleet.report.words import markdown
from stresstui.fleet.verdict import FleetVerdict
from stresstui.folder import JUNIT, PAGE, SUMMARY


def write_reports(name: str, told: Sequence[Told], verdict: FleetVerdict, folder: Path) -> None:
    """Write all of them; raises OSError."""
    runs = [one.run for one in told]
    content = {"fleet": name, **msgspec.to_builtins(verdict), "runs": msgspec.to_builtins(runs)}
    write_whole(folder / "verdict.json", msgspec.json.format(msgspec.json.encode(content)))
    write_whole(folder / SUMMARY, markdown(name, runs, verdict).encode())
    write_whole(folder / JUNIT, junit(name, told, verdict.joints))
    write_whole(folder / PAGE, page_of(name, told, verdict).encode())
