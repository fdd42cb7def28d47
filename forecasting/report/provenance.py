"""Where a report comes from: its sources, what had happened before, the gate it passed, and how to make it again."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from forecasting.dossier.claims import Source
from forecasting.dossier.edition import EditionDossier
from forecasting.report.below import Below
from forecasting.report.facts import FactLine, fact_line, occurred_rows
from forecasting.report.formatting import day, link_parts
from forecasting.report.quantities import OF_MODEL, quantity_titles, quantity_words
from forecasting.runs.store import Run

DIGEST = re.compile(r"[0-9a-f]{40,}")
# rows of the manifest that the page says in another place, or that fill manifest.json
ELSEWHERE = ("gate", "reconstructed", "outputs", "packages", "records")
CRITERIA = {
    "draws returned": "the sampler returned every draw asked for",
    "chains": "independent chains, to compare with each other",
    "finite": "quantities that came out infinite or undefined",
    "stuck": "quantities that never moved in some chain",
    "R-hat": "chains agree (1 is perfect)",
    "ESS (bulk)": "independent draws that the middle of a quantity is worth",
    "ESS (tail)": "independent draws that the ends of a quantity are worth",
    "MCSE": "largest Monte Carlo error of a probability, base rates and priors included, from 0 to 1 (0.005: half a point)",
    "divergences": "steps at which the sampler lost its way",
    "E-BFMI": "how freely the sampler moved (1 is good)",
    "prior–data conflict": "how far out the most surprising history is, to what was believed before it",
}


@dataclass(frozen=True)
class GateLine:
    """One criterion of the gate."""

    criterion: str
    meaning: str
    worst: str
    value: str
    bound: str
    passed: bool
    fix: str


@dataclass(frozen=True)
class SourceLine:
    """One source."""

    source: Source
    name: str
    dated: str
    how: tuple[tuple[str, str], ...]
    n_claims: int


@dataclass(frozen=True)
class Provenance:
    """Sections 5 to 7 of a report."""

    happened: tuple[FactLine, ...]
    gates: tuple[tuple[str, str, tuple[GateLine, ...]], ...]
    passed: bool
    sources: tuple[SourceLine, ...]
    n_claims: int
    manifest: tuple[tuple[str, tuple[str, ...]], ...]


def provenance_of(run: Run, edition: EditionDossier, below: Below) -> Provenance:
    """Return what a reader needs to judge and to repeat a run."""
    models = {name: told.title for name, told in run.further.items()}
    gate = gate_lines(run.gate, quantity_titles(edition, run.forecasts) | models)
    return Provenance(
        happened=tuple(fact_line(edition, row) for row in occurred_rows(edition).values()),
        gates=by_model(run, gate),
        passed=run.mark.passed,
        sources=tuple(_source_line(run, edition, name, below) for name in edition.edition.sources),
        n_claims=len(edition.claims),
        manifest=tuple(row for row in manifest_rows(run.manifest.fields()) if row[0] not in ELSEWHERE),
    )


NETWORK = "Event network"


def by_model(run: Run, lines: tuple[GateLine, ...]) -> tuple[tuple[str, str, tuple[GateLine, ...]], ...]:
    """Return the gate's lines by model: its title, how many checks it passed in words, and the lines."""
    titles = {name: told.title for name, told in run.further.items()}
    found: dict[str, list[GateLine]] = {}
    for row, line in zip(run.gate.itertuples(), lines, strict=True):
        of = OF_MODEL.fullmatch(str(row.worst))
        found.setdefault(titles.get(of["model"], NETWORK) if of else NETWORK, []).append(line)
    return tuple((title, f"{sum(line.passed for line in own)} of {len(own)} passed", tuple(own)) for title, own in found.items())


def gate_lines(gate: pd.DataFrame, titles: Mapping[str, str]) -> tuple[GateLine, ...]:
    """Return the gate's table in words; a quantity is named by the title of its event or question."""
    return tuple(
        GateLine(
            criterion=str(row.criterion),
            meaning=CRITERIA.get(str(row.criterion), ""),
            worst=quantity_words(str(row.worst), titles),
            value=_plain(row.value),
            bound=str(row.bound),
            passed=str(row.passed).lower() in ("true", "1", "1.0"),
            fix=str(row.fix),
        )
        for row in gate.itertuples()
    )


def _plain(value: Any) -> str:
    number = pd.to_numeric(value, errors="coerce")
    if pd.isna(number) or not math.isfinite(number):
        return str(value)
    return f"{number:.0f}" if abs(number) >= 100 or number == round(number) else f"{number:.4g}"


def _source_line(run: Run, edition: EditionDossier, source_id: str, below: Below) -> SourceLine:
    source = edition.dossier.sources[source_id]
    about = {"day": "", "week": "in the week of ", "month": "in the month of ", "year": "in the year of "}
    return SourceLine(
        source=source,
        name=below.sources[source_id],
        dated=about[source.published_precision] + day(source.published_on),
        how=link_parts(source.published_how),
        n_claims=sum(claim.source == source_id for claim in edition.claims),
    )


def manifest_rows(manifest: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Return a manifest as (name, entries) rows, digests cut to twelve digits.

    Examples
    --------
    >>> manifest_rows({"seed": 7, "packages": {"pymc": "6.4"}, "inputs": {"a.csv": "0" * 64}})
    [('seed', ('7',)), ('packages', ('pymc 6.4',)), ('inputs', ('a.csv 000000000000',))]
    """
    filled = {name: value for name, value in manifest.items() if value not in (None, "", {}, [])}
    return [(name.replace("_", " "), _entries(value)) for name, value in filled.items()]


def _entries(value: Any) -> tuple[str, ...]:
    if isinstance(value, Mapping):
        return tuple(f"{name} {_shown(inner)}" for name, inner in value.items())
    return tuple(map(_shown, value)) if isinstance(value, (list, tuple)) else (_shown(value),)


def _shown(value: Any) -> str:
    return DIGEST.sub(lambda match: match.group()[:12], str(value))
