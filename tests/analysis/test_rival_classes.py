"""Rival reference classes: by weights and by one refit that serves several, against a refit under each."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from toy import toy_fit, toy_network

from forecasting.analysis.reference_classes import rival_classes
from forecasting.analysis.rival_draws import (
    MIN_EFFECTIVE,
    Seen,
    _refitted,
    counted_as,
    log_density_in,
    others_in,
    rival_answers,
    wide_class,
    with_class,
)
from forecasting.dossier.edits import change
from forecasting.elicitation.base_rates import base_rate, interpolated_log_density, log_density
from forecasting.fitting.layers import LayerFit, answer_layer
from forecasting.models.network.engine import QUICK, CompiledNetwork, compile_network, layer_evidence
from forecasting.models.network.hazards import class_log_hazard
from forecasting.rules.edit import edited
from forecasting.rules.load import load_dossier

INEFFICIENCY = 2.0  # draws of the refits below are taken as worth half their number


@cache
def under(event_id: str, class_id: str) -> LayerFit:
    """Return the posterior layer with an event in another class, from a refit with a seed of its own."""
    got = toy_fit()
    s = with_class(got.structure, event_id, got.edition.dossier.reference_classes[class_id])
    trace = toy_network().sample(got.posterior.evidence, random_seed=78, structure=s, length=QUICK)
    return answer_layer(got.edition, s, "posterior", got.posterior.evidence, trace, 78)


def tolerance(p: np.ndarray) -> float:
    """Return four standard errors of the difference between weighted draws and a refit's."""
    return 4 * p.std() * np.sqrt(1 / MIN_EFFECTIVE + INEFFICIENCY / p.size)


@pytest.mark.slow
def test_rival_classes_give_what_a_refit_under_the_rival_gives() -> None:
    table = rival_classes(toy_fit())
    tried = table[~table["chosen"]]
    assert set(tried["event"]) == {"pact-signed", "toll-raised"}
    for row in tried.itertuples():
        # toll and quay share a class, and the quay keeps it
        p = under(row.event, row.reference_class).answers[row.question].p[:, 0]
        assert row.p == pytest.approx(p.mean(), abs=tolerance(p))


def changed_record(event_id: str, class_id: str) -> LayerFit:
    """Return the posterior layer of the edition whose record has the event in another class, from a fit of its own."""
    got = toy_fit()
    edition = edited(got.edition, (counted_as(got.edition, got.edition.dossier.events[event_id], class_id),))
    network = compile_network(edition)
    evidence = layer_evidence(network, "posterior")
    length = replace(QUICK, chains=4, draws=1500)
    trace = network.sample(evidence, random_seed=91, length=length)
    return answer_layer(edition, network.structure, "posterior", evidence, trace, 91)


