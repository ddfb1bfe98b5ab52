"""What can be wrong with what is read."""


class RecordError(ValueError):
    """Raised where an event that was read is none that a run can have had; its message is one clause for people."""
