"""What passes ``forecast check`` runs: random dossiers that break no rule are fitted, analysed, written, reported and traced.

The sampler is the real one, run as shortly as an edition may ask for, because what a density is at its first point depends on
records. Only the growth of the compared layers is left out: how long they are drawn depends on answers, and on no record.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pymc  # noqa: F401  it raises the recursion limit, which Hypothesis watches, so it comes first
import pytest
from hypothesis import HealthCheck, given, settings
from random_records import Tree, bases, changed, write_tree

from forecasting.dossier.edition import Dossier
from forecasting.dossier.load import read_dossier
from forecasting.elicitation.quantify import quantify
from forecasting.errors import CheckResult
from forecasting.fitting import fit as fitting
from forecasting.fitting.layers import LAYERS, fit_layer
from forecasting.forecasts import Override
from forecasting.models.network.inputs import network_inputs
from forecasting.report.render import render_report
from forecasting.rules.check import check_read
from forecasting.runs.store import read_run
from forecasting.runs.write import write_run
from forecasting.trace.trace import trace_record

SHOWN = Override("a test", dt.date(2026, 1, 1), "of draws this few the gate may block any")
SLOW = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("random")


@cache
def some(folder: Path) -> tuple[Tree, ...]:
    return bases(folder)


def checked(tree: Tree, folder: Path) -> tuple[Dossier, tuple[CheckResult, ...]]:
    """Return a dossier as it is read from its files, with what `forecast check` exits with 2 for."""
    for path in sorted((folder / "one").rglob("*.*")):
        path.unlink()
    dossier, failures = read_dossier(write_tree(tree, folder / "one" / "priors"))
    return dossier, tuple(found for found in (*failures, *check_read(dossier, failures)) if found.status == "failure")


@pytest.mark.slow
def test_what_passes_check_has_an_edition_numbers_structure_and_inputs(folder: Path) -> None:
    seen: Counter[bool] = Counter()

    @settings(max_examples=250, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW)
    @given(changed(some(folder)))
    def holds(tree: Tree) -> None:
        dossier, failures = checked(tree, folder)
        seen[not failures] += 1
        for name in () if failures else dossier.editions:
            edition = dossier.edition(name)
            numbers = quantify(edition)
            assert numbers.table is not None
            for layer in LAYERS:
                assert network_inputs(edition, numbers, layer).sizes["event"] == len(edition.events)
            assert all(question.form.kind for question in edition.questions)
            assert all(held.holds.events() for held in edition.assumptions)

    holds()
    assert seen[True] > 20, seen  # enough of them get that far
    assert seen[False] > 20, seen


@pytest.mark.slow
def test_what_passes_check_is_fitted_analysed_written_reported_and_traced(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr(fitting, "grown_layer", as_long_as_stated)
    seen: Counter[bool] = Counter()

    @settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=SLOW)
    @given(changed(some(folder), most=2))
    def holds(tree: Tree) -> None:
        dossier, failures = checked(tree, folder)
        seen[not failures] += 1
        for name in () if failures else dossier.editions:
            run_all(dossier, name, folder / "runs" / name)

    holds()
    assert seen[True] > 5, seen


def as_long_as_stated(network, layer, *, random_seed, say=None):
    return fit_layer(network, layer, random_seed=random_seed), network.length(layer)


def run_all(dossier: Dossier, name: str, directory: Path) -> None:
    """Do what `forecast run`, `report` and `trace` do with one edition."""
    edition = dossier.edition(name)
    fit = fitting.fit(edition)
    write_run(replace(fit, gate=fit.gate.overridden(SHOWN)), directory, "forecast run")
    run = read_run(directory)
    assert run.warning.startswith("BLOCKED, shown by a test") or run.mark.passed
    assert edition.edition.id in render_report(run, edition)
    for record in (*edition.edition.questions, *edition.edition.sources, *edition.event_ids, name):
        assert trace_record([run], dossier, record)
