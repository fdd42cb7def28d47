"""What answers are called: the title of a question, and of an outcome where the question has several."""

from __future__ import annotations

from collections.abc import Mapping

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.questions import Question

NOTHING = {"stages": "none of the steps", "first": "none of them"}  # what the outcome *none* of a form is called


def outcome_title(edition: EditionDossier, question: Question, outcome: str) -> str:
    """Return what an outcome is called: the title of its event, or the one that the question gives it."""
    if outcome == "none" and question.form.kind in NOTHING:
        return NOTHING[question.form.kind]
    if event := edition.dossier.events.get(outcome):
        return question.form.called(outcome, event.title)
    return question.form.titles().get(outcome) or outcome


def questions_by_id(edition: EditionDossier) -> Mapping[str, Question]:
    """Return all questions of an edition by id, whichever model answers them."""
    return {question.id: question for question in edition.asked}
