"""The library of counted classes as a table for notebooks."""

from __future__ import annotations

import pandas as pd
from scipy.special import betaincinv, gammaincinv

from forecasting.arguments import TEXT, takes
from forecasting.coding.class_search import search_classes
from forecasting.dossier.library.records import library
from forecasting.dossier.library.search import nearest
from forecasting.dossier.reference_classes import ReferenceClass
from forecasting.elicitation.base_rates import class_shape
from forecasting.errors import UsageError, near


@takes(words=TEXT, theme=TEXT, unit=TEXT)
def classes(words: str = "", *, theme: str | None = None, unit: str | None = None) -> pd.DataFrame:
    """Return the counted classes of the packaged library that fit, best first: one row per class, its latest count.

    Parameters
    ----------
    words : str
        What happens to whom, in any words; empty for all classes.
    theme : str, optional
        A theme, or the beginning of one.
    unit : {"year", "trial"}, optional
        Rates per year, or shares of trials.

    Returns
    -------
    pandas.DataFrame
        By ``id``: theme, title, unit, events, exposure, rate (per year, or the share) with its 90 % interval ``low`` to
        ``high`` from counting alone, spread between members (on the log-hazard scale), counted_from, counted_until,
        known_bias, near (the ids of the three nearest classes), published (a figure in print it was held against) and
        citation.

    Raises
    ------
    UsageError
        If there is no such theme or unit.

    Examples
    --------
    >>> import forecasting as fc
    >>> found = fc.classes("coup attempt succeeds", unit="trial")
    >>> float(found.loc["coup-succeeds-all", "rate"].round(2))
    0.5
    """
    themes = sorted({one.theme for one in library().values()})
    if theme and not any(known.startswith(theme) for known in themes):
        raise UsageError(f"no theme '{theme}'; {near(theme, themes, 'themes')}")
    if unit not in (None, "year", "trial"):
        raise UsageError(f"no unit {unit!r}; write 'year' or 'trial'")
    rows = []
    for one in search_classes(words, theme, unit):
        row = one.latest
        low, high = rate_interval(row)
        rows.append((
            one.id, one.theme, one.title, row.unit, row.events, row.exposure, row.events / row.exposure, low, high, row.spread,
            row.counted_from, row.counted_until, one.known_bias, " ".join(other.id for other in nearest(one.id)),
            one.published, row.citation,
        ))  # fmt: skip
    return pd.DataFrame(rows, columns=[
        "id", "theme", "title", "unit", "events", "exposure", "rate", "low", "high", "spread", "counted_from", "counted_until",
        "known_bias", "near", "published", "citation",
    ]).set_index("id")  # fmt: skip


def rate_interval(record: ReferenceClass, prob: float = 0.9) -> tuple[float, float]:
    """Return the equal-tailed interval of a class's own rate: what the count leaves open, not how its members differ.

    Quantiles of λ ~ Gamma(N + ½, E) for N events in E years, or of p ~ Beta(N + ½, n − N + ½) for N in n trials.

    Examples
    --------
    >>> from forecasting.dossier.library.records import library
    >>> low, high = rate_interval(library()["coup-succeeds-all"].latest)
    >>> f"{low:.2f} to {high:.2f}"
    '0.46 to 0.54'
    """
    first, second = class_shape(record)
    low, high = (
        gammaincinv(first, tail) / second if record.unit == "year" else betaincinv(first, second, tail)
        for tail in ((1 - prob) / 2, (1 + prob) / 2)
    )
    return float(low), float(high)
