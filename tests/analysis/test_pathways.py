"""How a claim enters an edition, which questions it gets to, and the reason it gives for moving none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from toy import toy_edition

from forecasting.analysis.pathways import (
    EXPIRED,
    NUMBER,
    PINNED,
    SETTLED,
    STANDS,
    claim_pathway,
    movable,
    resting_effects,
    speaking_back,
    way,
    why_nothing,
)  # fmt: skip
from forecasting.dossier.claims import Claim, Target
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.events import HistoryRow

EDITION = toy_edition()
CLAIMS = {claim.id: claim for claim in EDITION.claims}
QUESTIONS = {question.id: question for question in EDITION.questions}


def about(event: str) -> Claim:
    """Return a fact about an event; as a quantity where a test says so."""
    return CLAIMS["n-003"].model_copy(update={"id": "n-900", "target": Target(event=(event,))})


def asking(*names: str) -> EditionDossier:
    """Return the toy edition with some of its questions alone; its network stays."""
    return replace(EDITION, questions=tuple(QUESTIONS[name] for name in names))


def happened(event: str) -> EditionDossier:
    row = HistoryRow(on=EDITION.as_of, event=event, what="occurred", source="Test Gazette", status="confirmed")
    return replace(EDITION, history=(*EDITION.history, row))


@pytest.mark.parametrize("target", [{"event": ("pact-signed",)}, {}, {"driver": "empty-coffers"}])
def test_a_quantity_says_that_a_number_enters_no_hazard_whatever_it_bears_on(target: dict) -> None:
    number = about("pact-signed").model_copy(update={"kind": "quantity", "target": Target(**target), "value": 3.9, "unit": "m"})
    assert claim_pathway(EDITION, number) == ("", NUMBER)


def test_a_quantity_that_an_effect_cites_enters_with_the_effect() -> None:
    number = about("pact-signed").model_copy(update={"kind": "quantity", "value": 3.9, "unit": "m"})
    cites = tuple(e.model_copy(update={"claims": (number.id,)}) if e.id == "toll-lowers-pact" else e for e in EDITION.effects)
    pathway, reason = claim_pathway(replace(EDITION, effects=cites, claims=(*EDITION.claims, number)), number)
    assert not reason
    effect = "effect toll-lowers-pact (toll-raised lowers pact-signed)"
    assert pathway == f"number that an effect cites; the {effect} depends on it alone, and would go with it"


def test_a_judgement_names_the_effect_that_rests_on_it() -> None:
    pathway, _ = claim_pathway(EDITION, CLAIMS["n-002"])
    assert pathway.startswith("reads the hazard through its wording; the effect pact-lowers-toll (")
    assert pathway.endswith(" depends on it alone, and would go with it")
    assert "effect" not in claim_pathway(EDITION, CLAIMS["n-001"])[0]


def test_an_effect_with_a_reason_of_its_own_stands_without_its_claims() -> None:
    argued = tuple(e.model_copy(update={"stands_alone": bool(e.claims)}) for e in EDITION.effects)
    edition = replace(EDITION, effects=argued)
    assert resting_effects(EDITION, frozenset({"n-002"})) == {"pact-lowers-toll"}
    assert resting_effects(edition, frozenset({"n-002"})) == frozenset()
    assert claim_pathway(edition, CLAIMS["n-002"]) == ("reads the hazard through its wording", "")
    sets = about("pact-signed").model_copy(update={"kind": "effect", "target": Target(effect=("pact-lowers-toll",))})
    assert claim_pathway(edition, sets) == ("", STANDS)
    assert claim_pathway(EDITION, sets)[1] == ""


def test_a_claim_that_sets_an_effect_names_the_judgements_that_speak_of_the_cause_through_it() -> None:
    """If war leads to the fall of the city, who says that the city cannot fall says that war is unlikely."""
    effect = EDITION.effects[0].model_copy(update={"from_": "toll-raised", "to": "pact-signed", "acts": "leads_to"})
    sets = about("pact-signed").model_copy(update={"id": "n-099", "kind": "effect", "target": Target(effect=(effect.id,))})
    edition = replace(EDITION, effects=(effect,), claims=(*EDITION.claims, sets))
    judged = [claim.id for claim in EDITION.claims if claim.kind == "judgement" and "pact-signed" in (claim.target.event or ())]
    assert judged
    assert [claim.id for claim in speaking_back(edition, effect)] == judged
    says = f"what {' and '.join(judged)} {'says' if len(judged) == 1 else 'say'} of pact-signed bears on toll-raised too"
    assert claim_pathway(edition, sets)[0] == f"sets an effect; through it {says}"
    raises = effect.model_copy(update={"acts": "multiplies"})
    assert speaking_back(replace(edition, effects=(raises,)), raises) == ()
    quiet = Target(event=("pact-signed",), given={"toll-raised": False})
    settled = tuple(claim.model_copy(update={"target": quiet}) for claim in edition.claims if claim.kind == "judgement")
    assert speaking_back(replace(edition, claims=settled), effect) == ()
    gone = happened("toll-raised").history
    assert speaking_back(replace(edition, history=gone), effect) == ()


def test_a_claim_moves_its_event_and_what_that_enables_but_not_what_lies_behind_other_effects() -> None:
    assert movable(EDITION, CLAIMS["n-001"]) == {"pact-signed", "ferry-runs"}
    assert way(EDITION, CLAIMS["n-001"], QUESTIONS["pact-by-2025"]) == "direct"
    assert way(EDITION, CLAIMS["n-001"], QUESTIONS["ferry-stages-2026"]) == "direct"
    assert way(EDITION, CLAIMS["n-001"], QUESTIONS["toll-by-2025"]) == "effect"
    # ferry-runs shares its class with the pact, and the quay one with the toll; nothing else joins the pact to the quay
    assert way(EDITION, about("toll-raised"), QUESTIONS["quay-by-2025"]) == "shared"


def test_what_bears_on_the_cause_of_an_effect_alone_says_that_the_target_is_pinned() -> None:
    asked = asking("toll-by-2025")
    reason = why_nothing(asked, CLAIMS["n-001"])
    assert reason == f"it speaks of pact-signed, which acts on a question through an effect: {PINNED}"
    assert "history or other claims say the same" not in reason
    # once the cause is known to have happened, what an effect does to its target counts in full
    effect = about("pact-signed").model_copy(update={"kind": "effect", "target": Target(effect=("pact-lowers-toll",))})
    assert movable(EDITION, effect) == frozenset()
    assert why_nothing(asked, effect) == f"it sets how pact-signed acts on a question through an effect: {PINNED}"
    assert movable(happened("pact-signed"), effect) == {"toll-raised"}


def test_what_has_happened_is_settled() -> None:
    assert why_nothing(happened("pact-signed"), CLAIMS["n-001"]) == SETTLED


def test_a_fact_that_has_expired_says_that_its_sign_may_turn() -> None:
    late = replace(EDITION, edition=EDITION.edition.model_copy(update={"as_of": EDITION.as_of.replace(year=2027)}))
    assert claim_pathway(late, CLAIMS["n-003"])[0] == f"signal that shifts the hazard ({EXPIRED})"
    assert claim_pathway(EDITION, CLAIMS["n-003"])[0] == "signal that shifts the hazard"
