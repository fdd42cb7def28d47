"""Which questions a brief speaks of: the ones that its edition names, else those that most others hang on, theme by theme.

The rule, where an edition has no ``key_questions``:

1. A question that is settled is left out, and of those that differ by their date alone the latest is kept.
2. Yes/no questions come before sets of outcomes, whose answers do not fit one sentence as well.
3. The more other questions hang on what a question is about (`weight`), the earlier it comes; then as the edition lists them.
4. Each theme has its first question before any has its second.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import zip_longest

from forecasting.dossier.edition import MOST_KEY, EditionDossier
from forecasting.forecasts import Forecast
from forecasting.trace.questions import behind

MOST_ROWS = 8


def weights(edition: EditionDossier) -> dict[str, int]:
    """Return for each question on how many other matters its events bear: sets of events that depend on them, by name or effect.

    *How to read it:* a decision behind two bases and a posture weighs more than either of the three. Questions that another
    model answers than the event network weigh nothing: nothing in the network hangs on them.
    """
    needs = {question.id: frozenset(behind(edition, question)) for question in edition.questions}
    own = {question.id: frozenset(question.events()) for question in edition.questions}
    weight = dict.fromkeys((question.id for question in edition.asked), 0)
    for name, events in own.items():
        weight[name] = len({own[other] for other, behind_it in needs.items() if events <= behind_it} - {events})
    return weight


def key_forecasts(edition: EditionDossier, forecasts: Iterable[Forecast], most: int = MOST_KEY) -> tuple[Forecast, ...]:
    """Return the forecasts of the key judgements: those that the edition names, else up to ``most`` by the module's rule."""
    found = {forecast.question: forecast for forecast in forecasts}
    if named := edition.edition.key_questions:
        return tuple(found[name] for name in named if name in found)
    return tuple(_ranked(edition, found.values())[:most])


def row_forecasts(
    edition: EditionDossier, forecasts: Iterable[Forecast], key: Iterable[Forecast], most: int = MOST_ROWS
) -> tuple[Forecast, ...]:
    """Return the forecasts of the brief's table: the next by the same rule, about something else than the key judgements."""
    said = {_subject(edition, forecast) for forecast in key}
    ranked = _ranked(edition, forecasts)
    return tuple(forecast for forecast in ranked if _subject(edition, forecast) not in said)[:most]


def nearest_of(
    edition: EditionDossier, forecasts: Iterable[Forecast], forecast: Forecast, key: Iterable[Forecast]
) -> Forecast | None:
    """Return the forecast of the nearest date on which the same yes/no question is asked and open, unless it is this or said."""
    said = {one.question for one in key}
    same = [
        one for one in forecasts
        if one.kind == "yes/no" == forecast.kind and one.deadline < forecast.deadline and one.headline.mcse > 0
        and one.question not in said and _subject(edition, one) == _subject(edition, forecast)
    ]  # fmt: skip
    return min(same, key=lambda one: one.deadline, default=None)


def _ranked(edition: EditionDossier, forecasts: Iterable[Forecast]) -> list[Forecast]:
    """Return open forecasts, one for each subject, each theme's first before any theme's second."""
    everything = list(forecasts)
    open_ = [forecast for forecast in everything if any(0 < one.p < 1 and one.mcse > 0 for one in forecast.outcomes)]
    latest: dict[Hashable, Forecast] = {}
    for forecast in open_ or everything:
        subject = _subject(edition, forecast)
        if subject not in latest or forecast.deadline > latest[subject].deadline:
            latest[subject] = forecast
    weight, place = weights(edition), {name: i for i, name in enumerate(edition.edition.questions)}
    order = sorted(
        latest.values(),
        key=lambda forecast: (forecast.kind != "yes/no", -weight[forecast.question], place[forecast.question]),
    )
    themes: dict[str, list[Forecast]] = {}
    for forecast in order:
        themes.setdefault(forecast.theme, []).append(forecast)
    return list(_in_turn(themes.values()))


def _in_turn(groups: Iterable[list[Forecast]]) -> Iterator[Forecast]:
    for layer in zip_longest(*groups):
        yield from (forecast for forecast in layer if forecast)


def _subject(edition: EditionDossier, forecast: Forecast) -> Hashable:
    return edition.dossier.questions[forecast.question].subject
