"""What nobody can do anything with is answered in words: where it is, what was found, what to write; and nothing is half-written.

The cases lie in ``tests/support/bad_*.py`` and ``commands.txt``; those that break a rule, and slips in a field, are shared with
the tests of the rules and of loading.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from bad_input import Bad, shortfall
from bad_input_corpus import CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bad_input_is_answered_with_an_error_of_ours_and_exit_code_2(case: Bad, tmp_path: Path) -> None:
    assert not shortfall(case, tmp_path)


def test_there_are_at_least_500_of_every_reader() -> None:
    assert len(CASES) >= 500
    assert len({str(case) for case in CASES}) == len(CASES)
    readers = {case.reader for case in CASES}
    assert readers >= {"YAML", "CSV", "rule", "xlsx", "page", "pdf", "word", "mail", "text", "ledger", "run", "prior", "point",
                       "crowd", "hub", "message", "command", "call", "folder", "value"}  # fmt: skip


def test_a_fault_would_be_found(tmp_path: Path) -> None:
    from bad_input import Answer

    assert "somebody else" in shortfall(Bad("x", "y", lambda folder: Answer(1, "", "KeyError('x')"), ()), tmp_path)
    assert "exit code 0" in shortfall(Bad("x", "y", lambda folder: Answer(0, "done"), ()), tmp_path)
    assert "not said" in shortfall(Bad("x", "y", lambda folder: Answer(2, "no"), ("where",)), tmp_path)
    assert "a traceback" in shortfall(Bad("x", "y", lambda folder: Answer(2, "Traceback (most recent call last)"), ()), tmp_path)
