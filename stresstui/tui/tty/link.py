"""The link to a terminal: how fast it is, and how much of a drawing may be under way at once.

Behind each piece goes a question that the terminal answers once it has read the piece. What was not answered is under
way; it is kept to what takes about half a second, so that what is seen is never older than that and its own way.
"""

from collections import deque
from typing import Final

ANSWER_S: Final = 2.0
"""Seconds after which a terminal that never answered is taken for one that does not answer."""
LOST_S: Final = 10.0
"""Seconds after which an answer that was due is taken for lost."""
LATE_S: Final = 1.2
"""Seconds after which a terminal that owes an answer is not reading."""
FIRST: Final = 480
"""Bytes of the first piece: at 480 bytes a second it is there within a second."""
LEAST: Final = 160
"""Bytes of a piece, at least."""
MOST: Final = 1 << 18
"""The same at most."""
UNDER_WAY_S: Final = 0.5
"""Seconds that a piece takes at best."""
SLOW: Final = 6000.0
"""Bytes a second below which a link is called slow."""
_QUICK_S: Final = 0.2
_UNSURE_S: Final = 0.5
"""Seconds between two pieces while it is not known whether the terminal answers."""
_SMOOTH: Final = 0.3
_SLOWEST_PACE_S: Final = 1.2


class Link:
    """What is known of a terminal's link. Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self.rate: float | None = None
        """Bytes a second; None while it was never slow enough to tell."""
        self._budget = FIRST
        self._under_way: deque[tuple[float, int]] = deque()
        self._answers: bool | None = None
        self._asked_first: float | None = None
        self._sent = 0

    def begin(self) -> None:
        """Nothing is under way: the terminal was given to somebody else, or is a new one."""
        self._under_way.clear()

    @property
    def slow(self) -> bool:
        """Whether it is worth a word, and fewer colours."""
        return self.rate is not None and self.rate < SLOW

    def room(self, now: float) -> int:
        """Bytes that may be sent now; 0 while enough is under way."""
        self._give_up(now)
        if self._answers is False:
            return MOST
        if not self._under_way:
            return self._budget
        if self._answers is None and now - self._under_way[-1][0] > _UNSURE_S:
            return FIRST // 2
        return 0

    def sent(self, now: float, size: int) -> None:
        """A piece of so many bytes and the question behind it were sent."""
        self._sent += size
        self._asked_first = now if self._asked_first is None else self._asked_first
        if self._answers is not False:
            self._under_way.append((now, size))

    def answered(self, now: float) -> None:
        """The terminal has read the oldest piece under way."""
        self._answers = True
        if not self._under_way:
            return
        then, size = self._under_way.popleft()
        took = max(1e-4, now - then)
        if took > _QUICK_S and size >= LEAST:
            self.rate = size / took if self.rate is None else _SMOOTH * size / took + (1 - _SMOOTH) * self.rate
            self._budget = max(LEAST, min(MOST, int(self.rate * UNDER_WAY_S)))
        elif took <= _QUICK_S and size >= self._budget // 2:
            self._budget = min(MOST, self._budget * 4)
            self.rate = None if self._budget > SLOW else self.rate

    def _give_up(self, now: float) -> None:
        if self._answers is None and self._asked_first is not None and now - self._asked_first > ANSWER_S:
            self._answers = False
        if self._under_way and now - self._under_way[0][0] > LOST_S:
            self._answers = False
        if self._answers is False:
            self._under_way.clear()

    def is_late(self, now: float) -> bool:
        """Whether the terminal has not been reading for a while."""
        self._give_up(now)
        return bool(self._under_way) and now - self._under_way[0][0] > LATE_S

    def pace(self) -> float:
        """Seconds that what was sent since this was asked last takes: to draw sooner again would not be seen sooner."""
        size, self._sent = self._sent, 0
        return min(_SLOWEST_PACE_S, size / self.rate) if self.rate and self.slow else 0.0
