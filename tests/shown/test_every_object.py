"""Every object that a person can print is a few lines: the whole real dossier once printed 14 million characters."""

from __future__ import annotations

import pickle
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from toy import made_up_run, toy_asked, toy_dossier

import forecasting as fc
from forecasting.dossier.fields import Record
from forecasting.errors import CheckResult, Where
from forecasting.lab.reprs import CAPTION, LEFT, RIGHT
from forecasting.lab.reprs import WIDE as SENTENCES
from forecasting.rules.check import CheckResults

PROJECT = Path(__file__).resolve().parents[2]
BYTES, WIDE = 5000, 80
ALIGNED = ("text-align:left", LEFT, SENTENCES, RIGHT, CAPTION)
ONE_LINE = 120  # of a record within another, or of a list that Python itself prints
STYLE = re.compile(r"<[^>]* (?:style|class|color|bgcolor)=\"([^\"]*)\"")
EDITIONS = ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook")


@pytest.fixture(scope="module")
def dossier() -> Any:
    return fc.load_dossier(PROJECT / "priors")


def fits(shown: Any, width: int = WIDE) -> None:
    """Hold what an object shows in a terminal and in a notebook to its size, and to having no colours of its own."""
    for text in (repr(shown), str(shown)):
        assert len(text.encode()) <= BYTES, type(shown)
    assert max(map(len, repr(shown).splitlines())) <= width, repr(shown)  # what str writes out may be meant for a page
    html = getattr(shown, "_repr_html_", lambda: "")() or ""
    assert len(html.encode()) <= BYTES, type(shown)
    assert set(STYLE.findall(html)) <= {*ALIGNED}, "a colour of its own is unreadable on the other theme"


def held(value: Any, deep: int = 3) -> Iterator[Record]:
    """Yield every record of a dossier, also those within others."""
    if isinstance(value, Record):
        yield value
        value = [getattr(value, name) for name in type(value).model_fields]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (tuple, list)) and deep:
        for one in value:
            yield from held(one, deep - 1)


def test_the_dossier_and_each_of_its_tables_are_a_few_lines(dossier: Any) -> None:
    fits(dossier)
    for name in vars(dossier):
        table = getattr(dossier, name)
        assert len(repr(table)) <= 1000, name
        assert max(map(len, repr(table).splitlines())) <= ONE_LINE, name
    assert f"{len(dossier.claims)} claims" in repr(dossier)
    assert all(name in repr(dossier) for name in EDITIONS)


def test_every_record_is_a_line_and_a_table(dossier: Any) -> None:
    kinds = set()
    for name in vars(dossier):
        for record in held(getattr(dossier, name)):
            kinds.add(type(record).__name__)
            fits(record, ONE_LINE)
    assert {"Claim", "Source", "Event", "Question", "Edition", "Effect", "HistoryRow", "Anchor", "Wording"} <= kinds


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_says_what_it_asks(dossier: Any, name: str) -> None:
    edition = dossier.edition(name)
    fits(edition)
    assert f"{len(edition.asked)} questions" in repr(edition)
    fits(edition.dossier)


def test_a_record_is_equal_and_hashed_as_before() -> None:
    dossier = toy_dossier()
    wording = next(iter(next(iter(dossier.lexicons.values())).values()))
    again = type(wording).model_validate(wording.model_dump())
    assert (wording == again, hash(wording) == hash(again), {wording: 1}[again]) == (True, True, 1)
    assert "__eq__" not in vars(Record)
    assert repr(dossier.claims["n-001"]).startswith("<Claim n-001: ")
    assert repr(dossier.claims["n-001"].target) == "<Target pact-signed>"


@cache
def shown_by_a_fit() -> dict[str, Any]:
    fit = toy_asked()
    changed = fc.change("n-001", wording="unlikely")
    return {
        "fit": fit, "gate": fit.gate, "posterior": fit.posterior, "paths": fit.paths, "curves": fit.posterior.curves,
        "answer": fit.posterior.answers["toll-by-2025"], "forecast": fit.forecast("ferry-order-2025"),
        "outcome": fit.forecast("toll-by-2025").headline, "change": changed, "update": fit.update(changed),
        "forecasts": fit.forecasts(), "given": fit.given("pact-signed", by="2025-06-30"),
        "intervene": fit.intervene("pact-signed", at=None), "watch": fit.watch("toll-by-2025"),
        "sensitivity": fit.sensitivity(), "table": fit.update(changed).table,
    }  # fmt: skip


@pytest.mark.parametrize("name", [
    "fit", "gate", "posterior", "paths", "curves", "answer", "forecast", "outcome", "change", "update", "forecasts", "given",
    "intervene", "watch", "sensitivity", "table",
])  # fmt: skip
def test_what_a_fit_returns_is_a_few_lines(name: str) -> None:
    fits(shown_by_a_fit()[name], ONE_LINE if name in ("outcome", "answer") else WIDE)


def test_tables_show_titles_and_percent_with_the_largest_change_first() -> None:
    table = toy_asked().given("pact-signed", by="2025-06-30")
    text, html = repr(table), table._repr_html_()
    for part in ("Will the toll be raised by the end of 2025?", "toll-by-2025", "Pact and old toll", "very likely", ">99 %"):
        assert part in text
        assert part.replace(">", "&gt;") in html
    changes = [abs(float(x.replace("−", "-"))) for x in re.findall(r"([+−]\d+\.\d)$", text, re.MULTILINE)]
    assert len(changes) > 3
    assert changes == sorted(changes, reverse=True)


def test_pandas_works_on_a_table_as_on_any() -> None:
    table = toy_asked().forecasts()
    plain = pd.DataFrame(table)
    assert repr(table[table["p"] > 0.5]).count(" %") >= 3  # the same look while its columns are there
    assert repr(table[["question", "p"]]) == repr(plain[["question", "p"]])  # pandas' own where they are not
    assert table.groupby("question")["p"].sum().equals(plain.groupby("question")["p"].sum())
    assert pd.concat([table, table]).shape[0] == 2 * len(plain)
    assert table.merge(plain, on=["question", "outcome"]).shape[0] == len(plain)
    assert table.set_index(["question", "outcome"])["p"].equals(plain.set_index(["question", "outcome"])["p"])
    assert repr(pickle.loads(pickle.dumps(table))) == repr(table)
    assert repr(table.assign(question="of mine")) == repr(plain.assign(question="of mine"))


def test_a_run_says_what_it_is_of(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    fits(run)
    assert f"Run of {run.manifest.edition}" in repr(run)
    assert run.forecasts[0].title in run._repr_html_()


def test_results_of_a_check_say_how_many_and_show_the_first() -> None:
    found = CheckResults(CheckResult("claim-id", Where("claims/x.yaml", n), f"<b> {n}", "write another") for n in range(1, 400))
    fits(found, ONE_LINE)
    assert repr(found).startswith("399 failures\nclaims/x.yaml:1  <b> 1\n  write another  [claim-id]")
    assert "&lt;b&gt;" in found._repr_html_()
    assert repr(CheckResults()) == "all rules hold"
