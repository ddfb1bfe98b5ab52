"""Where CPU time goes: ``perf record`` on running processes, and a flame graph of it."""

import tempfile
from collections import Counter
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any, Final

from stresstui.core.text.printable import printable
from stresstui.investigate.tools.tool import needed, run_tool

RATE: Final = 99
"""Samples a second: 99 costs well under one percent, and falls into step with nothing that beats at 100."""
_SPARE_S: Final = 60.0
_ROW: Final = 17
_WIDTH: Final = 1200
_LEAST: Final = 0.5
_LETTER: Final = 6.6
_SVG: Final = "http://www.w3.org/2000/svg"

Stacks = Counter[tuple[str, ...]]
"""How often each path of calls was seen, the outermost function first."""


def record(pids: Iterable[int], seconds: float) -> Stacks:
    """Sample processes for some time; raises ToolError."""
    needed("perf")
    with tempfile.TemporaryDirectory(prefix="stresstui-") as folder:
        file = Path(folder) / "perf.data"
        who = ",".join(map(str, pids))
        how = ("-q", "-F", str(RATE), "-g", "-p", who, "-o", str(file), "--", "sleep", f"{seconds:g}")
        run_tool(("perf", "record", *how), seconds + _SPARE_S)
        return collapse(run_tool(("perf", "script", "-i", str(file), "-F", "comm,ip,sym"), _SPARE_S))


def collapse(script: str) -> Stacks:
    """Count equal stacks in what ``perf script -F comm,ip,sym`` prints."""
    stacks: Stacks = Counter()
    command, frames = "", list[str]()
    for line in [*script.splitlines(), ""]:
        if not line.strip():
            if command:
                stacks[(command, *reversed(frames))] += 1
            command, frames = "", []
        elif not line[0].isspace() and not frames:
            command = line.strip()
        else:
            address, _, symbol = line.strip().partition(" ")
            frames.append(symbol or address)
    return stacks


def hottest(stacks: Stacks, most: int = 15) -> list[tuple[str, float]]:
    """Functions on the CPU itself, with their share of all samples, the hottest first."""
    own: Counter[str] = Counter()
    for frames, count in stacks.items():
        own[frames[-1]] += count
    total = own.total() or 1
    return [(name, count / total) for name, count in own.most_common(most)]


def flame_graph(stacks: Stacks, title: str) -> str:
    """A flame graph as SVG (Gregg, 2011): the wider, the more time; what calls is below what is called."""
    tree: dict[str, Any] = {}
    for frames, count in stacks.items():
        level = tree
        for frame in frames:
            node = level.setdefault(frame, [0, {}])
            node[0] += count
            level = node[1]
    total = stacks.total()
    depth = max((len(frames) for frames in stacks), default=0)
    height = (depth + 2) * _ROW
    boxes = _boxes(tree, 0.0, height - _ROW, _WIDTH / total if total else 0.0, total)
    head = f'<svg xmlns="{_SVG}" viewBox="0 0 {_WIDTH} {height}" font-family="monospace" font-size="11">'
    label = f'<text x="4" y="13">{escape(printable(title))}: {total} samples</text>'
    return f'{head}<rect width="100%" height="100%" fill="#fff"/>{label}{"".join(boxes)}</svg>\n'


def _boxes(level: dict[str, Any], x: float, y: float, scale: float, total: int) -> list[str]:
    found: list[str] = []
    for name, (count, below) in sorted(level.items()):
        width = count * scale
        if width >= _LEAST:
            said = escape(printable(name))
            shown = said if len(name) * _LETTER < width else ""
            hue = 10 + sum(map(ord, name)) % 45
            found.append(
                f'<g><title>{said}: {100 * count / total:.1f} % ({count})</title><rect x="{x:.1f}" y="{y}" '
                f'width="{width:.1f}" height="{_ROW - 1}" fill="hsl({hue},85%,68%)"/>'
                f'<text x="{x + 3:.1f}" y="{y + 12}">{shown}</text></g>'
            )
            found += _boxes(below, x, y - _ROW, scale, total)
        x += width
    return found
