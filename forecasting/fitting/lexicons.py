"""Fit the survey lexicons anew from the raw files: ``python -m forecasting.fitting.lexicons --data DIR``.

DIR holds the raw files of both surveys (`forecasting.elicitation.surveys.FILES`), which are other people's and stay outside
the project. What is written are figures: ``priors/lexicons/<survey>.csv``, the quantiles of what a new reader means; and
``tests/elicitation/phrase_predictions.json``, the predictive probabilities of answers with which a test holds these
figures against readers who were not fitted. Nothing is written of a survey whose fit fails the gate.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import logging
import time
from pathlib import Path

import numpy as np

from forecasting.elicitation.coverage import coverage_lines
from forecasting.elicitation.meaning import Survey, answer_probabilities, meaning_quantiles
from forecasting.elicitation.surveys import FILES, PARTS, PREDICTIONS, folds, read_survey, surveyed_reads
from forecasting.files import write_file
from forecasting.models.phrases.sample import FOLD, compile_phrases, full_length, gate_phrases, phrase_draws, sample_phrases

log = logging.getLogger(__name__)


def lexicon_text(survey: Survey, quantiles: np.ndarray, n: int) -> str:
    """Return the lexicon of a survey as CSV text; quantiles to four places."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["wording", "p05", "p25", "p50", "p75", "p95", "reads", "n", "citation"])
    cite = f"{survey.citation}; fitted: what a new reader means; beyond 0.5 and 99.5 % read as these"
    for phrase, row in zip(survey.phrases, quantiles, strict=True):
        writer.writerow([phrase, *[f"{value:.4f}".rstrip("0") for value in row], surveyed_reads(phrase), n, cite])
    return out.getvalue()


def fit_survey(survey: Survey, random_seed: int) -> tuple[np.ndarray, list[np.ndarray], int]:
    """Return quantiles of meaning, predictive probabilities for each set of held-out readers, and how many were fitted.

    The larger survey has one fit: its quantiles are those of the readers it was fitted to, so that the held-out readers
    judge the very figures that are shipped. The smaller one has a fit for each fold and a last one to all its readers.
    """
    held = folds(survey)
    base = survey.readers(~held[0]) if len(held) == 1 else survey
    compiled = compile_phrases(base)
    begun, length = time.monotonic(), full_length(base)
    trace = sample_phrases(compiled, np.ones(len(base.answers)), random_seed=random_seed, length=length)
    log.info("%s: %d readers, %.0f s of sampling", survey.id, len(base.answers), time.monotonic() - begun)
    report = gate_phrases(trace, length)
    for verdict in report.verdicts:
        log.info("  %s: %.4g at %s, wanted %s", verdict.criterion, verdict.value, verdict.worst, verdict.bound)
    report.require(survey.id, what="survey")
    draws = phrase_draws(trace)
    if len(held) == 1:
        return meaning_quantiles(draws), [answer_probabilities(draws)], len(base.answers)
    predicted = []
    for out in held:
        fold = sample_phrases(compiled, ~out, random_seed=random_seed, length=FOLD)
        predicted.append(answer_probabilities(phrase_draws(fold)))
    return meaning_quantiles(draws), predicted, len(base.answers)


def main(arguments: list[str] | None = None) -> None:
    """Fit, check and write."""
    parser = argparse.ArgumentParser(prog="python -m forecasting.fitting.lexicons", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the raw files of the surveys")
    parser.add_argument("--survey", choices=list(FILES), action="append", help="only this one; may be given twice")
    parser.add_argument("--priors", type=Path, default=Path("priors"), help="dossier whose lexicons are written")
    parser.add_argument("--predictions", type=Path, default=PREDICTIONS, help="file of predictive probabilities")
    parser.add_argument("--random-seed", type=int, default=1)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stored = json.loads(options.predictions.read_text("utf-8")) if options.predictions.exists() else {}
    for name in options.survey or FILES:
        survey = read_survey(options.data, name)
        quantiles, predicted, n = fit_survey(survey, options.random_seed)
        stored[name] = [
            {phrase: np.rint(row * PARTS).astype(int).tolist() for phrase, row in zip(survey.phrases, table, strict=True)}
            for table in predicted
        ]
        write_file(options.priors / "lexicons" / f"{name}.csv", lexicon_text(survey, quantiles, n))
        write_file(options.predictions, json.dumps(stored, separators=(",", ":")) + "\n")
        for line in coverage_lines(survey, predicted, folds(survey)):
            log.info("%s", line)


if __name__ == "__main__":
    main()
