"""What each claim, each source and each origin moved: the forecast without it, beside the forecast.

How a forecast without claims is found is in `forecasting.analysis.leave_out`; here it is asked of every claim, of every
source (as if it had been retracted) and of every origin (as if whoever said it first had not).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

import pandas as pd

from forecasting.analysis.context import Context
from forecasting.analysis.leave_out import Comparisons, Without
from forecasting.analysis.pathways import claim_pathway, reached_questions, why_nothing
from forecasting.analysis.registry import columns_of
from forecasting.dossier.claims import Claim
from forecasting.dossier.edition import lookup
from forecasting.fitting.fit import EditionFit
from forecasting.inference.gate_report import gated
from forecasting.inference.noticeable import noticeable
from forecasting.inference.parallel import in_parallel

STILL = 1e-12  # of a probability: rounding errors


def shared_effects(fit: EditionFit, claim: Claim) -> tuple[frozenset[str], int]:
    """Return the effects that an effect claim supports together with others, and how many claims share the widest.

    An effect stands as long as one of its claims does (one that ``stands_alone`` without any), so leaving one out moves
    nothing. Each of n supporters is then given an equal share of what the effect moves: the Shapley value of a game that any
    one player wins.

    References
    ----------
    Shapley, L. S. (1953), *A value for n-person games*, Contributions to the Theory of Games II.
    """
    cites = [e for e in fit.edition.effects if claim.id in e.claims and claim.kind == "effect" and not e.stands_alone]
    effects = [e for e in cites if len(e.claims) > 1]
    return frozenset(e.id for e in effects), max((len(e.claims) for e in effects), default=1)


def _changes(fit: EditionFit, without: Without) -> Iterator[dict]:
    for name, after in without.probabilities.items():
        got = fit.posterior.answers[name]
        for i, (outcome, full) in enumerate(zip(got.outcomes, got.p.mean(axis=0), strict=True)):
            yield {
                "question": name, "outcome": outcome, "p": float(full), "p_without": float(after[i]),
                "change": float(full - after[i]), "mcse": float(without.mcse[name][i]),
                "k_hat": without.k_hat, "how": without.how,
            }  # fmt: skip


@gated
def claim_influence(fit: EditionFit, context: Context | None = None) -> pd.DataFrame:
    """Leave every claim out in turn; return how far each moves each outcome.

    Parameters
    ----------
    context : Context, optional
        The fit's, if there is one: it remembers what was compared.

    Returns
    -------
    DataFrame
        One row per claim and outcome that it moves noticeably (`forecasting.inference.noticeable`), and one row with an empty
        question for a claim that moves none (``how`` then says why). ``change`` = p − p_without: what the claim added to the
        probability, ``mcse`` its Monte Carlo standard error. An influence through a shared reference class or driver alone
        counts as indirect.
    """
    context = context or Context.of(fit)

    def rows(claim: Claim) -> list[dict]:
        pathway, reason = claim_pathway(fit.edition, claim)
        changes, largest = ([], 0.0) if reason else _claim_changes(fit, claim, context.comparisons)
        if not reason and not changes:
            reason = why_nothing(fit.edition, claim, still=largest < STILL)
        found = changes or [{"question": "", "outcome": "", "how": reason}]
        return [{"claim": claim.id, "pathway": pathway, **row} for row in found]

    found = in_parallel(rows, fit.edition.claims, context.report)
    return pd.DataFrame(list(chain.from_iterable(found)), columns=list(columns_of("influence")))


def question_influence(fit: EditionFit, question_id: str) -> pd.DataFrame:
    """Return the rows of `claim_influence` for one question, the largest change first.

    Raises
    ------
    UsageError
        If the edition does not ask it.
    """
    lookup({question.id: question for question in fit.edition.questions}, question_id, "question of this edition")
    table = claim_influence(fit)
    table = table[table["question"] == question_id]
    return table.iloc[table["change"].abs().argsort()[::-1]].reset_index(drop=True)


def _claim_changes(fit: EditionFit, claim: Claim, comparisons: Comparisons) -> tuple[list[dict], float]:
    """Return the changes that count, and the largest change of all."""
    effects, sharers = shared_effects(fit, claim)
    without = comparisons.without(frozenset({claim.id}), effects)
    direct, reached = (reached_questions(fit.edition, claim, shared) for shared in (False, True))
    changes, largest = [], 0.0
    for row in _changes(fit, without):
        largest = max(largest, abs(row["change"]))
        share, error = row["change"] / sharers, row["mcse"] / sharers
        if row["question"] not in reached or not noticeable(share, error, indirect=row["question"] not in direct):
            continue
        if effects:
            how = f"{row['how']}; one of {sharers} claims behind the effect"
            row |= {"change": share, "mcse": error, "p_without": row["p"] - share, "how": how}
        changes.append(row)
    return changes, largest


@gated
def source_influence(fit: EditionFit, context: Context | None = None) -> pd.DataFrame:
    """Leave every source out in turn, as if it had been retracted.

    By importance weights, or by a refit where those are not to be trusted (`Weights.precise`), as a whole article mostly is.
    What no chain of effects, class or driver joins to its claims is left out, and what is not `noticeable`.

    Returns
    -------
    DataFrame
        Columns source, question, outcome, p, p_without, change with its Monte Carlo standard error mcse, k_hat, how.
    """
    groups: dict[str, set[str]] = {}
    for claim in fit.edition.claims:
        groups.setdefault(claim.source, set()).add(claim.id)
    table = _left_out(fit, groups, "source", context or Context.of(fit))
    return table.drop(columns="n_claims")


@gated
def origin_influence(fit: EditionFit, context: Context | None = None) -> pd.DataFrame:
    """Leave every origin out in turn: all claims that it first reported, in whichever source they are.

    Found as in `source_influence`. *How to read it:* how much of an answer depends on one origin; several sources that repeat
    it do not make it safer.

    Returns
    -------
    DataFrame
        Columns origin, n_claims, question, outcome, p, p_without, change with its Monte Carlo standard error mcse, k_hat, how;
        an origin that moves nothing has one row with an empty question, whose ``how`` says so.
    """
    groups: dict[str, set[str]] = {}
    for claim in fit.edition.claims:
        groups.setdefault(claim.origin, set()).add(claim.id)
    table = _left_out(fit, groups, "origin", context or Context.of(fit))
    still = [name for name in sorted(groups) if name not in set(table["origin"])]
    rest = [
        {"origin": name, "n_claims": len(groups[name]), "question": "", "outcome": "", "how": "moves no answer noticeably"}
        for name in still
    ]
    return pd.DataFrame([*table.to_dict("records"), *rest], columns=list(columns_of("origins")))


def _left_out(fit: EditionFit, groups: Mapping[str, set[str]], kind: str, context: Context) -> pd.DataFrame:
    """Return what goes with each group of claims: the changes that count, group by group."""

    def rows(name: str) -> list[dict]:
        claims = frozenset(groups[name])
        acting = [claim for claim in fit.edition.claims if claim.id in claims and not claim_pathway(fit.edition, claim)[1]]
        direct, reached = (
            frozenset().union(*(reached_questions(fit.edition, claim, shared) for claim in acting)) for shared in (False, True)
        )
        found = []
        for row in _changes(fit, context.comparisons.without(claims)) if acting else ():
            apart = row["question"] not in direct
            if row["question"] in reached and noticeable(row["change"], row["mcse"], indirect=apart):
                found.append({kind: name, "n_claims": len(claims), **row})
        return found

    found = in_parallel(rows, sorted(groups), context.report)
    return pd.DataFrame(list(chain.from_iterable(found)), columns=[kind, *columns_of("origins")[1:]])
