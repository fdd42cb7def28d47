"""A row of `make trust` that tests measure has their count and the figures that they note."""

from __future__ import annotations

import pytest

from benchmarks import trust_tests


@pytest.mark.slow
def test_a_row_has_the_figure_that_its_test_notes() -> None:
    one = "tests/dossier/test_anchors.py::test_an_edited_quote_is_never_accepted"
    row = trust_tests.row_of(trust_tests.Tested("anchors", "", "", (one,)), quick=False)
    assert row.passed, row
    assert row.measured == "1 of 1 tests pass; anchors: 500 altered quotes, 0 accepted"
    none = "tests/dossier/test_anchors.py::test_that_is_not_there"
    missing = trust_tests.row_of(trust_tests.Tested("anchors", "", "", (none,)), quick=False)
    assert not missing.passed
