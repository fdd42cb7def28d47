"""How far a published probability depends on the seed: ``python -m benchmarks.seeds [--quick]``.

A small edition of the tests is fitted with twenty seeds at its own length, and the posterior layer of a real one with twenty too.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.trust import PROJECT, Row

sys.path.insert(0, str(PROJECT / "tests" / "support"))

from builders import write_dossier

from forecasting.dossier.edition import EditionDossier
from forecasting.fitting.layers import fit_layer
from forecasting.models.network.engine import compile_network
from forecasting.rules.load import load_dossier

SEEDS, QUICK, MOST = 20, 3, 0.01
REAL, SMALL = "2024-12-syria", "2024-07-ferry"
COMMAND = "python -m benchmarks.seeds"


def spread(edition: EditionDossier, seeds: int) -> tuple[int, float, str]:
    """Return how many probabilities the edition publishes, the largest standard deviation over seeds, and whose it is."""
    network, said = compile_network(edition), []
    for seed in range(1, seeds + 1):
        answers = fit_layer(network, "posterior", random_seed=seed).answers
        said.append({(name, i): float(p) for name, answer in answers.items() for i, p in enumerate(answer.p.mean(axis=0))})
    assert len({tuple(one.values()) for one in said}) == seeds, "two seeds gave the same numbers"
    sd = {key: float(np.std([one[key] for one in said], ddof=1)) for key in said[0]}
    worst = max(sd, key=lambda key: sd[key])
    return len(sd), sd[worst], worst[0]


def editions() -> Iterator[EditionDossier]:
    """Yield the small edition and the real one."""
    with tempfile.TemporaryDirectory() as folder:
        yield load_dossier(write_dossier(Path(folder), PROJECT)).edition(SMALL)
    yield load_dossier(PROJECT / "priors").edition(REAL)


def measure(quick: bool = False) -> list[Row]:
    """Return the row of ``make trust``."""
    seeds, parts, worst = QUICK if quick else SEEDS, [], 0.0
    for edition in editions():
        n, sd, question = spread(edition, seeds)
        worst = max(worst, sd)
        parts.append(f"{edition.edition.id}: {seeds} seeds, {n} probabilities, sd at most {sd:.4f} ({question})")
        print(f"  {parts[-1]}", flush=True)
    return [Row("seed stability", "a small edition and a real one, each fitted with other seeds at its own length",
                f"{SEEDS} seeds: sd of each published probability ≤ {MOST}", "; ".join(parts), worst <= MOST, COMMAND)]


def main() -> None:
    """Print the row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three seeds")
    for row in measure(parser.parse_args().quick):
        print(" | ".join(row.cells()))


if __name__ == "__main__":
    main()
