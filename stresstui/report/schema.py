"""The JSON Schema of ``result.json``: made from ``Result``, published beside this file as ``result.schema.json``."""

from pathlib import Path
from typing import Any, Final

import msgspec

from stresstui.report.result import SCHEMA, Result

PUBLISHED: Final = Path(__file__).with_name("result.schema.json")
"""The published file; it is in the wheel."""


def result_schema() -> dict[str, Any]:
    """Make the schema (draft 2020-12); fields may be added to a document, so others than these are allowed."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"result.json of stresstui, schema {SCHEMA}",
        **msgspec.json.schema(Result),
    }


def encode_schema() -> bytes:
    """Write the schema as it is published."""
    return msgspec.json.format(msgspec.json.encode(result_schema()), indent=2) + b"\n"
