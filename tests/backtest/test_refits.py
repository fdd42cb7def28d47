"""A refit as of a day knows nothing that is dated later, and is the run on the edition's own day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest
from refits import DAY, light, prepared, task
from toy import toy_dossier, toy_fit, toy_with_canaries

from forecasting.backtest.points import Point, point_text
from forecasting.backtest.tasks import point_of, run_task, seed_of
from forecasting.backtest.variants import Variant
from forecasting.dossier.edition import Dossier
from forecasting.errors import ForecastingError

EARLY = dt.date(2024, 5, 1)  # after the signal of April, before the survivals of June and the article of July


def refit(dossier: Dossier, day: dt.date, variant: str = "all-evidence") -> Point:
    return point_of(task(dossier, day, variant), prepared(dossier, day, variant))


def as_it_was(dossier: Dossier, day: dt.date) -> Dossier:
    """Return a dossier from which everything that is dated after a day is taken out by hand."""
    sources = {name: s for name, s in dossier.sources.items() if s.published_on <= day}
    claims = {name: c for name, c in dossier.claims.items() if c.source in sources}
    edition = dossier.editions["2024-07-ferry"]
    edition = edition.model_copy(update={"sources": tuple(sources)})
    history = tuple(row for row in dossier.history if row.on <= day)
    return replace(
        dossier, sources=MappingProxyType(sources), claims=MappingProxyType(claims), history=history,
        editions=MappingProxyType({edition.id: edition}),
    )  # fmt: skip


def text(point: Point) -> str:
    """Return all of a point but what it was made from: the canaries' driver has one loading more, on a later event."""
    return point_text(replace(point, made_from=""))


@pytest.mark.slow
def test_nothing_that_is_dated_later_moves_a_byte_of_an_earlier_refit(tmp_path):
    later, toy = light(toy_with_canaries(tmp_path).dossier), light(toy_dossier())
    for day in (EARLY, DAY):
        assert text(refit(later, day)) == text(refit(toy, day))
    early = refit(toy, EARLY)
    assert point_text(refit(as_it_was(toy, EARLY), EARLY)) == point_text(early)
    assert (early.n_claims, early.n_history) == (0, 1)
    on_the_day = dt.date(2024, 7, 5)  # when the canaries have become known, they do move it
    assert refit(later, on_the_day).answers != refit(toy, on_the_day).answers


@pytest.mark.slow
def test_as_of_its_own_day_the_refit_is_the_run_to_the_digit():
    found, fit = refit(toy_dossier(), DAY), toy_fit()
    assert found.gate.passed
    assert found.seed == fit.seed
    for name, outcomes in found.answers.items():
        for outcome in fit.forecast(name).outcomes:
            own = outcomes[outcome.id]
            assert (own.p, own.low, own.high, own.low_50, own.high_50, own.mcse) == (
                outcome.p, outcome.low, outcome.high, outcome.low_50, outcome.high_50, outcome.mcse,
            )  # fmt: skip
    assert set(found.answers) == {question.id for question in fit.edition.questions}


def test_seeds_differ_by_edition_variant_and_day_and_stay_the_same():
    edition = toy_dossier().editions["2024-07-ferry"]
    days = [DAY + dt.timedelta(days=n) for n in range(40)]
    seeds = {seed_of(edition, Variant(name), day) for name in ("all-evidence", "without-claims") for day in days}
    assert len(seeds) == 80
    assert seed_of(edition, Variant("without-claims"), DAY) == 143206534
    assert seed_of(edition.model_copy(update={"id": "other"}), Variant("without-claims"), DAY) not in seeds


@pytest.mark.slow
def test_variants_lack_what_they_are_named_for():
    full, bare = (prepared(toy_dossier(), DAY, name) for name in ("all-evidence", "without-effects"))
    assert {effect.acts for effect in full.seen.effects} == {"multiplies", "enables", "blocks"}
    assert {effect.acts for effect in bare.seen.effects} == {"enables", "blocks"}
    assert full.seen.drivers
    assert not bare.seen.drivers
    p = {name: refit(toy_dossier(), DAY, name).answers["pact-by-2025"]["yes"].p for name in ("without-claims", "without-history")}
    assert p["without-claims"] < 0.35  # the claims say that it is likely, and history that half a year has passed without it
    assert p["without-history"] > toy_fit().forecast("pact-by-2025").headline.p + 0.005


def test_a_worker_with_other_records_or_another_program_refuses():
    own = task(toy_dossier(), DAY)
    with pytest.raises(ForecastingError, match="other records than those of the command"):
        run_task(replace(own, records="0" * 64))
    with pytest.raises(ForecastingError, match="another version of this program"):
        run_task(replace(own, code="0" * 64))


def test_a_day_on_which_nothing_can_be_asked_says_so():
    found = run_task(task(toy_dossier(), dt.date(2027, 1, 1)))
    assert found.problem == "no question of the edition could be asked on that day"
    assert not found.scored
    assert found.left_out["pact-by-2025"] == "its deadline was 2025-12-31"
