"""Convergence diagnostics of thousands of quantities at once.

ArviZ's formulas, evaluated over whole arrays: ArviZ goes through quantities one by one, which takes a second for an
edition and a minute for a network of a thousand events. A test holds every number to ArviZ's.

References
----------
Vehtari, A., Gelman, A., Simpson, D., Carpenter, B. and Bürkner, P.-C. (2021), *Rank-normalization, folding, and
localization: an improved R-hat*, Bayesian Analysis 16.
Geyer, C. J. (1992), *Practical Markov chain Monte Carlo*, Statistical Science 7 (initial monotone sequence).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy.fft import irfft, next_fast_len, rfft
from scipy.special import ndtri

TAILS = (0.05, 0.95)
BLOCK = 2**15  # values looked at together: what a processor's cache holds


@dataclass(frozen=True)
class Diagnostics:
    """Diagnostics per quantity, each with dims (quantity,).

    ``rhat`` is the larger of the bulk's and the tails' (near 1: chains agree); ``bulk`` and ``tail`` are effective numbers
    of draws for the centre and for the 5 and 95 % quantiles; ``mcse`` is the standard error of the mean.
    """

    rhat: np.ndarray
    bulk: np.ndarray
    tail: np.ndarray
    mcse: np.ndarray


def diagnose(draws: Sequence[np.ndarray] | np.ndarray) -> Diagnostics:
    """Return the diagnostics of quantities with dims (chain, draw) each, none NaN, at least four draws per chain.

    They need not have the same number of draws.

    A quantity that never changes has no R-hat (NaN).
    """
    alike: dict[tuple[int, ...], list[int]] = {}
    for i, values in enumerate(draws):
        alike.setdefault(values.shape, []).append(i)
    parts = [
        places[i : i + size]
        for shape, places in alike.items()
        for size in [max(1, BLOCK // max(1, int(np.prod(shape))))]
        for i in range(0, len(places), size)
    ]
    columns = np.empty((4, len(draws)))
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # sorting and Fourier transforms let other threads run
        blocks = pool.map(lambda part: _block(np.array([draws[i] for i in part], dtype=float)), parts)
        for places, found in zip(parts, blocks, strict=True):
            columns[:, places] = found
    return Diagnostics(*columns)


def _block(x: np.ndarray) -> np.ndarray:
    flat = x.reshape(len(x), -1)
    halves = _split(x)
    z = _normal_scores(halves)
    folded = _normal_scores(np.abs(halves - np.median(halves.reshape(len(x), -1), axis=1)[:, None, None]))
    tails = [_ess(_split((x <= bound[:, None, None]).astype(float))) for bound in np.quantile(flat, TAILS, axis=1)]
    error = flat.std(axis=1, ddof=1) / np.sqrt(_ess(halves))
    return np.stack([np.maximum(_rhat(z), _rhat(folded)), _ess(z), np.minimum(*tails), error])


def effective_draws(x: np.ndarray) -> np.ndarray:
    """Return the effective number of draws behind the mean of every quantity, for one number of draws (quantity, chain, draw)."""
    return _ess(_split(x))


def _split(x: np.ndarray) -> np.ndarray:
    half = x.shape[2] // 2
    return np.concatenate([x[:, :, :half], x[:, :, -half:]], axis=1)


def _normal_scores(x: np.ndarray) -> np.ndarray:
    """Return the normal quantiles of ranks over all chains: Φ⁻¹((r − 3/8)/(n + 1/4)); equal values share their mean rank."""
    flat = x.reshape(len(x), -1)
    n = flat.shape[1]
    order = np.argsort(flat, axis=1)
    scores = np.empty(flat.shape)
    np.put_along_axis(scores, order, _score(np.arange(1, n + 1), n)[None], axis=1)
    ranked = np.take_along_axis(flat, order, axis=1)
    tied = (ranked[:, 1:] == ranked[:, :-1]).any(axis=1)
    if tied.any():
        from scipy.stats import rankdata  # half a second to load

        scores[tied] = _score(rankdata(flat[tied], axis=1), n)
    return scores.reshape(x.shape)


def _score(ranks: np.ndarray, n: int) -> np.ndarray:
    return ndtri((ranks - 3 / 8) / (n + 1 / 4))


def _rhat(x: np.ndarray) -> np.ndarray:
    """Return √((B/W + n − 1)/n) with B, W the variance between and within chains."""
    n = x.shape[2]
    between, within = n * x.mean(axis=2).var(axis=1, ddof=1), x.var(axis=2, ddof=1).mean(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt((between / within + n - 1) / n)


def _ess(x: np.ndarray) -> np.ndarray:
    """Return n·m/τ with τ = −1 + 2 Σ ρ_t, autocorrelations summed while their pairs are positive, made monotone."""
    _, m, n = x.shape
    autocovariance = _autocovariance(x)
    within = autocovariance[:, 0] * n / (n - 1)
    total = autocovariance[:, 0] + x.mean(axis=2).var(axis=1, ddof=1) * (m > 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        rho = 1 - (within[:, None] - autocovariance) / total[:, None]
    rho[:, 0] = 1.0
    even, pairs = rho[:, 0 : n - 1 : 2], rho[:, 0 : n - 1 : 2] + rho[:, 1::2][:, : len(rho[0, 0 : n - 1 : 2])]
    last = max(0, -(-(n - 2) // 2) - 1)
    ends = np.concatenate([pairs[:, :last] <= 0, np.ones((len(x), 1), dtype=bool)], axis=1).argmax(axis=1)
    monotone = np.minimum.accumulate(pairs, axis=1)
    monotone[np.arange(pairs.shape[1]) >= ends[:, None]] = 0.0
    row = np.arange(len(x))
    remainder = np.where((even[row, ends] > 0) | (pairs[row, ends] >= 0), even[row, ends], 0.0)
    tau = np.maximum(-1 + 2 * monotone.sum(axis=1) + remainder, 1 / np.log10(m * n))
    constant = np.ptp(x.reshape(len(x), -1), axis=1) < np.finfo(float).resolution
    return np.where(constant, m * n, m * n / tau)


def _autocovariance(x: np.ndarray) -> np.ndarray:
    """Return the autocovariance at every lag, averaged over chains (quantity, lag)."""
    n = x.shape[2]
    size = next_fast_len(2 * n, real=True)
    spectrum = rfft(x - x.mean(axis=2, keepdims=True), n=size, axis=2)
    return irfft((spectrum.real**2 + spectrum.imag**2).mean(axis=1), n=size, axis=1)[:, :n] / n
