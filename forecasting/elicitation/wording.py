"""Read a verbal probability as a distribution on the complementary log-log scale.

The scale is chosen because hazards add up on it: for an event with constant hazard λ per year,
P(T ≤ H) = 1 − exp(−λH), so cloglog(P) = log λ + log H, and claims about different horizons read one number.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from forecasting.arguments import DIRECTION, WORDING, takes
from forecasting.dossier.fields import Reads
from forecasting.dossier.wordings import Wording

Direction = Literal["occurs", "does-not-occur"]


def cloglog(p: ArrayLike) -> np.ndarray:
    """Return log(−log(1 − p)), the log of the cumulative hazard that gives probability ``p``.

    Parameters
    ----------
    p : array_like
        Probabilities strictly between 0 and 1.

    Returns
    -------
    ndarray
        Same shape; 0.632 maps to 0, smaller probabilities to negative numbers.

    Raises
    ------
    ValueError
        If a probability is not strictly inside (0, 1); a value on the edge is never clipped.

    References
    ----------
    McCullagh, P. and Nelder, J. A. (1989), *Generalized Linear Models*, 2nd ed., section 4.3.1.

    Examples
    --------
    >>> float(cloglog(0.5).round(4))
    -0.3665
    """
    p = np.asarray(p, dtype=float)
    if not np.all((p > 0) & (p < 1)):
        raise ValueError(f"probability {p} is outside (0, 1); write a value strictly between")
    return np.log(-np.log1p(-p))


def inverse_cloglog(x: ArrayLike) -> np.ndarray:
    """Return 1 − exp(−exp(x)), the probability that belongs to a log cumulative hazard ``x``.

    Examples
    --------
    >>> float(inverse_cloglog(0.0).round(4))
    0.6321
    """
    return -np.expm1(-np.exp(np.asarray(x, dtype=float)))


_MIRRORED: dict[Reads, Reads] = {"level": "level", "at_least": "at_most", "at_most": "at_least"}


def event_reads(reads: Reads, direction: Direction) -> Reads:
    """Return how a judgement bounds the probability of its event, from how its words bound what they are said of.

    Words that are said of an event's *not* happening are mirrored: "will almost certainly not", at least 95 % that it does
    not, is at most 5 % that it does.

    Parameters
    ----------
    reads : {"level", "at_least", "at_most"}
        Of the wording, from its lexicon or its claim.
    direction : {"occurs", "does-not-occur"}
        What the words are said of.

    Returns
    -------
    str
        *How to read it:* at_least is a floor under the event's probability, at_most a ceiling over it.

    Examples
    --------
    >>> event_reads("at_least", "occurs"), event_reads("at_least", "does-not-occur")
    ('at_least', 'at_most')
    """
    return _MIRRORED[reads] if direction == "does-not-occur" else reads


@dataclass(frozen=True)
class Reading:
    """A wording as Normal(``location``, ``spread``²) on the cloglog scale, for the event itself."""

    location: float
    spread: float

    def interval(self, prob: float = 0.9) -> tuple[float, float]:
        """Return the equal-tailed interval of the probability that the reading stands for."""
        z = NormalDist().inv_cdf(0.5 + prob / 2)
        low, high = inverse_cloglog([self.location - z * self.spread, self.location + z * self.spread])
        return float(low), float(high)


_Z = np.array([NormalDist().inv_cdf(q) for q in (0.05, 0.25, 0.5, 0.75, 0.95)])


@takes(wording=WORDING, direction=DIRECTION)
def read_wording(wording: Wording, direction: Direction = "occurs") -> Reading:
    """Fit a normal distribution on the cloglog scale to the five quantiles of a lexicon entry.

    The quantiles q_i of p go to x_i = cloglog(q_i), or cloglog(1 − q_i) in reverse order for a claim that the event
    does *not* happen; location and spread are the least-squares line x_i = location + spread · z_i through the standard
    normal quantiles z_i. Since the z_i sum to zero, location is the mean of the x_i and spread is Σ z_i x_i / Σ z_i².

    Parameters
    ----------
    wording : Wording
        Lexicon entry with quantiles of p at 5, 25, 50, 75 and 95 %.
    direction : {"occurs", "does-not-occur"}
        Whether the words say that the event happens.

    Returns
    -------
    Reading
        Location and spread on the cloglog scale (log cumulative hazard, dimensionless). *How to read it:* 0.33 ± 0.28 stands for
        the probability 1 − exp(−exp(0.33)) = 75 %.

    Raises
    ------
    UsageError
        If ``wording`` is no entry of a lexicon, or ``direction`` another word.

    References
    ----------
    Least squares on a quantile-quantile plot: Wilk, M. B. and Gnanadesikan, R. (1968), *Probability plotting methods
    for the analysis of data*, Biometrika 55.

    Examples
    --------
    >>> likely = Wording(wording="likely", p05=0.6, p25=0.67, p50=0.75, p75=0.8, p95=0.9, n=5146, citation="CAPphrase")
    >>> reading = read_wording(likely)
    >>> round(reading.location, 3), round(reading.spread, 3)
    (0.33, 0.28)
    """
    quantiles = np.array(wording.quantiles)
    if direction == "does-not-occur":
        quantiles = (1 - quantiles)[::-1]
    return Reading(*_least_squares(cloglog(quantiles)))


def read_log_probability(wording: Wording) -> tuple[float, float]:
    """Fit a normal distribution on the log scale of a probability to the five quantiles of a lexicon entry.

    As `read_wording`, with x_i = log q_i. It is the scale on which a likelihood ratio, a quotient of two probabilities, is a
    difference.

    Returns
    -------
    (float, float)
        Location, whose exponential is the geometric mean of the quantiles, and spread.

    Examples
    --------
    >>> likely = Wording(wording="likely", p05=0.6, p25=0.67, p50=0.75, p75=0.8, p95=0.9, n=5146, citation="CAPphrase")
    >>> location, spread = read_log_probability(likely)
    >>> round(float(np.exp(location)), 3), round(spread, 3)
    (0.737, 0.124)
    """
    return _least_squares(np.log(np.array(wording.quantiles)))


def through_quantiles(x: np.ndarray) -> Reading:
    """Return the normal distribution through five quantiles on the cloglog scale, at 5, 25, 50, 75 and 95 %.

    Examples
    --------
    >>> reading = through_quantiles(np.array([-1.5, -0.9, -0.5, -0.1, 0.5]))
    >>> round(reading.location, 3), round(reading.spread, 3)
    (-0.5, 0.606)
    """
    return Reading(*_least_squares(x))


def _least_squares(x: np.ndarray) -> tuple[float, float]:
    """Return the intercept and the slope of the line through (z_i, x_i)."""
    return float(x.mean()), float(_Z @ x / (_Z @ _Z))
