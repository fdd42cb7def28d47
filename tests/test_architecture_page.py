"""docs/architecture.md says what the code says."""

from __future__ import annotations

import re

from tools.docs.architecture import PAGE, PROJECT, model_classes, rendered


def test_the_tables_of_the_page_are_those_of_the_code() -> None:
    text = PAGE.read_text("utf-8")
    assert rendered(text) == text, "run: python -m tools.docs.architecture"


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*\.(?:py|md|yaml|csv))`", PAGE.read_text("utf-8")))
    assert len(named) > 20
    rooted = {name for name in named if (PROJECT / name).is_file() or (PROJECT / "forecasting" / name).is_file()}
    assert named <= rooted, "no such file"


def test_every_model_has_the_name_of_its_folder_and_a_test_of_the_contract() -> None:
    tests = "".join((PROJECT / "tests" / name).read_text("utf-8") for name in ("models/test_contract.py", "support/contract.py"))
    assert set(model_classes()) >= {"network", "phrases"}
    for folder, model in model_classes().items():
        assert model().name == folder
        assert f"keep_contract({model.__name__}(" in tests, f"{model.__name__} is not held to the contract of models"
