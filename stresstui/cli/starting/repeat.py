"""A run again and again, and what they come to together."""

from collections.abc import Callable
from typing import Final

from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

_GO_ON: Final = (ExitCode.PASSED, ExitCode.FAILED, ExitCode.INCONCLUSIVE)
_NOT_JUDGED: Final = 125
_SIGNALS: Final = 128


def repeat(run_once: Callable[[], tuple[int, bool]], count: int | None, *, until_fail: bool) -> int:
    """Run ``count`` times (None = without end), or until one fails; give the code of all: failed, else inconclusive.

    A run gives its code, and whether somebody stopped it. One that was stopped, or that could not be carried out, ends
    it; where such a run has no verdict, with that run's code.
    """
    codes: list[int] = []
    while count is None or len(codes) < count:
        say(f"run {len(codes) + 1}" + (f" of {count}" if count else ""))
        code, stopped = run_once()
        codes.append(code)
        if stopped or code not in _GO_ON or (until_fail and code == ExitCode.FAILED):
            break
    say(describe(codes))
    return worst(codes)


def worst(codes: list[int]) -> int:
    """The exit code of several runs: what ended them, else failed, else inconclusive, else passed."""
    for code in codes:
        if code not in _GO_ON:
            return code
    for code in (ExitCode.FAILED, ExitCode.INCONCLUSIVE):
        if code in codes:
            return code
    return ExitCode.PASSED


def describe(codes: list[int]) -> str:
    """Say how several runs came out."""
    names = {ExitCode.PASSED: "passed", ExitCode.FAILED: "failed", ExitCode.INCONCLUSIVE: "inconclusive"}
    told = [f"{codes.count(code)} {name}" for code, name in names.items() if code in codes]
    ended = [f"ended by exit code {code}" for code in codes if code not in _GO_ON]
    return f"{len(codes)} run{'s' if len(codes) > 1 else ''}: {', '.join([*told, *ended])}"


def for_bisect(code: int) -> int:
    """The exit code as ``git bisect run`` takes it: 125 for what could not be judged, signals as they are."""
    return code if code in (ExitCode.PASSED, ExitCode.FAILED) or code >= _SIGNALS else _NOT_JUDGED
