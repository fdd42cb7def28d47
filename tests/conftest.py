"""Fixtures that more than one folder of tests uses."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

FOLDER = "FORECAST_PAGES_OF_TESTS"  # what `shown_editions` reads; named here too, so that nothing is imported for every test

# Two workers on two cores, and first calls that compile: how long one example takes says nothing here.
settings.register_profile("forecasting", deadline=None)
settings.load_profile("forecasting")

PROJECT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Make a folder for what the workers of this session share (`shown_editions`), unless this is one of them."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="pages-")
        os.environ[FOLDER] = folder
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(scope="session")
def project_dir() -> Path:
    """The checkout."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The folder `shared` next to the checkout, or the one FORECAST_SHARED names.

    It holds what may not be published with the project, such as the articles that claims were coded from.
    Tests that need it skip where it is absent.
    """
    named = os.environ.get("FORECAST_SHARED")
    folder = Path(named) if named else PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"no folder {folder} (FORECAST_SHARED names another one)")
    return folder


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Note a figure that a test holds to a bound; all of them are printed at the end of the run."""
    return lambda figure: record_property("measured", figure)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the file that makes the runs of the editions, then those that take long, then those that read the runs.

    So at the end no worker waits for a long file that began last, and none waits in between for a run that another one makes.
    """
    names = ("makes_runs", "reads_runs", "slow")
    marked = {name: {item.path for item in items if item.get_closest_marker(name)} for name in names}

    def place(item: pytest.Item) -> int:
        if item.path in marked["makes_runs"]:
            return 0
        if item.path in marked["reads_runs"] or item.path.suffix == ".ipynb":
            return 2
        return 1 if item.path in marked["slow"] else 3

    items.sort(key=place)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests measured, from whichever worker."""
    reports = [report for group in terminalreporter.stats.values() for report in group if hasattr(report, "user_properties")]
    figures = {value for report in reports for name, value in report.user_properties if name == "measured"}
    if figures:
        terminalreporter.section("measured")
        for figure in sorted(figures):
            terminalreporter.line(figure)
