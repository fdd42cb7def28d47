"""The compiled density is that of PyMC's model, whatever edition it is bound to, and comes back from disk to the last bit."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from toy import CLASSES, event_yaml, small_edition, toy_edition, toy_network

from forecasting.dossier.edition import EditionDossier
from forecasting.elicitation.quantify import quantify
from forecasting.errors import ForecastingError
from forecasting.inference import compiled as inference
from forecasting.inference.compiled import evaluate
from forecasting.models.network import density
from forecasting.models.network.build import build_network
from forecasting.models.network.compile import UNCOMPILED
from forecasting.models.network.density import compile_density, density_key, layout_file, read_density
from forecasting.models.network.inputs import coords_of, network_inputs
from forecasting.models.network.stacked import compiled_arrays


def small(root: Path) -> EditionDossier:
    """Return an edition of another size than the toy: two events, an effect, no claim, no driver, no signal."""
    events = {name: event_yaml(name, "tolls-raised") for name in ("cause", "target")}
    effect = "[{id: a, from: cause, to: target, acts: multiplies, sign: raises, grade: strong, why: test}]"
    return small_edition(root, events, effect, "2024-06-30,target,survived,,Test Gazette,confirmed,quiet\n")


def ageing(root: Path) -> EditionDossier:
    """Return two events whose hazards change with age, one waiting for the other, and a line of history."""
    table = "reference_class,until_years,at_risk,failed,citation\ntolls-raised,1,50,12,made up\ntolls-raised,5,34,4,made up\n"
    classes = CLASSES.replace("tolls-raised,,2,30,", "tolls-raised,,16,180,")
    events = {name: event_yaml(name, "tolls-raised") for name in ("cause", "target")}
    effect = "[{id: a, from: cause, to: target, acts: enables, why: test}]"
    history = "2024-06-30,cause,survived,,Test Gazette,confirmed,quiet\n"
    return small_edition(root, events, effect, history, classes=classes, life_tables=table)


EDITIONS = {"toy": lambda _: toy_edition(), "without claims": small, "ageing": ageing}


@pytest.mark.slow
@pytest.mark.parametrize("name", EDITIONS)
def test_one_compiled_density_is_that_of_pymc_for_editions_of_any_size(tmp_path: Path, name: str) -> None:
    edition = EDITIONS[name](tmp_path)
    inputs = network_inputs(edition, quantify(edition))
    model = build_network(inputs)
    bound = compile_density(inputs).bind(compiled_arrays(inputs), coords_of(inputs))
    start = model.initial_point()
    assert bound.n_dim == sum(value.size for value in start.values())
    stated = model.compile_fn([model.logp(), model.dlogp()], mode=UNCOMPILED)
    rng, values = np.random.default_rng(3), [v.name for v in model.value_vars]
    constants = []  # what does not depend on the parameters is left out
    for _ in range(3):
        point = {name: start[name] + rng.uniform(-1, 1, start[name].shape) for name in values}
        got, slope = evaluate(bound, np.concatenate([point[name].ravel() for name in values]))
        value, gradient = stated(point)
        constants.append(got - float(value))
        assert slope == pytest.approx(gradient, rel=1e-8, abs=1e-8)
    assert np.ptp(constants) < 1e-10 * abs(got)


def test_a_start_is_that_of_pymc_moved_by_at_most_one() -> None:
    compiled = toy_network().compiled
    edition = toy_edition()
    model = build_network(network_inputs(edition, quantify(edition)))
    start = model.initial_point()
    center = np.concatenate([start[v.name].ravel() for v in model.value_vars])
    first, again, other = (compiled.initial_point_func(seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.all(np.abs(first - center) <= 1)
    assert np.abs(first - center).max() > 0.8


BITS = """
import hashlib, sys
sys.path[:0] = ["tests/support", "tests/models/network"]
from toy import toy_network
from forecasting.inference.compiled import evaluate
network = toy_network()
value, gradient = evaluate(network.compiled, network.compiled.initial_point_func(4))
print(repr(value), hashlib.sha256(gradient.tobytes()).hexdigest(), sorted(m for m in sys.modules if m in ("pymc", "pytensor")))
"""


@pytest.mark.slow
def test_another_process_sees_the_same_bits_and_needs_no_pymc(project_dir: Path) -> None:
    toy_network()
    runs = [
        subprocess.run(
            [sys.executable, "-c", BITS],
            cwd=project_dir, capture_output=True, text=True, check=True,
        ).stdout
        for _ in range(2)
    ]  # fmt: skip
    assert runs[0] == runs[1]
    value, _ = evaluate(toy_network().compiled, toy_network().compiled.initial_point_func(4))
    assert runs[0].split()[0] == repr(value)


def test_a_change_of_the_model_or_of_a_package_compiles_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    key = density_key()
    versions = density.metadata.version
    monkeypatch.setattr(density.metadata, "version", lambda name: versions(name) + ".post1")
    assert density_key() != key


def test_the_key_knows_every_file_of_the_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = shutil.copytree(Path(density.__file__).parent, tmp_path / "network")
    monkeypatch.setattr(density, "__file__", str(room / "density.py"))
    keys = {density_key()}
    for path in sorted(room.glob("*.py")):
        path.write_bytes(path.read_bytes() + b"# changed")
        keys.add(density_key())
    assert len(keys) == 1 + len(list(room.glob("*.py")))


def test_a_torn_layout_or_missing_machine_code_counts_as_not_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toy_network()
    text = layout_file(density_key()).read_text()
    monkeypatch.setattr(density, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(inference, "cache_folder", lambda: tmp_path)
    path = layout_file(density_key())
    for content in (text, text[: len(text) // 2], json.dumps({"free": []})):  # the first without its machine code
        path.write_text(content)
        read_density.cache_clear()
        assert read_density() is None
    read_density.cache_clear()


def test_a_cache_that_cannot_be_written_is_named_with_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(inference, "user_cache_path", lambda _: tmp_path / "file" / "cache")
    with pytest.raises(ForecastingError, match="set XDG_CACHE_HOME to a folder that can be written"):
        inference.cache_folder()


def test_a_model_that_does_not_compile_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(density, "cache_folder", lambda: tmp_path)
    monkeypatch.setattr(density, "density_key", lambda: "broken")
    read_density.cache_clear()
    with pytest.raises(ForecastingError, match=r"the model could not be compiled: .*(Error|error)"):
        compile_density(object())  # no inputs
    read_density.cache_clear()
