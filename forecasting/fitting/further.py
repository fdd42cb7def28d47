"""What models other than the event network say of an edition: three layers each, drawn until the gate passes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial

from forecasting.dossier.edition import EditionDossier, Told
from forecasting.errors import ForecastingError
from forecasting.fitting.growth import drawn_again, draws_wanted, smaller_steps
from forecasting.fitting.layers import LayerFit
from forecasting.fitting.model_fit import ModelFit, fit_inputs, fit_model
from forecasting.inference.gate_report import GateReport, Verdict
from forecasting.inference.sample import Length
from forecasting.models.base import LAYERS, Layer, Model, Pictured
from forecasting.models.named import model_class
from forecasting.paths.curves import Curves
from forecasting.paths.questions import Answer

FIRST = Length(chains=4, draws=1000, tune=500, target_accept=0.9)  # to begin with
MOST = 8000  # draws of each chain: what does not pass by then is blocked
GROWS = {"R-hat", "ESS (bulk)", "ESS (tail)", "MCSE"}  # criteria that more draws can meet

type Fits = Mapping[Layer, ModelFit]


@dataclass(frozen=True, repr=False)
class FurtherFit:
    """What one model says of the questions of an edition that are its own.

    Parameters
    ----------
    model : Model
        Any model behind the protocol whose case is an edition.
    answers : mapping
        P(outcome | draw) by layer and question.
    chains : mapping
        Number of chains by layer.
    gate : GateReport
        One verdict for each criterion: that of the layer in which it is worst.
    fitted : callable
        Gives the fits of the three layers; of a run read back they are sampled when they are first asked for.
    """

    model: Model
    answers: Mapping[Layer, Mapping[str, Answer]]
    chains: int
    gate: GateReport
    fitted: Callable[[], Fits] = field(repr=False)

    @cached_property
    def layers(self) -> Fits:
        """The fits of the three layers."""
        return self.fitted()


def further_fits(
    edition: EditionDossier, *, random_seed: int, say: Callable[[str], None] = lambda stage: None
) -> dict[str, FurtherFit]:
    """Fit every model that some question of an edition asks besides the event network, by name."""
    found = {}
    for name in edition.further:
        model = edition_model(name)
        say(f"sampling the model “{model.title}”")
        fits = three_layers(model, edition, random_seed=random_seed, say=say)
        answers = {layer: fit.answers for layer, fit in fits.items()}
        gate = worst_of(name, {layer: fit.gate for layer, fit in fits.items()})
        found[name] = FurtherFit(model, answers, edition.edition.chains, gate, partial(_as_is, fits))
    return found


def with_network(edition: EditionDossier, layers: Mapping[Layer, LayerFit]) -> EditionDossier:
    """Return an edition with what further models ask of the event network, under each of its layers; it learns nothing back.

    Of events on which a series shifts, and of those that a side of an index needs, that is P(T ≤ t), the mean over draws: the
    uncertainty about the curve is in neither interval. Of the sides of an index that are events it is P(side | draw).
    """
    if not edition.further:
        return edition
    told: dict[str, Told] = {layer: fitted.told() for layer, fitted in layers.items()}
    found = with_chances(edition, {layer: fitted.curves for layer, fitted in layers.items()})
    return replace(found, sides=told) if any(told.values()) else found


def with_chances(edition: EditionDossier, curves: Mapping[Layer, Curves]) -> EditionDossier:
    """Return an edition with P(T ≤ t) of every event that further models ask of, under each layer of the event network."""
    asked = [question for questions in edition.further.values() for question in questions]
    needed = {question.favours.needed for question in asked if question.favours}
    wanted = ({shift.event for series in edition.series for shift in series.shifts} | needed) & set(edition.event_ids)
    if not wanted:
        return edition
    found: dict[str, dict[str, tuple[tuple[dt.date, float], ...]]] = {}
    for layer, drawn in curves.items():
        days = [edition.as_of + dt.timedelta(days=round(float(t) * 365.25)) for t in drawn.grid]
        rows = {name: drawn.p[edition.event_ids.index(name)] for name in sorted(name for name in wanted if name)}
        found[layer] = {name: tuple(zip(days, map(float, p), strict=True)) for name, p in rows.items()}
    return replace(edition, chances=found)


def _as_is(fits: Fits) -> Fits:
    return fits


def edition_model(name: str) -> Model:
    """Return a model of the package that answers questions of editions beside the network.

    Raises
    ------
    ForecastingError
        If it has no picture (`forecasting.models.base.Pictured`), without which a run and a report of it cannot be made.
    """
    model = model_class(name)()
    if not isinstance(model, Pictured):
        raise ForecastingError(f"models/{name} answers questions of editions but has no picture; write its bands and points")
    return model


def three_layers(
    model: Model, edition: EditionDossier, *, random_seed: int, say: Callable[[str], None] = lambda stage: None
) -> Fits:
    """Return the fits of the three layers on one compiled density, each drawn anew with more draws until it passes the gate.

    A model that knows better how long the chains of a layer have to be says so in ``first_length(layer)``. More draws help
    against a Monte Carlo error, an R-hat or an effective sample size; `MOST` is the most of each chain. Whatever else fails is
    for the gate to say.
    """
    begin = getattr(model, "first_length", lambda layer: FIRST)
    lengths: dict[Layer, Length] = {layer: replace(begin(layer), chains=edition.edition.chains) for layer in LAYERS}
    last = fit_model(model, edition, length=lengths["posterior"], random_seed=random_seed)
    fits: dict[Layer, ModelFit] = {}
    for layer in LAYERS:
        fit = last if layer == "posterior" else last.refit(model.inputs(edition, layer), length=lengths[layer])
        while (length := more_for(fit)) != fit.length:
            say(drawn_again(f"the {layer} layer of “{model.title}”", length, fit.length))
            fit = fit_inputs(model, fit.inputs, fit.compiled, length=length, until=fit.until, random_seed=random_seed)
        fits[layer] = fit
    return fits


def more_for(fit: ModelFit) -> Length:
    """Return how long to draw next: as before where the gate has passed or neither more draws nor smaller steps would help."""
    failed = {verdict.criterion: verdict.value for verdict in fit.gate.verdicts if not verdict.passed}
    length = smaller_steps(fit.length, failed.get("divergences", 0.0))
    more = failed.keys() - {"divergences"}
    if more and more <= GROWS and (length is not fit.length or "divergences" not in failed):
        answers = {str(name): fit.outcomes.sel(outcome=name).values for name in fit.outcomes["outcome"].values}
        length = replace(length, draws=min(MOST, max(2 * length.draws, draws_wanted(answers))))
    return length


def worst_of(name: str, gates: Mapping[Layer, GateReport]) -> GateReport:
    """Return one verdict for each criterion of several layers: of the first that failed it, else of the posterior.

    ``worst`` says which model and layer it is about, beside the network's own.
    """
    said: dict[str, Verdict] = {}
    for layer in reversed(LAYERS):
        for verdict in gates[layer].verdicts:
            known = said.get(verdict.criterion)
            if known is None or (known.passed and not verdict.passed):
                said[verdict.criterion] = replace(verdict, worst=f"{name}, {layer}: {verdict.worst}")
    return GateReport(tuple(said.values()))
