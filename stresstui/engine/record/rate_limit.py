"""Problems that come again and again, told now and then."""

from typing import Final

from stresstui.engine.record.recorder import Recorder

COMPLAIN_EVERY_S: Final = 60.0
"""Seconds between two Problems about the same error."""


class Complaints:
    """Takes complaints of a run's parts."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._newest: tuple[str, float] = ("", -COMPLAIN_EVERY_S)

    def complain(self, now: float, where: str, text: str) -> None:
        """Record a Problem at ``now`` seconds, but not the same one every second."""
        said, at = self._newest
        if text != said or now - at >= COMPLAIN_EVERY_S:
            self._newest = (text, now)
            self._recorder.problem(where, text)
