"""What a command runs, where it is begun by another program: ``timeout 1h nice -n 5 ./soak``."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

_WRAPPERS: Final = frozenset(
    (
        "env", "nice", "ionice", "nohup", "setsid", "stdbuf", "time", "timeout", "chrt", "taskset", "sudo", "unbuffer",
        "xvfb-run",
    )
)  # fmt: skip
"""Programs that run the command behind their own options."""
_TAKES_VALUE: Final = frozenset(("-u", "-s", "-k", "-n", "-g", "-o", "-e"))
"""Options of theirs whose value is the next word."""


def behind_wrappers(argv: Sequence[str]) -> Sequence[str]:
    """The command that ``env``, ``timeout`` and their like run; of any other command, itself."""
    while argv and argv[0].rpartition("/")[2] in _WRAPPERS:
        pairs = enumerate(pairwise(argv), 1)
        argv = argv[next((at for at, (before, word) in pairs if not _of_a_wrapper(before, word)), len(argv)) :]
    return argv


def _of_a_wrapper(before: str, word: str) -> bool:
    """Whether a word belongs to a wrapper: an option, its value, a variable, or a number of seconds or CPUs."""
    return word.startswith("-") or "=" in word or word[:1].isdigit() or before in _TAKES_VALUE
