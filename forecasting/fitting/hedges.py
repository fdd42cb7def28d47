"""Compute what readers mean by hedges that no survey asked about: ``python -m forecasting.fitting.hedges``.

A row of a lexicon that is placed among surveyed phrases (columns ``at``, ``towards``, ``share``; its quantiles may be empty)
gets its five quantiles and ``n`` from `forecasting.elicitation.hedges`; the coder says where it stands, readers what that
means; ``forecast new wording`` does it for one wording. The draws that this needs are stored; ``--fit`` makes them anew from
the figures of both surveys (`forecasting.models.phrases.placed`), and with them the predictions for surveyed phrases that are
only placed, with which a test holds the method against readers who were not fitted.
Nothing is written of a fit that fails the gate.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from forecasting.dossier.parse import ParseError
from forecasting.dossier.wordings import Wording
from forecasting.elicitation.hedges import (
    DRAWS,
    PLACE_PREDICTIONS,
    PlacedDraws,
    place,
    read_draws,
    write_draws,
)
from forecasting.elicitation.meaning import answer_probabilities
from forecasting.elicitation.placed_rows import COLUMNS, cells_of, reader_counts, rows_of
from forecasting.elicitation.placements import PLACED
from forecasting.elicitation.survey_traits import TRAITS, SurveyTraits, read_traits
from forecasting.elicitation.surveys import PARTS
from forecasting.files import write_file
from forecasting.inference.gate import check_fit
from forecasting.inference.gate_report import GateReport
from forecasting.inference.sample import CompiledModel, Length, compile_model, sample
from forecasting.models.phrases.placed import build_placed_model, fitted_data

if TYPE_CHECKING:
    import xarray as xr

log = logging.getLogger(__name__)
REPORTED = (*TRAITS, "share_sd", *(f"{trait}_{what}_sd" for trait in TRAITS for what in ("place", "survey")))
LENGTH = Length(chains=4, draws=2500, tune=2000, target_accept=0.99)
KEEP = 200
PHRASE_FOLDS = 4


def lexicon_text(rows: Sequence[Wording], draws: PlacedDraws, n_readers: dict[str, dict[str, int]], random_seed: int) -> str:
    """Return a lexicon as CSV text, the rows that are placed with their quantiles computed, the others as they are.

    Parameters
    ----------
    n_readers : dict
        How many readers each survey asked about each of its phrases.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells_of(rows, draws, n_readers, random_seed))
    return out.getvalue()


def fit_placed(compiled: CompiledModel, data: dict[str, np.ndarray], random_seed: int) -> tuple[xr.Dataset, GateReport]:
    """Sample the model of placed phrases and return the posterior with its gate."""
    trace = sample(compiled, length=LENGTH, random_seed=random_seed, data=data, cores=2)
    posterior = trace["posterior"].to_dataset()[list(REPORTED)]
    report = check_fit(posterior, trace["sample_stats"].to_dataset(), {}, chains=LENGTH.chains, draws=LENGTH.draws, what="model")
    return posterior, report


def draws_of(posterior: xr.Dataset, fits: Sequence[SurveyTraits], keep: int = KEEP) -> PlacedDraws:
    """Return ``keep`` draws, evenly spaced over all chains, as plain arrays."""
    stacked = posterior.stack(d=("chain", "draw")).transpose("d", ...)
    chosen = np.linspace(0, stacked.sizes["d"] - 1, keep).astype(int)
    value = {name: np.asarray(stacked[name].values)[chosen] for name in REPORTED}
    place_sd, survey_sd = (np.stack([value[f"{t}_{what}_sd"] for t in TRAITS], axis=1) for what in ("place", "survey"))
    traits, tails = np.stack([value[trait] for trait in TRAITS], axis=1), np.array([fit.log_tail for fit in fits])
    return PlacedDraws(traits, value["share_sd"], place_sd, survey_sd, tails)


def compile_placed() -> CompiledModel:
    """Compile the model once; other fits of the same surveys go in as data."""
    return compile_model(build_placed_model([found[0] for found in read_traits().values()]))


def fit_all(compiled: CompiledModel, random_seed: int) -> PlacedDraws:
    """Fit the model to everything that the surveys say, hold it to the gate, and return its draws."""
    fits = [found[0] for found in read_traits().values()]
    posterior, report = fit_placed(compiled, fitted_data(fits), random_seed)
    for verdict in report.verdicts:
        log.info("  %s", verdict.words)
    report.require("of placed phrases", what="model")
    for name in REPORTED[len(TRAITS) :]:
        log.info("  %s %.3f ± %.3f", name, float(posterior[name].mean()), float(posterior[name].std()))
    return draws_of(posterior, fits)


def predict_held_out(compiled: CompiledModel, random_seed: int) -> dict[str, list[dict[str, list[int]]]]:
    """Return the predictive probabilities of answers to phrases that were only placed, in `PARTS`, for readers held out.

    The phrases of `PLACED` are held out in four sets, each from both surveys at once; readers as in the fits of the surveys,
    so that neither phrase nor reader was known. Shape: survey, set of readers, phrase, answer.
    """
    traits = read_traits()
    rounds = max(len(found) for found in traits.values()) - 1
    stored: dict[str, list[dict[str, list[int]]]] = {survey: [] for survey in traits}
    for k in range(rounds):
        fits = [found[k + 1] if len(found) > 1 else found[0] for found in traits.values()]
        tables: dict[str, dict[str, list[int]]] = {fit.survey: {} for fit in fits}
        for fold in range(PHRASE_FOLDS):
            out = list(PLACED)[fold::PHRASE_FOLDS]
            posterior, report = fit_placed(compiled, fitted_data(fits, out), random_seed)
            report.require(f"of placed phrases without {', '.join(out)}", what="model")
            draws = draws_of(posterior, fits, keep=1000)
            for fit in fits:
                asked = [phrase for phrase in out if phrase in fit.phrases]
                placed = place(draws, [PLACED[phrase] for phrase in asked], habits=fit.habits, random_seed=random_seed)
                for phrase, row in zip(asked, answer_probabilities(placed), strict=True):
                    tables[fit.survey][phrase] = np.rint(row * PARTS).astype(int).tolist()
        for fit in fits:
            if k == 0 or len(traits[fit.survey]) > 1:
                stored[fit.survey].append(tables[fit.survey])
    return stored


def main(arguments: list[str] | None = None) -> None:
    """Fit if asked, and write."""
    parser = argparse.ArgumentParser(prog="python -m forecasting.fitting.hedges", description=__doc__)
    parser.add_argument("--priors", type=Path, default=Path("priors"), help="dossier whose lexicon is written")
    parser.add_argument("--lexicon", default="article-hedges", help="id of the lexicon")
    parser.add_argument("--fit", action="store_true", help="make the draws and the predictions anew")
    parser.add_argument("--random-seed", type=int, default=1)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if options.fit:
        compiled = compile_placed()
        write_draws(DRAWS, fit_all(compiled, options.random_seed))
        predicted = predict_held_out(compiled, options.random_seed)
        write_file(PLACE_PREDICTIONS, json.dumps(predicted, separators=(",", ":")) + "\n")
    file = options.priors / "lexicons" / f"{options.lexicon}.csv"
    try:
        text = lexicon_text(rows_of(file), read_draws(DRAWS), reader_counts(), options.random_seed)
    except (OSError, ParseError, ValueError) as error:
        parser.exit(2, f"{file}: {error}\n")
    write_file(file, text)


if __name__ == "__main__":
    main()
