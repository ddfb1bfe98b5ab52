"""Seeded backgrounds that do not leak: memory, descriptors and throughput as programs show them."""

import math
import random
from collections.abc import Callable
from dataclasses import dataclass

from stresstui.core.growth import Kind

Values = list[float]
MB = 1e6


@dataclass(frozen=True)
class Setting:
    """What a background is drawn for: seeded chance, a time grid in seconds and a typical level."""

    chance: random.Random
    times: Values
    level: float
    pace: float
    """What the time constants of the program are measured by, seconds: they do not grow with the length of the run."""

    @property
    def duration(self) -> float:
        return self.times[-1]

    def between(self, low: float, high: float) -> float:
        return self.chance.uniform(low, high)

    def scaled(self, low: float, high: float) -> float:
        return math.exp(self.chance.uniform(math.log(low), math.log(high)))


Background = Callable[[Setting], Values]


def _noise(s: Setting, relative: float) -> Values:
    return [s.chance.gauss(0, relative * s.level) for _ in s.times]


def _plus(*parts: Values) -> Values:
    return [sum(column) for column in zip(*parts, strict=True)]


def _hum(s: Setting) -> Values:
    return _noise(s, s.scaled(0.0002, 0.01))


def _of(s: Setting, curve: Callable[[float], float]) -> Values:
    return [s.level * curve(t / s.duration) for t in s.times]


def _paced(s: Setting, curve: Callable[[float], float]) -> Values:
    return [s.level * curve(t / s.pace) for t in s.times]


def _wander(s: Setting, memory: float, relative: float) -> Values:
    """Ornstein-Uhlenbeck noise with the given memory in seconds and stationary deviation."""
    value, out, last = s.chance.gauss(0, 1), [], s.times[0]
    for t in s.times:
        keep = math.exp(-(t - last) / memory)
        value = keep * value + math.sqrt(1 - keep * keep) * s.chance.gauss(0, 1)
        last = t
        out.append(value * relative * s.level)
    return out


# --- backgrounds of memory


def flat(s: Setting) -> Values:
    return [s.level for _ in s.times]


def humming(s: Setting) -> Values:
    return _plus(flat(s), _hum(s))


def noisy(s: Setting) -> Values:
    return _plus(flat(s), _noise(s, s.scaled(0.01, 0.1)))


def heavy_tailed(s: Setting) -> Values:
    size = s.level * s.scaled(0.002, 0.02)
    return [s.level + size * s.chance.lognormvariate(0, 1) for _ in s.times]


def correlated(s: Setting) -> Values:
    return _plus(flat(s), _wander(s, s.scaled(10, 120), s.scaled(0.005, 0.05)))


def near_unit_root(s: Setting) -> Values:
    return _plus(flat(s), _wander(s, s.pace * s.scaled(0.02, 0.12), s.scaled(0.005, 0.05)), _hum(s))


def warm_up_short(s: Setting) -> Values:
    tau, part = s.between(0.01, 0.08), s.between(0.1, 0.7)
    return _plus(_paced(s, lambda x: 1 - part * math.exp(-x / tau)), _hum(s))


def warm_up_long(s: Setting) -> Values:
    tau, part = s.between(0.1, 0.22), s.between(0.1, 0.7)
    return _plus(_paced(s, lambda x: 1 - part * math.exp(-x / tau)), _hum(s))


def warm_up_noisy(s: Setting) -> Values:
    tau, part = s.between(0.02, 0.2), s.between(0.1, 0.5)
    return _plus(_paced(s, lambda x: 1 - part * math.exp(-x / tau)), _noise(s, s.between(0.01, 0.05)))


def log_fill(s: Setting) -> Values:
    knee, full = s.between(0.002, 0.02), s.between(0.2, 0.55)
    top = math.log1p(full / knee)
    return _plus(_paced(s, lambda x: 0.5 + 0.5 * math.log1p(min(x, full) / knee) / top), _hum(s))


def ramp_then_hold(s: Setting) -> Values:
    full, part = s.between(0.02, 0.12), s.between(0.1, 0.6)
    return _plus(_paced(s, lambda x: 1 - part + part * min(1, x / full)), _hum(s))


