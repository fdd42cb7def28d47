"""A forecast as a notebook has it: the record, which shows itself as a table and draws itself."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from forecasting import forecasts
from forecasting.forecasts import error_points
from forecasting.lab.reprs import forecast_html
from forecasting.report.formatting import half_interval, interval, percent
from forecasting.shown.text import Entry, listing, shorten

if TYPE_CHECKING:
    from forecasting.report.canvas import Chart


class Forecast(forecasts.Forecast):
    """The answer to one question in one edition; `forecasting.forecasts.Forecast` with a table and a figure.

    Examples
    --------
    >>> run = fc.open_run("2024-12-syria")  # doctest: +SKIP
    >>> run.forecast("khmeimim-held-2025").plot()  # doctest: +SKIP
    """

    @classmethod
    def of(cls, forecast: forecasts.Forecast) -> Forecast:
        """Return a forecast that shows itself.

        Parameters
        ----------
        forecast : forecasting.forecasts.Forecast
            The record.

        Returns
        -------
        Forecast
            With the same fields.
        """
        return cls(**{field.name: getattr(forecast, field.name) for field in fields(forecast)})

    def __repr__(self) -> str:
        made = ", reconstructed" if self.reconstructed else ""
        head = f"{self.question}, as of {self.as_of}{made}, by {self.deadline}; {self.gate.words}"
        entries = [
            Entry(self.title, shorten(o.title, 33), (
                o.percent, half_interval(o), interval(o.low, o.high), o.words,
            ), f"base rate {percent(o.base_p)}, prior {percent(o.prior_p)}, Monte Carlo error {error_points(o.mcse)} points")
            for o in self.outcomes
        ]  # fmt: skip
        return f"{listing(('p', '50 %', '90 %', 'in words'), entries)}\n{shorten(head)}"

    def _repr_html_(self) -> str:
        return forecast_html(self)

    def plot(self) -> Chart:
        """Draw the question's outcomes as dots with their intervals.

        Returns
        -------
        Chart
            A matplotlib figure with its message in words (``alt``). *How to read it:* the dot is the probability, the thick
            line its 50 % and the thin one its 90 % interval.
        """
        from forecasting.report.figures import outcomes_figure

        return outcomes_figure([self])
