"""Read the two surveys from their raw files, and split readers into those who are fitted and those who are held out."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np

from forecasting.dossier.fields import Reads
from forecasting.elicitation.meaning import Survey

FILES = {"capphrase-2026": "capphrase_absolute_judgements.csv", "perceptions-2015": "zonination_probly.csv"}
CITATIONS = {
    "capphrase-2026": "Kucharski (2026) CAPphrase, doi:10.5281/zenodo.18750055, CC BY 4.0",
    "perceptions-2015": "Zoni Nation (2015) perceptions of probability, github.com/zonination/perceptions, MIT",
}
_AT_MOST = frozenset({
    "almost no chance", "chances are slight", "highly unlikely", "improbable", "little chance", "probably not", "remote chance",
    "unlikely", "we doubt",
})  # fmt: skip
_LEVEL = frozenset({"about even"})
PREDICTIONS = Path("tests/elicitation/phrase_predictions.json")
PARTS = 100_000
"""Predictive probabilities of answers are stored as whole numbers of such parts."""
SPLIT_SEED = 1
N_FITTED = {"capphrase-2026": 2587, "perceptions-2015": 46}
N_FOLDS = 3
"""The larger survey is fitted to one half of its readers, the other half judges; the smaller goes round in three folds."""


def read_survey(folder: Path, name: str) -> Survey:
    """Read one survey from its raw file, all readers, nothing left out.

    Five answers of three readers of 2015 that are not whole per cents (0.001 to 88.7) are rounded to whole ones, the finest
    step that all others took.

    Returns
    -------
    Survey
        Readers in the order of their ids (2026) or rows (2015).

    Raises
    ------
    ValueError
        If a reader did not answer every phrase.
    """
    with (folder / FILES[name]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if name == "perceptions-2015":
        phrases = tuple(rows[0])
        table = np.array([[round(float(row[phrase])) for phrase in phrases] for row in rows])
        return Survey(name, tuple(phrase.lower() for phrase in phrases), table, CITATIONS[name])
    phrases = tuple(sorted({row["term"] for row in rows}))
    readers = sorted({int(row["response_id"]) for row in rows})
    table = np.full((len(readers), len(phrases)), -1)
    at = {reader: i for i, reader in enumerate(readers)}
    for row in rows:
        table[at[int(row["response_id"])], phrases.index(row["term"])] = int(row["probability"])
    if (table < 0).any():
        raise ValueError(f"{FILES[name]}: {int((table < 0).sum())} answers are missing")
    return Survey(name, tuple(phrase.lower() for phrase in phrases), table, CITATIONS[name])


def folds(survey: Survey) -> list[np.ndarray]:
    """Return the readers held out of each fit, as truth values over all readers: whole readers, never single answers.

    Of the survey of 2026 one set, half of the readers, drawn at random; of that of 2015 three sets that make up the
    whole. The draw is fixed by `SPLIT_SEED`, so that a test can hold shipped figures against the same readers.
    """
    n = len(survey.answers)
    order = np.random.default_rng(SPLIT_SEED).permutation(n)
    if n > N_FITTED[survey.id]:
        return [~np.isin(np.arange(n), order[: N_FITTED[survey.id]])]
    return [np.isin(np.arange(n), order[k::N_FOLDS]) for k in range(N_FOLDS)]


def surveyed_reads(phrase: str) -> Reads:
    """Return how a surveyed phrase is read when a writer uses it freely: by the direction in which it argues.

    Negative phrases draw attention to the event's not happening and bound it from above; positive ones, weak as they may be
    ("could happen"), to its happening, and bound it from below; "about even" argues for neither.

    References
    ----------
    Teigen, K. H. and Brun, W. (1995), *Yes, but it is uncertain: direction and communicative intention of verbal
    probabilistic terms*, Acta Psychologica 88; (1999), *The directionality of verbal probability expressions: effects on
    decisions, predictions, and probabilistic reasoning*, Organizational Behavior and Human Decision Processes 80.

    Examples
    --------
    >>> surveyed_reads("unlikely"), surveyed_reads("could happen"), surveyed_reads("about even")
    ('at_most', 'at_least', 'level')
    """
    return "level" if phrase in _LEVEL else "at_most" if phrase in _AT_MOST else "at_least"


def read_predictions(file: Path, survey: Survey) -> list[np.ndarray]:
    """Return the stored predictive probabilities of a survey, one table for each set of held-out readers."""
    stored = json.loads(file.read_text("utf-8"))[survey.id]
    return [np.array([table[phrase] for phrase in survey.phrases]) / PARTS for table in stored]
