"""Words that the shell may complete, found when somebody presses the key for it; what goes wrong completes nothing."""

from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from stresstui.folder import REQUEST

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _completing(words: Callable[[click.Context], Iterable[tuple[str, str]]]) -> Completer:
    def complete(ctx: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
        try:
            return [CompletionItem(word, help=what) for word, what in words(ctx) if word.startswith(begun)]
        except Exception:  # noqa: BLE001 - a traceback in the middle of a command line helps nobody
            return []

    return complete


def _scenarios(_: click.Context) -> Iterable[tuple[str, str]]:
    from stresstui.catalogue import list_scenarios

    return [(entry.name, entry.origin) for entry in list_scenarios()]


def _runs(ctx: click.Context) -> Iterable[tuple[str, str]]:

    folder = ctx.params.get("report_dir") or Path("reports/stress-tests")
    found = sorted(path.parent.name for path in Path(folder).glob(f"*/{REQUEST}"))
    return [(name, "") for name in reversed(found)]


def _themes(_: click.Context) -> Iterable[tuple[str, str]]:
    from stresstui.tui.themes import load_palettes

    return [(name, "") for name in sorted(load_palettes())]


def _metrics(_: click.Context) -> Iterable[tuple[str, str]]:
    from stresstui.core.model.metric import BUILT_IN

    return [(name, metric.title) for name, metric in BUILT_IN.items()]


scenarios = _completing(_scenarios)
"""Names of scenarios."""
runs = _completing(_runs)
"""Names of the runs in the report folder, the newest first."""
themes = _completing(_themes)
"""Names of themes."""
metrics = _completing(_metrics)
"""Names of the metrics that every run has."""
