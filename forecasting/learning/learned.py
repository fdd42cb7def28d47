"""What a record would change, and how sure that is: a table of every parameter, and what it comes to in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from arviz_stats.base import array_stats
from scipy.special import ndtr, ndtri

from forecasting.fitting.learning import PRIORS, Lessons, fit_learning

if TYPE_CHECKING:
    import xarray as xr

COLUMNS = ("parameter", "name", "n", "prior_mean", "prior_sd", "mean", "low", "high", "sd", "learned", "noise", "would")
TITLES = {
    "source_bias": "source", "wording_bias": "wording", "kind_bias": "kind of judgement", "log_source_spread": "spread of source",
    "claims_weight": "claims against classes", "history_weight": "history against both", "part_weight": "part of the evidence",
}  # fmt: skip
HARDLY = 0.2  # of the variance of a parameter: below it an interval is at most a tenth narrower than before
EXAMPLE = 0.7


@dataclass(frozen=True)
class Learned:
    """What was learned.

    Parameters
    ----------
    table : DataFrame
        Columns `COLUMNS`, a row per parameter: ``mean``, ``low``, ``high`` (the central 90 %) and ``sd`` of the posterior,
        ``n`` settled judgements or questions that bear on it, ``learned`` = 1 − (sd / prior sd)², the share of what was open
        that is not any more, ``noise`` its Monte Carlo standard error, and ``would``: what it would change.
    n_judgements, n_questions, n_stories : int
        That were settled; a story counts once among the judgements and once among the questions.
    """

    table: pd.DataFrame
    n_judgements: int
    n_questions: int
    n_stories: int

    @property
    def sentence(self) -> str:
        """What all of it comes to, computed from the table."""
        return sentence(self)


def learn(lessons: Lessons, *, random_seed: int) -> Learned:
    """Fit the model to a record and return what it would change; without any record the priors, which need no sampler."""
    n = (len(lessons.z), len(lessons.base))
    stories = round(float(lessons.weight.sum() + lessons.question_weight.sum()))
    return Learned(learned_table(lessons, fit_learning(lessons, random_seed=random_seed)), *n, stories)


def learned_table(lessons: Lessons, posterior: xr.Dataset) -> pd.DataFrame:
    """Return the table of a posterior, in the order of `forecasting.fitting.learning.PRIORS`."""
    rows = []
    for parameter, prior in PRIORS.items():
        if parameter not in posterior:
            continue
        by_chain = posterior[parameter].values.reshape(*posterior[parameter].shape[:2], -1)
        for i, name in enumerate(lessons.names(prior.dim) if prior.dim else ("",)):
            draws = by_chain[:, :, i]
            low, high = np.quantile(draws, [0.05, 0.95])
            mean, sd = float(draws.mean()), float(draws.std(ddof=1))
            n = lessons.n_of(prior.dim, i) if prior.dim else len(lessons.base)
            noise = 2 * (sd / prior.sd) ** 2 * float(array_stats.mcse(draws, chain_axis=0, draw_axis=1, method="sd")) / sd
            rows.append((
                parameter, name, n, prior.mean, prior.sd, mean, float(low), float(high), sd, 1 - (sd / prior.sd) ** 2,
                noise, would(parameter, mean),
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def would(parameter: str, mean: float) -> str:
    """Return what a parameter at its posterior mean would change.

    Examples
    --------
    >>> would("wording_bias", -0.1), would("claims_weight", 0.98), would("log_source_spread", 0.1)
    ('70 % would be read as 66 %', 'claims would count 0.98 times', 'spreads would be 1.11 times as wide')
    """
    if parameter.endswith("_bias"):
        return f"{100 * EXAMPLE:.0f} % would be read as {100 * ndtr(ndtri(EXAMPLE) + mean):.0f} %"
    if parameter == "log_source_spread":
        return f"spreads would be {np.exp(mean):.2f} times as wide"
    if parameter == "part_weight":
        return f"it would count {1 + mean:.2f} times"
    return f"{'claims' if parameter == 'claims_weight' else 'history'} would count {mean:.2f} times"


def sentence(learned: Learned) -> str:
    """Return what a record teaches in words.

    *Hardly anything*: no interval of 90 % leaves out what was assumed, and no parameter has lost a fifth of its variance.
    """
    table, what = learned.table, _from(learned)
    outside = table[(table["low"] > table["prior_mean"]) | (table["high"] < table["prior_mean"])]
    best = table.loc[table["learned"].idxmax()]
    share = f"{100 * max(0.0, float(table['learned'].mean())):.0f} % of what was open is learned on average"
    most = f"at most {100 * max(0.0, float(best['learned'])):.0f} % ({_named(best)})"
    if outside.empty:
        amount = "hardly anything" if best["learned"] < HARDLY else "nothing that it is sure of"
        return f"{what} would change {amount}: {share}, {most}, and every interval of 90 % holds what was assumed."
    listed = "; ".join(f"{_named(row)}: {row['would']}" for _, row in outside.iterrows())
    return f"{what} would change this, outside what was assumed: {listed}. {share}, {most}."


def _named(row: pd.Series) -> str:
    title = TITLES[row["parameter"]]
    return f"{title} {row['name']}" if row["name"] else title


def _from(learned: Learned) -> str:
    def counted(n: int, one: str, many: str) -> str:
        return f"{n} settled {one if n == 1 else many}"

    said = counted(learned.n_judgements, "judgement", "judgements"), counted(learned.n_questions, "question", "questions")
    return f"{said[0]} and {said[1]}, worth {learned.n_stories} outcome{'s' if learned.n_stories != 1 else ''},"
