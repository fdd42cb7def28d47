"""The standards of words that editions can name: one table of bands for each.

Reports, tables, figures, notebooks and the command line write words through them; an edition names one (``standard: icd203``
unless it says otherwise). How a *claim's* words are read is another matter: that is in ``priors/lexicons/``, and a test holds the
lexicons of the standards to these bands.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Literal

from forecasting.errors import UsageError
from forecasting.standards.scale import Band, Standard

StandardName = Literal["icd203", "phia", "nato", "ipcc", "kent"]
DEFAULT: StandardName = "icd203"


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
