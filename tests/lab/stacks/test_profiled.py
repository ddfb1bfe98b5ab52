"""Both stacks give Go's profiles where somebody asked for them, each in its own way."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stresstui.lab.stacks import singbox, xraycore
from stresstui.lab.stacks.profiled import PROFILED


class Bed:
    """Takes what would be written and started."""

    lead_to = None

    def __init__(self) -> None:
        self.workspace = self.crew = self
        self.config: Mapping[str, Any] = {}
        self.address: str | None = None
        self.only_to: tuple[Any, ...] = ()

    def write(self, name: str, config: Mapping[str, Any]) -> Path:
        self.config = config
        return Path(name)

    async def start(self, name: str, argv: list[str], *, role: str = "sut", pprof: str = "") -> None:
        self.address = pprof


@pytest.fixture
def bed(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(xraycore, "xray", lambda path: ["xray", str(path)])
    monkeypatch.setattr(singbox, "sing_box", lambda: "sing-box")
    return Bed()


async def test_xray_serves_them_by_its_metrics(bed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await xraycore.run(bed, "one", {"inbounds": []})
    assert (bed.address, "metrics" in bed.config) == ("", False)
    monkeypatch.setenv(PROFILED, "1")
    await xraycore.run(bed, "one", {"inbounds": []})
    assert bed.address.startswith("127.0.0.1:")
    assert bed.config == {"inbounds": [], "metrics": {"tag": "metrics", "listen": bed.address}}
    await xraycore.run(bed, "site", {}, judged=False)
    assert (bed.address, bed.config) == ("", {})


async def test_sing_box_serves_them_by_its_debug_listener(bed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROFILED, "1")
    await singbox.server(bed, "one", {"type": "socks"})
    assert bed.config["experimental"] == {"debug": {"listen": bed.address}}
