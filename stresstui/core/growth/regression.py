"""Lines through a few dozen points: slopes, their uncertainty under correlated noise, steps and seasons."""

from collections.abc import Iterator
from math import inf, sqrt
from operator import add, mul, sub

import msgspec

from stresstui.core.growth.tuning import TUNING
from stresstui.core.model.averages import median


class Line(msgspec.Struct, frozen=True):
    """A least-squares line with an honest error."""

    slope: float
    """Change per unit of time."""
    error: float
    """Standard error of the slope, autocorrelation taken into account."""
    reach: float
    """Half of the 95 % confidence interval of the slope."""
    least_squares: float
    """The plain least-squares slope; `slope` is the smaller one where noise is a random walk."""

    @property
    def t(self) -> float:
        """The slope in standard errors."""
        return self.slope / self.error if self.error > 0 else (0.0 if self.slope == 0 else 1e9 * self.slope)


def fit(xs: list[float], ys: list[float]) -> Line:
    """Fit a line by least squares, its error by feasible GLS for AR(1) noise.

    The autocorrelation is corrected for the bias of short detrended series (Kendall 1954; Marriott and Pope 1954);
    close to one, the differences decide, as in Perron and Yabu (2009).
    """
    n = len(xs)
    mx, my = sum(xs) / n, sum(ys) / n
    dx = [x - mx for x in xs]
    sxx = _product(dx, dx)
    slope = _product(dx, [y - my for y in ys]) / sxx
    left = [y - my - slope * d for d, y in zip(dx, ys, strict=True)]
    sse = _product(left, left)
    if sse <= 1e-18 * (my * my * n + 1e-300):
        return Line(slope, 0.0, 0.0, slope)
    rho = _product(left, left[1:]) / sse
    rho = max(0.0, (n * rho + 2) / (n - 4))
    capped = min(rho, TUNING.unit_root)
    error = sqrt(sse / (n - 2) / sxx * (1 + capped) / (1 - capped))
    cautious = slope
    if rho >= TUNING.unit_root:
        error = max(error, _walk_error(xs, ys))
        walk = (ys[-1] - ys[0]) / (xs[-1] - xs[0])
        cautious = walk if abs(walk) < abs(slope) and walk * slope > 0 else slope
    return Line(cautious, error, error * (1.96 + 2.4 / (n - 2)), slope)


def _product(xs: list[float], ys: list[float]) -> float:
    """The sum of products, up to the end of the shorter one."""
    products: Iterator[float] = map(mul, xs, ys)
    return sum(products)


def _walk_error(xs: list[float], ys: list[float]) -> float:
    steps = list(map(sub, ys[1:], ys))
    n = len(steps)
    middle = sum(steps) / n
    spread = sum([(step - middle) ** 2 for step in steps]) / (n - 1)
    return sqrt(spread * n) / (xs[-1] - xs[0])


class Bend(msgspec.Struct, frozen=True):
    """A least-squares parabola, said as the slopes of its two halves."""

    early: float
    """Mean slope of the earlier half, times the span."""
    late: float
    """Mean slope of the later half, times the span."""
    slowing: float
    """How many standard errors the bend is away from none; positive when slowing."""
    error: float
    """Standard error of `late` less `early`."""
    misfit: float = 0.0
    """Sum of the squared residuals."""

    def kept(self, sure: float) -> float:
        """Return the least part of the earlier slope that the later one has, `sure` standard errors down."""
        early, late = self.early + sure * self.error / 2, self.late - sure * self.error / 2
        return late / early if early > 0 else -inf


