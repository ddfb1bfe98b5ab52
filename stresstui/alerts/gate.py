"""What one receiver is told of all that happens: each thing once, not too much in an hour, and no recovery unasked."""

from collections import deque
from typing import Final

import msgspec

from stresstui.alerts.message import Kind, Message
from stresstui.alerts.settings import Alert

_HOUR: Final = 3600.0
_BREACHES: Final = (Kind.BREACH, Kind.WARNING)


class Gate:
    """Lets messages through to one receiver; knows no clock, is told the time."""

    def __init__(self, alert: Alert) -> None:
        self._alert = alert
        self._sent: deque[float] = deque()
        self._told: dict[tuple[Kind, str], float] = {}
        self._open: set[str] = set()
        self._held = 0

    def admit(self, message: Message, now: float) -> Message | None:
        """The message as it is to be sent at ``now`` (seconds, monotonic); None where it is not."""
        if message.kind not in self._alert.on and message.kind is not Kind.TEST:
            return None
        if not message.urgent and not self._is_news(message, now):
            return None
        while self._sent and self._sent[0] <= now - _HOUR:
            self._sent.popleft()
        if len(self._sent) >= self._alert.per_hour and not message.urgent:
            self._held += 1
            return None
        self._sent.append(now)
        self._remember(message, now)
        return self._with_held(message)

    def _is_news(self, message: Message, now: float) -> bool:
        if message.kind is Kind.RECOVERY:
            return message.criterion in self._open
        key = (message.kind, message.criterion or message.text.partition(" (at ")[0])
        last = self._told.get(key)
        if last is not None and now - last < self._alert.quiet:
            self._held += 1
            return False
        return True

    def _remember(self, message: Message, now: float) -> None:
        self._told[message.kind, message.criterion or message.text.partition(" (at ")[0]] = now
        if message.kind in _BREACHES:
            self._open.add(message.criterion)
        elif message.kind is Kind.RECOVERY:
            self._open.discard(message.criterion)

    def _with_held(self, message: Message) -> Message:
        if not self._held:
            return message
        held, self._held = self._held, 0
        return msgspec.structs.replace(
            message, text=f"{message.text}; {held} more since the last message were held back"
        )
