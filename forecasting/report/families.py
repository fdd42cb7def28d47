"""Questions that differ by their dates alone: they share one article, and its curve, claims and events."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.graph import downstream
from forecasting.dossier.questions import Question
from forecasting.forecasts import Forecast
from forecasting.report.names import question_name, undated

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Family:
    """Forecasts of one question at one or more dates, the earliest first.

    ``reach`` counts the other families with an event on which this one's events act, directly or through others.
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
        return value.model_dump(mode="json", by_alias=True)
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def families(edition: EditionDossier, forecasts: Iterable[Forecast]) -> tuple[Family, ...]:
    """Return the forecasts in families, the most important first.

    Importance is how much hangs on an answer: first the family whose events act on most other answers, through effects; of
    those with as many, the one that is most open (p nearest to one half). It is a rule over records, and nobody's taste.
    """
    asked = {question.id: question for question in edition.asked}
    found: dict[tuple[str, str], list[Forecast]] = {}
    for forecast in forecasts:
        if forecast.question in asked:
            found.setdefault((dateless(asked[forecast.question]), forecast.theme), []).append(forecast)
    groups = [sorted(group, key=lambda forecast: forecast.deadline) for group in found.values()]
    named = {id(group): {name for one in group for name in asked[one.question].events()} for group in groups}
    made = []
    for group in groups:
        own = named[id(group)]
        acted_on = downstream(edition.effects, own) - own
        reach = sum(bool(acted_on & named[id(other)]) and other is not group for other in groups)
        last = group[-1]
        questions = tuple(asked[one.question] for one in group)
        made.append(Family(undated(last.title), last.theme, tuple(group), questions, reach))
    return tuple(sorted(made, key=lambda family: (-family.reach, -family.openness)))
