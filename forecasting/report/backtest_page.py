"""The page of a backtest: scores by variant, a curve for each question, and what was not scored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from forecasting.backtest.points import Point
from forecasting.backtest.scores import Came
from forecasting.backtest.variants import ALL_EVIDENCE
from forecasting.dossier.edition import Dossier
from forecasting.files import write_file
from forecasting.report.backtest import curve_of, outcome_names
from forecasting.report.formatting import visible
from forecasting.report.render import environment

PAGE = "backtest.html"


@dataclass(frozen=True)
class Curve:
    """What the page shows of one question; ``score`` is its row of the scores, or None."""

    id: str
    title: str
    came: Came | None
    outcome: str
    score: Mapping[str, Any] | None
    svg: Markup


def page(
    points: Sequence[Point], dossier: Dossier, came: Mapping[str, Came], per_question: pd.DataFrame, per_variant: pd.DataFrame
) -> str:
    """Return the page of a backtest as HTML: one file, no script, no network, every text escaped.

    Parameters
    ----------
    points : sequence of Point
        Of one edition, one or more variants.
    came : mapping
        Outcomes that are known, by question.
    per_question, per_variant : DataFrame
        From `forecasting.backtest.scores`.
    """
    edition = dossier.editions[points[0].edition]
    order = sorted({point.variant for point in points}, key=lambda name: (name != ALL_EVIDENCE, name))
    own = [point for point in points if point.variant == order[0]]
    scored = per_question[per_question["variant"] == order[0]].set_index("question").to_dict("index")
    answered = [name for name in edition.questions if any(name in point.answers for point in own)]
    curves = [_curve(name, own, dossier, came.get(name), scored.get(name)) for name in answered]
    days = sorted({point.as_of for point in points})
    problems = [point for point in points if not point.scored]
    return environment().get_template("backtest.html.j2").render(
        edition=edition, first=days[0], last=days[-1], n_refits=len(points), n_days=len(days), n_blocked=len(problems),
        variants=per_variant.to_dict("records"), curves=curves, problems=problems, curves_of=f"Curves of the variant {order[0]}",
    )  # fmt: skip


def _curve(
    name: str, points: Sequence[Point], dossier: Dossier, came: Came | None, score: Mapping[str, Any] | None
) -> Curve:
    question = dossier.questions[name]
    _, svg = curve_of(points, question, dossier, came)
    outcome = outcome_names(question, dossier).get(came.outcome, came.outcome) if came else ""
    return Curve(name, question.title, came, visible(outcome), score, svg)


def write_page(folder: Path, text: str) -> Path:
    """Write the page into the folder of an edition's backtests and return its path."""
    path = folder / PAGE
    write_file(path, text)
    return path
