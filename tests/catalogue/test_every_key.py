"""The page of help that shows every key of a scenario file: a file that loads, with no key left out."""

import re
from pathlib import Path

import msgspec
import pytest

import stresstui
from stresstui import catalogue
from stresstui.catalogue.file import ScenarioFile
from stresstui.core.model.scenario import CargoRun, CargoTest, CommandRun, CriterionSpec, LabRun, MetricSpec

PAGE = (Path(stresstui.__file__).parent / "docs/scenarios.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```toml\n(.*?)^```", PAGE.split("## Every key")[1], re.MULTILINE | re.DOTALL)[0]
FILES = (ScenarioFile, CargoRun, CargoTest, LabRun, CommandRun, MetricSpec, CriterionSpec)
KEYS = {field.encode_name for struct in FILES for field in msgspec.structs.fields(struct)}


def test_what_is_shown_loads(tmp_path: Path) -> None:
    shown = tmp_path / "shown.toml"
    shown.write_text(SHOWN)
    assert catalogue.load_file(shown).services == ("ech",)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_key_is_shown(key: str) -> None:
    assert re.search(rf"^(\[+{key}[.\]]|{key} =)|[{{,] {key} =", SHOWN, re.MULTILINE)
