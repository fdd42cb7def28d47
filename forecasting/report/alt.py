"""What each picture says, in words: the message first, then the numbers that carry it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pandas as pd

from forecasting.forecasts import Forecast
from forecasting.report.formatting import day, half_interval, interval, percent, visible


def questions_alt(forecasts: Sequence[Forecast]) -> str:
    """Return the message of `forecasting.report.figures.questions_figure`.

    Examples
    --------
    >>> questions_alt([])
    'No yes/no question.'
    """
    if not forecasts:
        return "No yes/no question."
    ranked = sorted(forecasts, key=lambda forecast: -forecast.headline.p)
    above = sum(forecast.headline.p > 0.5 for forecast in ranked)
    found = f"{len(ranked)} yes/no questions with 90 % intervals and base rates; {above} of them lie above one half"
    ends = f"Highest: {_quoted(ranked[0])}. Lowest: {_quoted(ranked[-1])}"
    return visible(f"{_warning(forecasts)}Probabilities of {found}. {ends}. The table gives every number.")


def _warning(forecasts: Sequence[Forecast]) -> str:
    """Return what the gate found of numbers that did not pass it, once each."""
    return "".join(f"{words}. " for words in dict.fromkeys(forecast.gate.warning for forecast in forecasts) if words)


def _quoted(forecast: Forecast) -> str:
    return f"“{forecast.title}” {forecast.headline.percent}"


def outcomes_alt(forecasts: Sequence[Forecast]) -> str:
    """Return the message of `forecasting.report.figures.outcomes_figure`."""
    return _warning(forecasts) + " ".join(_outcomes(forecast) for forecast in forecasts) or "No question."


def _outcomes(forecast: Forecast) -> str:
    if forecast.kind != "yes/no":
        return scenario_alt(forecast)
    o = forecast.headline
    half, spread, base = half_interval(o), interval(o.low, o.high), percent(o.base_p)
    return visible(f"{forecast.title} {o.percent}, 50 % interval {half}, 90 % interval {spread}, base rate {base}.")


def scenario_alt(forecast: Forecast) -> str:
    """Return the message of `forecasting.report.figures.scenario_figure`."""
    ranked = sorted(forecast.outcomes, key=lambda outcome: -outcome.p)
    listed = "; ".join(f"{o.title}, {o.percent} (base rate {percent(o.base_p)})" for o in ranked)
    return visible(f"{forecast.title}, from the likeliest to the least likely: {listed}.")


def layers_alt(quantiles: Sequence[Mapping]) -> str:
    """Return the message of `forecasting.report.figures.layers_figure`.

    Examples
    --------
    >>> layers_alt([{"layer": "base", "mean": 0.3, "q05": 0.1, "q95": 0.6}])
    'Base rate 30 % (90 % interval 10–60 %).'
    """
    names = {"base": "base rate", "prior": "prior with claims", "posterior": "posterior with dated events"}
    found = {row["layer"]: row for row in quantiles}
    parts = [
        f"{name} {percent(float(found[layer]['mean']))} "
        f"(90 % interval {interval(float(found[layer]['q05']), float(found[layer]['q95']))})"
        for layer, name in names.items()
        if layer in found
    ]
    text = ", ".join(parts) + "."
    return text[:1].upper() + text[1:]


def curve_alt(curves: pd.DataFrame, deadline: dt.date, titles: Mapping[str, str]) -> str:
    """Return the message of `forecasting.report.curves.curve_figure`."""
    parts = []
    for event, title in titles.items():
        rows = curves[(curves["event"] == event) & (curves["date"] <= deadline)]
        last = {layer: rows[rows["layer"] == layer].iloc[-1] for layer in dict.fromkeys(rows["layer"])}
        if "posterior" in last:
            now = last["posterior"]
            base = f", against {percent(last['base']['p'])} from the base rate alone" if "base" in last else ""
            spread = f"90 % interval {interval(now['low'], now['high'])}"
            parts.append(f"“{title}” by {day(deadline)}: {percent(now['p'])}, {spread}{base}.")
    return visible("Chance over time that it has happened. " + " ".join(parts))
