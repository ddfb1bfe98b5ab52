"""Student's t distribution, by the regularized incomplete beta function.

Continued fraction as in Press et al., Numerical Recipes, 3rd edition, 6.4 (modified Lentz).
"""

import math
from typing import Final

_TINY: Final = 1e-300
_ENOUGH: Final = 1e-12
_STEPS: Final = 300
_FINE: Final = 1e-9
"""Part of a quantile that it is known to."""


def two_sided(t: float, freedom: float) -> float:
    """Probability of a value at least as far from 0 as ``t``; ``freedom`` need not be whole."""
    if math.isinf(t):
        return 0.0
    return _incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t))


def quantile(two_sided_probability: float, freedom: float) -> float:
    """The t above 0 that is exceeded on either side with that probability."""
    low, high = 0.0, 1.0
    while two_sided(high, freedom) > two_sided_probability:
        low, high = high, 2 * high
    while high - low > _FINE * high:
        middle = (low + high) / 2
        low, high = (middle, high) if two_sided(middle, freedom) > two_sided_probability else (low, middle)
    return (low + high) / 2


def _incomplete_beta(a: float, b: float, x: float) -> float:
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, x) / a
    return 1 - front * _fraction(b, a, 1 - x) / b


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, _STEPS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _away(1 + numerator * d)
            c = _away(1 + numerator / c)
            result *= c * d
        if abs(c * d - 1) < _ENOUGH:
            break
    return result


def _away(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
