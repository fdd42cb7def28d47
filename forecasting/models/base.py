"""The protocol behind which every model stands: inputs, density, simulation, outcomes.

The gate, fits, leave-one-out, trace and report know this protocol and no model. A model is a value without state; whatever it
needs comes in as an argument. To add one, write a class with these members in ``models/<name>/model.py``; the contract test
(``tests/models/test_contract.py``) runs it from its inputs to its section of a report.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pymc as pm
    import xarray as xr
    from nutpie.compile_pymc import CompiledPyMCModel

    from forecasting.paths.questions import Answer

Layer = Literal["base", "prior", "posterior"]
LAYERS: tuple[Layer, ...] = ("base", "prior", "posterior")
READING_COLUMNS = ("claim", "about", "location", "spread", "unit", "reads")
INFLUENCE_COLUMNS = ("claim", "outcome", "p", "p_without", "change", "mcse", "k_hat", "how")
BAND_COLUMNS = ("panel", "title", "unit", "on", "low", "low_50", "middle", "high_50", "high")
POINT_COLUMNS = ("panel", "claim", "on", "value", "label", "kind")


@dataclass(frozen=True)
class ModelInputs:
    """Everything that one layer of one case tells a model.

    Parameters
    ----------
    case : object
        What the model was asked about: an edition, a survey, a table of counts.
    layer : {"base", "prior", "posterior"}
        ``base`` conditions on reference classes only, ``prior`` adds claims, ``posterior`` adds history.
    without : frozenset of str
        Ids of claims (or other observations) that are left out.
    data : xr.Dataset
        Every number that enters the model, under its own name, with dimensions and labels. `Model.build` registers these as
        ``pm.Data`` under the same names, so that a compiled model takes the numbers of another layer.
    """

    case: Any
    layer: Layer
    without: frozenset[str]
    data: xr.Dataset


@runtime_checkable
class Model(Protocol):
    """One generative model: what it reads, what it states, what it answers.

    Attributes
    ----------
    name : str
        Short and unique; for a model of the package, its folder under ``models/``.
    title : str
        What it models, in a few words: the heading of its section in reports; escaped there, so any text will do.
    claim_kinds : frozenset of str
        Kinds of claims that it reads (``Claim.kind``); empty where it reads no claims.
    question_forms : frozenset of str
        Names of the forms of questions that it answers, its own or those of ``dossier/forms``.
    reported : tuple of str
        Names of the variables in `build` that are published, so that the gate looks at them; all where it is empty.
    """

    name: str
    title: str
    claim_kinds: frozenset[str]
    question_forms: frozenset[str]
    reported: tuple[str, ...]

    def inputs(self, case: Any, layer: Layer = "posterior", *, without: frozenset[str] = frozenset()) -> ModelInputs:
        """Return the numbers of one layer of a case, without some of its observations: none at all in layer ``base``."""
        ...

    def build(self, inputs: ModelInputs) -> pm.Model:
        """State the model in PyMC: the one statement, to which everything else is held."""
        ...

    def density(self, inputs: ModelInputs) -> CompiledPyMCModel | None:
        """Return a compiled posterior density and gradient that is faster than `build`'s and was held to it, or None."""
        ...

    def constants(self, inputs: ModelInputs) -> Mapping[str, np.ndarray]:
        """Return which elements of a variable (bool, with its dims, by name) never move, so that R-hat does not judge them."""
        ...

    def questions(self, case: Any) -> Sequence[Any]:
        """Return what is asked of a case; each question has an ``id``, and `outcomes` knows what else it has."""
        ...

    def simulate(self, posterior: xr.Dataset, inputs: ModelInputs, *, until: dt.date | None, random_seed: int) -> Any:
        """Return what could happen until a day, for each draw of the posterior: any value that `outcomes` reads."""
        ...

    def outcomes(self, paths: Any, question: Any) -> Answer:
        """Return P(outcome | draw) (draw, outcome) of one question from what `simulate` returned, draws chain by chain."""
        ...

    def arrays(self, inputs: ModelInputs) -> Mapping[str, np.ndarray]:
        """Return the values of every ``pm.Data`` of `build` by name, for a model that was compiled with other numbers."""
        ...

    def log_likelihood(self, posterior: xr.Dataset, inputs: ModelInputs) -> np.ndarray:
        """Return log p(observation | parameters of the draw) (draw, observation), draws chain by chain."""
        ...

    def readings(self, inputs: ModelInputs) -> pd.DataFrame:
        """Return what entered: a row per observation and what it is about, columns `READING_COLUMNS`.

        ``claim`` is the id that ``without`` takes; ``about`` names an event, a series or whatever it speaks of; ``location``
        and ``spread`` are the very numbers that entered, in ``unit`` (a spread of 0 where the likelihood has its own, as of a
        count); ``reads`` says in words what was read, and how. Observations left out have no row.
        """
        ...


@runtime_checkable
class Pictured(Protocol):
    """What a model has besides that answers questions of editions beside the event network: a picture through time.

    One panel for each thing that it follows, such as a series or a theatre: a ribbon of what is thought of it on each day, and
    points on it. Reports and notebooks draw both with one figure, and name a panel and an observation by the texts given here.
    """

    def bands(self, posterior: xr.Dataset, inputs: ModelInputs, *, random_seed: int) -> pd.DataFrame:
        """Return the ribbons, columns `BAND_COLUMNS`: a row per panel and day, with the central half and nine tenths.

        ``panel`` is an id and ``title`` what is shown for it; ``on`` is a `datetime.date`; ``unit`` is that of all numbers.
        """
        ...

    def points(self, inputs: ModelInputs) -> pd.DataFrame:
        """Return what is drawn on the ribbons, columns `POINT_COLUMNS`.

        ``kind`` is *observed* (a point: ``claim`` is the id that ``without`` takes, and ``label`` says in words what it is and
        who said it), *level* (a value that is asked about; ``on`` is the day by which) or *day* (something that happened; the
        value is NaN). Observations left out have no row.
        """
        ...


def label(question: Any, outcome: Hashable) -> str:
    """Return how an outcome of a question is called where all outcomes stand together.

    Examples
    --------
    >>> from collections import namedtuple
    >>> label(namedtuple("Asked", "id")("pact-by-2025"), "yes")
    'pact-by-2025:yes'
    """
    return f"{question.id}:{outcome}"
