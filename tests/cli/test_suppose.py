"""``forecast given``, ``watch`` and ``whatif``: titles, whole ids, words, and errors before anything is simulated."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from rich.console import Console
from toy import EDITION, toy_asked, toy_edition, toy_priors
from typer.testing import CliRunner

from forecasting.cli import fits
from forecasting.cli.answers import Answer, answer_table, answers_of, watch_table
from forecasting.cli.main import app
from forecasting.cli.terminal import wrapped

TITLE = "Will a state with a long name and its neighbours agree in writing by the end of 2025 that the ferry may run?"
LONG = "question-with-an-id-of-forty-characters0"


def lines(table: object, width: int) -> list[str]:
    console = Console(width=width, record=True, file=io.StringIO(), soft_wrap=True)
    console.print(table)
    return console.export_text().splitlines()


@pytest.mark.parametrize("width", [80, 120])
def test_ids_stand_whole_and_no_line_is_wider_than_the_terminal(width: int) -> None:
    said = lines(answer_table([Answer(TITLE, LONG, 0.5, 0.63)], "t", ("before", "after"), "icd203", width=width), width)
    assert max(map(len, said)) <= width
    assert [line for line in said if LONG in line]
    text = " ".join(" ".join(said).split())
    for part in ("50 %", "63 %", "+13.0", "roughly even", "likely"):
        assert part in text


def test_lines_are_folded_between_words_and_never_within_an_id() -> None:
    assert wrapped(f"CLAIMS {LONG}", 24).splitlines() == ["CLAIMS", f"  {LONG}"]


def test_an_outcome_is_named_below_its_question() -> None:
    moved = pd.DataFrame([("ferry-stages-2026", "pact-signed", 0.2, 0.3), ("ferry-stages-2026", "none", 0.2, 0.1)],
                         columns=["question", "outcome", "before", "after"])  # fmt: skip
    titles = [one.title for one in answers_of(toy_edition(), moved, "before", "after")]
    asked = "How far does the ferry come by the end of 2026?"
    assert titles == [f"{asked}\n– No further than: What happens to pact-signed", f"{asked}\n– none of the steps"]


def test_a_question_that_may_be_void_says_which_number_is_which() -> None:
    moved = pd.DataFrame([("pact-by-2025", "yes", 0.2, 0.3), ("pact-by-2025", "void", 0.2, 0.1)],
                         columns=["question", "outcome", "before", "after"])  # fmt: skip
    yes, void = (one.title for one in answers_of(toy_edition(), moved, "before", "after"))
    assert void == f"{yes}\n– the question is void"


def asked(monkeypatch: pytest.MonkeyPatch, *command: str) -> str:
    """Return what a command prints when the toy's fit lies behind its edition."""
    monkeypatch.setattr(fits, "fit_of", lambda edition, runs, progress: toy_asked())
    ran = CliRunner().invoke(app, [*command, "--priors", str(toy_priors())])
    assert ran.exit_code == 0, ran.output
    return ran.stdout


def test_given_shows_what_the_fit_says_in_per_cent_words_and_points(monkeypatch: pytest.MonkeyPatch) -> None:
    said = asked(monkeypatch, "given", EDITION, "--event", "pact-signed", "--by", "2025-06-30")
    row = toy_asked().given("pact-signed", by="2025-06-30").set_index(["question", "outcome"]).loc[("toll-by-2025", "yes")]
    assert "toll-by-2025" in said
    assert f"{100 * row.p:.0f} %" in said
    assert f"{100 * row.p_given:.0f} %" in said
    assert f"{100 * row.change:+.1f}".replace("-", "−") in said
    without = asked(monkeypatch, "given", EDITION, "--event", "pact-signed", "--not")
    assert "does not happen by 2026-12-31" in " ".join(without.split())  # the last deadline


def test_watch_ranks_events_for_one_question_and_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    said = asked(monkeypatch, "watch", EDITION, "--question", "toll-by-2025", "--by", "2025-06-30")
    found = toy_asked().watch("toll-by-2025", by="2025-06-30")
    first = [line.split()[0] for line in said.splitlines() if line.strip()]
    assert [word for word in first if word in set(found["event"])] == found["event"].tolist()
    every = asked(monkeypatch, "watch", EDITION)
    assert all(question.id in every for question in toy_edition().questions)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["given", EDITION, "--event", "pact-singed"], "did you mean 'pact-signed'?"),
        (["given", EDITION, "--event", "pact-signed", "--by", "2025"], "--by 2025: no date; write it as YYYY-MM-DD"),
        (["given", EDITION, "--event", "pact-signed", "--by", "2020-01-01"], "write a day after 2024-07-01"),
        (["watch", EDITION, "--question", "toll-2025"], "did you mean 'toll-by-2025' or"),
        (["watch", "2024-07-fery"], f"did you mean '{EDITION}'?"),
    ],
)
def test_a_mistake_is_named_before_anything_is_simulated(
    command: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fits, "fit_of", lambda *_: pytest.fail("a fit was opened"))
    ran = CliRunner().invoke(app, [*command, "--priors", str(toy_priors())])
    assert ran.exit_code == 2, ran.output
    assert said in " ".join(ran.stderr.split())


def test_a_watch_list_has_the_numbers_of_the_fit() -> None:
    fit = toy_asked()
    found = fit.watch("toll-by-2025", by="2025-06-30")
    assert max(map(len, lines(watch_table(fit, found, 8, 80), 80))) <= 80
    text = " ".join(" ".join(lines(watch_table(fit, found, 8, 120), 120)).split())
    top = found.iloc[0]
    assert f"{100 * top.p_if:.0f} %" in text
    assert f"{100 * top.expected_change:.1f}" in text
