"""Why the lab did not start, or did not go on."""


class LabStartError(Exception):
    """The lab could not start; the message is one sentence with the cause."""


class ChildDiedError(Exception):
    """A child of the lab ended by itself; the message holds its last output."""
