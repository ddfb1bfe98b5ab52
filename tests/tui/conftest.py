import time

import pytest

from stresstui.tui import app


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no silence of the run, drawings are not waited for, nobody's own colours and hours count."""
    monkeypatch.setattr(app, "SILENCE", 10_000.0)
    monkeypatch.setattr(app, "DRAW_EVERY", 0.03)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    for name in ("COLORFGBG", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
