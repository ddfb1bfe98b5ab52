"""What a run of the fleet leaves: ``verdict.json``, ``summary.md`` and ``junit.xml`` beside its record."""

from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec

from stresstui.core.text.printable import printable
from stresstui.files import write_whole
from stresstui.fleet.record import FleetRecord
from stresstui.fleet.verdict import BoxRun, FleetVerdict


def write_reports(record: FleetRecord, runs: list[BoxRun], verdict: FleetVerdict, folder: Path) -> None:
    """Write all of them; raises OSError."""
    content = {"fleet": record.name, **msgspec.to_builtins(verdict), "runs": msgspec.to_builtins(runs)}
    write_whole(folder / "verdict.json", msgspec.json.format(msgspec.json.encode(content)))
    write_whole(folder / "summary.md", markdown(record, runs, verdict).encode())
    write_whole(folder / "junit.xml", junit(record, runs))


def markdown(record: FleetRecord, runs: list[BoxRun], verdict: FleetVerdict) -> str:
    """The summary for people."""
    lines = [f"# {record.name}: {verdict.outcome}", "", "| box | scenario | outcome | why |", "|---|---|---|---|"]
    lines += [f"| {run.box} | {run.scenario} | {run.outcome} | {_cell('; '.join(run.reasons))} |" for run in runs]
    if verdict.outliers:
        lines += ["", "Boxes that differ from their peers:", ""]
        lines += [f"- {say_outlier(outlier)}" for outlier in verdict.outliers]
    return "\n".join(lines) + "\n"


def say_outlier(outlier: object) -> str:
    """One that differs, in a sentence."""
    found = msgspec.to_builtins(outlier)
    why = f"; all such boxes have {found['labels']}, and no other" if found["labels"] else ""
    return (
        f"{found['box']}: {found['metric']} of {found['scenario']} is {found['value']:.4g}, its peers' median "
        f"{found['median']:.4g} ({found['sigmas']:.1f} robust standard deviations off){why}"
    )


def junit(record: FleetRecord, runs: list[BoxRun]) -> bytes:
    """A suite a box, a case a run; what is inconclusive is skipped."""
    root = ET.Element("testsuites", name=record.name)
    for box in dict.fromkeys(run.box for run in runs):
        own = [run for run in runs if run.box == box]
        suite = ET.SubElement(root, "testsuite", name=box, tests=str(len(own)))
        for run in own:
            case = ET.SubElement(suite, "testcase", classname=box, name=run.scenario)
            text = printable("; ".join(run.reasons) or run.outcome)
            if run.outcome == "failed":
                ET.SubElement(case, "failure", message=text)
            elif run.outcome in ("lost", "could not run"):
                ET.SubElement(case, "error", message=text)
            elif run.outcome != "passed":
                ET.SubElement(case, "skipped", message=text)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _cell(text: str) -> str:
    return printable(text).replace("|", "\\|").replace("\n", " ")
