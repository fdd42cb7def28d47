"""A judgement's reading after what a record has taught about its source, its wording and its kind."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from forecasting.dossier.claims import Claim
from forecasting.dossier.learned import BIASES, KINDS, SPREAD, LearnedRow
from forecasting.elicitation.numbers import Number
from forecasting.elicitation.special import log_ndtr, ndtr, ndtri


def corrected(number: Number, claim: Claim, rows: Iterable[LearnedRow]) -> Number:
    """Return a judgement's reading with the biases learned taken in; where nothing was learned of it, the same object.

    On the probit scale z of *what was said* (of its not happening, if that was said) the reading moves by the means of the
    biases, z' = z + source + wording + kind; on its own scale x = log(−log(1 − Φ(z))) that is a move from x(z) to x(z'), and
    the spread s becomes s κ (dx/dz at z') / (dx/dz at z) with log κ the mean for the source. The standard deviations of the
    biases are not added: that sources and wordings may be biased is in the model's own errors already, and a table from which
    nothing was learned must leave every reading as it is.

    Parameters
    ----------
    number : Number
        As `forecasting.elicitation.quantify.read_judgement` returns it.
    claim : Claim
        The judgement.
    rows : iterable of LearnedRow
        The table that the edition names.

    Returns
    -------
    Number
        ``read`` ends with each bias, and with what the reading was before.

    References
    ----------
    ``docs/decisions/learning.md``.
    """
    direction = claim.direction or "occurs"
    of = {"source": claim.source, "wording": claim.wording or "", "kind": KINDS[direction]}
    wanted = {f"{dim}_bias": name for dim, name in of.items()} | {SPREAD: claim.source}
    found = {row.parameter: row for row in rows if wanted[row.parameter] == row.name}
    if not found:
        return number
    bias = math.fsum(found[name].mean for name in BIASES if name in found)
    kappa = math.exp(found[SPREAD].mean) if SPREAD in found else 1.0
    z = _probit(number.location)
    moved = z + (bias if direction == "occurs" else -bias)
    location = number.location + (_cloglog(moved) - _cloglog(z))
    spread = number.spread * kappa * (_slope(moved) / _slope(z))
    said = ", ".join(f"{name.removesuffix('_bias')} {found[name].mean:+.2f}" for name in BIASES if name in found)
    factor = f", spread × {kappa:.2f}" if SPREAD in found else ""
    before = next(iter(found.values())).before
    read = f"{number.read}; learned from what came before {before} (probit): {said or 'no bias'}{factor}; before {_percent(z)}"
    return replace(number, location=location, spread=spread, read=read)


def _probit(location: float) -> float:
    """Return z with Φ(z) = 1 − exp(−exp(location))."""
    return -float(ndtri(math.exp(-math.exp(location))))


def _cloglog(z: float) -> float:
    """Return log(−log(1 − Φ(z)))."""
    return math.log(-float(log_ndtr(-z)))


def _slope(z: float) -> float:
    """Return d log(−log(1 − Φ(z))) / dz = φ(z) / ((1 − Φ(z)) (−log(1 − Φ(z))))."""
    log_no = float(log_ndtr(-z))
    return math.exp(-(z**2) / 2 - math.log(math.sqrt(2 * math.pi)) - log_no) / -log_no


def _percent(z: float) -> str:
    return f"{100 * float(ndtr(z)):.0f} %"
