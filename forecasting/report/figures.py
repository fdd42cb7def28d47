"""The pictures of a forecast, for reports and notebooks; every figure carries its message in words, as ``alt``.

Posterior is blue, prior orange and base rate grey on all of them. Widths are in pixels; below 600 the dot-and-interval
pictures are laid out for a phone. ``forecasting.report.alt`` has the messages as functions of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from forecasting.forecasts import Forecast
from forecasting.report.alt import curve_alt, layers_alt, outcomes_alt, questions_alt, scenario_alt
from forecasting.report.canvas import (
    BAND,
    BASE,
    MUTED,
    PAPER,
    POSTERIOR,
    POSTERIOR_PALE,
    PRIOR,
    RULE,
    Canvas,
    Chart,
    drawing,
    wrap,
)
from forecasting.report.curves import curve_figure
from forecasting.report.dots import ROW_LINE, Row, draw_rows
from forecasting.report.formatting import percent

__all__ = [
    "curve_alt",
    "curve_figure",
    "layers_alt",
    "layers_figure",
    "outcomes_alt",
    "outcomes_figure",
    "questions_alt",
    "questions_figure",
    "scenario_alt",
    "scenario_figure",
]

WIDE, NARROW = 880.0, 420.0
LAYERS = (
    ("posterior", POSTERIOR, "Posterior", "+ dated events"),
    ("prior", PRIOR, "Prior", "+ claims"),
    ("base", BASE, "Base rate", "counted cases"),
)


def questions_figure(forecasts: Sequence[Forecast], width: float = WIDE) -> Chart:
    """Draw every yes/no question as a dot with its 90 % interval, by theme and falling probability.

    Parameters
    ----------
    forecasts : sequence of Forecast
        Those of other kinds than yes/no are left out.
    width : float, default 880
        Pixels.

    Returns
    -------
    Chart
        The dot is the probability, the bars its 50 and 90 % intervals (how precise the number is), the hollow tick the base rate
        alone. Bands behind are those of the standard in whose words they are said.
    """
    asked = [forecast for forecast in forecasts if forecast.kind == "yes/no"]
    rows = _warnings(asked)
    for theme in dict.fromkeys(forecast.theme for forecast in asked):
        inside = [forecast for forecast in asked if forecast.theme == theme]
        rows += [Row(theme)] if theme else []
        rows += [Row(f.title, f.headline) for f in sorted(inside, key=lambda f: -f.headline.p)]
    return draw_rows(rows, width, questions_alt(asked))


def outcomes_figure(forecasts: Sequence[Forecast], width: float = WIDE) -> Chart:
    """Draw every outcome of some questions as a dot with its 90 % interval.

    Parameters
    ----------
    forecasts : sequence of Forecast
    width : float, default 880
        Pixels.

    Returns
    -------
    Chart
        Read as `questions_figure`.
    """
    rows = _warnings(forecasts)
    for forecast in forecasts:
        if forecast.kind == "yes/no":
            rows.append(Row(forecast.title, forecast.headline))
        else:
            rows += [Row(forecast.title), *(Row(outcome.title, outcome) for outcome in forecast.outcomes)]
    return draw_rows(rows, width, outcomes_alt(forecasts))


def _warnings(forecasts: Sequence[Forecast]) -> list[Row]:
    """Return headings that say which numbers did not pass the gate."""
    return [Row(words) for words in dict.fromkeys(forecast.gate.warning for forecast in forecasts) if words]


def layers_figure(quantiles: Sequence[dict], width: float = NARROW) -> Chart:
    """Draw base rate, prior and posterior of one outcome as quantile bars, one below the other.

    Parameters
    ----------
    quantiles : sequence of mappings
        Rows of a run's ``layers`` table for one outcome: layer, mean, q05, q25, q50, q75, q95.
    width : float, default 420
        Pixels.

    Returns
    -------
    Chart
        The thin bar holds 90 % and the thick one 50 % of the probabilities that fit the evidence of that layer; the dot
        is their mean.
    """
    return layers_picture(quantiles, width)


def layers_picture(quantiles: Sequence[dict], width: float = NARROW, *, legend: bool = True) -> Chart:
    """Draw `layers_figure`, or without its heading and what each layer adds where the page says that once for all."""
    found = {row["layer"]: row for row in quantiles}
    layers = [layer for layer in reversed(LAYERS) if layer[0] in found]
    left, right, top, row_height = 102.0, width - 52.0, 20.0, 42.0
    with drawing():
        bottom = top + row_height * len(layers)
        canvas = Canvas(width, bottom + 20)
        if legend:
            canvas.text(0, 12, "The answer, as evidence is added", bold=True)
        for tick in (0, 0.25, 0.5, 0.75, 1) if legend else (0, 0.5, 1):
            x = left + tick * (right - left)
            canvas.line([x, x], [top, bottom], RULE, 0.8)
            canvas.text(x, bottom + 14, f"{100 * tick:.0f} %", size=10.5, color=MUTED, ha="center")
        for i, (layer, color, name, what) in enumerate(layers):
            y = top + row_height * (i + 0.5)
            canvas.text(0, y - 2, name, color=color, bold=True)
            if legend:
                canvas.text(0, y + 12, what, size=10.5, color=MUTED)
            at = {key: left + float(found[layer][key]) * (right - left) for key in ("q05", "q25", "q75", "q95", "mean")}
            canvas.line([at["q05"], max(at["q95"], at["q05"] + 1)], [y, y], color, 1.6)
            canvas.line([at["q25"], max(at["q75"], at["q25"] + 1)], [y, y], color, 6)
            canvas.dot(at["mean"], y, color, 5.5)
            canvas.text(width, y + 4, percent(float(found[layer]["mean"])), color=color, bold=True, ha="right")
    canvas.figure.alt = layers_alt(quantiles)
    return canvas.figure


def scenario_figure(forecast: Forecast, width: float = NARROW) -> Chart:
    """Draw the outcomes of a scenario set, or of stages, as bars that together make 100 %.

    Parameters
    ----------
    forecast : Forecast
    width : float, default 420
        Pixels.

    Returns
    -------
    Chart
        The bar is the probability, the thin line its 90 % interval, the hollow tick the base rate alone.
    """
    labels = [wrap(outcome.title, width - 8, 12) for outcome in forecast.outcomes]
    heights = [ROW_LINE * len(lines) + 38 for lines in labels]
    left, scale = 3.0, width - 55.0
    warning = wrap(forecast.gate.warning, width - 8, 12) if forecast.gate.warning else []
    with drawing():
        y = ROW_LINE * len(warning)
        canvas = Canvas(width, y + sum(heights) + 4)
        canvas.lines(left, 11, warning)
        for outcome, lines, height in zip(forecast.outcomes, labels, heights, strict=True):
            canvas.lines(left, y + 13, lines)
            middle = y + ROW_LINE * len(lines) + 16
            canvas.box(left, middle - 8, scale, 16, BAND)
            canvas.box(left, middle - 8, max(outcome.p * scale, 1), 16, POSTERIOR_PALE)
            ends = [left + outcome.low * scale, left + max(outcome.high, outcome.low + 0.002) * scale]
            canvas.line(ends, [middle] * 2, POSTERIOR, 1.8)
            canvas.box(left + outcome.base_p * scale - 2, middle - 10, 4, 20, PAPER, BASE)
            canvas.text(width, middle + 5, outcome.percent, bold=True, color=POSTERIOR, ha="right", size=13)
            y += height
    canvas.figure.alt = f"{forecast.gate.warning}. {scenario_alt(forecast)}" if warning else scenario_alt(forecast)
    return canvas.figure
