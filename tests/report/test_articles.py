"""The article of a question: claims on the side that they move it to, and why where that is against their words."""

from __future__ import annotations

import dataclasses

from sample_runs import sample_run
from toy import toy_edition

from forecasting.report.render import render_report

AGAINST = "its words argue for the event, yet it lowers it: it is read as about so much, less than the rest of the evidence gives"


def test_a_judgement_that_lowers_what_it_calls_likely_has_the_reason_beside_it() -> None:
    edition = toy_edition()
    run = sample_run(edition)
    rows = run.influence.iloc[:1].assign(question="pact-by-2025", outcome="yes", claim="n-001", mcse=0.001)
    for change, told in ((-0.05, True), (0.05, False)):
        moved = rows.assign(change=change, p_without=run.forecast("pact-by-2025").headline.p - change)
        page = render_report(dataclasses.replace(run, tables={**run.tables, "influence": moved}), edition)
        assert (AGAINST in page) == told
