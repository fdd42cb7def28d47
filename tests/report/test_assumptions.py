"""A report shows every assumption held of its edition, what is not met first, with the number, the reason and the doubt."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

from page import Page
from toy import made_up_run, toy_edition

from forecasting.dossier.assumptions import Stricter
from forecasting.report.assumptions import assumptions_of
from forecasting.report.render import render_report

EDITION = toy_edition()


def test_what_is_not_met_comes_first_and_what_cannot_be_asked_last(tmp_path: Path) -> None:
    found = assumptions_of(made_up_run(tmp_path), EDITION)
    assert found is not None
    assert [(line.assumption.id, line.verdict) for line in found.lines] == [
        ("a-002", "Not met"), ("a-003", "Unclear"), ("a-001", "Met"), ("a-004", "Not asked"),
    ]  # fmt: skip
    assert found.lines[0].found == "14.2 ± 0.3 %, on 30,000 paths of the condition; held is at most 10 %"
    assert found.tally == "1 of 3 are met, 1 is not, 1 is unclear; 1 cannot be asked"


def test_the_page_has_statement_number_reason_and_what_would_change_it(tmp_path: Path) -> None:
    page = Page(render_report(made_up_run(tmp_path), EDITION))
    (section,) = [element for element in page.all("section") if element.attributes.get("id") == "assumptions"]
    text = " ".join(section.text.replace("\N{NO-BREAK SPACE}", " ").split())
    assert "1 of 3 are met, 1 is not, 1 is unclear; 1 cannot be asked." in text
    assert "Not met. If the pact is signed the toll is raised in at most one world of ten." in text
    assert "14.2 ± 0.3 %, on 30,000 paths of the condition; held is at most 10 %." in text
    assert "Held because: The pact caps the toll. What would change it: A pact that lets it rise." in text
    assert "If wrong: Will the" in text  # the answers that hang on it
    assert "No question leads to “What happens to pact-signed”." in text
    assert "a-002" not in text
    assert "#assumptions" in {link.attributes["href"] for link in page.all("a")}


def test_an_edition_without_assumptions_has_no_such_section(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    none = run.with_tables(assumptions=run.assumptions[:0])
    assert assumptions_of(none, EDITION) is None
    page = Page(render_report(none, EDITION))
    assert "assumptions" not in {element.attributes.get("id") for element in page.all("section")}


def test_a_bound_made_stricter_afterwards_is_counted_apart(tmp_path: Path) -> None:
    (met,) = [one for one in EDITION.assumptions if one.id == "a-001"]
    later = met.model_copy(update={"stricter": Stricter(was=0.5, on=dt.date(2024, 7, 2))})
    dossier = replace(EDITION.dossier, assumptions={**EDITION.dossier.assumptions, "a-001": later})
    found = assumptions_of(made_up_run(tmp_path), replace(EDITION, dossier=dossier))
    assert found is not None
    assert found.tally.endswith("; 1 of those met by a bound made stricter once the numbers were seen")
    (line,) = [line for line in found.lines if line.assumption.id == "a-001"]
    assert line.found.endswith(" (50 % until 2024-07-02, when numbers had been seen)")
