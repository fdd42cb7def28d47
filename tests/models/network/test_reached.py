"""What is said to be within reach before a fit is what the model's own prior gives the same row."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from shown_editions import project_dossier
from toy import event_yaml, small_edition

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.elicitation.reached import reached
from forecasting.elicitation.wording import inverse_cloglog
from forecasting.models.network.claim_rows import build_claim_rows
from forecasting.models.network.draws import base_draws
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.predictor import row_predictor_of_draws
from forecasting.models.network.rows import build_rows
from forecasting.models.network.structure import build_structure

SHARES = (0.05, 0.5, 0.95)
CLASSES = """\
    id,borrows,events,exposure,unit,spread,counted_from,counted_until,citation,note
    rare,,2,60,year,0.5,1990-01-01,2020-12-31,Made up for a test,two in sixty years
    usual,,12,30,year,0.5,1990-01-01,2020-12-31,Made up for a test,twelve in thirty years
    frequent,,9,9,year,0.5,1990-01-01,2020-12-31,Made up for a test,nine in nine years
    """
CLAIM = """\
    paraphrase: It is likely.
    speaker: author
    kind: judgement
    wording: likely
    lexicon: plain
    target: {event: quay-closed GIVEN}
    direction: occurs
    horizon: {years: YEARS, stated: true}
    made_on: 2024-07-01
    reliability: B
    credibility: 3
    origin: norland-times
    """
EFFECT = "{id: one, from: pact-signed, to: quay-closed, claims: [], why: test, "
LOADING = "{event: quay-closed, sign: raises, grade: strong}"
DRIVER = f"[{{id: coffers, title: Money, high_means: more, why: test, loadings: [{LOADING}]}}]"


def compared(edition: EditionDossier) -> dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]:
    """Return the quantiles of each claim's log cumulative hazard in the model's prior, and those said to be reached."""
    s, numbers = build_structure(edition, quantify(edition)), quantify(edition)
    claims = build_claim_rows(edition, s, numbers)
    rows = build_rows(edition, s, claims.worlds, np.zeros(len(s.signals), dtype=bool))
    prior = stacked_parameters(base_draws(s, chains=1, draws=8000, random_seed=1), s)
    mass, known = row_predictor_of_draws(prior, s, rows), {claim.id: claim for claim in edition.claims}
    found = {}
    for i, (name, world) in enumerate(zip(claims.claim_ids, claims.worlds, strict=True)):
        event = s.event_ids[world.event]
        ends = reached(edition.dossier, edition.effects, known[name], edition.dossier.events[event])
        own = [np.quantile(ends.least, SHARES), np.quantile(ends.most, SHARES)]
        found[name, event] = np.quantile(mass[:, i], SHARES), np.array(own)
    return found


STATES = (None, True, False)
MULTIPLIES = [(f"sign: {sign}}}", state) for sign in ("raises, grade: decisive", "lowers, grade: strong") for state in STATES]
LEADS = "acts: leads_to, wording: likely, lexicon: plain, lag_years: 0.4}"
WORLDS = [  # without those in which the event is sure, or impossible
    *MULTIPLIES, ("acts: blocks}", None), ("acts: blocks}", False), ("acts: enables}", None), ("acts: enables}", True),
    (LEADS, None), (LEADS, True), (LEADS, False), ("acts: implies}", None), ("acts: implies}", False),
]  # fmt: skip


@pytest.mark.parametrize(("acts", "state"), WORLDS)
@pytest.mark.parametrize("years", [0.5, 2.0])
@pytest.mark.parametrize(("cause", "target"), [("rare", "usual"), ("usual", "rare"), ("frequent", "usual")])
def test_of_one_cause_of_constant_hazard_it_is_the_models_prior(
    acts: str, cause: str, target: str, years: float, state: bool | None, tmp_path: Path
) -> None:
    events = {"pact-signed": event_yaml("pact-signed", cause), "quay-closed": event_yaml("quay-closed", target)}
    given = "" if state is None else f", given: {{pact-signed: {str(state).lower()}}}"
    claim = CLAIM.replace(" GIVEN", given).replace("YEARS", str(years))
    edition = small_edition(
        tmp_path, events, f"[{EFFECT}{acts}]", claims={"n-001": ("likely to be signed this year", claim)}, classes=CLASSES,
        drivers=DRIVER if acts.startswith("sign") else "[]",
    )  # fmt: skip
    (model, (least, most)) = compared(edition)["n-001", "quay-closed"]
    np.testing.assert_array_equal(least, most)
    np.testing.assert_allclose(least, model, atol=0.2)
    np.testing.assert_allclose(inverse_cloglog(least), inverse_cloglog(model), atol=0.03)


@pytest.mark.slow
def test_of_the_projects_editions_it_holds_the_models_prior_and_is_not_much_wider(project_dir: Path) -> None:
    dossier = project_dossier()
    for name in dossier.editions:
        for key, (model, (least, most)) in compared(dossier.edition(name)).items():
            assert least[0] < model[0] + 0.15, (name, key)
            assert most[2] > model[2] - 0.15, (name, key)
            assert model[0] - least[0] < 1.0, (name, key)
            # of a class in four years' time nothing is said: only what ends below certainty can be too wide
            assert inverse_cloglog(most[2]) - inverse_cloglog(model[2]) < 0.4, (name, key)