@pytest.mark.slow
@pytest.mark.parametrize("by", ["weights", "refit", "one refit of several"])
def test_a_rival_that_other_events_are_counted_in_gives_what_the_changed_record_gives(
    by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pact's rival is the class of toll and quay: counted in it, the pact shares its rate with them."""
    got, rival = toy_fit(), "tolls-raised"
    event = got.edition.dossier.events["pact-signed"]
    assert others_in(got.structure, "pact-signed", rival).size == 2
    if by == "weights":
        found = rival_answers(got, event)[rival]
        assert found.how == "weights"
        told = found.given
    else:
        told = _refitted(got, event, [rival] if by == "refit" else [rival, "deadlines-kept"])[rival]
    layer = changed_record("pact-signed", rival)
    for question, (p, error) in told.items():
        refitted = layer.answers[question].p[:, 0]
        assert p == pytest.approx(refitted.mean(), abs=tolerance(refitted))
        assert 0 < error < tolerance(refitted)


def test_the_density_in_a_class_is_given_its_other_members() -> None:
    """As a class of its own the rival would give the pact another density at the same draws."""
    got = toy_fit()
    m = class_log_hazard(got.posterior.trace["posterior"].to_dataset())
    counted = got.edition.dossier.reference_classes["tolls-raised"]
    k = got.structure.event_ids.index("pact-signed")
    shared, alone = log_density_in(got, "pact-signed", "tolls-raised", Seen(m)), interpolated_log_density(counted, m[:, k])
    assert np.abs(shared - alone).mean() > 0.05
    others = others_in(got.structure, "pact-signed", "tolls-raised")
    assert shared + log_density(counted, m[:, others], 1024) == pytest.approx(log_density(counted, m[:, [k, *others]], 1024))


@pytest.mark.slow
def test_one_refit_serves_several_classes_each_as_a_refit_of_its_own_would() -> None:
    got = toy_fit()
    event, names = got.edition.dossier.events["pact-signed"], ["tolls-raised", "deadlines-kept", "pacts-signed"]
    found = _refitted(got, event, names)
    for name in names:
        for question, (p, error) in found[name].items():
            refitted = under("pact-signed", name).answers[question].p[:, 0]
            assert p == pytest.approx(refitted.mean(), abs=tolerance(refitted))
            assert 0 < error < tolerance(refitted)
    # the pact is alone in its class: moved to a class that counts the same, it stays where it was
    p = got.posterior.answers["pact-by-2025"].p[:, 0]
    assert found["pacts-signed"]["pact-by-2025"][0] == pytest.approx(p.mean(), abs=tolerance(p))


def test_several_rivals_that_weights_cannot_reach_share_one_refit(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []
    sample = CompiledNetwork.sample

    def counted(self, *args, **kwargs):
        lengths.append(kwargs["length"].draws)
        return sample(self, *args, **kwargs)

    monkeypatch.setattr(CompiledNetwork, "sample", counted)
    monkeypatch.setattr("forecasting.analysis.rival_draws._enough", lambda weights: weights.values.size <= 1000)
    got = toy_fit()
    event = got.edition.dossier.events["pact-signed"].model_copy(update={"rivals": ("tolls-raised", "deadlines-kept")})
    found = rival_answers(got, event)
    assert list(found) == ["tolls-raised", "deadlines-kept"]
    assert {one.how for one in found.values()} == {"refit"}
    assert lengths == [QUICK.draws]


def test_the_class_made_for_a_refit_is_as_wide_as_its_rivals_together() -> None:
    got = toy_fit()
    classes = [(got.edition.dossier.reference_classes[name], ()) for name in ("tolls-raised", "deadlines-kept")]
    wide = base_rate(wide_class(classes, got.structure)).log_hazard
    rivals = np.concatenate([base_rate(one).log_hazard for one, _ in classes])
    assert wide.mean() == pytest.approx(rivals.mean(), abs=0.05)
    assert wide.std() == pytest.approx(rivals.std(), rel=0.1)
    for low, high in ((0.5, 99.5), (0.05, 99.95)):
        assert np.percentile(wide, low) < np.percentile(rivals, low) + 0.3
        assert np.percentile(wide, high) > np.percentile(rivals, high) - 0.3


def test_a_rival_class_says_what_it_gives_by_itself() -> None:
    table = rival_classes(toy_fit())
    row = table[(table["event"] == "pact-signed") & table["chosen"]].iloc[0]
    # 6 in 40 years over two years: 1 − (40/42)^6.5 = 0.272; a spread of ½ between members adds a little
    assert row["base_p"] == pytest.approx(0.272, abs=0.02)
    assert row["p"] == pytest.approx(toy_fit().forecast("pact-by-2025").headline.p, abs=1e-12)


def test_an_event_with_a_clock_can_be_counted_in_a_class_without_ages(project_dir: Path) -> None:
    dossier = load_dossier(project_dir / "priors")
    edition = dossier.edition("2024-12-syria")
    classes, waiting = edition.dossier.reference_classes, {e.to for e in edition.effects if e.acts == "enables"}
    aged = next(e for e in edition.events if classes[e.reference_class].life_table and e.id not in waiting)
    start = aged.opens_on - dt.timedelta(days=30)
    edition = edited(edition, (change(aged.id, clock_starts_on=start),))
    event = {e.id: e for e in edition.events}[aged.id]
    constant = next(c.id for c in classes.values() if c.unit == "year" and not c.life_table and c.id not in event.rivals)
    changed = {e.id: e for e in edited(edition, (counted_as(edition, event, constant),)).events}[event.id]
    assert (changed.reference_class, changed.clock_starts_on) == (constant, None)
    assert changed.rivals == (event.reference_class, *event.rivals)
    assert "clock_starts_on" not in counted_as(edition, event, event.reference_class).fields
