"""A workload that cannot be brought up: an outcome of a run, not an error of this program."""

from collections.abc import Sequence


class CannotStart(Exception):  # noqa: N818 - see the module
    """Raised when the workload cannot be brought up; ``cause`` as in the event Exited."""

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        """``not_found``, ``build_failed`` or ``not_ready``."""


def cannot_execute(argv: Sequence[str], error: OSError) -> CannotStart:
    """Say for people why a program could not be started."""
    if isinstance(error, FileNotFoundError):
        return CannotStart("not_found", f"not found: {error.filename or argv[0]}")
    return CannotStart("not_found", f"cannot start {argv[0]}: {error.strerror or error}")
