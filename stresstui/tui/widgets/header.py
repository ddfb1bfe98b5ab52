"""The header: is it all right, and how far is it."""

from collections import Counter
from datetime import datetime, timedelta

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.event import Phase
from stresstui.core.model.units import format_clock, format_value
from stresstui.core.run.fold import RunState
from stresstui.core.run.standing import Word, standing_of
from stresstui.tui.draw.ending import say_failure
from stresstui.tui.draw.ink import Piece, length, say_verdict, verdict_role
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.board import Board, Lines

WIDE = 118
"""Cells from which on the header, and not the key line, has room for the monitor's own cost."""
_GOOD = (Verdict.OK, Verdict.PASSED)
_COUNTED = (
    *_GOOD, Verdict.PENDING, Verdict.BREACHED, Verdict.FAILED, Verdict.WARNING, Verdict.NO_DATA, Verdict.INCONCLUSIVE,
)  # fmt: skip
_COUNTED_BESIDE = (Word.PENDING, Word.WARNED)
"""Words whose number stands in the counts beside them, as everything has when a run has ended."""
_LOUD = (Word.BREACHED, Word.LOST)
LIKE = {
    Word.STARTING: Verdict.NO_DATA, Word.WARMING_UP: Verdict.NO_DATA, Word.WATCHING: Verdict.NO_DATA,
    Word.OK: Verdict.OK, Word.WARNED: Verdict.WARNING, Word.PENDING: Verdict.PENDING,
    Word.BREACHED: Verdict.BREACHED, Word.LOST: Verdict.INCONCLUSIVE, Word.PASSED: Verdict.PASSED,
    Word.FAILED: Verdict.FAILED, Word.INCONCLUSIVE: Verdict.INCONCLUSIVE, Word.ABORTED: Verdict.INCONCLUSIVE,
}  # fmt: skip
"""The verdict in whose mark and colour each word is shown."""
_BAR_LEAST, _BAR_MOST = 10, 40
_EARLY = (Phase.BUILD, Phase.WARM_UP)
_DAY_FROM_S = 12 * 3600.0
"""Length of a run from which on the end needs its day."""


class Header(Board):
    """Two lines: what and how far; the state word, the counts and who is watched."""

    def lines(self, view: View, width: int, height: int) -> Lines:
        """Both lines."""
        del height
        return [_what(view, width), _state(view, width)]


def _what(view: View, width: int) -> list[Piece]:
    run = view.run
    left: list[Piece] = [(f" {run.scenario.name or 'waiting for the run'}", "title")]
    if run.started:
        left.append((f"  {run.started.runner}", "accent"))
    right = _progress(view, width)
    if length(left) + length(right) > width:
        right = right[:2]
    asked = run.started.why if run.started and run.phase in _EARLY else ""  # later it is an old story
    why = f" {view.ink.glyphs.between} {asked}" if asked else ""
    if length(left) + len(why) + length(right) + 1 <= width or width >= WIDE:
        left.append((why, "dim"))
    return view.ink.fit(left, right, width)


