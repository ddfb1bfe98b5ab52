"""What following a hundred runs costs, controller and screen in one process: ``python -m tests.bench.fleet [RUNS]``.

Boxes are simulated: each answers at once with what its journal has by now, 1 Hz. Dask and SSH are not in it. Goal:
at most 5 % of a core and 15 kB/s to the terminal (160x45).
"""

import asyncio
import fcntl
import os
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path
from typing import Any

from stresstui.core.model.event import encode_event
from stresstui.fleet.controller import Controller
from stresstui.fleet.matrix.inventory import Box, Inventory, Wanted
from stresstui.fleet.record import FleetRecord, FleetRun, State, new_folder
from stresstui.fleet.screen import FleetApp
from tests.bench.drawing import cpu_seconds, drain
from tests.tui.scripted_run import run_events

RUNS = 100
HISTORY = 60
SETTLE = 15
SECONDS = 30


class Simulated:
    """Boxes whose runs all have the same journal, which grows with time."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.ends: list[int] = []
        lines: list[bytes] = []
        for event in run_events(HISTORY + 4 * (SETTLE + SECONDS)):
            lines.append(encode_event(event) + b"\n")
            while len(self.ends) <= event.t:
                self.ends.append(0)
            self.ends[int(event.t)] = sum(map(len, lines)) if event.t == int(event.t) else self.ends[int(event.t)]
        self.journal = b"".join(lines)

    async def ask(self, name: str, function: Any, directory: str, offset: int, most: int) -> dict[str, Any]:
        del name, function, directory
        now = HISTORY + int(time.monotonic() - self.began)
        return {"lives": True, "data": self.journal[offset : min(offset + most, self.ends[now])]}


async def follow(count: int, folder: Path) -> None:
    boxes = tuple(Box(name=f"box{i}") for i in range(count))
    wanted = Wanted(scenario="ech_24h")
    runs = [FleetRun(box=box.name, wanted=wanted, directory=f"/r/run_{box.name}", state=State.RUNNING) for box in boxes]
    place = new_folder(folder)
    simulated: Any = Simulated()
    controller = Controller(
        FleetRecord(name=place.name, inventory=Inventory(box=boxes), runs=runs), place, simulated, lambda _: None
    )
    task = asyncio.create_task(controller.carry_out())
    await FleetApp(controller, theme="dark").run_async()
    task.cancel()


def main(count: int) -> None:
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.fleet", str(count), folder], stdin=slave, stdout=slave, stderr=slave,
            env=os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )  # fmt: skip
        os.close(slave)
        try:
            drain(master, time.monotonic() + SETTLE)
            before, began = cpu_seconds(process.pid), time.monotonic()
            sent = drain(master, began + SECONDS)
            spent = cpu_seconds(process.pid) - before
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        finally:
            process.kill()
            process.wait()
    rss = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    print(
        f"{count} runs: {100 * spent / SECONDS:.1f} % of a core, {sent / SECONDS / 1000:.1f} kB/s, {rss / 1024:.0f} MiB"
    )


if __name__ == "__main__":
    given = sys.argv[1:]
    if len(given) > 1:
        asyncio.run(follow(int(given[0]), Path(given[1])))
    else:
        main(int(given[0]) if given else RUNS)
