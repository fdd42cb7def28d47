"""Times in words, whatever the language of the machine: names of months, and spans in the unit in which they are read."""

from __future__ import annotations

from forecasting.arguments import NUMBER, takes

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
LEAST_IN_MONTHS, LEAST_IN_YEARS = 2 / 12, 23.5 / 24  # of a year: a shorter time is said in days, or in months
SPANS = {3: "three months", 6: "half a year"}


@takes(years=NUMBER)
def time_words(years: float) -> str:
    """Return a span of time in the unit in which it is read: days, months or years.

    Examples
    --------
    >>> time_words(0.02), time_words(0.25), time_words(0.75), time_words(1.0), time_words(2.5)
    ('7 days', 'three months', '9 months', 'a year', '2.5 years')
    """
    if years < LEAST_IN_MONTHS:
        days = max(round(365.25 * years), 1)
        return "a day" if days == 1 else f"{days} days"
    months = round(12 * years)
    if years < LEAST_IN_YEARS:
        return SPANS.get(months, f"{months} months")
    return "a year" if years == 1 else f"{years:.2g} years"
