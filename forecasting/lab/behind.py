"""What stands behind one answer, ready to draw: the claims that moved it, and what rival reference classes would give."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from forecasting.dossier.edition import Dossier
from forecasting.dossier.status import years_between
from forecasting.elicitation.base_rates import base_rate
from forecasting.errors import UsageError
from forecasting.lab.probability_lines import Move, Moves, Rival
from forecasting.report.said import class_name
from forecasting.runs.store import Run


def top_influence(run: Run, question_id: str, outcome: str = "yes", most: int = 8) -> pd.DataFrame:
    """Return the rows of a run's influence table for one outcome, the largest change first."""
    table = run.influence
    rows = table[(table["question"] == question_id) & (table["outcome"] == outcome)]
    return rows.reindex(rows["change"].abs().sort_values(ascending=False).index).head(most)


def moves_of(run: Run, dossier: Dossier, question_id: str, outcome: str = "yes", most: int = 6) -> Moves:
    """Return the claims that moved an outcome most: in our words, with speaker, grades and place, and the points added."""
    moves = Moves(warning=run.mark.warning)
    for row in top_influence(run, question_id, outcome, most).itertuples():
        claim = dossier.claims[row.claim]
        grades = f"grade {claim.reliability}{claim.credibility}"
        note = f"{claim.id}, {claim.speaker}, {grades}, {claim.source}, paragraph {claim.anchor.paragraph}"
        moves.append(Move(claim.paraphrase, note, row.change, run.mark.warning))
    return moves


def rivals_of(run: Run, dossier: Dossier, question_id: str) -> list[Rival]:
    """Return what each reference class gives for the one event of a yes/no question, lowest class first.

    Both numbers are the probability that the *event* happens between the as-of date and the deadline, whichever way the
    question asks: ``base_p`` from the class alone, ``p`` with all claims and history.

    Raises
    ------
    UsageError
        If the question is not about a single event, which is then named by the events it is about.
    """
    question = dossier.questions[question_id]
    single = question.form.single()
    if single is None:
        raise UsageError(
            f"question '{question_id}' is not about one event but about {', '.join(question.events())}; ask about one of them"
        )
    event, _, occurs = single
    years = years_between(dossier.editions[run.manifest.edition].as_of, question.deadline)
    rows = run.classes[(run.classes["event"] == event) & (run.classes["question"] == question_id)]
    found = [
        _rival(dossier, row.reference_class, dossier.events[event].bound(row.reference_class), bool(row.chosen), years,
               row.p if occurs else 1 - row.p)
        for row in rows.itertuples()
    ]  # fmt: skip
    return sorted((replace(one, warning=run.mark.warning) for one in found), key=lambda rival: rival.base_p)


def _rival(dossier: Dossier, class_id: str, bound: str, chosen: bool, years: float, p: float) -> Rival:
    record = dossier.reference_classes[class_id]
    rate, span = base_rate(record, dossier.relatives(class_id)), years if record.unit == "year" else 1.0
    low, high = rate.interval(span)
    note = f"{record.events:g} in {record.exposure:g} {record.unit}s, {record.period}"
    note += f", a {bound}" if bound else ""
    return Rival(class_name(class_id), note, chosen, rate.probability(span), low, high, p, bound)
