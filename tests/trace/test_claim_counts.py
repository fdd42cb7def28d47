"""Claims are counted three ways, and every place that counts names which: about an event, independent, moving an answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from toy import COPIES, made_up_run, toy_dossier, toy_edition

from forecasting.lab.tables import influence_table
from forecasting.trace.claim_counts import claim_counts, moving
from forecasting.trace.confidence import confidence
from forecasting.trace.trace import trace_record

EDITION = toy_edition()


def test_facts_that_have_expired_are_counted_apart() -> None:
    quay = claim_counts(EDITION)["quay-closed"]
    assert (quay.n_claims, quay.n_expired) == (len(COPIES), 0)
    later = replace(EDITION, edition=EDITION.edition.model_copy(update={"as_of": EDITION.as_of.replace(year=2027)}))
    quay, pact = (claim_counts(later)[name] for name in ("quay-closed", "pact-signed"))
    assert quay.words() == "no claim speaks of it; 5 have expired"
    # the judgement n-001 still speaks of the pact, the fact n-003 acts no longer
    assert pact.words() == "1 claim speaks of it, worth 1.0 independent ones; 1 more has expired"


def test_trace_confidence_and_notebooks_name_the_same_counts(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    question = next(question for question in EDITION.questions if question.id == "toll-by-2025")
    about, moved = "1 claim speaks of", "1 claim moves the answer"
    assert moving(run, "toll-by-2025") == 1
    assert moving(run, "pact-by-2025") == 2
    # n-002 speaks of the toll, and n-001, through an effect, is what moves it
    found = confidence(run, EDITION, question).criteria[0].found
    assert found == f"{about} its event, worth 1.0 independent ones; {moved}"
    told = trace_record([run], toy_dossier(), "toll-by-2025")
    assert f"CLAIMS: {about} it, worth 1.0 independent ones" in told
    assert f"CLAIMS that moved it: {moved} (each left out alone" in told
    assert influence_table(run, toy_dossier(), "pact-by-2025", most=1).caption.endswith("1 of 2 that move the answer")
