"""Sends to all receivers, each on a thread of its own: one that does not answer keeps no other waiting."""

import queue
import threading
import time
from collections.abc import Callable
from typing import Final

from stresstui.alerts.channels import DeliveryError
from stresstui.alerts.gate import Gate
from stresstui.alerts.message import Message
from stresstui.alerts.settings import Alert

PAUSES_S: Final = (1.0, 5.0, 30.0)
"""Seconds before each further try."""
WAITING_MAX: Final = 100
"""Messages that wait for a slow receiver; of more the newest are dropped, and that is logged."""

Deliver = Callable[[Alert, Message], None]
"""Tells a receiver; raises DeliveryError."""
Log = Callable[[str], None]
"""Takes a line for alerts.log."""


class Sender:
    """All receivers of one run."""

    def __init__(self, alerts: list[Alert], deliver: Deliver, log: Log, pauses_s: tuple[float, ...] = PAUSES_S) -> None:
        self._lines = [_Line(alert, deliver, log, pauses_s) for alert in alerts]

    def send(self, message: Message) -> None:
        """Have a message sent to whoever is to hear it; returns at once."""
        for line in self._lines:
            line.put(message)

    def close(self, patience_s: float) -> bool:
        """Wait until everything was sent, for so long at most; say whether it was."""
        deadline = time.monotonic() + patience_s
        for line in self._lines:
            line.finish()
        return all(line.wait(max(0.0, deadline - time.monotonic())) for line in self._lines)


class _Line:
    """The line to one receiver."""

    def __init__(self, alert: Alert, deliver: Deliver, log: Log, pauses_s: tuple[float, ...]) -> None:
        self._alert, self._deliver, self._log, self._pauses_s = alert, deliver, log, pauses_s
        self._gate = Gate(alert)
        self._waiting: queue.Queue[Message | None] = queue.Queue()
        self._thread = threading.Thread(target=self._work, name=f"alert {alert.name}", daemon=True)
        self._thread.start()

    def put(self, message: Message) -> None:
        admitted = self._gate.admit(message, time.monotonic())
        if admitted is None:
            return
        if self._waiting.qsize() >= WAITING_MAX and not message.urgent:
            self._log(f"{self._alert.name}: dropped, {WAITING_MAX} are waiting: {message.title}")
            return
        self._waiting.put(admitted)

    def finish(self) -> None:
        self._waiting.put(None)

    def wait(self, patience_s: float) -> bool:
        self._thread.join(patience_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (message := self._waiting.get()) is not None:
            self._try(message)

    def _try(self, message: Message) -> None:
        for pause_s in (*self._pauses_s, None):
            try:
                self._deliver(self._alert, message)
            except DeliveryError as error:
                again = "given up" if pause_s is None else f"again in {pause_s:g} s"
                self._log(f"{self._alert.name}: {message.title}: {error}; {again}")
                if pause_s is not None:
                    time.sleep(pause_s)
            else:
                self._log(f"{self._alert.name}: sent: {message.title}")
                return
