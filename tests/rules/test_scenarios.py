"""Sets of scenarios: exactly one comes true, whatever events do that the effects which every edition knows allow."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from toy import EDITION, toy_dossier

from forecasting.dossier.edition import Dossier
from forecasting.dossier.effects import Effect
from forecasting.dossier.questions import Question
from forecasting.rules import scenarios
from forecasting.rules.scenarios import binding, scenario_sets

PACT, FERRY, TOLL = "pact-signed", "ferry-runs", "toll-raised"


def asking(*members: dict[str, Any], at: str = "2025-12-31", **tables: Any) -> tuple[Dossier, Question]:
    """Return the small dossier with a set of scenarios in its edition, and that question."""
    listed = tuple({"id": f"s-{n}", "title": "A scenario", **member} for n, member in enumerate(members))
    question = Question.model_validate({"id": "q-set", "title": "A set", "at": at, "scenarios": listed})
    dossier = toy_dossier()
    edition = dossier.editions[EDITION].model_copy(update={"questions": ("q-set",)})
    place = {("question", "q-set"): dossier.places["question", "ferry-order-2025"]}
    return replace(
        dossier, questions=MappingProxyType({"q-set": question}), editions=MappingProxyType({EDITION: edition}),
        places=MappingProxyType({**dossier.places, **place}), **tables,
    ), question  # fmt: skip


def found(rule: str, *members: dict[str, Any], **more: Any) -> list[str]:
    return [result.found.removeprefix("question q-set: ") for result in getattr(scenarios, rule)(asking(*members, **more)[0])]


YES, NO = {"occurs": PACT}, {"holds": PACT}


def test_members_that_can_be_true_together_overlap_and_each_pair_is_named_once() -> None:
    both = found("scenario_overlap", YES, {"any_of": ({"occurs": PACT}, {"occurs": TOLL})}, {"other": True})
    assert both == ["'s-0' and 's-1' are both true when pact-signed occurs, toll-raised occurs"]
    assert found("scenario_overlap", YES, NO) == []


def test_what_no_member_covers_is_a_gap_unless_another_takes_the_rest() -> None:
    assert found("scenario_gap", YES) == ["no scenario is true when pact-signed does not occur"]
    assert found("scenario_gap", YES, NO) == []
    assert found("scenario_gap", YES, {"other": True}) == []


def test_what_effects_exclude_needs_no_scenario_and_may_be_none() -> None:
    without = {"all_of": ({"occurs": FERRY}, {"holds": PACT})}  # the ferry waits for the pact
    assert found("scenario_possible", without, {"other": True}) == [
        "'s-0' can never be true: it contradicts itself, or the effects"
    ]
    ladder = (NO, {"all_of": ({"occurs": PACT}, {"holds": FERRY})}, {"occurs": FERRY})
    for rule in ("scenario_gap", "scenario_overlap", "scenario_possible"):
        assert found(rule, *ladder) == []


def test_an_other_for_which_nothing_is_left_is_refused() -> None:
    assert found("scenario_possible", YES, NO, {"other": True}) == ["'s-2' can never be true: the others leave nothing over"]


def test_an_effect_that_only_some_edition_knows_binds_no_set() -> None:
    effects = toy_dossier().effects
    late = effects["pact-lets-ferry-run"].model_copy(update={"claims": ("n-900",)})  # drawn from a claim that came later
    dossier, question = asking(YES, NO, effects=MappingProxyType({**effects, late.id: late}))
    assert late.id not in {effect.id for effect in binding(dossier, question)}
    nowhere = replace(dossier, editions=MappingProxyType({}))  # a question that no edition asks is held to all effects
    assert {effect.id for effect in binding(nowhere, question)} == set(effects)


def test_a_set_that_can_turn_out_in_too_many_ways_is_named_and_not_enumerated() -> None:
    days = [f"20{year}-{month:02}-01" for year in range(25, 36) for month in range(1, 13)]
    many = {"any_of": tuple({"occurs": event, "by": day} for event in (PACT, TOLL) for day in days)}
    assert found("scenario_size", many, {"other": True}, at="2036-01-01") == ["its 2 events can turn out in 17,689 ways"]
    assert list(scenario_sets(asking(many, {"other": True}, at="2036-01-01")[0])) == []


@pytest.mark.parametrize(("members", "said"), [
    ((YES, NO | {"id": "s-0"}), ["scenario 's-0' again"]),
    (({"other": True}, YES), ["'s-0' is the other scenario, but not the last"]),
    ((YES, {"other": True}), []),
])  # fmt: skip
def test_ids_differ_and_the_other_comes_last(members: tuple[dict[str, Any], ...], said: list[str]) -> None:
    assert found("scenario_ids", *members) == said


def test_an_effect_of_an_event_on_itself_is_no_effect() -> None:
    with pytest.raises(ValueError, match="pact-signed cannot act on itself; name another event in 'from'"):
        Effect.model_validate({"id": "x", "from": PACT, "to": PACT, "acts": "blocks", "why": "So."})
