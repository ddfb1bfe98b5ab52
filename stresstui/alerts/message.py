"""What is told: a message made of an event of the run."""

from enum import StrEnum

import msgspec

from stresstui.core.model.event import BreachBegan, BreachEnded, Doubted, Event, Started
from stresstui.core.model.units import format_clock


class Kind(StrEnum):
    """What a message is about."""

    BREACH = "breach"
    WARNING = "warning"
    """A breach that fails no run."""
    RECOVERY = "recovery"
    DOUBT = "doubt"
    """Something was lost or disturbed, so that the run cannot pass any more."""
    END = "end"
    LOST = "lost"
    """The supervisor of the run has died."""
    TEST = "test"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message."""

    kind: Kind
    """What it is about."""
    run: str
    """Name of the run."""
    scenario: str
    """Name of its scenario."""
    title: str
    """One line."""
    text: str
    """What there is to say."""
    criterion: str = ""
    """Id of the criterion that it is about, if any."""
    t: float = 0.0
    """Seconds since the run started."""
    directory: str = ""
    """Where the run is recorded."""

    @property
    def urgent(self) -> bool:
        """Whether it comes however many came before."""
        return self.kind in (Kind.END, Kind.LOST, Kind.TEST)


class Messages:
    """Makes messages of a run's events, in the order of the journal."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._started = Started(0.0, run="", wall="", scenario={}, runner="")
        self._warned: set[str] = set()

    @property
    def scenario(self) -> str:
        """Name of the run's scenario; empty before its first event."""
        return str(self._started.scenario.get("name", ""))

    def of(self, event: Event) -> Message | None:
        """The message of an event; None where it is none that anybody is told of."""
        match event:
            case Started():
                self._started = event
            case BreachBegan(criterion=criterion, warning=warning):
                if warning:
                    self._warned.add(criterion)
                kind = Kind.WARNING if warning else Kind.BREACH
                return self._message(kind, event.t, event.title, event.text or "its limit is crossed", criterion)
            case BreachEnded(criterion=criterion) if criterion not in self._warned:
                return self._message(Kind.RECOVERY, event.t, event.title, "it is over", criterion)
            case Doubted():
                return self._message(Kind.DOUBT, event.t, "cannot pass any more", event.reason)
        return None

    def ended(self, t: float, outcome: str, reasons: list[str]) -> Message:
        """The message of the end: what the run came to, and why."""
        return self._message(Kind.END, t, outcome, "; ".join(reasons) or "no criterion failed")

    def lost(self, t: float) -> Message:
        """The message that the supervisor has died."""
        return self._message(Kind.LOST, t, "lost", "its supervisor has died; nobody judges it any more")

    def _message(self, kind: Kind, t: float, what: str, text: str, criterion: str = "") -> Message:
        run, word = self._started.run, "" if kind in (Kind.END, Kind.LOST) else f"{kind.value}: "
        return Message(
            kind=kind, run=run, scenario=self.scenario, title=f"{run}: {word}{what}", t=t, criterion=criterion,
            text=f"{text} (at {format_clock(t)})", directory=self._directory,
        )  # fmt: skip
