"""A standard of words for probabilities: bands, one rule from a number to its word, and how the word stands in a sentence."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from forecasting.errors import UsageError

_TINY = 1e-9


@dataclass(frozen=True)
class Band:
    """A band of a standard, both ends included, with its word.

    ``opens`` is how a sentence begins that says it of a clause, ``adverb`` the form that stands after "will"; without one the
    sentence always begins with ``opens``.
    """

    words: str
    low: float
    high: float
    opens: str = ""
    adverb: str = ""

    def holds(self, p: float) -> bool:
        """Return whether ``p`` lies in the band, ends included."""
        return self.low - _TINY <= p <= self.high + _TINY

    def owns(self, p: float) -> bool:
        """Return whether the band holds ``p``, and goes on from there towards one half or on both sides."""
        at_low, at_high = abs(p - self.low) < _TINY, abs(p - self.high) < _TINY
        inside = self.holds(p) and not at_low and not at_high
        return inside or (at_low and (p < 0.5 or p < _TINY)) or (at_high and (p > 0.5 or p > 1 - _TINY))


@dataclass(frozen=True)
class Segment:
    """A stretch of the scale from 0 to 1 over which a standard has one word; none in a gap that it leaves."""

    low: float
    high: float
    words: str


@dataclass(frozen=True)
class Standard:
    """A standard of words: its bands from low to high, its short title, whose it is, and where it is written."""

    id: str
    title: str
    whose: str
    citation: str
    bands: tuple[Band, ...]

    def words(self, p: float) -> str:
        """Return what the standard calls a probability.

        The rule, in this order:

        1. *Inside one band*: its word.
        2. *On an edge* that two bands share: the band nearer to one half (at exactly one half: either end will do).
        3. *Nested bands* (IPCC): the narrowest that owns ``p``, so the most that the standard lets one say.
        4. *In a gap* that the standard leaves (PHIA, Kent): "between A and B", never the nearer one, since the gap is there
           so that nobody is put on a side by a point or two.
        5. *Beyond the outermost band* (ICD 203 below 1 and above 99 %, Kent): the outermost band.

        Raises
        ------
        UsageError
            If ``p`` is outside [0, 1] or NaN.

        Examples
        --------
        >>> from forecasting.standards.tables import STANDARDS
        >>> STANDARDS["phia"].words(0.3), STANDARDS["phia"].words(0.38)
        ('unlikely', 'between unlikely and realistic possibility')
        """
        if band := self.band(p):
            return band.words
        below, above = self._beside(p)
        return f"between {below.words} and {above.words}"

    def band(self, p: float) -> Band | None:
        """Return the band of a probability by the rule of `words`; None in a gap."""
        if not 0 <= p <= 1:
            raise UsageError(f"probability {p} is outside [0, 1]")
        here = [band for band in self.bands if band.owns(p)] or [band for band in self.bands if band.holds(p)]
        if here:
            return min(here, key=lambda band: band.high - band.low)
        if p < self.bands[0].low:
            return self.bands[0]
        return self.bands[-1] if p > max(band.high for band in self.bands) else None

    def _beside(self, p: float) -> tuple[Band, Band]:
        """Return the bands on either side of a gap."""
        below = max((band for band in self.bands if band.high < p), key=lambda band: band.high)
        return below, min((band for band in self.bands if band.low > p), key=lambda band: band.low)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The scale from 0 to 1 cut where the word changes: how the bands are drawn.

        Examples
        --------
        >>> from forecasting.standards.tables import STANDARDS
        >>> [segment.words for segment in STANDARDS["nato"].segments]
        ['highly unlikely', 'unlikely', 'even chance', 'likely', 'highly likely']
        """
        cuts = sorted({0.0, 1.0, *(end for band in self.bands for end in (band.low, band.high))})
        found: list[Segment] = []
        for low, high in itertools.pairwise(cuts):
            band = self.band((low + high) / 2)
            words = band.words if band else ""
            if found and found[-1].words == words:
                found[-1] = replace(found[-1], high=high)
            else:
                found.append(Segment(low, high, words))
        return tuple(found)

    def range_words(self, low: float, high: float) -> str:
        """Return an interval of probabilities in words if it reaches over more than two words, else nothing.

        An end in a gap counts as the word beyond it: the interval is not said to be narrower than it is.

        Examples
        --------
        >>> from forecasting.standards.tables import STANDARDS
        >>> STANDARDS["icd203"].range_words(0.19, 0.76), STANDARDS["icd203"].range_words(0.46, 0.7)
        ('very unlikely to likely', '')
        """
        words = [segment.words for segment in self.segments if segment.words]
        first, last = (self.band(low) or self._beside(low)[0]), (self.band(high) or self._beside(high)[1])
        return f"{first.words} to {last.words}" if words.index(last.words) - words.index(first.words) > 1 else ""

    def sentence(self, p: float, clause: str, shown: str) -> str:
        """Return a sentence that says how likely a clause is, with its number.

        Parameters
        ----------
        p : float
            A probability as it is shown.
        clause : str
            What is said to come about, as a clause with "will" and without a full stop.
        shown : str
            The number, such as "64 %".

        Examples
        --------
        >>> from forecasting.standards.tables import STANDARDS
        >>> STANDARDS["icd203"].sentence(0.64, "Russia will still operate the base", "64 %")
        'Russia will likely still operate the base (64 %).'
        >>> STANDARDS["icd203"].sentence(0.12, "the border will open", "12 %")
        'It is very unlikely that the border will open (12 %).'
        >>> STANDARDS["phia"].sentence(0.38, "the border will open", "38 %")
        'The probability that the border will open lies between “unlikely” and “realistic possibility” (38 %).'
        """
        band = self.band(p)
        if band is None:
            below, above = self._beside(p)
            return f"The probability that {clause} lies between “{below.words}” and “{above.words}” ({shown})."
        if band.adverb and len(re.findall(r"\bwill\b", clause)) == 1:
            said = re.sub(r"\bwill\b", f"will {band.adverb}", clause)
            return f"{said[0].upper()}{said[1:]} ({shown})."
        return f"{band.opens} {clause} ({shown})."
