"""The compiled density is PyMC's own, whatever edition it is bound to, and comes back from disk to the last bit."""

from __future__ import annotations

import ctypes
import json
from pathlib import Path

import numpy as np
import pymc as pm
import pytest
from nutpie.compile_pymc import CompiledPyMCModel
from toy import event_yaml, small_edition, toy_edition, toy_network

from forecasting.claims.edition import EditionDossier
from forecasting.inference import compile as compiling
from forecasting.inference.compile import compile_density, is_compiled
from forecasting.models.network import MIN_DEPTH, build_evidence, build_network, model_data
from forecasting.models.structure import build_structure

DOUBLES = ctypes.POINTER(ctypes.c_double)


def never() -> pm.Model:
    raise AssertionError("the density is on disk: nothing has to be built")


def evaluate(compiled: CompiledPyMCModel, point: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the log density and its gradient at an unconstrained point."""
    gradient, density = np.empty(compiled.n_dim), np.empty(1)
    arrays = (a.ctypes.data_as(DOUBLES) for a in (point, gradient, density))
    assert compiled.compiled_logp_func.ctypes(compiled.n_dim, *arrays, compiled.user_data.ctypes.data) == 0
    return float(density[0]), gradient


def small(root: Path) -> EditionDossier:
    """Return an edition of another size than the toy: two events, an arrow, no claim, no driver, no signal."""
    events = {name: event_yaml(name, "tolls-raised") for name in ("cause", "target")}
    arrow = "[{id: a, from: cause, to: target, acts: multiplies, sign: raises, grade: strong, why: test}]"
    return small_edition(root, events, arrow, "2024-06-30,target,survived,,Test Gazette,confirmed,quiet\n")


@pytest.mark.parametrize("edition_of", [lambda _: toy_edition(), small], ids=["toy", "without claims"])
def test_one_compiled_density_is_that_of_pymc_for_editions_of_any_size(tmp_path: Path, edition_of) -> None:
    toy_network()
    edition = edition_of(tmp_path)
    s = build_structure(edition)
    evidence = build_evidence(edition, s)
    model = build_network(s, evidence)
    density = compile_density(never, MIN_DEPTH).bind(model_data(s, evidence), s.coords)
    start = model.initial_point()
    assert density.n_dim == sum(value.size for value in start.values())
    log_density, gradient = model.compile_logp(mode="FAST_COMPILE"), model.compile_dlogp(mode="FAST_COMPILE")
    rng, values = np.random.default_rng(3), [v.name for v in model.value_vars]
    for _ in range(3):
        point = {name: start[name] + rng.uniform(-1, 1, start[name].shape) for name in values}
        got, slope = evaluate(density, np.concatenate([point[name].ravel() for name in values]))
        assert got == pytest.approx(float(log_density(point)), rel=1e-10)
        assert slope == pytest.approx(gradient(point), rel=1e-8, abs=1e-8)


def test_a_start_is_that_of_pymc_moved_by_at_most_one() -> None:
    compiled = toy_network().compiled
    model = build_network(toy_network().structure, build_evidence(toy_edition(), toy_network().structure))
    start = model.initial_point()
    center = np.concatenate([start[v.name].ravel() for v in model.value_vars])
    first, again, other = (compiled.initial_point_func(seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.all(np.abs(first - center) <= 1)
    assert np.abs(first - center).max() > 0.8


def test_a_density_from_disk_gives_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    network = toy_network()
    evidence = build_evidence(network.edition, network.structure)
    monkeypatch.setattr(compiling, "_IN_PROCESS", {})
    assert is_compiled(MIN_DEPTH)
    again = compile_density(never, MIN_DEPTH).bind(model_data(network.structure, evidence), network.structure.coords)
    point = network.compiled.initial_point_func(4)
    one, other = evaluate(network.compiled, point), evaluate(again, point)
    assert one[0] == other[0]
    assert one[1].tobytes() == other[1].tobytes()


def test_a_change_of_the_model_or_of_a_package_compiles_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    key = compiling._key(MIN_DEPTH)
    assert compiling._key(MIN_DEPTH + 1) != key
    monkeypatch.setattr(compiling, "SOURCES", (*compiling.SOURCES, "models/rows.py"))
    assert compiling._key(MIN_DEPTH) != key
    monkeypatch.undo()
    versions = compiling.metadata.version
    monkeypatch.setattr(compiling.metadata, "version", lambda name: versions(name) + ".post1")
    assert compiling._key(MIN_DEPTH) != key


def test_a_torn_layout_or_missing_machine_code_is_compiled_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toy_network()
    key = compiling._key(MIN_DEPTH)
    text = compiling._layout_file(key).read_text()
    monkeypatch.setattr(compiling.numba_cache, "NUMBA_CACHE_PATH", tmp_path)
    compiling._layout_file(key).write_text(text)  # without the machine code
    assert compiling._from_disk(key) is None
    compiling._layout_file(key).write_text(text[: len(text) // 2])
    assert compiling._from_disk(key) is None
    compiling._layout_file(key).write_text(json.dumps({"free": []}))
    assert compiling._from_disk(key) is None
