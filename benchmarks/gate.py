"""Does the gate leave an analyst without a way? ``python -m benchmarks.gate`` fits forty random dossiers and does what it says.

They have 2 to 40 questions; their classes are counted from nothing in three years to forty events in a hundred and twenty,
with spreads up to 2; they ask for 100 to 3,000 draws of 2 to 64 paths. Each has to pass, at once or after the number that the
gate names was written into the edition. ``docs/decisions/gate-growth.md`` has the figures.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.networks import EDITION, Kind, write_network
from forecasting.fitting.fit import fit
from forecasting.rules.load import load_dossier

PROJECT = Path(__file__).resolve().parents[1]
N_DOSSIERS, MAX_ADVICE = 40, 3
ASKED = re.compile(r"write 'draws: (\d+)' in the edition")  # in these dossiers no layer needs more chains


@dataclass(frozen=True)
class Tried:
    """One dossier: what it is like, the draws per chain of its layers in the end, what the gate said before, what is left."""

    n_events: int
    kind: Kind
    drawn: tuple[int, ...]
    advice: tuple[str, ...]
    left: tuple[str, ...]


def dossiers(n: int = N_DOSSIERS, seed: int = 1) -> Iterator[tuple[int, Kind]]:
    """Yield how many events each random dossier has, and what it is like."""
    draw = random.Random(seed)
    for i in range(n):
        least = draw.choice((0, 1, 5))
        shortest = draw.choice((3, 20, 60))
        yield draw.choice((2, 3, 6, 13, 40)), Kind(
            seed=1000 * seed + i, counts=(least, least + draw.choice((1, 10, 35))), years=(shortest, 2 * shortest),
            spread=draw.choice((0.1, 0.5, 1.0, 2.0)), draws=draw.choice((100, 500, 1000, 3000)),
            paths_per_draw=draw.choice((2, 16, 64)),
        )  # fmt: skip


def tried(n_events: int, kind: Kind) -> Tried:
    """Fit one dossier; where the gate blocks it with a number to write, write that and fit it again."""
    advice: list[str] = []
    for _ in range(MAX_ADVICE + 1):
        with tempfile.TemporaryDirectory() as folder:
            edition = load_dossier(write_network(Path(folder), PROJECT, n_events, kind)).edition(EDITION)
            fitted = fit(edition)
        drawn = tuple(layer.trace["posterior"].sizes["draw"] for layer in fitted.layers.values())
        asked = [int(found[1]) for v in fitted.gate.verdicts if not v.passed and (found := ASKED.search(v.fix))]
        if fitted.gate.passed or not asked:
            break
        advice.append("; ".join(_failed(fitted.gate.verdicts)))
        kind = replace(kind, draws=max(asked))
    left = _failed(fitted.gate.verdicts)
    return Tried(n_events, kind, drawn, tuple(advice), tuple(left))


def _failed(verdicts: tuple) -> list[str]:
    return [f"{verdict.words}: {verdict.fix}" for verdict in verdicts if not verdict.passed]


def main() -> None:
    """Fit the dossiers, one after another, and print how each came out."""
    rows = []
    for i, (n_events, kind) in enumerate(dossiers()):
        one = tried(n_events, kind)
        rows.append(one)
        after = f"passed after {len(one.advice)} times of advice" if one.advice else "passed"
        print(f"{i + 1:2} {n_events:3} events, {kind.draws:5} draws, spread {kind.spread}: {' / '.join(map(str, one.drawn))}"
              f" {'; '.join(('stopped', *one.left)) if one.left else after}", flush=True)  # fmt: skip
    passed = [one for one in rows if not one.left]
    grown = sum(max(one.drawn[:2]) > min(one.kind.draws, 1300) for one in passed)
    print(f"{len(passed)} of {len(rows)} passed, {sum(bool(one.advice) for one in passed)} of them after advice"
          f" ({max(len(one.advice) for one in passed)} times at most); in {grown} a compared layer grew")  # fmt: skip


if __name__ == "__main__":
    main()
