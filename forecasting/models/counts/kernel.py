"""Averages of a Gaussian level over periods: their design and covariance in closed form.

The level of one series is x(t) = m + d·t + Σ J_k·1[t > τ_k] + season(t) + σ·W(t), with Brownian W that begins anew where a
shift sets a level of its own. A row is the average of x over [a, b], or x(a) itself where a = b.
"""

from __future__ import annotations

import numpy as np

HARMONICS = 2  # a wave a year and one in half a year: one peak and one trough, unequal and as steep as counts say
SHARES = tuple(1 / h**2 / sum(1 / k**2 for k in range(1, HARMONICS + 1)) for h in range(1, HARMONICS + 1))  # of the variance


def brownian(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Return Cov(mean of W over [a, b], mean of W over [c, d]) of Brownian motion, for times ≥ 0 that broadcast.

    It is ∫∫ min(s, t) ds dt / ((b − a)(d − c)), from F(u, v) = ∫₀ᵘ∫₀ᵛ min(s, t) ds dt = m²(3M − m)/6 with m = min(u, v),
    M = max(u, v); a period of no length is a moment.

    Examples
    --------
    >>> zero, one = np.array(0.0), np.array(1.0)
    >>> float(brownian(one, one, np.array(3.0), np.array(3.0))), round(float(brownian(zero, one, zero, one)), 6)
    (1.0, 0.333333)
    """
    a, b, c, d = np.broadcast_arrays(a, b, c, d)
    first, second = b - a, d - c
    long = (first > 0) & (second > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        both = (_area(b, d) - _area(a, d) - _area(b, c) + _area(a, c)) / (first * second)
        one = np.where(first > 0, (_line(b, c) - _line(a, c)) / first, (_line(d, a) - _line(c, a)) / second)
    return np.where(long, both, np.where((first > 0) | (second > 0), one, np.minimum(a, c)))


def _area(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    least, most = np.minimum(u, v), np.maximum(u, v)
    return least**2 * (3 * most - least) / 6


def _line(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return ∫₀ᵘ min(s, v) ds."""
    return np.where(u <= v, u**2 / 2, v * u - v**2 / 2)


def share_after(a: np.ndarray, b: np.ndarray, moment: float) -> np.ndarray:
    """Return which share of each period lies after a moment; of a moment, whether it does.

    Examples
    --------
    >>> share_after(np.array([0.0, 2.0]), np.array([4.0, 2.0]), 1.0).tolist()
    [0.75, 1.0]
    """
    length = b - a
    part = np.clip(b - np.maximum(a, moment), 0, None)
    return np.where(length > 0, part / np.where(length > 0, length, 1), (a > moment).astype(float))


def trend(a: np.ndarray, b: np.ndarray, bend: float, half_life: float) -> np.ndarray:
    """Return the average over each period of the trend's course: t up to a moment, from there on ever slower.

    After ``bend`` the slope is halved every ``half_life`` years, so the course is bend + (1 − e^{−φu})/φ with u = t − bend and
    φ = ln 2 / half-life; periods do not cross the bend by more than their middle says.
    """
    middle = (a + b) / 2
    rate = np.log(2) / half_life
    beyond = np.clip(middle - bend, 0, None)
    return np.minimum(middle, bend) + (1 - np.exp(-rate * beyond)) / rate


def season(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    r"""Return the averages over periods of the waves of a season, cosine and sine of each (period, 2·HARMONICS).

    A season of spread v is s(t) = Σ_h A_h·cos(2πht) + B_h·sin(2πht), t in years, with A_h, B_h ~ Normal(0, v²·share_h), so that
    Var s(t) = v² on every day; the shares fall as 1/h², so that a wave of half the length has half the height. Where the year
    begins is no matter: turning a pair (A_h, B_h) leaves its prior as it is. The averages are

    .. math::

        \frac{\sin 2\pi h b - \sin 2\pi h a}{2\pi h (b - a)}, \quad \frac{\cos 2\pi h a - \cos 2\pi h b}{2\pi h (b - a)}

    and over whole years nothing.

    References
    ----------
    Harvey, A. C. (1989), *Forecasting, structural time series models and the Kalman filter*, section 2.3.4: trigonometric
    seasonality.

    Examples
    --------
    >>> year, quarter = season(np.array([0.0, 0.0]), np.array([1.0, 0.25])).round(3) + 0.0
    >>> year.tolist(), quarter.tolist()
    ([0.0, 0.0, 0.0, 0.0], [0.637, 0.637, 0.0, 0.637])
    """
    middle, half = (a + b) / 2, (b - a) / 2
    columns = []
    for h in range(1, HARMONICS + 1):
        flat = np.sinc(2 * h * half)  # sin(x)/x with x = 2πh·half: how much of a wave is left of its average
        columns += [flat * np.cos(2 * np.pi * h * middle), flat * np.sin(2 * np.pi * h * middle)]
    return np.column_stack(columns)


def covariance(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray, anew: list[float]) -> np.ndarray:
    """Return Cov of the wander (σ = 1) between rows [a, b] and columns [c, d]: none between two sides of a level set anew."""
    starts = np.array([0.0, *anew])
    first, second = (np.searchsorted(starts, (low + high) / 2, side="right") - 1 for low, high in ((a, b), (c, d)))
    same = first[:, None] == second[None, :]
    zero = starts[first]
    columns = [np.maximum(v[None, :] - zero[:, None], 0) for v in (c, d)]
    rows = [np.maximum(v - zero, 0)[:, None] for v in (a, b)]
    return np.where(same, brownian(rows[0], rows[1], columns[0], columns[1]), 0.0)
