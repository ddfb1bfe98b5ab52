"""Messages: what workers tell the app. They never touch a widget."""

from textual.message import Message

from stresstui.core.run.fold import RunState


class Folded(Message):
    """The run has moved on; carries the whole of it, so an unread one may be dropped for a newer."""

    def __init__(self, run: RunState, reading: int | None) -> None:
        super().__init__()
        self.run = run
        """The run as folded so far."""
        self.reading = reading
        """Events read while catching up; None when live."""

    def can_replace(self, message: Message) -> bool:
        """A newer state stands for an older one."""
        return isinstance(message, Folded)


class Printed(Message):
    """The workload printed something."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data
        """Bytes as they came."""


class Troubled(Message):
    """Something that the screen asked for did not work."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        """What happened, for people."""


class HungUp(Message):
    """The terminal is gone."""
