"""Fixtures of the panel's tests."""

from __future__ import annotations

import pytest
from toy import toy_asked

from forecasting.lab.panel.follow import Follower


@pytest.fixture(scope="module")
def follower() -> Follower:
    """The fit of the test edition, ready to be weighed."""
    found = Follower(toy_asked())
    found.prepare()
    return found
