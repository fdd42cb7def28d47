"""A denial of what follows from an event denies the event too, unless it speaks of worlds without it: Karabakh in 2020."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shown_editions import project_dossier

from forecasting.analysis.leave_out import without_effects
from forecasting.analysis.pathways import resting_effects, speaking_back
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.draws import base_draws
from forecasting.models.network.evidence import build_evidence
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.likelihood import log_likelihood, reading_errors
from forecasting.models.network.predictor import operational_horizons
from forecasting.models.network.structure import build_structure

WAR, CITY, EFFECT = "karabakh-fighting-resumes", "stepanakert-taken", "e-016"


def edition_2020(given: dict[str, bool] | None = None) -> EditionDossier:
    """Return the edition, with another condition on what is said of the city."""
    edition = project_dossier().edition("2020-11-karabakh")
    if given is None:
        return edition

    def said(claim: Claim) -> Claim:
        target = claim.target.model_copy(update={"given": given})
        return claim.model_copy(update={"target": target}) if claim.id == "r-033" else claim

    return replace(edition, claims=tuple(said(claim) for claim in edition.claims))


def raised_by_the_effect(edition: EditionDossier) -> float:
    """Return by how much e-016 raises P(no war in five years), all other evidence being the same: weighted draws."""
    numbers = quantify(edition)
    s = build_structure(edition, numbers)
    evidence = build_evidence(edition, s, numbers, "prior")
    posterior = base_draws(s, chains=1, draws=20_000, random_seed=11)
    errors = reading_errors(posterior)
    holds = []
    for network in (s, without_effects(s, frozenset({EFFECT}))):
        p = stacked_parameters(posterior, network)
        weight = log_likelihood(p, errors, network, evidence).sum(axis=1)
        weight = np.exp(weight - weight.max())
        war = network.event_ids.index(WAR)
        quiet = np.exp(-np.exp(p.log_hazard) * operational_horizons(np, p.kappa, network))[:, war]
        holds.append(float(weight @ quiet / weight.sum()))
    return holds[0] - holds[1]


def test_that_the_city_would_not_hold_out_does_not_make_a_war_less_likely() -> None:
    assert abs(raised_by_the_effect(edition_2020())) < 0.005


def test_read_of_all_worlds_the_denial_would_reach_the_war() -> None:
    assert raised_by_the_effect(edition_2020({"peacekeepers-leave-early": False})) > 0.05


def test_leaving_out_who_said_so_leaves_the_effect() -> None:
    edition = edition_2020()
    effect = next(one for one in edition.effects if one.id == EFFECT)
    assert effect.claims == ("r-017",)
    assert resting_effects(edition, frozenset({"r-017"})) == frozenset()
    assert speaking_back(edition, effect) == ()


@pytest.mark.parametrize("state", [True, False])
def test_what_is_said_of_the_city_with_the_war_settled_does_not_read_the_wars_hazard(state: bool) -> None:
    edition = edition_2020({WAR: state})
    numbers = quantify(edition)
    s = build_structure(edition, numbers)
    claims = build_evidence(edition, s, numbers, "prior").claims
    row = claims.worlds[claims.claim_ids.index("r-033")]
    assert s.event_ids[row.event] == CITY
    assert [one.known for one in row.led] == ([True] if state else [])
