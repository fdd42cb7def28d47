"""The model of a balance behind the protocol of all models, with its picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.forms.favours import REST, SIDES
from forecasting.dossier.observed import Observed, balance_of
from forecasting.dossier.questions import Question
from forecasting.inference.sample import Length
from forecasting.models.balance.future import Futures, futures
from forecasting.models.balance.inputs import balance_inputs
from forecasting.models.balance.levels import drawn, log_likelihood
from forecasting.models.balance.link import bounds_on, carried, shares
from forecasting.models.balance.picture import band_rows, point_rows, reading_rows
from forecasting.models.base import BAND_COLUMNS, POINT_COLUMNS, READING_COLUMNS, Layer, ModelInputs
from forecasting.paths.questions import Answer
from forecasting.paths.sides import spread_over

if TYPE_CHECKING:
    import pymc as pm
    from nutpie.compile_pymc import CompiledPyMCModel


# Most answers are 0 or 1 on a draw: an error of half a point near one half takes 10,000 of them. A fit that only tells what
# an observation moves has the error of its own that is stated beside it. At an acceptance of 0.92 one of 13,600 draws diverged.
FIRST = Length(chains=4, draws=3400, tune=600, target_accept=0.96)
# Without observations all variables are independent normal ones: there is no narrow place to step over.
ALONE = replace(FIRST, target_accept=0.8)
BOUND = 500  # the greatest ratio of two likelihoods of one observation at which weights are taken to be bounded
BRIEF = Length(chains=4, draws=600, tune=300, target_accept=0.96)


@dataclass(frozen=True)
class BalanceInputs(ModelInputs):
    """Inputs of a balance, with the records that they were read from."""

    seen: Observed


@dataclass(frozen=True)
class BalanceModel:
    """Who has the upper hand (`forecasting.models.balance.build`); the case is an edition that asks about one balance.

    Layer ``prior`` has what was said (observations with a speaker), ``posterior`` also what happened.
    """

    name: str = "balance"
    title: str = "Who has the upper hand"
    claim_kinds: frozenset[str] = frozenset()
    question_forms: frozenset[str] = frozenset({"ahead", "turned", "favours"})
    reported: tuple[str, ...] = ("scales", "weights", "level")
    brief_length: Length = BRIEF

    def first_length(self, layer: Layer) -> Length:
        """Return how long a layer is drawn to begin with."""
        return ALONE if layer == "base" else FIRST

    def bounded_ratios(self, inputs: BalanceInputs) -> bool:
        """Return whether an observation left out changes a draw's weight by a bounded factor, so that weights have a variance.

        Of a grade at random in a share ε of all cases, among n grades, every likelihood lies between ε/n and 1.
        """
        slip, grades = float(inputs.data["fixed"].sel(constant="slip")), inputs.data["obs_bounds"].sel(bound="grades")
        return slip * BOUND >= float(grades.values.max(initial=1.0))

    def inputs(self, case: EditionDossier, layer: Layer = "posterior", *, without: frozenset[str] = frozenset()) -> BalanceInputs:
        """Return the numbers of one layer of an edition, without some of its observations."""
        seen = balance_of(case, case.further.get(self.name, ()))
        used = {
            one.record.id for one in seen.looks
            if one.record.id not in without and (layer == "posterior" or (layer == "prior" and one.speaker))
        }  # fmt: skip
        grades = {key: row.value for key, row in case.dossier.grades.items()}
        return BalanceInputs(case, layer, without, balance_inputs(seen, used, grades), seen)

    def build(self, inputs: BalanceInputs) -> pm.Model:
        """State the balance in PyMC."""
        from forecasting.models.balance.build import build_balance

        return build_balance(inputs.data)

    def density(self, inputs: BalanceInputs) -> CompiledPyMCModel:
        """Return the fused density, compiled once per machine; PyMC's own where that cannot be used."""
        from forecasting.models.balance.density import bind_balance

        return bind_balance(inputs.data)

    def constants(self, inputs: BalanceInputs) -> Mapping[str, np.ndarray]:
        """Return the weights of theatres where they are set: where all count alike, or there is but one."""
        n, spread = inputs.data.sizes["theatre"], float(inputs.data["fixed"].sel(constant="weight_spread"))
        return {"weights": np.full(n, spread == 0 or n == 1)}

    def arrays(self, inputs: BalanceInputs) -> Mapping[str, np.ndarray]:
        """Return every number of the stated and of the fused density by name."""
        from forecasting.models.balance.density import compiled_arrays

        return compiled_arrays(inputs.data)

    def questions(self, case: EditionDossier) -> Sequence[Question]:
        """Return the questions of the edition about the balance."""
        return case.further[self.name]

    def simulate(
        self, posterior: xr.Dataset, inputs: BalanceInputs, *, until: dt.date | None = None, random_seed: int
    ) -> Futures:
        """Return levels up to now and steps to every day that a question asks about."""
        days = [question.at for question in inputs.seen.questions if question.at]
        chances, sides = (told.get(inputs.layer, {}) for told in (inputs.case.chances, inputs.case.sides))
        said = tuple((name, side, p.tobytes()) for name, of in sides.items() for side, (p, _) in of.items())
        draws, key = drawn(posterior, inputs.data), f"futures {random_seed} {hash((tuple(chances.items()), said))}"
        if key not in draws.kept:
            draws.kept[key] = futures(
                inputs.seen, draws, inputs.data, days, random_seed=random_seed, chances=chances, sides=sides
            )  # fmt: skip
        return draws.kept[key]

    def outcomes(self, paths: Futures, question: Question) -> Answer:
        """Return P(outcome | draw) of a question."""
        kept, key = paths.draws.kept, f"answer {id(paths)} {question.id}"
        if key not in kept:
            kept[key] = self._answer(paths, question)
        return kept[key]

    def _answer(self, paths: Futures, question: Question) -> Answer:
        day = question.deadline
        if question.favours is not None:
            index = question.favours
            level, bars = paths.level(index.balance, day), bounds_on(paths, question.id, index)
            told = {side: spread_over(p, len(level)) for side, (p, _) in paths.sides.get(question.id, {}).items()}
            every = shares(index, bars, level, paths.chance(index.needed, day), told)
            if index.margin and (lead := index.lead_on(paths.as_of)) is not None:
                every = every @ carried(index.margin, lead)
            found = _answer(SIDES, question.form.titles(), every)
            return replace(found, noise=found.noise + _noise_told(paths.sides[question.id], found)) if told else found
        side = question.ahead or question.turned
        assert side is not None  # the forms above are all that come here
        p = paths.ahead(side.balance, side.actor, day)
        if question.turned is not None:  # ahead now and not then, of the same line
            p = np.maximum(p - paths.ahead(side.balance, side.actor, question.turned.since), 0.0)
        return _answer(("yes",), {}, p[:, :, None])

    def log_likelihood(self, posterior: xr.Dataset, inputs: BalanceInputs) -> np.ndarray:
        """Return log p(grades | draw) (draw, observation), zero for observations that are left out."""
        return log_likelihood(drawn(posterior, inputs.data), inputs.data)

    def readings(self, inputs: BalanceInputs) -> pd.DataFrame:
        """Return what every observation is read as: the middle of its grades, in steps."""
        return pd.DataFrame(reading_rows(inputs.seen, inputs.data), columns=list(READING_COLUMNS))

    def bands(self, posterior: xr.Dataset, inputs: BalanceInputs, *, random_seed: int) -> pd.DataFrame:
        """Return a ribbon per theatre and one of the whole, month by month."""
        rows = band_rows(inputs.seen, drawn(posterior, inputs.data), inputs.data, random_seed=random_seed)
        return pd.DataFrame(rows, columns=list(BAND_COLUMNS))

    def points(self, inputs: BalanceInputs) -> pd.DataFrame:
        """Return the observations, who is ahead above the line of zero, and the days on which sources appeared."""
        rows = point_rows(inputs.seen, inputs.data, inputs.case.dossier)
        return pd.DataFrame(rows, columns=list(POINT_COLUMNS))


def _noise_told(sides: Mapping[str, tuple[np.ndarray, np.ndarray]], found: Answer) -> np.ndarray:
    """Return the variance that the network's finite number of paths adds to what it says of an index (draw, outcome)."""
    rest, noise = (spread_over(one, len(found.p)) for one in sides[REST])
    share = np.divide(found.p, rest[:, None], out=np.zeros_like(found.p), where=rest[:, None] > 0)
    own = [spread_over(sides[side][1], len(found.p)) if side in sides else share[:, i] ** 2 * noise
           for i, side in enumerate(found.outcomes)]  # fmt: skip
    return np.stack(own, axis=1)


def _answer(names: tuple[str, ...], titles: Mapping[str, str], p: np.ndarray) -> Answer:
    """Return the mean over paths (draw, path, outcome) and the variance that a finite number of them adds."""
    n = p.shape[1]
    noise = p.var(axis=1) / max(n - 1, 1)
    return Answer(names, tuple(titles.get(name, name) for name in names), p.mean(axis=1), noise)
