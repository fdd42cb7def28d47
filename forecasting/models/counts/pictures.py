"""The fan of every series: paths summed up by quantiles, published counts, the levels that are asked about."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from forecasting.dossier.counts import Count, Series
from forecasting.models.base import BAND_COLUMNS, POINT_COLUMNS
from forecasting.models.counts.inputs import CountInputs
from forecasting.models.counts.paths import CountPaths
from forecasting.models.counts.readings import after, known_counts, years

FIVE = (0.05, 0.25, 0.5, 0.75, 0.95)


def bands_of(paths: CountPaths, inputs: CountInputs) -> pd.DataFrame:
    """Return quantiles over all draws and paths: of predictions, so what is not known and what could happen together."""
    rows = []
    for name, own in paths.series.items():
        series = inputs.designs[name].series
        unit = f"{series.unit} per year" if series.kind == "volume" else series.unit
        found = np.quantile(own.values.reshape(-1, own.values.shape[2]), FIVE, axis=0)
        rows += [(name, series.title, unit, day, *map(float, found[:, i])) for i, day in enumerate(own.days)]
    return pd.DataFrame(rows, columns=list(BAND_COLUMNS))


def points_of(inputs: CountInputs) -> pd.DataFrame:
    """Return a row per count and claim that was read, per level that is asked about, and per known change of regime."""
    read = {reading.id: reading for reading in inputs.readings}
    rows: list[tuple] = []
    for count in known_counts(inputs.case, inputs.without):
        if count.id in read:
            series = inputs.designs[count.series].series
            rows.append((series.id, count.id, *_place(series, count), count_words(series, count), "observed"))
    for claim in inputs.case.claims:
        if claim.id in read and claim.value is not None:
            reading = read[claim.id]
            series = inputs.designs[reading.series].series
            words = f"{claim.value:,g} {claim.unit} as of {claim.made_on}, in a claim: {claim.paraphrase}"
            rows.append((series.id, claim.id, claim.made_on, float(np.exp(reading.log_level)), words, "observed"))
    for question in inputs.case.further.get("counts", ()):
        form = question.form
        series = inputs.designs[form.subjects()[0]].series
        for value in form.values():
            words = f"{value:,.10g} {series.unit} by {question.deadline}"
            rows.append((series.id, "", question.deadline, value, words, "level"))
    for design in inputs.designs.values():
        for shift in design.series.shifts:
            if shift.on and (shift.known_on or shift.on) <= inputs.case.as_of:
                around = shift.becomes or shift.times
                words = f"from here on another level: {around.why}" if around else ""
                rows.append((design.series.id, "", shift.on, float("nan"), words, "day"))
    return pd.DataFrame(rows, columns=list(POINT_COLUMNS))


def _place(series: Series, count: Count) -> tuple[dt.date, float]:
    """Return where a count is drawn: a stock or total on its day, a volume as a yearly rate in the middle of its period.

    A sum since another day than that of the total is no point of it.
    """
    if series.kind == "total" and count.since != series.total_since:
        return count.until, float("nan")
    if series.kind != "volume" or count.since is None:
        return count.until, count.value
    return count.since + (count.until - count.since) / 2, count.value / years(count.since, after(count.until))


def count_words(series: Series, count: Count) -> str:
    """Return a count in words: how many, when, who counted, where it is published."""
    when = f"from {count.since} to {count.until}" if count.since else f"on {count.until}"
    value = f"{count.value:,.10g}"
    return f"{series.title}: {value} {series.unit} {when}, counted by {count.counted_by.replace('-', ' ')} ({count.source})"