def bend(xs: list[float], ys: list[float]) -> Bend:
    """Fit a parabola, the error of its bend with the same care as a line's."""
    n, span, middle = len(xs), xs[-1] - xs[0], (xs[0] + xs[-1]) / 2
    at = [(x - middle) / span for x in xs]
    mean_at, mean_y = sum(at) / n, sum(ys) / n
    first = [a - mean_at for a in at]
    across = _product(first, first)
    squares = [a * a for a in at]
    mean_square, shared = sum(squares) / n, sum(a * q for a, q in zip(first, squares, strict=True)) / across
    second = [q - mean_square - shared * a for q, a in zip(squares, first, strict=True)]
    power = _product(second, second)
    slope = _product(first, ys) / across
    curve = _product(second, ys) / power
    left = [y - mean_y - slope * a - curve * q for y, a, q in zip(ys, first, second, strict=True)]
    error = _bend_error(left, power, mean_y)
    certain = -curve / error if error > 0 else (1e9 if curve < -1e-6 * abs(slope) else 0.0)
    return Bend(slope - curve / 2, slope + curve / 2, certain, error, _product(left, left))


def _bend_error(left: list[float], power: float, level: float) -> float:
    n = len(left)
    sse = _product(left, left)
    if sse <= 1e-16 * (level * level * n + 1e-300):
        return 0.0
    rho = _product(left, left[1:]) / sse
    rho = max(0.0, min(TUNING.unit_root, (n * rho + 3) / (n - 5)))
    return sqrt(sse / (n - 3) / power * (1 + rho) / (1 - rho))


def theil_sen(xs: list[float], ys: list[float]) -> float:
    """Return the median of all pairwise slopes (Theil 1950, Sen 1968)."""
    n = len(xs)
    return median([(ys[j] - ys[i]) / (xs[j] - xs[i]) for i in range(n) for j in range(i + 1, n)])


def steps_residual(ys: list[float], most: int) -> list[float]:
    """Return the least sums of squares of piecewise-constant lines with 0, 1, ... `most` steps."""
    n = len(ys)
    one, two = [0.0], [0.0]
    base = ys[0]
    for y in ys:
        one.append(one[-1] + y - base)
        two.append(two[-1] + (y - base) ** 2)

    costs = [
        [two[j] - two[i] - (one[j] - one[i]) * (one[j] - one[i]) / (j - i) for i in range(j)] for j in range(1, n + 1)
    ]
    best = [0.0] + [row[0] for row in costs]
    out = [max(0.0, best[n])]
    for level in range(1, most + 1):
        best = [0.0] * (level + 1) + [
            min(map(add, best[level:j], costs[j - 1][level:])) for j in range(level + 1, n + 1)
        ]
        out.append(max(0.0, best[n]))
    return out


def unseasoned(
    times: list[float], means: list[float], lows: list[float], lag: int
) -> tuple[list[float], list[float], list[float]]:
    """Return moving means and moving minima over one season, at the season's end."""
    total = sum(means[:lag])
    moving = [total / lag]
    for left, came in zip(means, means[lag:], strict=False):
        total += came - left
        moving.append(total / lag)
    return times[lag - 1 :], moving, [min(lows[i : i + lag]) for i in range(len(lows) - lag + 1)]


def season(ys: list[float]) -> tuple[int, float]:
    """Return the shortest lag with nearly the strongest autocorrelation after the first dip, and that correlation."""
    if len(ys) > TUNING.season_points:
        lag, r = season([(a + b) / 2 for a, b in zip(ys[::2], ys[1::2], strict=False)])
        return 2 * lag, r
    n = len(ys)
    xs = [float(i) for i in range(n)]
    line = fit(xs, ys)
    mx, my = (n - 1) / 2, sum(ys) / n
    left = [y - my - line.slope * (x - mx) for x, y in zip(xs, ys, strict=True)]
    power = _product(left, left)
    if power <= 0:
        return 0, 0.0
    dipped, peaks = False, [(0, 0.0)]
    for lag in range(2, n // 2):
        r = _product(left, left[lag:]) / power * n / (n - lag)
        dipped = dipped or r < TUNING.dipped
        if dipped:
            peaks.append((lag, r))
    best = max(r for _, r in peaks)
    return next(peak for peak in peaks if peak[1] >= TUNING.fundamental * best)
