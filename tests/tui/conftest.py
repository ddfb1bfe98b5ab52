import pytest

from stresstui.tui import app


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not make the screen say that there is no news; and nobody's own colours count."""
    monkeypatch.setattr(app, "SILENCE", 10_000.0)
    monkeypatch.delenv("NO_COLOR", raising=False)
