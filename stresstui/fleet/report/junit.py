"""JUnit over all runs: a suite is a scenario on a box, its cases are the run and its criteria."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from stresstui.core.text.printable import printable
from stresstui.fleet.report.load import facts
from stresstui.fleet.report.told import Told
from stresstui.fleet.verdict import Joint
from stresstui.report.junit import suite_of, total

_COUNTED = {"failed": "failure", "lost": "error", "could not run": "error"}


def junit(name: str, told: Sequence[Told], joints: Sequence[Joint] = ()) -> bytes:
    """The document; a run that is not over, or could not begin, is no suite that passes."""
    suites = [*map(_suite, told), *map(_load, joints)]
    root = ET.Element("testsuites", {"name": printable(name), **total(suites)})
    root.extend(suites)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _suite(one: Told) -> ET.Element:
    run = one.run
    name = printable(f"{run.box}/{run.scenario}")
    if one.state is not None and one.state.started is not None and run.outcome == str(one.state.outcome):
        return suite_of(one.state, name)
    kind = "skipped" if run.made_up else _COUNTED.get(run.outcome, "skipped")
    numbers = {"errors": 0, "failures": 0, "skipped": 0} | {_many(kind): 1}
    counts = {key: str(count) for key, count in numbers.items()}
    suite = ET.Element("testsuite", {"name": name, "tests": "1", **counts, "time": "0"})
    case = ET.SubElement(suite, "testcase", {"classname": name, "name": "the run as a whole"})
    ET.SubElement(case, kind, {"message": printable("; ".join(run.reasons) or run.outcome), "type": run.outcome})
    return suite


def _load(joint: Joint) -> ET.Element:
    """The load of several boxes: passed only where every side came and their counts agree."""
    name = printable(f"{joint.server}/{joint.scenario}, load of {len(joint.clients)} boxes")
    skipped = joint.outcome != "passed"
    numbers = {"tests": "1", "errors": "0", "failures": "0", "skipped": str(int(skipped))}
    suite = ET.Element("testsuite", {"name": name, **numbers, "time": f"{joint.seconds:.3f}"})
    case = ET.SubElement(suite, "testcase", {"classname": name, "name": "every side came, and their counts agree"})
    if skipped:
        said = printable("; ".join(joint.reasons) or joint.outcome)
        ET.SubElement(case, "skipped", {"message": said, "type": joint.outcome})
    ET.SubElement(case, "system-out").text = printable("\n".join(f"{what}: {said}" for what, said in facts(joint)))
    return suite


def _many(kind: str) -> str:
    return kind if kind == "skipped" else f"{kind}s"
