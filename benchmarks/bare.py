"""What PyMC alone takes: a bare script that states the model of an edition and samples it, in a process of its own.

It is run once: each run compiles the model anew, four minutes, and solves its compensations in Python at every gradient.
It samples as many draws as the edition asks for, at PyMC's default acceptance, and writes no answer.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

NAMED = "a bare script with pm.sample, as many draws, posterior only; once"
SCRIPT = """
import json
import sys
import warnings
import numpy as np
import pymc as pm
from forecasting.rules.load import load_dossier
from forecasting.elicitation.quantify import quantify
from forecasting.inference.diagnostics import diagnose
from forecasting.models.network.build import build_network
from forecasting.models.network.inputs import network_inputs
warnings.simplefilter("ignore")
edition = load_dossier(sys.argv[1]).edition(sys.argv[2])
with build_network(network_inputs(edition, quantify(edition))):
    trace = pm.sample(draws=edition.edition.draws, chains=edition.edition.chains, random_seed=1, progressbar=False)
posterior = trace["posterior"].to_dataset()
flat = [posterior[name].transpose(..., "chain", "draw").values for name in posterior.data_vars]
values = np.concatenate([value.reshape(-1, *value.shape[-2:]) for value in flat])
spent = float(trace["posterior"].attrs["sampling_time"])
print(json.dumps({"sampling": spent, "least_ess": float(diagnose(values).bulk.min())}))
"""


@dataclass(frozen=True)
class Bare:
    """Seconds by the clock of the whole script and of its sampling alone, and the least bulk ESS of its parameters."""

    whole: float
    sampling: float
    least_ess: float


@lru_cache
def bare(priors: Path, edition: str) -> Bare:
    """Run the bare script on an edition, once per process of the benchmark."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(priors), edition], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the bare script failed: {done.stderr[-2000:]}")
    return Bare(time.perf_counter() - start, **json.loads(done.stdout.splitlines()[-1]))


def finish(command: list[str], folder: str) -> float:
    """Run a command to its end and return the seconds of CPU that it took.

    Modules are compiled once into a folder of ours, whatever the caller's environment says.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(Path(folder) / ".bytecode")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed: {done.stderr[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
