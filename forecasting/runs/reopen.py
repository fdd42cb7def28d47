"""A fit read back from its run: what-ifs ask the draws that were published, without sampling anything again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import RLock

import xarray as xr

from forecasting.dossier.edition import EditionDossier
from forecasting.errors import ForecastingError
from forecasting.files import file_digest
from forecasting.fitting.fit import EditionFit
from forecasting.fitting.further import Fits, FurtherFit, edition_model, three_layers, with_network
from forecasting.fitting.layers import LAYERS, LayerFit, layer_paths
from forecasting.inference.gate_report import GateReport, Verdict
from forecasting.models.base import Layer
from forecasting.models.network.engine import CompiledNetwork, compile_network, layer_evidence
from forecasting.paths.questions import Answer
from forecasting.paths.sides import sides_of
from forecasting.runs.answers import read_answers, read_group, read_outcomes
from forecasting.runs.freshness import current_run
from forecasting.runs.further import file_of
from forecasting.runs.manifest import again
from forecasting.runs.store import ANSWERS, POSTERIOR, Run


def reopen(edition: EditionDossier, runs: Path | str = "runs", *, draft: bool = False) -> EditionFit:
    """Return the fit behind an edition's published run, or behind its ``draft``.

    Draws and answers are read from the run when they are first asked for; the manifest vouches for both. Paths are simulated
    from the draws with the run's seed when something asks for them, which gives the published ones to the last digit.

    Parameters
    ----------
    runs : path, default "runs"
        Where the runs are.

    Raises
    ------
    UsageError
        If there is no run, or it was made from other records.
    ForecastingError
        If a file of the run is not the one that its manifest vouches for.

    Examples
    --------
    >>> edition = fc.load_dossier("priors").edition("2024-12-syria")  # doctest: +SKIP
    >>> fit = reopen(edition)  # doctest: +SKIP
    """
    run = current_run(edition, Path(runs), draft=draft)
    network = compile_network(edition)
    verdicts = tuple(Verdict(**row) for row in run.gate.to_dict("records"))
    gate = GateReport(verdicts, run.mark.override)
    if gate.mark != run.mark:
        raise ForecastingError(f"{run.directory}: gate.csv and the manifest differ on the gate; {again(run.directory)}")
    layers = SavedLayers(run, network)
    there = tuple(name for name in edition.further if name in run.further or not draft)  # a draft may lack what comes late
    further = SavedModels(run, edition, there, layers)
    return EditionFit(edition, network.structure, layers, gate, run.manifest.seed, network, further=further)


def saved_model(run: Run, edition: EditionDossier, name: str, layers: SavedLayers) -> FurtherFit:
    """Return what a further model said in a run; its layers are sampled anew if something asks for them, to the same digits."""
    model = edition_model(name)
    answers: dict[Layer, dict[str, Answer]] = {}
    with vouched(run, file_of(name, ANSWERS)) as path:
        for layer in LAYERS:
            answers[layer] = read_outcomes(path, layer)

    def sampled() -> Fits:
        return three_layers(model, with_network(edition, layers), random_seed=run.manifest.seed)

    return FurtherFit(model, answers, edition.edition.chains, gate_of_model(run, name), sampled)


def gate_of_model(run: Run, name: str) -> GateReport:
    """Return the gate's verdicts on one further model of a run."""
    own = [row for row in run.gate.to_dict("records") if str(row["worst"]).startswith(f"{name}, ")]
    return GateReport(tuple(Verdict(**row) for row in own), run.mark.override)


@dataclass(frozen=True)
class SavedLayers(Mapping[Layer, LayerFit]):
    """The layers of a run, each read when it is first asked for, once, however many threads ask."""

    run: Run
    network: CompiledNetwork
    found: dict[Layer, LayerFit] = field(default_factory=dict, repr=False)
    reading: RLock = field(default_factory=RLock, repr=False, compare=False)

    def __getitem__(self, layer: Layer) -> LayerFit:
        with self.reading:
            if layer not in self.found:
                self.found[layer] = self._read(layer)
            return self.found[layer]

    def __iter__(self) -> Iterator[Layer]:
        return iter(LAYERS)

    def __len__(self) -> int:
        return len(LAYERS)

    def _read(self, layer: Layer) -> LayerFit:
        edition, s, seed = self.network.edition, self.network.structure, self.run.manifest.seed
        with vouched(self.run, POSTERIOR) as path:
            trace = xr.DataTree.from_dict({"posterior": read_group(path, layer)})
        with vouched(self.run, ANSWERS) as path:
            answers, curves = read_answers(path, layer)
        evidence = layer_evidence(self.network, layer)
        simulated = partial(layer_paths, edition, s, layer, evidence, trace, seed)
        return LayerFit(layer, evidence, trace, curves, answers, simulated, lambda: sides_of(edition, self[layer].paths))


@dataclass(frozen=True)
class SavedModels(Mapping[str, FurtherFit]):
    """The further models of a run, each read when it is first asked for: a what-if of the event network asks for none."""

    run: Run
    edition: EditionDossier
    names: tuple[str, ...]
    layers: SavedLayers
    found: dict[str, FurtherFit] = field(default_factory=dict, repr=False)
    reading: RLock = field(default_factory=RLock, repr=False, compare=False)

    def __getitem__(self, name: str) -> FurtherFit:
        if name not in self.names:
            raise KeyError(name)
        with self.reading:
            if name not in self.found:
                self.found[name] = saved_model(self.run, self.edition, name, self.layers)
            return self.found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


@contextmanager
def vouched(run: Run, name: str) -> Iterator[Path]:
    """Have a file of a run read, and refuse what was read if it is not the file that the manifest vouches for.

    Raises
    ------
    ForecastingError
        If the file was changed before it was read, or another run took its place meanwhile.
    """
    path, expected = run.directory / name, run.manifest.outputs[name].sha256
    for when in ("since the run", "while it was read"):
        if not path.is_file() or file_digest(path) != expected:
            raise ForecastingError(f"{path}: missing or changed {when}; open it once more, or {again(run.directory)}")
        if when == "since the run":
            yield path
