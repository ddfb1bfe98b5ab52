"""Each state of a run at four sizes, as text: what is cut, crowded or misleading shows in the difference."""

from collections.abc import Callable

import msgspec
import pytest

from stresstui.core.model.event import Event
from stresstui.core.model.scenario import Severity
from tests.tui.screen_harness import compare, monitor, until
from tests.tui.scripted_run import run_events, scenario

SIZES = ((40, 10), (80, 24), (120, 35), (200, 60))


def warned() -> list[Event]:
    few = scenario()
    criteria = tuple(
        msgspec.structs.replace(spec, severity=Severity.WARN) if spec.id == "few_fds" else spec for spec in few.criteria
    )
    return list(run_events(150, leak_from=100, run=msgspec.structs.replace(few, criteria=criteria)))


STATES: dict[str, tuple[str, Callable[[], list[Event]]]] = {
    "early": ("WARMING UP", lambda: list(run_events(20))),
    "pending": ("PENDING", lambda: list(run_events(127, leak_from=100))),
    "warned": ("WARNED", warned),
    "finished": ("FAILED", lambda: list(run_events(150, leak_from=100, end=True, duration=150.0))),
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", STATES)
async def test_state(state: str, size: tuple[int, int]) -> None:
    word, events = STATES[state]
    app, _ = monitor(events())
    async with app.run_test(size=size) as pilot:
        await until(pilot, word)
        compare(f"{state}_{size[0]}x{size[1]}", await until(pilot, "reading", gone=True))


async def test_the_smallest_screen_shows_the_worst_criterion_and_opens_its_breach() -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=(40, 10)) as pilot:
        assert "✗ breached No more" in await until(pilot, "BREACHED since")
        await pilot.press("n")
        await until(pilot, "00:02:09  breach")
        await pilot.press("escape")
        await until(pilot, "5 Criteria")


@pytest.mark.parametrize("size", SIZES)
async def test_lost(size: tuple[int, int]) -> None:
    app, _ = monitor(list(run_events(60)))
    async with app.run_test(size=size) as pilot:
        await until(pilot, "00:00:59")
        await until(pilot, "reading", gone=True)
        app._lost = True
        app._draw()
        text = await until(pilot, "LOST")
        assert "OK SO FAR" not in text
        compare(f"lost_{size[0]}x{size[1]}", text)
