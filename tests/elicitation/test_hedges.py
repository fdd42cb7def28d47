"""What readers mean by hedges that are placed among surveyed phrases: by hand, and as the shipped lexicon has it."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm
from shown_editions import project_dossier

from forecasting.elicitation.coverage import LEVELS, central_coverage
from forecasting.elicitation.hedges import PLACE_PREDICTIONS, PlacedDraws, hedge_quantiles, place, placement_of, read_draws
from forecasting.elicitation.meaning import PhraseDraws, answer_probabilities, meaning_quantiles
from forecasting.elicitation.placements import PHRASES, PLACED, Placement
from forecasting.elicitation.survey_traits import read_traits
from forecasting.elicitation.surveys import FILES, PARTS, folds, read_survey
from forecasting.fitting.hedges import lexicon_text, reader_counts

LEXICON = "article-hedges"
Z = norm.ppf([0.05, 0.25, 0.5, 0.75, 0.95])
POINTS = 0.04


def draws(n: int = 1, place_sd: float = 0.0, survey_sd: float = 0.0, share_sd: float = 0.0) -> PlacedDraws:
    """Return draws in which "likely" is Normal(1, 0.5²) on the logit scale, "unlikely" Normal(−2, 0.2²), without skew."""
    traits = np.zeros((n, 3, len(PHRASES)))
    for phrase, location, scale in (("likely", 1.0, 0.5), ("unlikely", -2.0, 0.2)):
        traits[:, :2, PHRASES.index(phrase)] = location, math.log(scale)
    widths = (np.tile([sd, 0.0, 0.0], (n, 1)) for sd in (place_sd, survey_sd))
    return PlacedDraws(traits, np.full(n, share_sd), *widths, np.array([0.0, 0.0]))


def quantiles(found: PlacedDraws, placement: Placement) -> np.ndarray:
    return hedge_quantiles(found, {"x": placement}, random_seed=1)["x"]


def test_at_a_phrase_and_sure_of_it_a_hedge_is_the_phrase() -> None:
    np.testing.assert_allclose(quantiles(draws(), Placement("likely")), expit(1 + 0.5 * Z), atol=1e-9)


def test_between_two_phrases_median_and_log_spread_are_between_theirs() -> None:
    # a quarter of the way from −2 to 1 is −1.25; of log 0.2 to log 0.5, 0.2 · 2.5^0.25
    expected = expit(-1.25 + 0.2 * 2.5**0.25 * Z)
    np.testing.assert_allclose(quantiles(draws(), Placement("unlikely", "likely", 0.25)), expected, atol=1e-9)


def test_how_far_off_places_are_widens_a_hedge_in_units_of_its_readers_spread() -> None:
    # 0.3 and 0.4 spreads of readers make 0.5: the spread is 0.5 · √(1 + 0.25) on the logit scale
    found = quantiles(draws(40_000, place_sd=0.3, survey_sd=0.4), Placement("likely"))
    np.testing.assert_allclose(found, expit(1 + 0.5 * math.sqrt(1.25) * Z), atol=0.004)


def test_an_unsure_share_widens_a_hedge_by_the_gap_between_its_phrases_and_leaves_synonyms_alone() -> None:
    # from −2 to 1 the gap is 3; at 0.2 of it the slack is 2 √0.16 = 0.8: 0.1 · 0.8 · 3 = 0.24, beside readers' 0.2 · 2.5^0.2
    found = quantiles(draws(40_000, share_sd=0.1), Placement("unlikely", "likely", 0.2))
    np.testing.assert_allclose(found, expit(-1.4 + math.hypot(0.24, 0.2 * 2.5**0.2) * Z), atol=0.004)
    np.testing.assert_allclose(quantiles(draws(share_sd=0.1), Placement("likely")), expit(1 + 0.5 * Z), atol=1e-9)


def test_two_wordings_at_one_place_read_alike() -> None:
    found = hedge_quantiles(draws(50, 0.4), {"x": Placement("likely"), "y": Placement("likely")}, random_seed=1)
    np.testing.assert_array_equal(found["x"], found["y"])


def test_what_is_said_of_an_event_reads_as_the_complement_of_its_absence() -> None:
    plain, denied = Placement("unlikely", "likely", 0.25), Placement("unlikely", "likely", 0.25, denied=True)
    np.testing.assert_array_equal(quantiles(draws(5, 0.4), denied), 1 - quantiles(draws(5, 0.4), plain)[::-1])


def test_a_new_wording_leaves_the_others_as_they_are() -> None:
    alone = hedge_quantiles(draws(50, 0.4), {"x": Placement("likely")}, random_seed=1)
    both = hedge_quantiles(draws(50, 0.4), {"new": Placement("unlikely"), "x": Placement("likely")}, random_seed=1)
    np.testing.assert_array_equal(alone["x"], both["x"])


def test_tails_are_those_of_the_surveys_in_turn() -> None:
    other = replace(draws(4), log_tail=np.log([0.5, 2.0]))
    np.testing.assert_allclose(place(other, [Placement("likely")], random_seed=1).tail, [0.5, 2.0, 0.5, 2.0])


def test_the_shipped_lexicon_is_what_its_places_and_the_stored_draws_give(project_dir: Path) -> None:
    rows = list(project_dossier().lexicons[LEXICON].values())
    text = lexicon_text(rows, read_draws(), reader_counts(), random_seed=1)
    shipped = (project_dir / "priors" / "lexicons" / f"{LEXICON}.csv").read_text("utf-8")
    assert text == shipped, "run python -m forecasting.fitting.hedges"
    assert all(row.at for row in rows)


def test_chance_in_the_noise_of_places_moves_no_quantile_by_a_point(project_dir: Path) -> None:
    rows = project_dossier().lexicons[LEXICON]
    places = {row.wording: placement_of(row) for row in rows.values()}
    other = hedge_quantiles(read_draws(), places, random_seed=987654)
    assert max(np.abs(other[name] - rows[name].quantiles).max() for name in places) < 0.01


def test_a_hedge_between_phrases_lies_between_their_medians_and_is_wider_than_readers_alone(project_dir: Path) -> None:
    with (project_dir / "priors" / "lexicons" / "capphrase-2026.csv").open(encoding="utf-8") as file:
        surveyed = {row["wording"]: [float(row[q]) for q in ("p05", "p50", "p95")] for row in csv.DictReader(file)}
    for row in project_dossier().lexicons[LEXICON].values():
        if row.at in surveyed and not row.towards:
            low, middle, high = surveyed[row.at]
            assert abs(row.p50 - middle) < 0.03, row.wording
            assert row.p95 - row.p05 > high - low, row.wording
        elif row.at in surveyed and row.towards in surveyed:
            assert surveyed[row.at][1] < row.p50 < surveyed[row.towards][1], row.wording


def inside(table: np.ndarray, level: float) -> np.ndarray:
    """Return the part of each answer's step that lies in the central interval, dims (phrase, answer)."""
    return np.array([[central_coverage(row[None], np.array([[y]]), level)[0] for y in range(101)] for row in table])


