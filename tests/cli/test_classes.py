"""`forecast classes`: what an analyst types to find a counted class and to copy it into a dossier."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import write_dossier
from typer.testing import CliRunner

import forecasting as fc
from forecasting.cli.main import app
from forecasting.dossier.load import read_dossier
from forecasting.errors import UsageError
from forecasting.rules.classes import class_differs_from_library


def forecast(*words: object):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def root(tmp_path: Path, project_dir: Path) -> Path:
    return write_dossier(tmp_path, project_dir)


def test_classes_are_found_with_figures_bias_and_neighbours():
    result = forecast("classes", "putsch succeeds", "--most", 1)
    assert result.exit_code == 0, result.output
    assert all(word in result.output for word in ("share", "bias:", "near:", "more: --most"))


def test_the_classes_of_the_project_are_found_too_with_where_they_stand(root: Path):
    result = forecast("classes", "pacts signed", "--priors", root)
    assert result.exit_code == 0, result.output
    mine, _, packaged = result.output.partition("in the library of the package")
    assert mine.startswith("in your project:\npacts-signed  ")
    assert "priors/reference_classes.csv:" in mine
    assert packaged
    alone = forecast("classes", "deadlines-kept", "--priors", root)
    assert alone.exit_code == 0, alone.output
    assert "deadlines-kept  " in alone.output
    forecast("classes", "--add", "civil-end-1992", "--priors", root)
    copied = forecast("classes", "civil conflict ends", "--most", 40, "--priors", root).output
    assert re.search(r"^civil-end-1992 .*\(in your project: priors/reference_classes/library.csv:[0-9]+\)$", copied, re.MULTILINE)


def test_a_class_of_the_package_that_an_event_names_is_said_to_be_there_to_copy(root: Path):
    path = root / "events" / "ferry.yaml"
    path.write_text(path.read_text("utf-8").replace("reference_class: pacts-signed", "reference_class: igo-death-1992"), "utf-8")
    result = forecast("check", "--priors", root)
    assert "the package has it: forecast classes --add igo-death-1992" in " ".join(result.output.split())


def test_a_new_event_is_proposed_yearly_classes_and_those_per_occasion_are_named_in_one_line(root: Path):
    title = "Forces of Norland and Sudland clash on the border with at least 25 dead"
    result = forecast("new", "event", "--id", "border-clash", "--theme", "x", "--title", title, "--priors", root)
    assert result.exit_code == 0, result.output
    proposed = re.findall(r"^  (\S+): .*; [0-9.]+ in .* years", result.output, re.MULTILINE)
    assert len(proposed) == 3
    assert "interstate-onset-1992" in proposed
    assert not [name for name in proposed if name.startswith("us-")]
    assert "per occasion, only for an event with scheduled_on: mid-force" in result.output


def test_an_id_shows_all_of_a_class_and_how_to_copy_it():
    result = forecast("classes", "coup-succeeds-all")
    assert all(word in result.output for word in ("at risk:", "licence:", "in print: Powell", "until 2019-12-31", "--add coup-"))


def test_a_copied_class_is_read_with_all_its_rows_and_never_replaced(root: Path):
    before = read_dossier(root)[0].reference_classes.keys()
    result = forecast("classes", "--add", "civil-end-1992", "--priors", root)
    assert result.exit_code == 0, result.output
    dossier, failures = read_dossier(root)
    assert not failures
    assert dossier.reference_classes.keys() - before == {"civil-end-1992"}
    assert len(dossier.dated_rows["civil-end-1992"]) == 3
    assert list(class_differs_from_library(dossier)) == []
    again = forecast("classes", "--add", "civil-end-1992", "--priors", root)
    assert again.exit_code == 2
    assert "own row stays" in again.output


def test_check_says_where_a_copied_row_differs(root: Path):
    forecast("classes", "--add", "civil-end-1992", "--priors", root)
    path = root / "reference_classes" / "library.csv"
    path.write_text(path.read_text("utf-8").replace(",294,1393,", ",249,1393,"), "utf-8")
    result = forecast("check", "--priors", root)
    assert "249 in 1393 years" in result.output
    assert "in the library 294 in 1393" in result.output


def test_an_unknown_class_is_answered_with_the_nearest_id(root: Path):
    result = forecast("classes", "--add", "civil-end-1993", "--priors", root)
    assert result.exit_code == 2
    assert "civil-end-1992" in result.output


def test_the_classes_of_a_dossier_are_listed(root: Path):
    result = forecast("check", "--list", "classes", "--priors", root)
    assert result.exit_code == 0
    assert " a year, " in result.output


def test_a_new_event_is_proposed_three_classes(root: Path):
    result = forecast("new", "event", "--id", "coup-in-keyra", "--theme", "keyra", "--priors", root)
    assert result.output.count("  coup-") + result.output.count("  colpus-") + result.output.count("  cline-") == 3, result.output


def test_a_notebook_gets_a_table_and_a_wrong_theme_the_right_ones():
    found = fc.classes("mediated crisis", unit="trial")
    assert (found["low"] < found["rate"]).all()
    assert (found["rate"] < found["high"]).all()
    with pytest.raises(UsageError, match="coups"):
        fc.classes(theme="coupz")
    with pytest.raises(UsageError, match="year"):
        fc.classes(unit="month")