def _progress(view: View, width: int) -> list[Piece]:
    run = view.run
    phase = run.phase.value.replace("_", "-").upper()
    done, planned = _times(run)
    words: list[Piece] = [(f"  {phase:<9} ", "accent"), (format_clock(done), "title")]
    if not planned:
        return [*words, ("  until it exits ", "dim")]
    share = min(1.0, done / planned)
    cells = max(_BAR_LEAST, min(_BAR_MOST, width // 4))
    filled = int(share * cells)
    bar = view.ink.glyphs.bar
    return [
        *words,
        (f" of {format_clock(planned)}  ", "dim"),
        (bar[0] * filled, "accent"),
        (bar[1] * (cells - filled), "frame"),
        (f" {int(share * 100):>3} % ", "title"),
        *([(f" ends {ends} ", "dim")] if width >= WIDE and (ends := _ends(view)) else []),
    ]


def _ends(view: View) -> str:
    """When all will be over, by the clock on the wall here; empty where that is not known."""
    run = view.run
    if view.lost or run.started is None or run.planned is None or run.phase not in (Phase.WARM_UP, Phase.SOAK):
        return ""
    left = run.planned - run.under_load + (run.started.cool_down or 0.0)
    try:
        end = datetime.fromisoformat(run.started.wall) + timedelta(seconds=run.t + left)
    except ValueError:
        return ""
    return f"{end.astimezone():{'%a %H:%M' if run.planned >= _DAY_FROM_S else '%H:%M'}}"


def _times(run: RunState) -> tuple[float, float | None]:
    """Seconds done and planned: of the cool-down while it lasts, else of the load."""
    if run.phase is Phase.COOL_DOWN and run.started and run.started.cool_down:
        cool_down = run.started.cool_down
        return min(cool_down, run.t - run.phase_began[Phase.COOL_DOWN]), cool_down  # then everything is taken down
    return run.under_load, run.planned


def _state(view: View, width: int) -> list[Piece]:
    left = [*_word(view), ("  ", "text"), *_counts(view), *_notices(view), *_more(view)]
    right = [*_watched(view), *(monitor_cost(view.run) if width >= WIDE else [])]
    if length(left) + length(right) + 1 > width:
        right = []
    return view.ink.fit(left, right, width)


def _word(view: View) -> list[Piece]:
    standing = standing_of(view.run, lost=view.lost)
    verdict = LIKE[standing.word]
    role = "breached" if standing.word is Word.LOST else verdict_role(verdict)
    pieces: list[Piece] = [(f" {view.ink.glyphs.mark(verdict)} {standing.word.upper()} ", f"word_{role}")]
    if view.run.exit_code is not None:
        pieces.append((f" exit code {view.run.exit_code}", "text"))
    detail = "" if view.run.ended else standing.detail.split("; ")[0]
    if standing.word in _COUNTED_BESIDE:
        detail = detail.partition(f" of {len(view.run.criteria)} ")[2]
    if detail:
        pieces.append((detail, role if standing.word in _LOUD else "text"))
    return pieces


def _more(view: View) -> list[Piece]:
    """What there is to say beside the word, after the counts: it may be long, and is cut first."""
    if view.run.ended:
        return []
    worst = next((c for c in view.run.criteria if c.active and c.shown_verdict is Verdict.BREACHED), None)
    if worst is not None:
        return [(f" {say_failure(worst)}", "breached")]
    rest = standing_of(view.run, lost=view.lost).detail.partition("; ")[2]
    return [(f" {rest}", "dim")] if rest else []


def _counts(view: View) -> list[Piece]:
    counts = Counter(criterion.shown_verdict for criterion in view.run.criteria)
    counts[Verdict.NO_DATA] += counts[Verdict.OPEN]  # both are open
    if standing_of(view.run, lost=view.lost).word is Word.OK:  # which says beside it how many are open
        counts[Verdict.NO_DATA] = 0
    return [
        (f" {counts[verdict]} {say_verdict(verdict)} ", "dim" if verdict in _GOOD else verdict_role(verdict))
        for verdict in _COUNTED
        if counts[verdict]
    ]


def _notices(view: View) -> list[Piece]:
    notices: list[Piece] = []
    if view.reading is not None:
        notices.append((f"  reading{view.ink.glyphs.more} {view.reading:,} events", "accent"))
    if view.paused is not None:
        notices.append((f"  VIEW PAUSED, {view.paused} samples behind", "word_pending"))
    if view.silent_s is not None and not view.lost:
        notices.append((f"  no news for {view.silent_s:.0f} s", "word_pending"))
    if view.slow_link is not None:
        notices.append((f"  slow link, {view.slow_link / 1000:.1f} kB/s", "dim"))
    if view.message:
        notices.append((f"  {view.message}", "pending"))
    return notices


def _watched(view: View) -> list[Piece]:
    names = Counter(process.name for process in view.run.under_test())
    words = [f"{name} {view.ink.glyphs.times}{count}" for name, count in names.most_common(3)]
    return [("  ".join(words) + " ", "text")] if words else []


def monitor_cost(run: RunState) -> list[Piece]:
    """What watching costs: CPU in percent of one core, and memory."""
    cpu, rss = run.monitor_cpu_percent, run.sample.monitor_rss if run.sample else None
    shown = "-" if cpu is None else f"{cpu:.1f}"
    return [(f"  monitor {shown} % {format_value(rss, 'bytes')} ", "dim")]
