"""What was found, as files in a run's ``evidence/``, in the form in which the report reads them."""

from pathlib import Path
from typing import Any, Final

import msgspec

from stresstui.engine.clock import wall_clock
from stresstui.files import write_whole
from stresstui.folder import EVIDENCE
from stresstui.investigate.profile import Growth, growth_of, parse

SHOWN: Final = 20
"""Functions that a file names."""


def write_text(run_dir: Path, name: str, text: str) -> Path:
    """Keep a text as it is, such as a profile; raises OSError."""
    return write_whole(folder(run_dir) / name, text.encode())


def write_facts(run_dir: Path, name: str, t: float, title: str, **facts: Any) -> Path:
    """Keep facts for the report; raises OSError."""
    document = {"what": "investigation", "title": title, "t": t, "wall": wall_clock(), **facts}
    return write_whole(folder(run_dir) / f"{name}_{t:.0f}.json", msgspec.json.format(msgspec.json.encode(document)))


def safe(name: str) -> str:
    """A program's name as part of a file's."""
    return "".join(letter if letter.isalnum() or letter in "-." else "_" for letter in name)


def folder(run_dir: Path) -> Path:
    """The folder of a run's evidence, made where it is not there; raises OSError."""
    found = run_dir / EVIDENCE
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def write_growth(run_dir: Path, process: str, kind: str, t: float, profiles: tuple[str, str]) -> list[Growth]:
    """Keep what grew between two profiles of a process, by function; raises ProfileError, OSError."""
    found = growth_of(parse(profiles[0]), parse(profiles[1]))
    said = describe(found[0], kind) if found else "nothing grew"
    rows = [{"function": one.function, "count": round(one.count), "bytes": round(one.size),
             "through": list(one.through[:12])} for one in found[:SHOWN]]  # fmt: skip
    write_facts(run_dir, f"{kind}_{process}", t, f"{kind} of {process} since the baseline", text=said, growth=rows)
    return found


def describe(one: Growth, kind: str) -> str:
    """The function that grew most, in one sentence."""
    if kind == "goroutines":
        return f"{one.count:+.0f} goroutines in {one.function}"
    return f"{one.size / 2**20:+.1f} MiB in {one.count:+.0f} objects, held by {one.function}"
