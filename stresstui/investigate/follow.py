"""Follows a run and profiles its Go programs: at the end of warm-up, at a breach, and when the load ends."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from stresstui.core.model.event import BreachBegan, Event, Phase, PhaseBegan, ProcessKnown
from stresstui.engine.process.death import notice_death
from stresstui.engine.process.pidfile import SupervisorWatch
from stresstui.engine.record import journal
from stresstui.folder import JOURNAL
from stresstui.investigate import evidence
from stresstui.investigate.burden import Say, burdening
from stresstui.investigate.pprof import ANNOUNCED, PROFILES, QUICK_S, NoAnswerError, fetch
from stresstui.investigate.profile import ProfileError

AGAIN_AFTER_S: Final = 300.0
"""Seconds of the run in which breaches are looked into once."""


def _unsaid(text: str) -> None:
    """Who cannot be told of a burden cannot be told of that either."""


class Profiles:
    """The profiles of one run's programs."""

    def __init__(self, run_dir: Path, addresses: tuple[str, ...], say: Say) -> None:
        self._dir, self._say = run_dir, say
        self._programs = {address: address for address in addresses if address != ANNOUNCED}
        self._first: dict[tuple[str, str], str] = {}
        self._last_t = -AGAIN_AFTER_S
        self._begun = False

    def observe(self, event: Event) -> None:
        """Act on an event where there is something to do; takes as long as the programs take to answer."""
        match event:
            case ProcessKnown(pprof=address) if address:
                self._programs[address] = event.name
                if self._begun:  # one that was started again: its old baseline is another program's
                    self._take_first(address, event.name)
            case PhaseBegan(phase=Phase.SOAK):
                self._begun = True
                for address, name in self._programs.items():
                    self._take_first(address, name)
            case PhaseBegan(phase=Phase.COOL_DOWN):
                self._compare(event.t)
            case BreachBegan() if event.t - self._last_t >= AGAIN_AFTER_S:
                self._last_t = event.t
                self._compare(event.t)

    def _take_first(self, address: str, name: str) -> None:
        with burdening(self._dir, "pprof of the baseline", QUICK_S, _unsaid):
            self._keep_first(address, name)

    def _keep_first(self, address: str, name: str) -> None:
        for kind in PROFILES:
            with self._told():
                text = self._first[name, kind] = fetch(address, kind)
                evidence.write_text(self._dir, f"{kind}_{evidence.safe(name)}_baseline.txt", text)

    def _compare(self, t: float) -> None:
        if self._first:
            with burdening(self._dir, "pprof against the baseline", QUICK_S, _unsaid):
                self._compare_all(t)

    def _compare_all(self, t: float) -> None:
        for address, name in self._programs.items():
            for kind in PROFILES:
                before = self._first.get((name, kind))
                if before is None:
                    continue
                with self._told():
                    text = fetch(address, kind)
                    evidence.write_text(self._dir, f"{kind}_{evidence.safe(name)}_{t:.0f}.txt", text)
                    found = evidence.write_growth(self._dir, evidence.safe(name), kind, t, (before, text))
                    if found:
                        self._say(f"{name}: {evidence.describe(found[0], kind)} since the end of warm-up")

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong is said, and ends nothing."""
        try:
            yield
        except (NoAnswerError, ProfileError, OSError) as error:
            self._say(f"{error}")


async def follow(run_dir: Path, addresses: tuple[str, ...], say: Say) -> None:
    """Follow a run to its end."""
    profiles, watch, over = Profiles(run_dir, addresses, say), SupervisorWatch(run_dir), asyncio.Event()
    noticing = asyncio.create_task(notice_death(watch, over))
    try:
        async for batch in journal.tail_batches(run_dir / JOURNAL, over):
            for event in batch:
                if isinstance(event, ProcessKnown | PhaseBegan | BreachBegan):
                    await asyncio.to_thread(profiles.observe, event)
    finally:
        noticing.cancel()
