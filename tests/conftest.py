"""Fixtures that more than one folder of tests uses."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# Two workers on two cores, and first calls that compile: how long one example takes says nothing here.
settings.register_profile("forecasting", deadline=None)
settings.load_profile("forecasting")

PROJECT = Path(__file__).resolve().parent.parent


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
