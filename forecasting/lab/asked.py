"""What of an edition a notebook looks at: what an analyst names, or what a rule chooses where nothing is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from forecasting.arguments import DOSSIER, FORECAST, ID, RUN, TEXT, WHOLE, many, takes
from forecasting.dossier.edition import Dossier
from forecasting.dossier.messages import near
from forecasting.errors import UsageError
from forecasting.forecasts import Forecast
from forecasting.runs.store import Run


@takes(run=RUN, theme=TEXT)
def of_theme(run: Run, theme: str = "") -> list[Forecast]:
    """Return the forecasts of one theme of a run, in the edition's order; of the first question's theme where none is named.

    Raises
    ------
    UsageError
        If the edition has no such theme; those that it has are named.

    Examples
    --------
    >>> of_theme(fc.open_run("2024-12-syria"), "Gas")  # doctest: +SKIP
    """
    themes = list(dict.fromkeys(forecast.theme for forecast in run.forecasts))
    wanted = theme or themes[0]
    if wanted not in themes:
        raise UsageError(f"edition {run.manifest.edition} has no theme '{theme}'; {near(theme, themes, 'its themes')}")
    return [forecast for forecast in run.forecasts if forecast.theme == wanted]


@takes(forecasts=many(FORECAST), dossier=DOSSIER)
def once(forecasts: Sequence[Forecast], dossier: Dossier) -> list[Forecast]:
    """Return the forecasts without those that differ from another by their date alone: of these, the latest stays."""
    latest: dict[object, Forecast] = {}
    for forecast in forecasts:
        form = dossier.questions[forecast.question].form
        same = (form.name, form.events() or forecast.question)
        if same not in latest or forecast.deadline > latest[same].deadline:
            latest[same] = forecast
    return list(latest.values())


@takes(run=RUN, dossier=DOSSIER, theme=TEXT, question_id=TEXT)
def closest(run: Run, dossier: Dossier, theme: str = "", question_id: str = "") -> Forecast:
    """Return the forecast to look at closely: the one that is named, or of a theme the one that the evidence moved furthest.

    Chosen among yes/no questions about one event, which has a reference class and rivals to it; the one whose answer lies
    furthest from the base rate.

    Raises
    ------
    UsageError
        If the edition does not ask it, or the theme has no such question.

    Examples
    --------
    >>> closest(fc.open_run("2024-12-syria"), fc.load_dossier("priors")).question  # doctest: +SKIP
    'khmeimim-held-2025'
    """
    if question_id:
        return run.forecast(question_id)
    found = [f for f in of_theme(run, theme) if dossier.questions[f.question].form.single()]
    if not found:
        name = theme or run.forecasts[0].theme
        raise UsageError(f"no question of the theme '{name}' is about one event; write another theme, or the id of a question")
    return max(found, key=lambda forecast: abs(forecast.headline.p - forecast.headline.base_p))


@takes(forecasts=many(FORECAST), dossier=DOSSIER, most=WHOLE)
def events_of(forecasts: Sequence[Forecast], dossier: Dossier, most: int = 100) -> list[str]:
    """Return the ids of the events that some forecasts are about, in order of appearance."""
    named = (event for forecast in forecasts for event in dossier.questions[forecast.question].events())
    return list(dict.fromkeys(named))[:most]


@takes(dossier=DOSSIER, edition_id=ID)
def last_day(dossier: Dossier, edition_id: str) -> dt.date:
    """Return the as-of date of the newest edition: the day up to which the records tell what followed an edition."""
    return max(dossier.edition(edition_id).as_of, *(edition.as_of for edition in dossier.editions.values()))


@takes(run=RUN, dossier=DOSSIER, question_id=ID)
def judgement(run: Run, dossier: Dossier, question_id: str) -> str:
    """Return the id of the judgement that moves a question most; of any claim of that kind in the run where none moves it.

    Raises
    ------
    UsageError
        If no judgement moves any question of the run.
    """
    rows = run.influence[[dossier.claims[name].kind == "judgement" for name in run.influence["claim"]]]
    rows = rows.assign(size=rows["change"].abs(), own=rows["question"] == question_id).dropna(subset=["size"])
    if rows.empty:
        raise UsageError(f"no judgement moves an answer of {run.manifest.edition}; name another edition")
    return str(rows.sort_values(["own", "size"], ascending=False)["claim"].iloc[0])


@takes(forecast=FORECAST)
def half_way(forecast: Forecast) -> dt.date:
    """Return the day half-way between the as-of date and the deadline of a forecast."""
    return forecast.as_of + (forecast.deadline - forecast.as_of) / 2
