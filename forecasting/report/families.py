"""Questions that differ by their dates alone: they share one article, and its curve, claims and events."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.questions import Question
from forecasting.forecasts import Forecast
from forecasting.ledger.contracts import NO_CONTRACT
from forecasting.report.brief.choose import weights
from forecasting.report.names import question_name, undated

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Family:
    """Forecasts of one question at one or more dates, the earliest first.

    ``reach`` counts the other matters that hang on its events (`forecasting.report.brief.choose.weights`).
    """

    title: str
    theme: str
    forecasts: tuple[Forecast, ...]
    questions: tuple[Question, ...]
    reach: int = 0

    @property
    def last(self) -> Forecast:
        """The forecast with the latest deadline, which stands for the family where there is room for one."""
        return self.forecasts[-1]

    @property
    def name(self) -> str:
        """What it is called elsewhere."""
        return question_name(self.title)

    @property
    def anchor(self) -> str:
        """Where its article is."""
        return f"q-{self.last.question}"

    @property
    def openness(self) -> float:
        """p(1 − p) of the likeliest outcome on the last date: how much is open."""
        return self.last.headline.p * (1 - self.last.headline.p)


def dateless(question: Question) -> str:
    """Return a question's form and statement without its dates: equal for questions that differ by date alone."""
    stated = {name: _plain(getattr(question, name, None)) for name in (question.form.name, "void")}
    return DAY.sub("", json.dumps(stated, sort_keys=True))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude=set(NO_CONTRACT))  # of an index: not what it asks
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def families(edition: EditionDossier, forecasts: Iterable[Forecast]) -> tuple[Family, ...]:
    """Return the forecasts in families, the most important first.

    Importance is how much hangs on an answer: first the family on whose events most other matters hang
    (`forecasting.report.brief.choose.weights`); of those with as many, the one that is most open (p nearest to one half).
    """
    asked = {question.id: question for question in edition.asked}
    found: dict[tuple[str, str], list[Forecast]] = {}
    for forecast in forecasts:
        if forecast.question in asked:
            found.setdefault((dateless(asked[forecast.question]), forecast.theme), []).append(forecast)
    weight = weights(edition)
    made = []
    for group in found.values():
        ordered = tuple(sorted(group, key=lambda forecast: forecast.deadline))
        questions = tuple(asked[one.question] for one in ordered)
        reach = max(weight[question.id] for question in questions)
        made.append(Family(undated(ordered[-1].title), ordered[-1].theme, ordered, questions, reach))
    return tuple(sorted(made, key=lambda family: (-family.reach, -family.openness)))
