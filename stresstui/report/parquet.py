"""The same table as a Parquet file, with the units in its columns' metadata; needs the extra ``parquet``."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Final

from stresstui.report.rows import FIXED, Row

_BATCH: Final = 4096


def write_parquet(rows: Iterable[Row], columns: list[str], units: dict[str, str], path: Path) -> int:
    """Write the rows; return how many there were. Raises ImportError where pyarrow is missing, OSError."""
    import pyarrow as pa  # noqa: PLC0415 - an extra, and heavy
    from pyarrow import parquet  # noqa: PLC0415 - the same

    schema = pa.schema([_field(pa, name, units.get(name, "")) for name in columns])
    waiting, count = iter(rows), 0
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        while batch := list(islice(waiting, _BATCH)):
            data = {name: [row.get(name) for row in batch] for name in columns}
            writer.write_table(pa.table(data, schema=schema))
            count += len(batch)
    return count


def _field(pa: Any, name: str, unit: str) -> Any:
    kind = pa.string() if name in FIXED[1:] else pa.float64()
    return pa.field(name, kind, metadata={"unit": unit} if unit else None)
