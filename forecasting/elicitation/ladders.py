"""From a number back to words: what a standard calls a probability, by one written rule for edges, gaps and nesting."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from forecasting.dossier.wordings import Wording

STANDARDS = ("icd203", "phia", "kent", "ipcc", "nato")
_OPEN = (0.005, 0.995)  # how a lexicon writes an end of a band that the standard leaves at 0 or 100 %
_TINY = 1e-9


@dataclass(frozen=True)
class Band:
    """A band of a standard, both ends included, and the word that the standard names first for it."""

    words: str
    low: float
    high: float

    def holds(self, p: float) -> bool:
        """Return whether ``p`` lies in the band, ends included."""
        return self.low - _TINY <= p <= self.high + _TINY

    def owns(self, p: float) -> bool:
        """Return whether the band holds ``p``, and goes on from there towards one half or on both sides."""
        at_low, at_high = abs(p - self.low) < _TINY, abs(p - self.high) < _TINY
        inside = self.holds(p) and not at_low and not at_high
        return inside or (at_low and (p < 0.5 or p < _TINY)) or (at_high and (p > 0.5 or p > 1 - _TINY))


def bands(entries: Iterable[Wording]) -> tuple[Band, ...]:
    """Return the bands of a standard from low to high, one word for each: that of the first entry in the file.

    Raises
    ------
    ValueError
        If an entry was counted in a survey (n > 0) or is not uniform between its ends: readers' answers overlap and have
        no bands.
    """
    found: dict[tuple[float, float], str] = {}
    for entry in entries:
        quarter = entry.p05 + (entry.p95 - entry.p05) * 0.2 / 0.9
        if entry.n or abs(entry.p25 - quarter) > 1e-3:
            raise ValueError(f"'{entry.wording}' is no band of a standard; write words with one of {', '.join(STANDARDS)}")
        found.setdefault((entry.p05, entry.p95), entry.wording)
    ends = [(0.0 if low <= _OPEN[0] else low, 1.0 if high >= _OPEN[1] else high, word) for (low, high), word in found.items()]
    return tuple(sorted((Band(word, low, high) for low, high, word in ends), key=lambda band: (band.low, band.high)))


def words_for(p: float, entries: Iterable[Wording]) -> str:
    """Return what a standard calls a probability.

    The rule, in this order:

    1. *Inside one band*: its word. Of synonyms, the one that stands first in the file: for ICD 203 that keeps to one row.
    2. *On an edge* that two bands share: the band nearer to one half (at exactly one half: either end will do).
    3. *Nested bands* (IPCC): the narrowest that owns ``p``, so the most that the standard lets one say.
    4. *In a gap* that the standard leaves (PHIA, Kent): "between A and B", never the nearer one, since the gap is there so
       that nobody is put on a side by a point or two.
    5. *Beyond the outermost band* (ICD 203 below 1 and above 99 %, Kent): the outermost band.

    Parameters
    ----------
    p : float
        A probability in [0, 1].
    entries : iterable of Wording
        The lexicon of a standard, in the order of its file: ``dossier.lexicons["phia"].values()``.

    Returns
    -------
    str
        The words, to stand beside the number and never in its place.

    Raises
    ------
    ValueError
        If ``p`` is outside [0, 1] or NaN, or if the lexicon is not that of a standard.

    References
    ----------
    The standards are cited in each line of ``priors/lexicons/``. Why a gap is kept: Professional Head of Intelligence
    Assessment (2019), *PHIA Probability Yardstick*.

    Examples
    --------
    >>> def band(words, low, high):
    ...     step = (high - low) / 0.9
    ...     middle = (low + high) / 2
    ...     return Wording(wording=words, p05=low, p25=low + 0.2 * step, p50=middle, p75=high - 0.2 * step, p95=high,
    ...                    n=0, citation="a standard")
    >>> standard = [band("unlikely", 0.25, 0.35), band("realistic possibility", 0.4, 0.5)]
    >>> words_for(0.3, standard), words_for(0.38, standard)
    ('unlikely', 'between unlikely and realistic possibility')
    """
    if not 0 <= p <= 1:
        raise ValueError(f"probability {p} is outside [0, 1]")
    ladder = bands(entries)
    here = [band for band in ladder if band.owns(p)] or [band for band in ladder if band.holds(p)]
    if here:
        return min(here, key=lambda band: band.high - band.low).words
    below = [band for band in ladder if band.high < p]
    above = [band for band in ladder if band.low > p]
    if below and above:
        return f"between {max(below, key=lambda band: band.high).words} and {min(above, key=lambda band: band.low).words}"
    return (max(below, key=lambda band: band.high) if below else min(above, key=lambda band: band.low)).words
