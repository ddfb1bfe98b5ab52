"""How often something expensive may be read."""


class Cadence:
    """Spaces readings so that their CPU time stays below ``share`` of one core."""

    def __init__(self, share: float = 0.01) -> None:
        self._share = share
        self._due = float("-inf")

    def due(self, t: float) -> bool:
        """Say whether the next reading may happen at ``t`` seconds."""
        return t >= self._due

    def spent(self, t: float, cost_s: float) -> None:
        """Tell that the reading at ``t`` took ``cost_s`` seconds of CPU time."""
        self._due = t + cost_s / self._share
