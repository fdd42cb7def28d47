"""The mutants by which tests are measured: each differs from the module, and the kinds that are meant are there."""

from __future__ import annotations

import ast

from benchmarks.mutants import mutants

SOURCE = '''
def least(values, bound=1.0):
    """A text with 3 < 4 in it."""
    found = [value for value in values if value < bound and not value == 0]
    if not found:
        raise ValueError(f"none of {len(values) + 1} below")
    note(found)
    return min(found) - 1
'''


def test_each_mutant_is_another_program_that_can_be_read() -> None:
    found = list(mutants(SOURCE))
    same = ast.unparse(ast.parse(SOURCE))
    assert all(mutant.source != same and ast.parse(mutant.source) for mutant in found)
    assert len({mutant.source for mutant in found}) == len(found)


def test_the_kinds_that_are_meant_are_there_and_texts_stay() -> None:
    changes = {(mutant.was, mutant.now) for mutant in mutants(SOURCE)}
    assert {("value < bound", "value <= bound"), ("value < bound", "value > bound"), ("value == 0", "value != 0"),
            ("not found", "found"), ("note(found)", "pass"), ("min(found)", "max(found)"),
            ("min(found) - 1", "min(found) + 1"), ("0", "1"), ("return min(found) - 1", "return None")} <= changes  # fmt: skip
    assert any(now == "value < bound or not value == 0" for _, now in changes)
    assert not any("len(values)" in was and "if not" not in was for was, _ in changes)
    assert all("A text with 3 < 4 in it." in mutant.source for mutant in mutants(SOURCE))
