"""What is decided of a question before anything is forecast: by the history, by effects, by logic; every form, worked by hand."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from toy import EDITION, toy_dossier

from forecasting.dossier.decided import Decided, decided, excluded
from forecasting.dossier.edition import Dossier
from forecasting.dossier.events import HistoryRow
from forecasting.dossier.questions import Question

BY, AT = "2025-12-31", {"at": "2025-12-31"}
PACT, TOLL, FERRY, QUAY = "pact-signed", "toll-raised", "ferry-runs", "quay-closed"


def happened(*events: str) -> Dossier:
    """Return the small dossier in which some events have happened, and the ones that were known to survive have not."""
    said = {"on": "2024-06-30", "what": "occurred", "source": "A wire", "status": "confirmed"}
    rows = [HistoryRow.model_validate({"event": event, **said}) for event in events]
    kept = [row for row in toy_dossier().history if row.event not in events]
    return replace(toy_dossier(), history=(*kept, *rows))


def ask(dossier: Dossier, **form: Any) -> Decided:
    return decided(dossier, dossier.editions[EDITION], Question.model_validate({"id": "q", "title": "A question", **form}))


def occurs(event: str, by: str = BY) -> dict[str, Any]:
    return {"occurs": event, "by": by}


def holds(event: str, until: str = BY) -> dict[str, Any]:
    return {"holds": event, "until": until}


SETTLED = {
    "any of, one has": ({"asks": {"any_of": (occurs(PACT), occurs(TOLL))}}, "yes"),
    "all of, one cannot": ({"asks": {"all_of": (holds(PACT), occurs(TOLL))}}, "no"),
    "none of, one has": ({"asks": {"none_of": (occurs(PACT), occurs(TOLL))}}, "no"),
    "first of": ({"first_of": (PACT, TOLL), **AT}, PACT),
    "stages, the last has": ({"stages": (TOLL, PACT), **AT}, PACT),
    "scenarios": (
        {"scenarios": ({"id": "pact", "title": "The pact is signed", "any_of": ({"occurs": PACT},)},
                       {"id": "rest", "title": "No pact", "other": True}), **AT}, "pact"),
    "before": ({"asks": {"before": (PACT, TOLL), "by": BY}}, "yes"),
    "void": ({"asks": occurs(TOLL), "void": occurs(PACT)}, "void"),
}  # fmt: skip


@pytest.mark.parametrize(("form", "answer"), SETTLED.values(), ids=SETTLED.keys())
def test_what_has_happened_settles_questions_of_every_form(form: dict[str, Any], answer: str) -> None:
    got = ask(happened(PACT), **form)
    assert (got.answer, got.why.split(", ")[0]) == (answer, "pact-signed happened on 2024-06-30")
    assert ask(toy_dossier(), **form).answer is None


def test_of_a_set_some_outcomes_may_be_impossible_and_the_rest_open() -> None:
    got = ask(happened(PACT), stages=(PACT, FERRY), **AT)
    assert (got.answer, got.impossible) == (None, ("none",))


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"all_of": (occurs(PACT), holds(PACT))}, "no"),
        ({"any_of": (occurs(PACT), holds(PACT))}, "yes"),
        ({"any_of": (occurs(PACT, "2025-06-30"), holds(PACT, "2025-12-31"))}, None),
        ({"all_of": (occurs(FERRY), holds(PACT))}, "no"),  # the pact enables the ferry
        ({"any_of": (holds(FERRY), occurs(PACT))}, "yes"),
        ({"before": (FERRY, PACT), "by": BY}, "no"),
        ({"before": (TOLL, PACT), "by": BY}, None),
    ],
)
def test_what_logic_and_effects_exclude_is_decided_whatever_the_events_do(asked: dict[str, Any], answer: str | None) -> None:
    assert ask(toy_dossier(), asks=asked).answer == answer
    assert answer is None or ask(toy_dossier(), asks=asked).why == "whatever the events do"


def test_an_effect_that_the_edition_does_not_know_decides_nothing() -> None:
    later = toy_dossier().effects["pact-lets-ferry-run"].model_copy(update={"claims": ("n-900",)})
    known = replace(toy_dossier(), effects=MappingProxyType({**toy_dossier().effects, later.id: later}))
    assert ask(known, asks={"all_of": (occurs(FERRY), holds(PACT))}).answer is None


def test_what_was_known_to_have_survived_by_the_day_asked_about_had_not_happened() -> None:
    got = ask(toy_dossier(), asks={"any_of": (occurs(PACT, "2024-06-30"), occurs(TOLL))})
    assert (got.answer, got.facts) == (None, ("pact-signed had not happened by 2024-06-30",))


def test_why_an_outcome_has_no_probability_left_is_said_by_its_title() -> None:
    edition = happened(PACT).edition(EDITION)
    question = next(question for question in edition.questions if question.id == "ferry-stages-2026")
    assert excluded(edition, question) == ("“no stage” cannot come about any more: pact-signed happened on 2024-06-30.",)
    assert excluded(toy_dossier().edition(EDITION), question) == ()
