"""How cases become a count: events and exposure of a class up to a day, by one rule for every list of cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from forecasting.dossier.reference_classes import Case

DAYS_A_YEAR = 365.25


def watched(case: Case, until: dt.date, watched_years: float | None = None) -> tuple[int, float] | None:
    """Return whether a case had its event while it was watched, and for how many years it was; None if not at all.

    A case is watched from ``started_on`` until it ended, until the day of the count, or until ``watched_years`` are over,
    whichever comes first; what happens after that day does not count. One that starts on the day of the count or later is
    left out. An occasion (a case without ``started_on``) counts as one trial from the day on which it was settled.

    Parameters
    ----------
    case : Case
        One row of ``cases/<class>.csv``.
    until : date
        The day up to which the class is counted.
    watched_years : float, optional
        Length of the window, for classes about the first years after something.

    Examples
    --------
    >>> import datetime as dt
    >>> base = Case(case="a base", started_on=dt.date(2005, 1, 1), ended_on=dt.date(2007, 1, 1), happened=1)
    >>> [watched(base, dt.date(year, 1, 1)) for year in (2005, 2006, 2020)]
    [None, (0, 0.999315537303217), (1, 1.998631074606434)]
    """
    if case.started_on is None:
        return (case.happened, 1.0) if case.ended_on and case.ended_on <= until else None
    if case.started_on >= until:
        return None
    window = round(DAYS_A_YEAR * watched_years) if watched_years else (until - case.started_on).days
    stop = min(until, case.ended_on or until, case.started_on + dt.timedelta(days=window))
    happened = bool(case.happened and case.ended_on and case.ended_on <= stop)
    return int(happened), (stop - case.started_on).days / DAYS_A_YEAR


def count_cases(cases: Iterable[Case], until: dt.date, watched_years: float | None = None) -> tuple[int, float]:
    """Return (events, exposure) of a list of cases counted up to a day: years at risk, or the number of occasions.

    The same list, counted up to an earlier day, gives the row that an earlier edition may use.

    Examples
    --------
    >>> import datetime as dt
    >>> opened = dt.date(2000, 1, 1)
    >>> cases = [Case(case="closed", started_on=opened, ended_on=dt.date(2001, 1, 1), happened=1),
    ...          Case(case="still open", started_on=opened, happened=0)]
    >>> counted = [count_cases(cases, dt.date(year, 1, 1), watched_years=5) for year in (2001, 2020)]
    >>> [(events, round(years, 3)) for events, years in counted]
    [(1, 2.004), (1, 6.001)]
    """
    found = [one for case in cases if (one := watched(case, until, watched_years))]
    return sum(happened for happened, _ in found), float(sum(years for _, years in found))
