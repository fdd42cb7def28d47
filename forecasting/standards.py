"""The standards of words for probabilities: which word each calls a number, and how the word stands in a sentence.

One table of bands for each standard, and one rule from a number to a word (`Standard.words`). Reports, tables, figures,
notebooks and the command line write words through it; an edition names the standard (``standard: icd203`` unless it says
otherwise). How a *claim's* words are read is another matter: that is in ``priors/lexicons/``, and a test holds the lexicons of
the standards to these bands.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from forecasting.errors import UsageError

StandardName = Literal["icd203", "phia", "nato", "ipcc", "kent"]
DEFAULT: StandardName = "icd203"
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


def _it_is(words: str, low: float, high: float, adverb: str = "") -> Band:
    return Band(words, low, high, f"It is {words} that", adverb)


def _there_is(words: str, low: float, high: float, article: str = "a ") -> Band:
    return Band(words, low, high, f"There is {article}{words} that")


ICD_203 = Standard(
    "icd203", "ICD 203", "the US intelligence community",
    "Office of the Director of National Intelligence (2015), Intelligence Community Directive 203, D.6.e(2)(a)",
    (
        _there_is("almost no chance", 0.01, 0.05, ""), _it_is("very unlikely", 0.05, 0.20), _it_is("unlikely", 0.20, 0.45),
        _there_is("roughly even chance", 0.45, 0.55), _it_is("likely", 0.55, 0.80, "likely"),
        _it_is("very likely", 0.80, 0.95, "very likely"), _it_is("almost certain", 0.95, 0.99, "almost certainly"),
    ),
)  # fmt: skip
PHIA = Standard(
    "phia", "PHIA yardstick", "British intelligence assessment",
    "Professional Head of Intelligence Assessment (2019), PHIA Probability Yardstick",
    (
        _there_is("remote chance", 0.0, 0.05), _it_is("highly unlikely", 0.10, 0.20), _it_is("unlikely", 0.25, 0.35),
        _there_is("realistic possibility", 0.40, 0.50), _it_is("likely", 0.55, 0.75, "likely"),
        _it_is("highly likely", 0.80, 0.90), _it_is("almost certain", 0.95, 1.0, "almost certainly"),
    ),
)  # fmt: skip
NATO = Standard(
    "nato", "AJP-2.1", "NATO", "NATO (2016), AJP-2.1 Allied Joint Doctrine for Intelligence Procedures",
    (
        _it_is("highly unlikely", 0.0, 0.10), _it_is("unlikely", 0.10, 0.40), _there_is("even chance", 0.40, 0.60, "an "),
        _it_is("likely", 0.60, 0.90, "likely"), _it_is("highly likely", 0.90, 1.0),
    ),
)  # fmt: skip
IPCC = Standard(
    "ipcc", "IPCC guidance", "the Intergovernmental Panel on Climate Change",
    "Mastrandrea et al. (2010), IPCC AR5 Guidance Note on Consistent Treatment of Uncertainties, Table 1",
    (
        _it_is("exceptionally unlikely", 0.0, 0.01), _it_is("extremely unlikely", 0.0, 0.05), _it_is("very unlikely", 0.0, 0.10),
        _it_is("unlikely", 0.0, 0.33), _it_is("about as likely as not", 0.33, 0.66),
        _it_is("more likely than not", 0.5, 1.0), _it_is("likely", 0.66, 1.0, "likely"),
        _it_is("very likely", 0.90, 1.0, "very likely"), _it_is("extremely likely", 0.95, 1.0),
        _it_is("virtually certain", 0.99, 1.0),
    ),
)  # fmt: skip
KENT = Standard(
    "kent", "Kent’s chart", "the US Office of National Estimates",
    "Kent, S. (1964), Words of Estimative Probability, Studies in Intelligence 8(4)",
    (
        Band("almost certainly not", 0.02, 0.12, "It is almost certainly not the case that"),
        Band("probably not", 0.20, 0.40, "It is probably not the case that"),
        Band("chances about even", 0.40, 0.60, "The chances are about even that"),
        _it_is("probable", 0.63, 0.87, "probably"), _it_is("almost certain", 0.87, 0.99, "almost certainly"),
    ),
)  # fmt: skip
STANDARDS: MappingProxyType[str, Standard] = MappingProxyType({s.id: s for s in (ICD_203, PHIA, NATO, IPCC, KENT)})


def standard(name: str) -> Standard:
    """Return a standard by its name.

    Raises
    ------
    UsageError
        If there is none of that name.

    Examples
    --------
    >>> standard("phia").title
    'PHIA yardstick'
    """
    if name not in STANDARDS:
        raise UsageError(f"there is no standard of words '{name}'; write one of {', '.join(STANDARDS)}")
    return STANDARDS[name]
