"""Fit an edition: three layers of evidence, gated, propagated to paths, asked its questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from forecasting.arguments import ID, LAYER, of_plain, shown, takes
from forecasting.dossier.edition import EditionDossier, lookup
from forecasting.errors import UsageError
from forecasting.fitting.further import FurtherFit, further_fits, with_network
from forecasting.fitting.layers import LAYERS, LayerFit, grown_layer, probabilities_of
from forecasting.forecasts import Forecast, Outcome, marked, outcome_table
from forecasting.inference.gate import check_fit
from forecasting.inference.gate_report import GateReport
from forecasting.inference.monte_carlo import mcse
from forecasting.models.base import Layer
from forecasting.models.network.engine import CompiledNetwork, compile_network
from forecasting.models.network.hazards import stacked_parameters
from forecasting.models.network.structure import Structure, fixed_elements
from forecasting.models.network.surprise import history_tails
from forecasting.paths.questions import HALF, Answer
from forecasting.paths.simulate import Paths

MOST_SEEDS = 2**32


@dataclass(frozen=True, repr=False)
class EditionFit:
    """A fitted edition, as data: what it says of its questions. Analyses are functions of it, in `forecasting.analysis`.

    ``layers`` are those of the event network; ``further`` holds what other models say of the questions that are theirs, by
    their names, and ``gate`` judges all of them: one that is blocked blocks the edition. ``kept`` holds what analyses compute
    once of a fit, by their names. Nothing is published before ``gate`` passed.
    """

    edition: EditionDossier
    structure: Structure
    layers: Mapping[Layer, LayerFit]
    gate: GateReport
    seed: int
    network: CompiledNetwork | None = field(default=None, repr=False)
    kept: MutableMapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    further: Mapping[str, FurtherFit] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        chains, draws = self._shape()
        asked = f"{len(self.edition.asked)} questions about {len(self.edition.events)} events"
        asked += "".join(f" and to the model “{one.model.title}”" for one in self.further.values())
        drawn = f"{chains} × {draws:,} draws"
        return f"<EditionFit of {self.edition.edition.id}: {asked}, {drawn}, {self.gate.mark.words}; see .forecasts()>"

    @property
    def posterior(self) -> LayerFit:
        """The layer with all evidence."""
        return self.layers["posterior"]

    @property
    def paths(self) -> Paths:
        """The simulated paths of the layer with all evidence."""
        return self.posterior.paths

    def forecast(self, question_id: str) -> Forecast:
        """Return the forecast of one question.

        Raises
        ------
        UsageError
            If the edition does not ask it; near ids are named.
        """
        questions = {question.id: question for question in self.edition.asked}
        question = lookup(questions, question_id, "question of this edition")
        told = self._told(question.form.model)
        outcomes = tuple(self._outcome(told, question.id, i) for i in range(len(told["posterior"][question.id].outcomes)))
        return Forecast(
            question=question.id, title=question.title, theme=question.theme, edition=self.edition.edition.id,
            as_of=self.edition.as_of, deadline=question.deadline, kind=question.form.kind, outcomes=outcomes,
            gate=self.gate.mark, reconstructed=self.edition.edition.reconstructed or "",
        )  # fmt: skip

    def _told(self, model: str) -> Mapping[Layer, Mapping[str, Answer]]:
        """Return what a model says of its questions, by layer."""
        if model in self.further:
            return self.further[model].answers
        return {layer: self.layers[layer].answers for layer in LAYERS}

    def _outcome(self, told: Mapping[Layer, Mapping[str, Answer]], question_id: str, i: int) -> Outcome:
        got = told["posterior"][question_id]
        p, (low, high), (low_50, high_50) = got.p[:, i], got.interval(i), got.interval(i, HALF)
        return Outcome(
            id=got.outcomes[i], title=got.titles[i], p=float(p.mean()), low=low, high=high, mcse=mcse(p, self._shape()[0]),
            base_p=float(told["base"][question_id].p[:, i].mean()),
            prior_p=float(told["prior"][question_id].p[:, i].mean()), low_50=low_50, high_50=high_50,
            standard=self.edition.edition.standard,
        )  # fmt: skip

    def _shape(self) -> tuple[int, int]:
        sizes = self.posterior.trace["posterior"].sizes
        return sizes["chain"], sizes["draw"]

    def all_forecasts(self) -> tuple[Forecast, ...]:
        """Return every forecast of the edition, in its order."""
        return tuple(self.forecast(question.id) for question in self.edition.asked)

    def forecasts(self) -> pd.DataFrame:
        """Return the table of all outcomes: p with its 50 and 90 % intervals and MCSE, and what base rate and prior gave.

        Columns: question, title, outcome, deadline, base_p, prior_p, p, low_50, high_50, low, high, mcse, words,
        reconstructed (whether the edition was made after its day); and gate, where the fit did not pass it.
        """
        return outcome_table(self.all_forecasts(), self.gate.mark)

    @takes(event_id=ID, layer=LAYER)
    def curve(self, event_id: str, layer: Layer = "posterior") -> pd.DataFrame:
        """Return P(T ≤ t) of an event over time: columns date, p, low, high (90 % epistemic interval)."""
        k = lookup({name: k for k, name in enumerate(self.structure.event_ids)}, event_id, "event of this edition")
        curves = self.layers[layer].curves
        days = [self.edition.as_of + dt.timedelta(days=round(float(t) * 365.25)) for t in curves.grid]
        table = pd.DataFrame({"date": days, "p": curves.p[k], "low": curves.low[k], "high": curves.high[k]})
        return marked(table, self.gate.mark)


def require_seed(seed: object) -> int:
    """Return a seed that every generator of random numbers takes, or say what one is."""
    found = of_plain(seed)
    if type(found) is bool or not issubclass(type(found), (int, np.integer)) or not 0 <= found < MOST_SEEDS:
        raise UsageError(f"the seed is {shown(seed)}; write a whole number from 0 to {MOST_SEEDS - 1}")
    return int(found)


def fit(
    edition: EditionDossier,
    *,
    random_seed: int | None = None,
    network: CompiledNetwork | None = None,
    progress: Callable[[str, float], None] | None = None,
) -> EditionFit:
    """Fit an edition and hold it to the gate.

    Parameters
    ----------
    edition : EditionDossier
        From ``dossier.edition(id)``.
    random_seed : int, optional
        Defaults to the edition's seed; stored with the result.
    network : CompiledNetwork, optional
        A compiled network of the same edition, to save the compilation.
    progress : callable, optional
        Called with a stage's name and the share of work done.

    Returns
    -------
    EditionFit
        With the three layers *base*, *prior* (base rate and claims) and *posterior* (and history).

    Raises
    ------
    UsageError
        If this is no edition of a dossier, or the seed is no whole number from 0 to 2³² − 1.

    Examples
    --------
    >>> import forecasting as fc
    >>> dossier = fc.load_dossier("priors")
    >>> fit = fc.fit(dossier.edition("2024-12-syria"), random_seed=20241213)  # doctest: +SKIP
    >>> fit.forecast("khmeimim-held-2025")  # doctest: +SKIP
    """
    if not isinstance(edition, EditionDossier):
        fix = "write dossier.edition(id), with a dossier of load_dossier()"
        raise UsageError(f"{shown(edition)} is no edition of a dossier; {fix}")
    seed = require_seed(edition.edition.seed if random_seed is None else random_seed)
    say = progress or (lambda stage, share: None)
    if network is None:
        from forecasting.models.network.density import read_density

        # once per machine and version of the model; after that the density is read from disk
        say("reading the compiled model" if read_density() else "compiling the model", 0.0)
        network = compile_network(edition)
    layers: dict[Layer, LayerFit] = {}
    for i, layer in enumerate(LAYERS):
        say(f"sampling the {layer} layer", 0.4 + 0.15 * i)
        layers[layer], _ = grown_layer(network, layer, random_seed=seed, say=partial(_say_at, say, 0.4 + 0.15 * i))
    further = further_fits(with_network(edition, layers), random_seed=seed, say=partial(_say_at, say, 0.85))
    say("checking the gate", 0.9)
    gate = together(gate_of(edition, network.structure, layers), further)
    return EditionFit(edition, network.structure, layers, gate, seed, network, further=further)


def together(network: GateReport, further: Mapping[str, FurtherFit]) -> GateReport:
    """Return the gate's verdicts on the event network and on every further model in one report."""
    verdicts = (*network.verdicts, *(verdict for one in further.values() for verdict in one.gate.verdicts))
    return replace(network, verdicts=verdicts)


def _say_at(say: Callable[[str, float], None], share: float, stage: str) -> None:
    say(stage, share)


def gate_of(edition: EditionDossier, s: Structure, layers: Mapping[Layer, LayerFit]) -> GateReport:
    """Hold every reported quantity of the posterior layer, and the probabilities of the other two, to the gate.

    The history must not be next to impossible under the prior layer; effects that only enable or block have no ratio to move.
    """
    chains, draws = edition.edition.chains, edition.edition.draws
    last, probabilities = layers["posterior"], probabilities_of(layers, chains)
    stats = last.trace["sample_stats"].to_dataset()
    before = stacked_parameters(layers["prior"].trace["posterior"].to_dataset(), s)
    return check_fit(
        last.trace["posterior"].to_dataset(), stats, probabilities, chains=chains, draws=draws,
        fixed=fixed_elements(s), tails=history_tails(before, s, last.evidence),
    )  # fmt: skip
