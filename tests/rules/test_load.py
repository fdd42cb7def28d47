"""Loading a dossier: every failure at once, warnings to nobody, and coders' files read once and again when they change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from builders import write_dossier
from toy import CHANGES, EDITION, PROJECT

from forecasting.dossier.load import read_dossier
from forecasting.errors import DossierError
from forecasting.rules.check import check_dossier
from forecasting.rules.codings import codings
from forecasting.rules.load import load_dossier


def test_a_dossier_that_passes_every_rule_is_what_was_read(tmp_path: Path) -> None:
    root = write_dossier(tmp_path, PROJECT, CHANGES)
    assert load_dossier(root) == read_dossier(root)[0]
    assert load_dossier(str(root)).edition(EDITION).edition.id == EDITION


def test_every_failure_is_listed_whether_a_form_or_a_rule_is_broken(tmp_path: Path) -> None:
    event = CHANGES["events/ferry.yaml"].replace("reference_class: pacts-signed", "reference_class: pacts-sined", 1)
    assert event != CHANGES["events/ferry.yaml"]
    root = write_dossier(tmp_path, PROJECT, CHANGES | {"events/ferry.yaml": event})
    history = root / "history.csv"
    wrong = "2024-13-01,pact-signed,survived,,Test Gazette,confirmed,no such month\n"
    history.write_text(history.read_text("utf-8") + wrong, "utf-8")
    with pytest.raises(DossierError) as raised:
        load_dossier(root)
    said = str(raised.value)
    for found in ("pacts-sined", "history.csv", "2024-13-01"):
        assert found in said


def test_what_only_deserves_a_warning_loads(tmp_path: Path) -> None:
    root = write_dossier(tmp_path, PROJECT, CHANGES)
    dossier = load_dossier(root)
    results = check_dossier(dossier)
    assert {result.status for result in results} <= {"warning"}
    assert check_dossier(dossier, warnings=False) == ()


def test_codings_are_read_once_and_again_when_a_file_changes(tmp_path: Path) -> None:
    root = write_dossier(tmp_path, PROJECT, CHANGES)
    folder = root / "codings" / "coder-1"
    folder.mkdir(parents=True)
    file = folder / "gazette.yaml"
    file.write_text("- {id: k-001}\n", "utf-8")
    dossier = read_dossier(root)[0]
    (first,), (again,) = codings(dossier), codings(dossier)
    assert first is again
    assert first[1]  # the record lacks nearly everything
    file.write_text("[]\n", "utf-8")
    os.utime(file, ns=(1, 1))  # even where the clock of the disk is coarse
    (changed,) = codings(dossier)
    assert changed[1] == ()
