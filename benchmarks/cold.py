"""A cold process with a warm disk: ours against a bare script that samples the same model with plain PyMC."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.edits import EDITION
from benchmarks.timing import Entry, Row, duels

BARE = """
import sys
import pymc as pm
from forecasting.rules.load import load_dossier
from forecasting.elicitation.quantify import quantify
from forecasting.models.network.build import build_network
from forecasting.models.network.inputs import network_inputs
edition = load_dossier(sys.argv[1]).edition(sys.argv[2])
with build_network(network_inputs(edition, quantify(edition))):
    pm.sample(draws=edition.edition.draws, chains=edition.edition.chains, random_seed=1, progressbar=False)
"""
FIRST = """
import sys
from forecasting.rules.load import load_dossier
from forecasting.models.network.engine import compile_network, layer_evidence
network = compile_network(load_dossier(sys.argv[1]).edition(sys.argv[2]))
network.sample(layer_evidence(network, "posterior"), random_seed=1)
"""


def cold_rows(priors: Path, runs: int) -> Iterator[Row]:
    """Yield the wall time of whole processes; byte code and compiled model are on disk, as after any first run."""
    with tempfile.TemporaryDirectory() as folder:
        command = [str(Path(sys.executable).with_name("forecast")), "run", EDITION, "--priors", str(priors), "--runs", folder]
        bare, first = ([sys.executable, "-c", script, str(priors), EDITION] for script in (BARE, FIRST))
        for once in (bare, first, command):
            finish(once, folder)
        entries = [
            Entry("a process of its own: first posterior", lambda: finish(first, folder)),
            Entry("the same: `forecast run`, everything written", lambda: finish(command, folder), "≥ 2 ×"),
        ]
        yield from duels(entries, lambda: finish(bare, folder), runs, "a bare script with pm.sample, posterior only")


def finish(command: list[str], folder: str) -> None:
    """Run a command to its end; modules are compiled once into a folder of ours, whatever the caller's environment says."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / ".bytecode")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr[-2000:]}")
