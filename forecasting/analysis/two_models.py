"""The same proposition asked of two models: sides of an index that events of the network stand for.

An index of a balance is answered by who is ahead; where a side is, or needs, that events of the network happen
(``in_network`` of the question), the network has an answer of its own, from other evidence. What is the same is published as the
network has it, so that nobody is told two numbers for one thing; what the balance alone would say is shown here beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from forecasting.analysis.registry import columns_of
from forecasting.dossier.forms.favours import SIDES, InNetwork
from forecasting.dossier.questions import Question
from forecasting.dossier.statements import Expression
from forecasting.fitting.fit import EditionFit
from forecasting.fitting.further import FurtherFit
from forecasting.forecasts import marked
from forecasting.inference.monte_carlo import mcse
from forecasting.inference.noticeable import ERRORS
from forecasting.models.base import Layer
from forecasting.paths.questions import Answer, PathHappenings

COLUMNS = columns_of("two_models")
SHOWN: tuple[Layer, Layer] = ("posterior", "base")
APART = 0.15  # of probability: more than a reader of either number would take for the same; a word of most standards is wider


def two_models(fit: EditionFit) -> pd.DataFrame | None:
    """Return each side of an index beside what the event network says of it.

    With A the side, B the statement of ``in_network`` and *is*: P(A) by the balance alone and P(B) by the network are of the same
    thing, and P(B) is published. With *needs* A cannot be without B, so that P(A) ≤ P(B) for anybody who holds both. Where both
    sides of an index stand for events and both happen, the high side is the outcome, as the contract says.

    Returns
    -------
    DataFrame or None
        One row per statement: ``p`` of the side, of what is the same by the balance alone, and ``network_p`` of the statement
        with their Monte Carlo errors, ``base_p`` and ``network_base_p`` the same without any claim or observation, ``gap`` = p −
        network_p. ``verdict`` is *apart*
        where two answers to the same differ by more than 0.15, or a side is likelier than what it needs by more than three
        errors; else *agree*. None where nothing is asked twice. What is not asked of the network in this edition is left out.
    """
    rows = [row for question in fit.edition.further.get("balance", ()) for row in _rows(fit, question)]
    return marked(pd.DataFrame(rows, columns=list(COLUMNS)), fit.gate.mark) if rows else None


def _rows(fit: EditionFit, question: Question) -> Iterator[dict]:
    index = question.favours
    if index is None:
        return
    told, chains = fit.further["balance"], fit.further["balance"].chains
    for stated in index.in_network:
        if not set(_statement(stated).events()) <= set(fit.structure.event_ids):
            continue
        i = SIDES.index(stated.side)
        said = partial(_alone, told, question) if stated.is_ else lambda layer: told.answers[layer][question.id]
        p, base = (said(layer).p[:, i] for layer in SHOWN)
        network, network_base = (_on_paths(fit, layer, question, stated) for layer in SHOWN)
        network_chains = fit.posterior.trace["posterior"].sizes["chain"]
        errors = mcse(p, chains), mcse(network, network_chains)
        gap = float(p.mean() - network.mean())
        apart = abs(gap) > APART if stated.is_ else gap > ERRORS * np.hypot(*errors)
        yield {
            "question": question.id, "outcome": stated.side, "relation": "is" if stated.is_ else "needs",
            "p": float(p.mean()), "mcse": errors[0], "network_p": float(network.mean()), "network_mcse": errors[1],
            "base_p": float(base.mean()), "network_base_p": float(network_base.mean()),
            "gap": gap, "verdict": "apart" if apart else "agree",
        }  # fmt: skip


def _statement(stated: InNetwork) -> Expression:
    statement = stated.is_ or stated.needs
    assert statement is not None  # a record has one of them
    return statement


def _alone(told: FurtherFit, question: Question, layer: Layer) -> Answer:
    """Return what the balance says under a layer when the network is not asked of the sides."""
    fitted = told.layers[layer]
    inputs = replace(fitted.inputs, case=replace(fitted.inputs.case, sides={}))
    paths = told.model.simulate(fitted.posterior, inputs, until=fitted.until, random_seed=fitted.random_seed)
    return told.model.outcomes(paths, question)


def _on_paths(fit: EditionFit, layer: Layer, question: Question, stated: InNetwork) -> np.ndarray:
    """Return P(statement | draw) under a layer of the network (draw,)."""
    if stated.is_:
        return fit.layers[layer].told()[question.id][stated.side][0]
    seen = PathHappenings(fit.layers[layer].paths)
    return np.asarray(_statement(stated).truth(seen, question.deadline)).mean(axis=1)