def one_step(s: Setting) -> Values:
    at, height = s.between(0.1, 0.9), s.between(0.02, 0.6)
    return _plus(_of(s, lambda x: 1 + height * (x > at)), _hum(s))


def few_steps(s: Setting) -> Values:
    steps = [(s.between(0.02, 0.7), s.between(0.02, 0.3)) for _ in range(s.chance.randint(2, 3))]
    return _plus(_of(s, lambda x: 1 + sum(h for at, h in steps if x > at)), _hum(s))


def steps_both_ways(s: Setting) -> Values:
    steps = [(s.between(0, 1), s.between(-0.08, 0.08)) for _ in range(s.chance.randint(3, 8))]
    return _plus(_of(s, lambda x: 1 + sum(h for at, h in steps if x > at)), _hum(s))


def _saw(s: Setting, period: float, height: float, jitter: float) -> Values:
    out, begun, length = [], -s.between(0, 1) * period, period
    for t in s.times:
        while t - begun >= length:
            begun += length
            length = period * max(0.2, s.chance.gauss(1, jitter))
        out.append(height * s.level * (t - begun) / length)
    return out


def saw_fast(s: Setting) -> Values:
    return _plus(flat(s), _saw(s, s.scaled(8, 90), s.between(0.05, 1.0), 0.1), _hum(s))


def saw_slow(s: Setting) -> Values:
    return _plus(flat(s), _saw(s, s.pace / s.between(8, 25), s.between(0.05, 1.0), 0.05), _hum(s))


def saw_ragged(s: Setting) -> Values:
    return _plus(flat(s), _saw(s, s.pace / s.between(12, 60), s.between(0.1, 0.5), 0.35), _hum(s))


def _wave(s: Setting, period: float, height: float) -> Values:
    phase = s.between(0, 2 * math.pi)
    return [s.level * height * math.sin(2 * math.pi * t / period + phase) for t in s.times]


def wave(s: Setting) -> Values:
    return _plus(flat(s), _wave(s, s.pace / s.between(4, 20), s.between(0.02, 0.3)), _hum(s))


def wave_fast(s: Setting) -> Values:
    return _plus(flat(s), _wave(s, s.scaled(20, 120), s.between(0.02, 0.3)), _hum(s))


def busy_hours(s: Setting) -> Values:
    period, share = s.pace / s.between(4, 10), s.between(0.3, 0.7)
    phase = s.between(0, 1)
    raised = [s.level * 0.2 * (((t / period + phase) % 1) < share) for t in s.times]
    return _plus(flat(s), raised, _wander(s, s.pace / 100, 0.01))


def bursts(s: Setting) -> Values:
    spans = [(s.between(0, 1), s.between(0.005, 0.04), s.between(0.05, 0.8)) for _ in range(s.chance.randint(3, 15))]
    return _plus(_of(s, lambda x: 1 + max((h for at, w, h in spans if at < x < at + w), default=0)), _hum(s))


def spikes(s: Setting) -> Values:
    rate = s.between(0.005, 0.05)
    out = [s.level * (s.between(0.2, 3) if s.chance.random() < rate else 0) for _ in s.times]
    return _plus(flat(s), out, _hum(s))


def restarts(s: Setting) -> Values:
    times = sorted(s.between(0.05, 0.95) for _ in range(s.chance.randint(1, 4)))
    tau = s.between(0.003, 0.015)

    def level(x: float) -> float:
        begun = max((at for at in times if at <= x), default=-1)
        return 1 - 0.9 * math.exp(-(x - begun) / tau)

    return _plus(_of(s, level), _hum(s))


def pages(s: Setting) -> Values:
    arena = s.scaled(0.01, 0.06) * s.level
    moved = _wander(s, s.pace * s.scaled(0.005, 0.04), 0.03)
    return [s.level + arena * round(value / arena) for value in moved]


def cool_down(s: Setting) -> Values:
    at, part = s.between(0.5, 0.9), s.between(0.1, 0.7)
    return _plus(_of(s, lambda x: 1 - part * (x > at)), _hum(s))


