"""Scenarios on the stand-in of the Rust project; run by hand: ``python tests/bench/field.py NAME...``.

For each: exit code, outcome, what a transfer measured beside what the test printed that it moved, and the first reason.
Without names: the ten of the guide and every ``suite_*``, those of a day for two minutes; about an hour in all.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from stresstui import catalogue
from stresstui.core.model.scenario import Scenario
from tests.standin import make_workspace

SHORT = "2m"
_RECEIVED = re.compile(r"Bytes Received:\s+(\d+)")
_LASTED = re.compile(r"Stress test completed in ([\d.]+)s")


def main() -> None:
    root = make_workspace(Path(tempfile.mkdtemp(prefix="field-")) / "workspace")
    names = sys.argv[1:] or [
        entry.name for entry in catalogue.list_scenarios() if entry.origin in ("built-in", "suite")
    ]
    print(f"in {root}")
    for name in names:
        print(shown(root, catalogue.load(name)), flush=True)


def shown(root: Path, scenario: Scenario) -> str:
    length = ("--duration", SHORT) if (scenario.duration or 0) > 3600 else ()
    command = (sys.executable, "-m", "stresstui", "run", scenario.name, "--headless", "--runner", "cargo", *length)
    done = subprocess.run(command, cwd=root, env=os.environ, capture_output=True, text=True, check=False)
    runs = sorted((root / "reports/stress-tests").glob(f"{scenario.name}_*/result.json"))
    if not runs:
        return f"{scenario.name:<32} exit {done.returncode}  {done.stderr.strip()}"
    found = json.loads(runs[-1].read_text())
    reason = (found["reasons"] or [""])[0]
    return f"{scenario.name:<32} exit {done.returncode}  {found['outcome']:<12}  {transfer(runs[-1].parent)}  {reason}"


def transfer(run: Path) -> str:
    """What the flow control criterion measured, beside the bytes that the test says came back, a second."""
    found = json.loads((run / "result.json").read_text())
    judged = [c for c in found["criteria"] if c["id"].endswith(("flow_control", "flows")) and c["value"] is not None]
    measured = [f"{c['value']:.4g} {c['unit']}" for c in judged]
    text = (run / "output.log").read_text(errors="replace")
    received, lasted = _RECEIVED.findall(text), _LASTED.findall(text)
    truth = f"truth {int(received[-1]) / float(lasted[-1]) / 1e6:.2f} MB/s each way" if received and lasted else ""
    return "; ".join(filter(None, [f"measured {measured[0]}" if measured else "", truth]))


if __name__ == "__main__":
    main()
