"""The phrase model behind the protocol of all models; it answers whether a phrase means at least even odds to a reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import xarray as xr

from forecasting.elicitation.meaning import PhraseDraws, Survey
from forecasting.models.base import READING_COLUMNS, Layer, ModelInputs
from forecasting.models.phrases.sample import REPORTED, draws_of
from forecasting.paths.questions import Answer

if TYPE_CHECKING:
    import pymc as pm
    from nutpie.compile_pymc import CompiledPyMCModel

EVEN = 0.0  # log odds of one half


@dataclass(frozen=True)
class PhraseQuestion:
    """Does a reader whom nobody has asked take the phrase to mean at least even odds? ``at`` is its place in the survey."""

    id: str
    phrase: str
    at: int


@dataclass(frozen=True)
class Phrases:
    """What readers mean by a verbal probability (`forecasting.models.phrases.build`); the case is a survey.

    A reader is left out by ``reader-<row of the survey>``.
    """

    name: str = "phrases"
    title: str = "Meaning of verbal probabilities"
    claim_kinds: frozenset[str] = frozenset()
    question_forms: frozenset[str] = frozenset({"meaning"})
    reported: tuple[str, ...] = REPORTED

    def inputs(self, case: Survey, layer: Layer = "posterior", *, without: frozenset[str] = frozenset()) -> ModelInputs:
        """Return the answers and which readers are included: none of them unless the layer is the posterior."""
        readers = [f"reader-{i}" for i in range(len(case.answers))]
        included = [float(layer == "posterior" and reader not in without) for reader in readers]
        data = xr.Dataset(
            {
                "answers": (("reader", "phrase"), case.answers, {"units": "per cent"}),
                "included": ("reader", np.array(included), {"units": "0 or 1"}),
            },
            {"reader": readers, "phrase": list(case.phrases)},
        )
        return ModelInputs(case, layer, without, data)

    def build(self, inputs: ModelInputs) -> pm.Model:
        """State the phrase model in PyMC."""
        import pymc as pm

        from forecasting.models.phrases.build import build_phrase_model

        model = build_phrase_model(inputs.case)
        pm.set_data(self.arrays(inputs), model=model)
        return model

    def density(self, inputs: ModelInputs) -> CompiledPyMCModel | None:
        """Return nothing: PyMC's density is sampled."""
        return None

    def constants(self, inputs: ModelInputs) -> Mapping[str, np.ndarray]:
        """Return nothing: every variable moves."""
        return {}

    def arrays(self, inputs: ModelInputs) -> Mapping[str, np.ndarray]:
        """Return which readers are included; the answers are constants of the compiled model."""
        return {"included": inputs.data["included"].values}

    def questions(self, case: Survey) -> Sequence[PhraseQuestion]:
        """Return one question per phrase."""
        return tuple(PhraseQuestion(phrase.replace(" ", "-"), phrase, j) for j, phrase in enumerate(case.phrases))

    def simulate(
        self, posterior: xr.Dataset, inputs: ModelInputs, *, until: dt.date | None = None, random_seed: int
    ) -> PhraseDraws:
        """Return every draw of the distribution of meanings; it has a closed form, so that nothing is simulated."""
        return draws_of(posterior)

    def outcomes(self, paths: PhraseDraws, question: PhraseQuestion) -> Answer:
        """Return P(meaning ≥ ½ | draw) of a new reader."""
        p = 1 - paths.cdf(np.array([[[EVEN]]]))[:, question.at]
        return Answer(("yes",), (f"“{question.phrase}” means at least even odds",), p, np.zeros_like(p))

    def log_likelihood(self, posterior: xr.Dataset, inputs: ModelInputs) -> np.ndarray:
        """Return log P(all answers of a reader | draw) (draw, reader), zero for those who are left out."""
        from forecasting.models.phrases.build import reader_log_likelihood

        return reader_log_likelihood(posterior, inputs.case) * inputs.data["included"].values

    def readings(self, inputs: ModelInputs) -> pd.DataFrame:
        """Return the answers of the readers who are included, each without a spread: it is the model that gives one."""
        rows = [
            (reader, phrase, float(answer), 0.0, "per cent", "an answer, rounded by habit")
            for reader, answers, included in zip(
                inputs.data["reader"].values, inputs.data["answers"].values, inputs.data["included"].values, strict=True
            )
            if included
            for phrase, answer in zip(inputs.case.phrases, answers, strict=True)
        ]
        return pd.DataFrame(rows, columns=list(READING_COLUMNS))
