"""What of an edition a notebook looks at: what an analyst names or a rule chooses; and why something is not shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from forecasting.arguments import DOSSIER, EDITION, FORECAST, ID, RUN, TEXT, WHOLE, many, takes
from forecasting.dossier.edition import Dossier, EditionDossier
from forecasting.dossier.questions import Question
from forecasting.dossier.resolution import History
from forecasting.errors import UsageError, near
from forecasting.forecasts import Forecast
from forecasting.models.named import model_title
from forecasting.report import context
from forecasting.report.formatting import NO_INTERVAL_NOTE, day, plain, weighs
from forecasting.runs.store import Run

NOTEBOOKS = {"balance": "08", "counts": "09"}  # which one shows what moves the answers of a model


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

    Chosen among yes/no questions about one event, which has a reference class and rivals to it; among all of a theme that has
    none of that kind. Of these, the one whose answer lies furthest from the base rate.

    Raises
    ------
    UsageError
        If the edition does not ask it, or has no such theme.

    Examples
    --------
    >>> closest(fc.open_run("2024-12-syria"), fc.load_dossier("priors")).question  # doctest: +SKIP
    'khmeimim-held-2025'
    """
    if question_id:
        return run.forecast(question_id)
    inside = of_theme(run, theme)
    found = [f for f in inside if dossier.questions[f.question].form.single()] or inside
    return max(found, key=lambda forecast: abs(forecast.headline.p - forecast.headline.base_p))


@takes(forecasts=many(FORECAST), dossier=DOSSIER, most=WHOLE)
def events_of(forecasts: Sequence[Forecast], dossier: Dossier, most: int = 100) -> list[str]:
    """Return the ids of the events that some forecasts are about, in order of appearance."""
    named = (event for forecast in forecasts for event in dossier.questions[forecast.question].events())
    return list(dict.fromkeys(named))[:most]


@takes(forecasts=many(FORECAST), edition=EDITION)
def happened_before(forecasts: Sequence[Forecast], edition: EditionDossier) -> list[str]:
    """Return the ids of the events that some forecasts are about and that had happened by the edition's as-of date."""
    history = History(edition.dossier, edition.as_of)
    return [name for name in events_of(forecasts, edition.dossier) if history.happened(name, edition.as_of).value]


@takes(forecasts=many(FORECAST), edition=EDITION, most=WHOLE)
def still_open(forecasts: Sequence[Forecast], edition: EditionDossier, most: int = 100) -> dict[str, str]:
    """Return the titles of the events that some forecasts are about and that had not happened by the as-of date, by their ids."""
    past = happened_before(forecasts, edition)
    left = [name for name in events_of(forecasts, edition.dossier) if name not in past]
    return {name: edition.dossier.events[name].title for name in left[:most]}


@takes(edition=EDITION, model=ID)
def of_model(edition: EditionDossier, model: str) -> tuple[Question, ...]:
    """Return what an edition asks of a model beside the event network, such as *balance* or *counts*.

    Raises
    ------
    UsageError
        If it asks nothing of it; the editions that do are named.

    Examples
    --------
    >>> of_model(fc.load_dossier("priors").edition("2020-11-karabakh"), "counts")  # doctest: +SKIP
    UsageError: edition 2020-11-karabakh asks nothing about counts; editions that do: 2024-12-syria, 2026-02-outlook
    """
    if asked := edition.further.get(model):
        return tuple(asked)
    others = [name for name in edition.dossier.editions if edition.dossier.edition(name).further.get(model)]
    do = f"editions that do: {', '.join(others)}" if others else "and neither does any other edition"
    raise UsageError(f"edition {edition.edition.id} asks nothing about {model}; {do}")


@takes(dossier=DOSSIER, forecasts=many(FORECAST))
def without_intervals(dossier: Dossier, forecasts: Sequence[Forecast]) -> tuple[Forecast, ...]:
    """Return the forecasts as reports show them: with no interval where each draw says yes or no (who is ahead, who has turned).

    `forecasting.report.context.without_intervals`; `no_interval` says why below a picture.
    """
    return context.without_intervals(dossier, tuple(forecasts))


@takes(run=RUN)
def themes(run: Run) -> str:
    """Return the themes of a run's questions, as they are written to choose one."""
    names = dict.fromkeys(forecast.theme for forecast in run.forecasts)
    return f"**Themes of this edition:** {'; '.join(f'`{name}`' for name in names)}."


@takes(forecasts=many(FORECAST))
def no_interval(forecasts: Sequence[Forecast]) -> str:
    """Return why some answers have no interval (`asked.without_intervals`); nothing where all have one."""
    return "" if all(weighs(o.low, o.high) for forecast in forecasts for o in forecast.outcomes) else NO_INTERVAL_NOTE


@takes(edition=EDITION, forecast=FORECAST)
def elsewhere(edition: EditionDossier, forecast: Forecast) -> str:
    """Return which model beside the event network answers a question, and which notebook shows it; nothing where none does."""
    for model, questions in edition.further.items():
        if forecast.question in {question.id for question in questions}:
            where = f"; notebook {NOTEBOOKS[model]} shows what moves it" if model in NOTEBOOKS else ""
            return (
                f"*Nothing to show here:* “{plain(forecast.title)}” is asked of the model “{model_title(model)}”, and not of the "
                f"network of events{where}."
            )
    return ""


@takes(forecasts=many(FORECAST), edition=EDITION)
def had_happened(forecasts: Sequence[Forecast], edition: EditionDossier) -> str:
    """Return which events of some questions had happened by the as-of date, and so have no curve; nothing where none had."""
    titles = [f"*{plain(edition.dossier.events[name].title)}*" for name in happened_before(forecasts, edition)]
    return f"Not drawn, for it had happened by {day(edition.as_of)}: {'; '.join(titles)}." if titles else ""


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
