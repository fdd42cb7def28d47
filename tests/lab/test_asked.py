"""What a notebook looks at, and the sentences on what it does not show: of the published records, without a fit."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from sample_runs import sample_run
from shown_editions import project_dossier

from forecasting.errors import UsageError
from forecasting.lab.asked import closest, elsewhere, had_happened, happened_before, no_interval, of_model, still_open, themes
from forecasting.lab.outcomes import since
from forecasting.lab.probability_lines import Rival
from forecasting.lab.record import open_record
from forecasting.lab.sentences import class_range, since_before
from forecasting.lab.tables import questions_table
from forecasting.report.formatting import NO_INTERVAL_NOTE
from forecasting.scoring.scored import Count

OUTLOOK, SYRIA, KARABAKH = "2026-02-outlook", "2024-12-syria", "2020-11-karabakh"


@pytest.fixture(scope="module")
def dossier(project_dir):
    return project_dossier()


@pytest.fixture(scope="module")
def runs(dossier):
    return {name: sample_run(dossier.edition(name), whole=True) for name in (KARABAKH, SYRIA, OUTLOOK)}


def test_a_theme_without_a_question_about_one_event_has_a_closest_one_and_says_where_it_is_shown(dossier, runs):
    close = closest(runs[SYRIA], dossier, "Upper hand")
    assert close.theme == "Upper hand"
    said = elsewhere(dossier.edition(SYRIA), close)
    assert said.endswith("; notebook 08 shows what moves it.")
    counted = runs[SYRIA].forecast("turkstream-volume-2025")
    assert elsewhere(dossier.edition(SYRIA), counted).endswith("; notebook 09 shows what moves it.")
    assert elsewhere(dossier.edition(SYRIA), closest(runs[SYRIA], dossier)) == ""


def test_a_theme_is_listed_as_it_is_written(dossier, runs):
    assert "`Upper hand`" in themes(runs[KARABAKH])
    with pytest.raises(UsageError, match="Upper hand"):
        closest(runs[KARABAKH], dossier, "Upper hands")


def test_an_edition_that_asks_nothing_of_a_model_names_those_that_do(dossier):
    assert "refugees-return-million-2025" in {question.id for question in of_model(dossier.edition(SYRIA), "counts")}
    with pytest.raises(UsageError) as raised:
        of_model(dossier.edition(KARABAKH), "counts")
    assert str(raised.value) == f"edition {KARABAKH} asks nothing about counts; editions that do: {SYRIA}, {OUTLOOK}"


def test_what_had_happened_by_the_as_of_date_is_named_and_not_drawn(dossier, runs):
    edition = dossier.edition(OUTLOOK)
    gas = [one for one in runs[OUTLOOK].forecasts if one.theme == "Gas"]
    past = happened_before(gas, edition)
    assert past == ["gas-transit-ends"]
    assert not set(past) & set(still_open(gas, edition))
    title = dossier.events["gas-transit-ends"].title
    assert had_happened(gas, edition) == f"Not drawn, for it had happened by 28 February 2026: *{title}*."
    before = [one for one in runs[SYRIA].forecasts if one.theme == "Gas"]
    assert had_happened(before, dossier.edition(SYRIA)) == ""


def test_who_is_ahead_has_no_interval_in_the_table_and_the_caption_says_why(dossier, runs):
    table = questions_table(runs[SYRIA].forecasts, dossier, "Syria")
    assert table.caption == f"Syria. {NO_INTERVAL_NOTE}"
    (ahead,) = [row for row in table.rows if row["id"] == "syria-ankara-ahead-2024"]
    assert (ahead["50 % interval"], ahead["90 % interval"]) == ("none", "none")
    events = [one for one in runs[SYRIA].forecasts if one.theme == "Gas"]
    assert no_interval(events) == ""


def test_what_a_question_is_if_void_has_a_row_of_its_own_name(dossier, runs):
    rows = [row for row in questions_table(runs[SYRIA].forecasts, dossier).rows if row["id"] == "basing-deal-2025"]
    assert [row["question"] for row in rows] == [f"{dossier.questions['basing-deal-2025'].title} Yes, if not void",
                                                 "– the question is void"]  # fmt: skip


def test_a_change_is_told_from_what_the_earlier_edition_would_have_said(dossier, runs):
    run, name = runs[OUTLOOK], "khmeimim-held-2026"
    now = run.forecast(name).headline
    told = pd.DataFrame({"question": name, "outcome": now.id, "part": ["time", "news"], "change": [-0.25, 0.01], "mcse": 0.0})
    other = pd.DataFrame({"question": [name], "outcome": ["no"], "part": ["time"], "change": [-0.9], "mcse": [0.0]})
    said = since_before(replace(run, tables={**run.tables, "changes": pd.concat([told, other])}), name)
    before = f"{100 * (now.p + 0.24):.0f} %"
    middle = "(this question, as the earlier edition would have answered it)"
    assert said.startswith(f"**From {before}** {middle} **to {now.percent}**")
    assert said.endswith("(−25.0 points).")


def test_the_choice_of_class_is_told_once_where_all_agree():
    rivals = [Rival(name, "", name == "a", 0.1, 0.0, 0.2, p) for name, p in (("a", 0.031), ("b", 0.029))]
    assert class_range(rivals) == (
        "**The choice of class decides nothing here:** with all evidence the event gets 3 % under every class."
    )
    assert "between 3 % and 9 %" in class_range([*rivals, replace(rivals[0], label="c", p=0.09)])
    bound = replace(rivals[1], label="d", p=0.9, bound="ceiling")
    assert "under every class" in class_range([*rivals, bound])
    assert "No rival class was named" in class_range([rivals[0], bound])


def test_what_became_of_an_edition_comes_from_the_ledger_and_from_the_newest_run(dossier, runs, project_dir):
    record = open_record(priors=project_dir / "priors", ledger=project_dir / "ledger", on="2026-02-28")
    said = since(runs[SYRIA], list(runs.values()), record, dossier)
    scored = record.questions(SYRIA)
    assert "`khmeimim-held-2025` came out as *yes*" in said
    assert f"in the ledger {len(scored)} have a score" in said
    waits = Count(SYRIA, "reconstructed", {"unresolved": ("khmeimim-held-2025",)})
    said = since(runs[SYRIA], list(runs.values()), replace(record, table=scored[:0], counts=(waits,)), dossier)
    assert "`khmeimim-held-2025` is past its deadline, and nobody has settled it; `tartus-held-2025` is not in the ledger" in said
    assert "Of 1 questions of this edition in the ledger 0 have a score" in said
    newest = runs[OUTLOOK].forecast("khmeimim-held-2027")
    assert f"as of 28 February 2026: {newest.title} **{newest.headline.percent}**" in said
    assert "The newest edition" not in since(runs[OUTLOOK], list(runs.values()), record, dossier)
