"""The one error of the catalogue."""


class ScenarioError(ValueError):
    """Raised for a scenario that cannot be used; its text is one line: ``FILE:LINE: what is wrong; the mend``."""

    def __init__(self, message: str) -> None:
        super().__init__(" ".join("".join(c if c.isprintable() else " " for c in message).split()))
