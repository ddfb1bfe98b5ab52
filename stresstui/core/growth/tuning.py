"""Every number of the growth detector, and where it came from.

What was tuned on what: nearly every number was found by search on the kinds of ``tests/core/growth/corpus.py``, and
among settings equally good there the one was taken that did better on ``holdout.py``; the first holds were chosen with
``fresh.py`` as well. What tells a warm-up that goes on, teeth that grow, and few steps was chosen on ``field.tried``.
The plan's holds and start, the breakout of a late rise and the restarts were chosen on scores of all five families,
``field.kept`` and ``mechanisms.kept_back`` among them (seeds 7100 to 7301): their *kinds* were never looked at one by
one to mend them, but no family is unseen any more, only seeds are. ``tests/bench/growth_scores.py`` scores a setting.
"""

import msgspec


class Tuning(msgspec.Struct, frozen=True):
    """One setting of the detector; times in seconds, parts from 0 to 1."""

    # Which window rises like a leak (window_tests)
    fractions: tuple[float, ...] = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
    """Trailing windows looked at, as parts of the active time."""
    shortest_s: float = 80.0
    """A shorter window is not judged."""
    t_least: float = 3.3
    """Least t value of the slope of the best carrier; it has to hold for long besides."""
    rise_part: float = 0.3
    """The minima and the medians rise at least this part of what the means rise."""
    low_floor: float = 0.5
    """The minima rise at least this part of the practical floor."""
    lifted: float = 0.05
    """Where a season is taken off what may begin again, its peaks rise at least this part of what the means rise. More
    of it lost a leak that rose at the peaks of its load only; asked of throughput, two that fell under stalls.
    """
    still_halves: float = 0.28
    """The later half rises at least this part as fast as the earlier one (Theil-Sen: robust, but uncertain)."""
    falling_halves: float = -0.5
    """The same for the medians when they are not the best carrier."""
    bends: tuple[tuple[float, float], ...] = ((0.68, 0.4), (0.9, 5.0), (0.96, 1.5))
    """By the parabola: slower than this part, and so many standard errors from straight, is slowing."""
    median_bend: tuple[float, float] = (0.3, 2.0)
    low_bend: tuple[float, float] = (0.5, 0.8)
    """The same for medians and minima when they are not the best carrier."""
    twice_bend: tuple[float, float] = (0.7, 3.0)
    """The same for a window of twice the length."""
    lately: float = 0.7
    lately_best: float = 0.4
    """The latest third of the means, and of the best carrier, rises more than this part as fast as the whole."""
    third_rise: float = 0.25
    third_fewest: int = 8
    """The lowest of the last third (of so many bins at least) lies this part of the rise above that of the first."""
    rate_log: float = 0.6
    rate_bent: float = 0.6
    """A warm-up goes on at a rate where its last window slows less than this power of what a logarithm since the start
    would, and all of it has slowed to less than this part of what an exponential would that slows as this window does.
    """
    still_band: float = 0.02
    still: tuple[float, float] = (0.08, 0.34)
    still_over: tuple[float, float] = (0.2, 0.85)
    still_fewest: int = 8
    """A rise has stopped where the latest levels lie within `still_band` of it for this part of the window (and so many
    bins), and no earlier ones for that part of their time: those of a leak in steps do. Where nothing follows it has
    where it stood for a fifth, and never before for nearly as long: on seeds 93000 to 93149 of the three families that
    mended 3 of 22 wrong ends and lost none of 2,662 leaks; a heap of Ruby that leaks paused for .94 times as long.
    """
    most: float = 0.75
    """A rise goes beyond most of what was before ..."""
    return_over: float = 0.2
    return_share: float = 0.15
    """... and, but for this part of itself, was not there before for longer than this part of the window, ..."""
    starting: float = 0.12
    """... this part of the history at its beginning not counted."""
    most_steps: int = 3
    """A rise that so few steps explain is no leak."""
    step_price: float = 3.0
    """What a step has to explain, in units of the Bayesian information criterion."""
    steps_counted: int = 7
    steps_left: float = 0.15
    steps_hold: float = 1.4
    """A rise of which so many steps leave less than this part of what a parabola leaves has to hold so many times as
    long, where the length of the run is known.
    """
    seasonal: float = 0.45
    """From this autocorrelation on, the history is seen through moving means and minima over one season."""
    season_seen: int = 12
    season_bins: int = 3
    """A season has at least this many bins, and is looked for in at least `season_seen`."""
    season_beat: float = 1.2
    """What a season may leave in its moving means: so much of its height, divided by its bins. An alarm waits for more
    where the length of the run is known; a bare trace holds for longer anyway.
    """
    seasons: float = 2.2
    """So many seasons have to be seen first."""
    repeated: float = 0.69
    """From this autocorrelation on, what is left is a season too."""
    season_floor: float = 0.34
    """The floor under it rises at least this part of what the means rise."""
    season_least: float = 0.66
    """A season longer than this part of the window has not been seen whole."""

    # A rise that begins late (window_tests, hold_time); chosen as strict as could be while an onset after hours of calm
    # is told within an hour and a half in a day (tests/core/growth/test_late_onset.py)
    late_fractions: tuple[float, ...] = (0.35, 0.27, 0.18, 0.12, 0.08)
    """Shorter windows, looked at when no long one rises."""
    late_shortest_s: float = 100.0
    """None of them is shorter than this."""
    late_before: int = 24
    """So many bins of calm lie before it."""
    late_t: float = 5.0
    """Least t value of its slope."""
    late_floors: float = 2.5
    late_many: float = 4.0
    late_least: float = 1.0
    """It rises so many practical floors, or so many times the range of all that was before and at least so many floors
    (descriptors that stood still for hours: four more are told, not only ten), ...
    """
    late_spreads: float = 1.0
    """... and so many times that range."""
    late_hold_s: float = 120.0
    late_hold_part: float = 0.03
    late_planned_part: float = 0.01
    """It must hold so long, this part of the active time, and this part of the plan, and the longer the less of
    `late_floors` it has risen, ...
    """
    late_start_part: float = 0.12
    """... of which this part has to be over first."""

    # The verdict on a short test that is over (detector)
    over_s: float = 1800.0
    """A test that is over is judged by all it showed where it was not longer than this."""
    over_floors: float = 8.0
    over_level: float = 0.5
    """A rise to its end of so many floors, and of this part of the level, is a leak then, however long it held; of
    memory only after `filling_s`.
    """

    # How a window is looked at (window)
    blocks: int = 20
    """A window is cut into this many blocks of equally many bins."""
    fewest: int = 8
    """Fewer blocks than this say nothing."""
    fewest_pairs: int = 7
    """Fewer pairs of blocks than this say nothing."""
    pair_worth: float = 0.85
    """What a t value of half as many points counts."""
    late_part: int = 3
    late_fewest: int = 4
    """The latest of three parts says how it rises lately, if it has so many points."""

    # Lines and seasons (regression); chosen on synthetic noise of known autocorrelation
    unit_root: float = 0.85
    """From this corrected autocorrelation of the residuals on, noise is treated as a random walk."""
    dipped: float = 0.1
    """A correlation has to fall below this before a later peak counts as a season."""
    fundamental: float = 0.9
    """The shortest lag with this part of the strongest correlation is the season, not a multiple of it."""
    season_points: int = 128
    """Longer series are halved before a season is looked for."""

    # How long a rise has to last (hold_time)
    hold_s: float = 125.0
    hold_part: float = 0.17
    """A rise must hold this part of the active time, and so many seconds, where nobody knows how long the run will
    be.
    """
    steadier_hold_s: float = 65.0
    counted_hold_part: float = 0.13
    """Throughput that falls rarely comes back by itself, and descriptors are exact."""
    coarse_part: float = 0.53
    coarse_bins: int = 48
    """With fewer bins the blocks of a window hold one or two, and no floor shows under the peaks: more than half
    then.
    """
    planned_hold_s: float = 30.0
    planned_hold_part: float = 0.033
    planned_coarse_part: float = 0.105
    """The same where the length of the run is known, and a moment counts by what it shows (`weight_kept`)."""
    planned_part: float = 0.0055
    """There, a rise must hold this part of the plan too, ..."""
    start_part: float = 0.26
    start_s: float = 1600.0
    long_start_part: float = 0.15
    """... and does not count in this part of the plan, in which a run is still starting (of a plan of hours so many
    seconds and a smaller part), ...
    """
    steps_start_part: float = 0.3
    steps_plan_s: float = 7200.0
    """Nor does one of few steps in this part of a plan of at least so many seconds: a shorter one cannot wait so long.
    Chosen on seeds 9950 and 9951, in plans of 4 h and 24 h.
    """
    even_start_part: float = 0.05
    even_levels: float = 1.0
    straight_part: float = 0.2
    straight_sure: float = 1.0
    even_sure: float = 1.5
    even_hold: float = 2.2
    """... but only this part, if it rises evenly since the first reading: at its pace it adds less than so many times
    the level by the end of the plan, and it kept its slope, `even_sure` standard errors down, as no warm-up with a time
    constant of `straight_part` of the plan does. What fills up at a start is faster, or bends. It has to hold
    `even_hold` times as long. Evidence is gathered in all of a start, so that what rises through it is called when that
    is over. Chosen on seeds 92001 to 92006.
    """
    slight_levels: float = 0.3
    slight_start_part: float = 0.1
    """... or this part, if it rises since the first reading, straight or not, and at its pace adds less than so many
    times the level by the end of the plan: what a program takes at its start, it takes faster.
    """
    weight_kept: float = 0.75
    weight_power: float = 1.5
    weight_kept_least: float = 0.2
    weight_objected: float = 0.75
    weight_least: float = 0.1
    weight_most: float = 1.5
    weight_t: float = 5.5
    """Evidence gathers faster than time where a rise is straight, slower where it bends: a moment counts as this power
    of the part of its slope that it kept (`straight_sure` standard errors down, at least `weight_kept_least`) in units
    of `weight_kept`, times `weight_objected` for each longer window that something spoke against, within these bounds;
    and below a t value of `weight_t` in proportion less: most of what was called falsely was hardly certain. Where the
    length of the run is known; a bare trace gains nothing by it (the same false alarms, more leaks missed).
    """
    often_s: float = 20.0
    often_until_s: float = 1200.0
    every_s: float = 60.0
    """An evaluation comes so often while a run of known length is young, and later so often.

    These, the holds of the plan and its start were chosen together on seeds 9001 to 9003 of `corpus.tuning`, `holdout`
    and `fresh`, with `field.tried`, `mechanisms.looked_at` and `habits.looked_at` beside them.
    The holds of the plan and `weight_t` were chosen anew on seed 30001 of the three families.
    What a start costs, in plans of a day of those three families (124 clean, median delay in units of the oracle's):
    without one 1.30 with 11 % of the clean alarmed, with a tenth of the plan 1.79 with 4 %, as it stands 1.90 with
    2.4 %.
    """
    straight_fill_s: float = 540.0
    """No run that ends so soon calls memory a leak, nor has one that is planned shorter an alarm of it: of 20 real
    services without a leak ten filled up in a line as straight as a leak's, for five to thirteen minutes. Longer would
    cost the leaks of tests of ten minutes.
    """
    filling_s: float = 900.0
    filling_objections: int = 2
    filling_kept: float = 0.4
    """A run that ends so soon, without an alarm, says of memory that it may only be filling where a longer window
    slowed down and more than so many were spoken against, or where it kept less than this part of its slope
    (`straight_sure` standard errors down). Chosen on real programs without a leak that would have failed then (heaps of
    C, Java and Ruby). To keep the alarm back as well mended nothing more, and missed leaks. A longer run whose plan
    is known has had the time: there it is no leak where nothing of it counts as evidence at the end (without a plan
    that missed leaks of descriptors).
    """
    little_level: float = 0.06
    """Memory that rose by less than this part of its level is no leak at an end without an alarm unless some of it
    counts as evidence, plan or none, and it rises on (`lasting`): heaps of Java and Node and a monitor that watches
    itself add 3 to 5 % as they settle. Leaks that were lost where this was asked of all memory had risen by 9 to 23 %.
    """
    tail_level: float = 0.04
    tail_plan_part: float = 0.5
    """A run of less than this part of its scenario's length calls no memory a leak that rose by less than this part of
    its level while the whole scenario would still be starting: the lab's ECH proxies, which do not leak, added 1.2 % in
    three quarters of an hour after the first quarter, and 2 % more when others kept the CPUs busy.
    """
    settling_s: float = 3600.0
    """In so much of its time memory may settle by a part of its level (`Kind.settling`), plan or none: the proxies of
    the lab's REALITY rose by .65 % for half an hour. Were it longer, leaks in days would be called later for it.
    """
    settling_most: float = 2.0
    short_settling_most: float = 4.0
    """The less of that time has passed, the larger the part, up to so many times: the same proxies rose by .9 % within
    ten of their first 22 minutes another time, and those of ECH by 1 %. Nothing else keeps a start back where no plan
    is known, or one of half an hour at most: there those of REALITY and Xray were called within twelve minutes, and of
    624 leaks in ten minutes five rise by less.
    """
    outgrown: float = 15.0
    outgrown_start_part: float = 0.02
    """... but this part, if by the end of the plan it would have added so many times the level: no box survives
    that.
    """

    # The alarm, and what is said without one (detector)
    back: float = 0.5
    back_share: int = 10
    """An alarm ends where the highest of the last of so many parts lies below this part of what had risen, ..."""
    calm_clear_part: float = 0.1
    """... or where for this part of the active time no window of any length rose at all."""
    rest_parts: tuple[float, ...] = (0.4, 0.3, 0.2)
    rest_pace: float = 0.3
    """What was called says nothing at the end of the plan (of memory: nor where there is no plan) where nothing rises:
    no window of any length, or one of these latest parts surely less than `rest_pace` times as fast as when it was
    called. The alarm sounds on: a leak may pause.
    """
    back_now_share: int = 50
    """One that sounds at the end of a run says nothing where the median of the last of so many parts lies below `back`
    of what had risen, and nothing rises.
    """
    restart_s: float = 270.0
    restart_part: float = 0.08
    """So long after a restart, and this part of the active time, it is not held against a leak that none shows yet."""
    kept_s: float = 125.0
    kept_part: float = 0.17
    """No more holding than this, and this part of the active time, is remembered for the verdict at the end."""
    forget: float = 1.0
    """A time without a rise takes this many times as much off what was held."""
    end_s: float = 65.0
    end_part: float = 0.05
    """When the run ends, so much holding is enough for the verdict."""
    clear_s: float = 240.0
    clear_part: float = 0.20
    """An alarm ends after this part of the active time (and `clear_s`) without a rise."""
    shortest_history_s: float = 100.0
    """A shorter history is not judged."""
    young_s: float = 270.0
    """What rises in a history shorter than this is not held against it: everything rises when it starts."""
    planned_young_s: float = 180.0
    small_young_s: float = 240.0
    short_young_s: float = 330.0
    short_plan_s: float = 600.0
    """The same where the length of the run is known, but what rises meanwhile gathers evidence; for what does not rise
    far, and for the same in a plan shorter than `short_plan_s`, and there for all memory: heaps and caches fill as
    straight for five minutes.
    """
    steady_s: float = 300.0
    """Nothing is called steady on less than this, and on fewer bins than `steady_bins`."""
    steady_bins: int = 12
    least_part: float = 0.1
    least_of_most: float = 0.02
    """Throughput below this part of its median, or of its most, counts as this part: a stall is no cliff of
    logarithms.
    """

    # Restarts (restart); chosen on recorded restarts of real programs
    recent: int = 5
    """So many values say what the level was."""
    confirm: int = 3
    """So many low values in a row are a fall, fewer are an odd reading."""
    fall: float = 0.5
    """A fall below this part of the recent level, and of the median of the whole segment, is abrupt."""
    settled_s: float = 300.0
    """A segment that falls again sooner is a collected heap, not a restarted process."""
    steadier: float = 0.7
    """The slopes of the last `lives` differ by less than this part of what their heights differ by: no cycle."""
    lives: int = 6
    habit_least: float = 0.1
    habit_part: float = 0.5
    habit_falls: int = 3
    habit_seen: int = 8
    """A program whose latest falls (of this part of the level at least) were so many times at least this part as deep
    falls by itself: one more, to whatever level, is no restart. With `back_now_share` it was chosen on simulated
    collectors, stores and pools, of which 11 of some 780 clean ones had ended as leaks by that; of 744 leaks of three
    families (seeds 94900 and 94901) it lost one, bare.
    """

    # The history (history); chosen for memory and cost
    group_s: float = 5.0
    """Samples of this many seconds are reduced to their median first, so that one odd reading is not a value."""


TUNING = Tuning()
"""The setting in use."""
