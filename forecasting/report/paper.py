"""What a report shows on paper alone: the picture of all answers in parts that fit a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from forecasting.forecasts import Forecast
from forecasting.report.figures import questions_figure
from forecasting.report.svg import inline_svg

MOST = 10  # questions in one part: two parts fit a sheet


def paper_overview(forecasts: Sequence[Forecast]) -> tuple[Markup, ...]:
    """Return the picture of all yes/no questions in parts, one below the other; none where one picture is small enough.

    A theme stays together unless it alone is longer than a part.
    """
    asked = [forecast for forecast in forecasts if forecast.kind == "yes/no"]
    if len(asked) <= MOST:
        return ()
    return tuple(inline_svg(questions_figure(part), "paper") for part in parts(asked))


def parts(asked: Sequence[Forecast]) -> list[list[Forecast]]:
    """Return questions in parts of at most `MOST`, by theme, each theme's likeliest first."""
    made: list[list[Forecast]] = [[]]
    for theme in dict.fromkeys(forecast.theme for forecast in asked):
        inside = sorted((forecast for forecast in asked if forecast.theme == theme), key=lambda forecast: -forecast.headline.p)
        for piece in (inside[at : at + MOST] for at in range(0, len(inside), MOST)):
            if len(made[-1]) + len(piece) > MOST:
                made.append([])
            made[-1] += piece
    return [part for part in made if part]