def shrinking(s: Setting) -> Values:
    part, tau = s.between(0.05, 0.5), s.between(0.1, 1)
    return _plus(_paced(s, lambda x: 1 + part * math.exp(-x / tau)), _hum(s))


def warm_then_saw(s: Setting) -> Values:
    return _plus(warm_up_short(s), _saw(s, s.pace / s.between(20, 80), 0.2, 0.2))


# --- backgrounds of descriptors: small integers


def _whole(values: Values) -> Values:
    return [float(max(3, round(value))) for value in values]


def fd_still(s: Setting) -> Values:
    return _whole(flat(s))


def fd_churn(s: Setting) -> Values:
    return _whole(_plus(flat(s), [s.chance.gauss(0, 1 + s.level * 0.05) for _ in s.times]))


def fd_pool(s: Setting) -> Values:
    return _whole(_plus(flat(s), _wander(s, s.pace * s.scaled(0.01, 0.06), s.between(0.05, 0.2))))


def fd_wave(s: Setting) -> Values:
    return _whole(_plus(flat(s), _wave(s, s.pace / s.between(4, 12), s.between(0.05, 0.4)), _noise(s, 0.03)))


def fd_ramp(s: Setting) -> Values:
    return _whole(_plus(ramp_then_hold(s), _noise(s, 0.01)))


def fd_steps(s: Setting) -> Values:
    return _whole(few_steps(s))


def fd_bursts(s: Setting) -> Values:
    return _whole(bursts(s))


# --- backgrounds of throughput


def flow_noisy(s: Setting) -> Values:
    return _plus(flat(s), _noise(s, s.between(0.01, 0.15)))


def flow_wave(s: Setting) -> Values:
    return _plus(flow_noisy(s), _wave(s, s.pace / s.between(4, 15), s.between(0.05, 0.3)))


def flow_wander(s: Setting) -> Values:
    return _plus(flat(s), _wander(s, s.pace * s.scaled(0.01, 0.08), s.between(0.01, 0.08)), _noise(s, 0.02))


def flow_dips(s: Setting) -> Values:
    spans = [(s.between(0, 0.97), s.between(0.003, 0.03), s.between(0.2, 1)) for _ in range(s.chance.randint(2, 9))]
    dips = _of(s, lambda x: 1 - max((h for at, w, h in spans if at < x < at + w), default=0))
    return [max(0.0, value) for value in _plus(dips, _noise(s, 0.03))]


def flow_start(s: Setting) -> Values:
    return _plus(warm_up_short(s), _noise(s, 0.03))


def flow_settles(s: Setting) -> Values:
    tau, part = s.between(0.01, 0.08), s.between(0.1, 0.5)
    return _plus(_paced(s, lambda x: 1 + part * math.exp(-x / tau)), _noise(s, 0.02))


CLEAN: dict[Kind, list[Background]] = {
    Kind.RSS: [
        flat, humming, noisy, heavy_tailed, correlated, near_unit_root, warm_up_short, warm_up_long,
        warm_up_noisy, log_fill, ramp_then_hold, one_step, few_steps, steps_both_ways, saw_fast, saw_slow,
        saw_ragged, wave, wave_fast, busy_hours, bursts, spikes, restarts, pages, cool_down, shrinking, warm_then_saw,
    ],
    Kind.FDS: [fd_still, fd_churn, fd_pool, fd_wave, fd_ramp, fd_steps, fd_bursts],
    Kind.THROUGHPUT: [flow_noisy, flow_wave, flow_wander, flow_dips, flow_start, flow_settles],
}  # fmt: skip

CARRIERS: dict[Kind, list[Background]] = {
    Kind.RSS: [
        flat, humming, noisy, correlated, near_unit_root, warm_up_short, warm_up_noisy, saw_fast, saw_slow,
        saw_ragged, wave, wave_fast, bursts, spikes, pages, one_step, heavy_tailed, warm_then_saw,
    ],
    Kind.FDS: [fd_still, fd_churn, fd_pool, fd_bursts, fd_wave],
    Kind.THROUGHPUT: [flow_noisy, flow_wave, flow_wander, flow_dips, flow_start],
}  # fmt: skip
