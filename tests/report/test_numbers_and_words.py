"""One shown number has one word, wherever a number and a word stand together: over all editions, in every place with both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest
from shown_editions import made_up, project_edition, report_of

from forecasting.cli.tables import forecast_table
from forecasting.dossier.edition import EditionDossier
from forecasting.forecasts import in_standard, likelihood_words
from forecasting.lab.reprs import forecast_html
from forecasting.lab.tables import questions_table
from forecasting.report.plausibility import plausibility
from forecasting.report.render import render_report
from forecasting.runs.store import Run
from forecasting.standards.tables import STANDARDS
from forecasting.trace.questions import trace_edition, trace_question

ROOT = Path(__file__).parents[2]
EDITIONS = ("2020-11-karabakh", "2024-12-syria", "2026-02-outlook")


def together(standard: str) -> re.Pattern[str]:
    """A number, at most some signs and spaces, and a word that is not the beginning of an interval in words."""
    words = "|".join(sorted({STANDARDS[standard].words(i / 1000) for i in range(1001)}, key=len, reverse=True))
    return re.compile(rf"(?<![\d–-])(<1|>99|\d+) %[^\w%]{{1,30}}({words})(?! to )\b")


def found_in(text: str, standard: str = "icd203") -> list[tuple[str, str]]:
    """Return every number with the word beside it."""
    return together(standard).findall(text)


def plain(html: str) -> str:
    """Return what a page shows."""
    without = re.sub(r"<(style|script|svg)\b.*?</\1>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", without)))


def hold(pairs: list[tuple[str, str]], least: int, standard: str = "icd203") -> None:
    """Require at least so many pairs, each with the word of its number."""
    assert len(pairs) >= least
    shown = {"<1": 0.005, ">99": 0.995}
    told = [(number, words, shown.get(number) or float(number) / 100) for number, words in pairs]
    wrong = [(number, words) for number, words, p in told if words != likelihood_words(p, standard)]
    assert wrong == []


def in_terminal(run: Run, edition: EditionDossier) -> str:
    shown = []
    for width in (80, 250):
        columns = {str(column.header): list(column.cells) for column in forecast_table(run, width).columns}
        words = next(cells for header, cells in columns.items() if header.startswith("in words ("))
        shown += [f"{p}: {words}" for p, words in zip(columns["p"], words, strict=True)]
    return "\n".join(shown)


PLACES: dict[str, Callable[[Run, EditionDossier], str]] = {
    "report": lambda run, edition: plain(render_report(run, edition)),
    "terminal": in_terminal,
    "records": lambda run, edition: "\n".join(map(repr, run.forecasts)),
    "notebook records": lambda run, edition: plain("".join(map(forecast_html, run.forecasts))),
    "notebook tables": lambda run, edition: plain(questions_table(run.forecasts, edition.dossier)._repr_html_()),
    "trace of questions": lambda run, edition: "\n".join(trace_question(run, edition, f.question) for f in run.forecasts),
    "trace of the edition": trace_edition,
    "plausibility": lambda run, edition: plausibility([run], edition.dossier),
}


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> EditionDossier:
    return project_edition(request.param)


@pytest.fixture(scope="module")
def run(edition: EditionDossier) -> Run:
    return made_up(edition.edition.id)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_every_number_beside_a_word_has_the_word_of_what_is_shown(place: str, run: Run, edition: EditionDossier) -> None:
    text = plain(report_of(edition.edition.id)) if place == "report" else PLACES[place](run, edition)
    hold(found_in(text), sum(len(forecast.outcomes) for forecast in run.forecasts))


@pytest.mark.parametrize("standard", [name for name in STANDARDS if name != "icd203"])
@pytest.mark.parametrize("place", ["report", "terminal", "records", "notebook tables", "trace of questions", "plausibility"])
def test_another_standard_is_followed_wherever_a_word_is_shown(place: str, standard: str) -> None:
    # of the shortest edition: which words a standard has does not depend on what is asked
    edition, run = project_edition(EDITIONS[0]), made_up(EDITIONS[0])
    named = replace(edition, edition=edition.edition.model_copy(update={"standard": standard}))
    said = replace(run, forecasts=in_standard(run.forecasts, standard))
    text = PLACES[place](said, named)
    hold(found_in(text, standard), sum(len(forecast.outcomes) for forecast in run.forecasts), standard)
    assert "ICD 203" not in text


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem[:2])
def test_the_text_of_notebooks_quotes_numbers_with_their_words(path: Path) -> None:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    hold(found_in("\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")), 0)


def test_a_wrong_word_would_be_seen() -> None:
    assert found_in("p: **20 %** | very unlikely") == [("20", "very unlikely")]
    with pytest.raises(AssertionError):
        hold([("20", "very unlikely")], 1)
    assert found_in("90 % 12–81 % (very unlikely to very likely)") == []