def expected_sd(survey: str, table: np.ndarray, phrases: list[str]) -> np.ndarray:
    """Return by how much coverage differs between sets of so many phrases, if the model is right, at each level.

    A phrase has one place, and how far off it is decides how many of its readers lie inside: a dozen phrases are a small sample.
    """
    fit = read_traits()[survey][0]
    placed = place(read_draws(), [PLACED[phrase] for phrase in phrases], habits=fit.habits, random_seed=5)
    share = [inside(table, level) for level in LEVELS]
    found = []
    for k in np.random.default_rng(0).integers(len(placed.location), size=200):
        truth = answer_probabilities(PhraseDraws(**{one.name: getattr(placed, one.name)[k : k + 1] for one in fields(placed)}))
        found.append([(truth * part).sum(axis=1).mean() for part in share])
    return np.std(found, axis=0)


@pytest.mark.parametrize("name", FILES)
def test_intervals_of_phrases_that_are_only_placed_cover_readers_who_were_not_fitted(
    name: str, shared_dir: Path, project_dir: Path, measured
) -> None:
    folder = shared_dir / "data" / "verbal_probability"
    if not (folder / FILES[name]).exists():
        pytest.skip(f"no {folder / FILES[name]}")
    survey = read_survey(folder, name)
    stored = json.loads((project_dir / PLACE_PREDICTIONS).read_text("utf-8"))[name]
    held = folds(survey)
    assert len(stored) == len(held)
    phrases = [phrase for phrase in survey.phrases if phrase in PLACED]
    assert all(set(table) == set(phrases) for table in stored)
    columns = [survey.phrases.index(phrase) for phrase in phrases]
    tables = [np.array([table[phrase] for phrase in phrases]) / PARTS for table in stored]
    shares = [
        [central_coverage(table, survey.answers[out][:, columns], level).mean() for level in LEVELS]
        for table, out in zip(tables, held, strict=True)
    ]
    covered = np.average(shares, axis=0, weights=[out.sum() for out in held])
    sd = expected_sd(name, tables[0], phrases)
    shown = ", ".join(f"{level:.0%} intervals hold {share:.1%}" for level, share in zip(LEVELS, covered, strict=True))
    readers = sum(out.sum() for out in held)
    measured(f"hedges: {name}: {len(phrases)} phrases that are only placed, {readers} held-out readers: {shown}")
    assert (np.abs(covered - LEVELS) < 2 * sd).all(), (shown, sd)
    assert (np.abs(covered - LEVELS)[1:] <= POINTS).all(), shown


def test_no_phrase_and_no_reader_of_a_prediction_was_known() -> None:
    # the first fit of a survey is the shipped one; those for held-out readers know fewer
    for survey, fits in read_traits().items():
        assert [fit.survey for fit in fits] == [survey] * len(fits)
        assert all(fit.n < fits[0].n for fit in fits[1:])


@pytest.mark.parametrize("name", FILES)
def test_the_few_figures_of_a_phrase_say_what_the_fit_of_the_whole_survey_said(name: str, project_dir: Path) -> None:
    # a sampler over all phrases and readers against a mode for each phrase by itself: of thousands of readers within a point
    # or so, of 46 within three at the quartiles, where the sampler averages over what so few leave open
    fit = read_traits()[name][0]
    n = len(fit.phrases)
    mode = PhraseDraws(
        fit.mean[None, :, 0], np.exp(fit.mean[None, :, 1]), fit.mean[None, :, 2], np.exp([fit.log_tail]),
        np.zeros((1, n, 3)), np.zeros((1, n)), np.zeros((1, 2)), np.zeros(1),
    )  # fmt: skip
    rows = project_dossier().lexicons[name]
    off = np.abs(meaning_quantiles(mode) - [rows[phrase].quantiles for phrase in fit.phrases])
    few = fit.n < 100
    assert off[:, 2].max() < (0.01 if few else 0.005)
    assert off[:, 1:4].max() < (0.03 if few else 0.01)
    assert off.max() < (0.07 if few else 0.02)
