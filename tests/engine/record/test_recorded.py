"""A run that was recorded before the house was rebuilt: it still reads, and comes to the same result."""

import gzip
import json
from pathlib import Path
from typing import Any

from stresstui.core.run.fold import fold
from stresstui.engine.record import journal
from stresstui.report.result import encode_result, result_of

HERE = Path(__file__).parent / "recorded"
NAME = "ech_24h_before_the_house"


def known(found: Any, expected: Any) -> Any:
    """What was found, without the fields that were added since."""
    if isinstance(expected, dict):
        return {key: known(found[key], value) for key, value in expected.items()}
    if isinstance(expected, list) and len(found) == len(expected):
        return [known(one, other) for one, other in zip(found, expected, strict=True)]
    return found


def test_an_old_journal_comes_to_its_old_result(tmp_path: Path) -> None:
    expected = json.loads((HERE / f"{NAME}.result.json").read_text(encoding="utf-8"))
    path = tmp_path / "journal.jsonl"
    path.write_bytes(gzip.decompress((HERE / f"{NAME}.jsonl.gz").read_bytes()))
    found = json.loads(encode_result(result_of(fold(journal.read(path)))))
    assert known(found, expected) == expected
