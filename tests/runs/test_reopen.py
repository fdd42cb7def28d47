"""A fit read back from its run is the fit that was published, and answers what-ifs as that one does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from toy import EDITION, toy_edition, toy_fit

import forecasting as fc
from forecasting.analysis.suppositions import given, intervene
from forecasting.analysis.what_if import update
from forecasting.errors import ForecastingError, UsageError
from forecasting.runs.reopen import reopen
from forecasting.runs.write import write_run


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    write_run(toy_fit(), folder / EDITION, "test")
    return folder


@pytest.mark.slow
def test_every_answer_is_the_published_one_to_the_last_bit(runs):
    fit, again = toy_fit(), reopen(toy_edition(), runs)
    assert np.array_equal(again.posterior.paths.times, fit.posterior.paths.times)
    for layer, fitted in fit.layers.items():
        for name, got in fitted.answers.items():
            assert again.layers[layer].answers[name].p.tobytes() == got.p.tobytes()
        assert np.array_equal(again.layers[layer].curves.p, fitted.curves.p)
    assert again.forecasts().equals(fit.forecasts())
    assert again.gate.passed


@pytest.mark.slow
def test_what_ifs_are_those_of_the_fit(runs):
    fit, again = toy_fit(), reopen(toy_edition(), runs)
    change = fc.change("n-001", wording="unlikely")
    for ask in (
        lambda f: given(f, "pact-signed", by="2025-01-31"),
        lambda f: intervene(f, "pact-signed", at="2025-01-31"),
        lambda f: update(f, change).table,
    ):
        assert ask(again).equals(ask(fit))


def test_without_a_run_or_with_a_damaged_one_nothing_is_opened(runs, tmp_path):
    with pytest.raises(UsageError, match="no run in"):
        reopen(toy_edition(), tmp_path)
    path = runs / EDITION / "posterior.nc"
    content = path.read_bytes()
    try:
        path.write_bytes(content[:-1])
        with pytest.raises(ForecastingError, match=r"posterior\.nc: missing or changed since the run"):
            reopen(toy_edition(), runs)
    finally:
        path.write_bytes(content)


def test_nothing_is_read_before_it_is_asked_for_and_paths_come_last(runs):
    fit = reopen(toy_edition(), runs)
    assert fit.layers.found == {}
    assert set(fit.posterior.answers) == {question.id for question in toy_edition().questions}
    assert set(fit.layers.found) == {"posterior"}
    assert "paths" not in vars(fit.posterior)
    assert fit.paths is fit.posterior.paths


def test_answers_that_were_changed_after_the_run_was_opened_are_refused(runs):
    fit, path = reopen(toy_edition(), runs), runs / EDITION / "answers.nc"
    content = path.read_bytes()
    try:
        path.write_bytes(content[:-1])
        with pytest.raises(ForecastingError, match=r"answers\.nc: missing or changed since the run; open it once more"):
            fit.forecasts()
    finally:
        path.write_bytes(content)


@pytest.mark.slow
def test_many_threads_may_ask_a_run_that_nobody_has_read_yet(runs):
    """The library behind NetCDF ends the process when two threads call it at once: so this is tried in another process."""
    script = (
        "import sys; from concurrent.futures import ThreadPoolExecutor; from pathlib import Path; from threading import Barrier\n"
        "from forecasting.runs.reopen import reopen; from toy import toy_edition\n"
        "for _ in range(15):\n"
        "    fit, begin = reopen(toy_edition(), Path(sys.argv[1])), Barrier(12)\n"
        "    def ask(layer):\n"
        "        begin.wait()\n"
        "        return fit.layers[layer]\n"
        "    with ThreadPoolExecutor(12) as pool:\n"
        "        got = list(pool.map(ask, ['base', 'prior', 'posterior'] * 4))\n"
        "    assert len({id(one) for one in got}) == 3\n"
    )
    path = os.pathsep.join([str(Path(__file__).parents[1] / "support"), *sys.path])
    command = [sys.executable, "-c", script, str(runs)]
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
