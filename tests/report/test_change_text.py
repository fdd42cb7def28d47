"""What an edit moves, as a pull request shows it: points, words where they change, and no text taken for markup."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from manifests import PASSED
from sample_runs import sample_run
from toy import toy_edition

from forecasting.analysis.change_decomposition import Changes
from forecasting.report.change_text import changes_markdown, new_markdown, unchanged_markdown
from forecasting.report.formatting import plain

TABLE = pd.DataFrame(
    [("pact-by-2025", "yes", "claims", 0.14, 0.002), ("pact-by-2025", "yes", "regrades", -0.02, 0.002),
     ("pact-by-2025", "yes", "noise", 0.0003, 0.002), ("toll-by-2025", "yes", "claims", 0.001, 0.001),
     ("ferry-order-2025", "rest", "claims", -0.004, 0.001)],
    columns=["question", "outcome", "part", "change", "mcse"],
)  # fmt: skip
ENDS = pd.DataFrame(
    [("toll-by-2025", "yes", 0.3, 0.301), ("ferry-order-2025", "rest", 0.5, 0.496), ("pact-by-2025", "yes", 0.38, 0.5003)],
    columns=["question", "outcome", "before", "after"],
)
BEHIND = {"claims": ("n-004", "without n|<5>"), "regrades": ()}
FOUND = Changes("then", "now", TABLE, ENDS, BEHIND, {"quay": "not open then"}, gates=(PASSED, PASSED))


def test_the_largest_change_comes_first_with_its_parts_and_words() -> None:
    rows = [line for line in changes_markdown(toy_edition(), FOUND).splitlines() if line.startswith("| ")]
    assert rows[1:] == [
        "| Will the ferry pact be signed by the end of 2025? | 38 %, unlikely | **50 %, roughly even chance** | +12.0 | "
        "claims +14.0, regrades −2.0 |",
        "| The ferry at the end of 2025: rest | 50 %, roughly even chance | 50 %, roughly even chance | −0.4 | claims −0.4 |",
    ]


def test_what_chance_can_do_is_counted_and_not_shown() -> None:
    text = changes_markdown(toy_edition(), FOUND)
    assert "1 of 3 answers stay as they were" in text
    assert "noise" not in text
    assert "Monte Carlo error of a part: up to 0.2 points." in text


def test_the_records_behind_it_and_what_could_not_be_compared_are_named() -> None:
    text = changes_markdown(toy_edition(), FOUND)
    assert r"- Claims (new or withdrawn): n-004; without n\|\<5\>" in text
    assert "Regrades (" not in text
    assert "- Not compared: quay (not open then)" in text


def test_a_fit_that_failed_the_gate_is_named_and_one_that_was_never_judged_is_no_alarm() -> None:
    failed = replace(PASSED, failed=("R-hat 1.02 at x",))
    assert "**now: BLOCKED: R-hat 1.02 at x**" in changes_markdown(toy_edition(), replace(FOUND, gates=(PASSED, failed)))
    told = changes_markdown(toy_edition(), replace(FOUND, refitted=frozenset({"pact-by-2025"})))
    assert "The earlier numbers are worked out now" in told
    assert "BLOCKED" not in told


def test_new_and_untouched_editions_say_so() -> None:
    edition = toy_edition()
    assert "no answer moves" in unchanged_markdown(edition)
    assert "It has no current run yet: `forecast run 2024-07-ferry`" in new_markdown(edition, ())
    run = sample_run(edition)
    rows = [line for line in new_markdown(edition, run.forecasts).splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + sum(len(forecast.outcomes) for forecast in run.forecasts)


def test_no_text_of_a_record_becomes_markup() -> None:
    assert plain("[x](javascript:1) # *a*\n|b|") == r"\[x\](javascript:1) \# \*a\* \|b\|"
