"""An edit by weights gives what a fit of the changed records gives; what cannot be changed is refused by name."""

from __future__ import annotations

import re

import numpy as np
import pytest
from toy import EDITION, toy_edition, toy_fit, toy_priors
from typer.testing import CliRunner

from forecasting.analysis import what_if as edits
from forecasting.analysis.what_if import update
from forecasting.cli.main import app
from forecasting.dossier.edits import Change, change, parse_setting
from forecasting.errors import DossierError, UsageError
from forecasting.fitting.fit import fit
from forecasting.models.network.engine import compile_network
from forecasting.rules.edit import edited

CHANGES = {
    "a wording": (change("n-001", wording="unlikely"),),
    "a grade of a claim": (change("n-003", credibility=5),),
    "the strength of an effect": (change("pact-lowers-toll", grade="weak"),),
    "the counts of a class": (change("tolls-raised", events=4.0, exposure=28.0),),
    "two records at once": (change("n-002", reliability="F"), change("n-001", horizon={"years": 1.5, "stated": True})),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_an_edit_gives_what_a_fit_of_the_changed_records_gives(name: str) -> None:
    found = update(toy_fit(), *CHANGES[name])
    again = edited(toy_edition(), CHANGES[name])
    refit = fit(again, random_seed=91, network=compile_network(again))
    assert found.how == "refit" or found.k_hat <= 0.7
    for row in found.table.itertuples():
        got = refit.posterior.answers[row.question]
        p = got.p[:, got.outcomes.index(row.outcome)]
        full = toy_fit().posterior.answers[row.question].p[:, got.outcomes.index(row.outcome)]
        # errors of the change itself, of a quarter of the draws that it starts from, and of the other fit
        error = np.sqrt(row.mcse_change**2 + 2 * full.var() / 1000 + 2 * p.var() / p.size)
        assert abs(row.after - p.mean()) <= 4 * error, (row.question, row.outcome)


def test_a_weaker_wording_lowers_its_event() -> None:
    table = update(toy_fit(), change("n-001", wording="unlikely")).table.set_index(["question", "outcome"])
    assert table.loc[("pact-by-2025", "yes"), "change"] < -0.05
    assert np.allclose(table["change"], table["after"] - table["before"])


def test_nothing_changed_moves_nothing() -> None:
    table = update(toy_fit(), change("n-001", wording="likely")).table
    assert np.abs(table["change"]).max() < 1e-12


@pytest.mark.parametrize("name", ["a wording", "the counts of a class"])
def test_where_the_world_stays_the_fits_own_paths_are_weighed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edits, "thinned_answers", None)  # would simulate
    found = update(toy_fit(), *CHANGES[name]).table
    p = {q: a.p.mean(axis=0) for q, a in toy_fit().posterior.answers.items()}
    first = found.groupby("question", sort=False)["before"].first()
    assert first.to_dict() == pytest.approx({q: values[0] for q, values in p.items()}, abs=1e-12)


@pytest.mark.parametrize("name", ["a grade of a claim", "the strength of an effect"])
def test_where_the_world_changes_paths_are_simulated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if name == "a grade of a claim":  # n-003 is a fact: its grade is the size of a signal
        item = change("n-003", grade="strong")
    else:
        (item,) = CHANGES[name]
    simulated = []
    right = edits.thinned_answers
    monkeypatch.setattr(edits, "thinned_answers", lambda *given: simulated.append(1) or right(*given))
    assert update(toy_fit(), item).how == "refit" or simulated


def test_an_edit_that_changes_what_there_is_to_sample_is_sampled_again() -> None:
    found = update(toy_fit(), change("n-001", moves_nothing="taken out for the test"))
    assert found.how == "refit"


def test_weights_of_the_wrong_sign_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    right = edits.smoothed_weights
    # half as strong, so that they are trusted and nothing is refitted
    monkeypatch.setattr(edits, "smoothed_weights", lambda ratio: right(-ratio / 2))
    table = update(toy_fit(), *CHANGES["a wording"]).table.set_index(["question", "outcome"])
    assert table.loc[("pact-by-2025", "yes"), "change"] > -0.05


@pytest.mark.parametrize(
    ("item", "message"),
    [
        (change("n-01", wording="likely"), r"no record 'n-01'; did you mean 'n-0"),
        (change("n-001", wordng="likely"), r"n-001 has no field 'wordng'; did you mean 'wording'\?"),
        (change("n-001", credibility=9), r"n-001: credibility is 9; write one of 1, 2, 3, 4, 5 or 6"),
    ],
)
def test_what_is_not_there_is_named_with_its_neighbours(item: Change, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        edited(toy_edition(), (item,))


def test_a_change_that_breaks_a_rule_is_refused_with_the_rule() -> None:
    with pytest.raises(DossierError, match="wording 'perhaps'"):
        edited(toy_edition(), (change("n-001", wording="perhaps"),))
    assert toy_edition().dossier.claims["n-001"].wording == "likely"


@pytest.mark.parametrize("text", ["n-001.wording", "wording=likely", ".wording=likely", "n-001.=likely", "n-001.x=[a"])
def test_a_setting_of_another_form_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError, match="--set"):
        parse_setting(text)


@pytest.mark.slow
def test_the_command_shows_before_and_after_and_writes_nothing() -> None:
    before = sorted(path.name for path in toy_priors().rglob("*"))
    runner, options = CliRunner(), ["--priors", str(toy_priors())]
    result = runner.invoke(app, ["whatif", EDITION, "--set", "n-001.wording=unlikely", *options])
    assert result.exit_code == 0, result.output
    assert "pact-by-2025" in result.output
    assert sorted(path.name for path in toy_priors().rglob("*")) == before
    wrong = runner.invoke(app, ["whatif", EDITION, "--set", "n-001.wording=perhaps", *options])
    assert wrong.exit_code == 2
    assert "perhaps" in wrong.output


@pytest.mark.slow
def test_a_change_that_moves_nothing_says_so_in_words() -> None:
    options = ["--priors", str(toy_priors())]
    same = CliRunner().invoke(app, ["whatif", EDITION, "--set", "n-001.wording=likely", *options])
    assert (same.exit_code, same.output.startswith("nothing is changed: every field named has that value already")) == (0, True)
    for setting in ("n-001.note=seen", "pact-signed.title=What is signed", "pact-lowers-toll.why=It was said"):
        note = CliRunner().invoke(app, ["whatif", EDITION, "--set", setting, *options])
        assert note.exit_code == 0, note.output
        assert "no number that the model reads has changed" in note.output
        assert "before %" not in note.output


def test_what_is_no_change_is_refused_with_how_to_write_one() -> None:
    with pytest.raises(UsageError, match=r"'n-001' is no change; write fc.change\(\"c-017\", wording=\"unlikely\"\)"):
        update(toy_fit(), "n-001")  # type: ignore[arg-type]


def test_a_fit_and_an_update_show_themselves_in_a_few_lines() -> None:
    pattern = r"<EditionFit of \S+: \d+ questions about 5 events, 4 × 1,000 draws, gate passed; see .forecasts\(\)>"
    assert re.fullmatch(pattern, repr(toy_fit()))
    found = update(toy_fit(), change("n-001", wording="unlikely"))
    assert len(found.moved)
    assert repr(found).count("\n") == len(found.moved) + 1
    assert np.all(found.moved["change"].abs() >= 3 * found.moved["mcse_change"])
    assert "no answer moves noticeably" in repr(update(toy_fit(), change("n-001", note="seen")))


def test_a_deadline_is_answered_with_the_field_that_holds_it() -> None:
    with pytest.raises(UsageError) as caught:
        edited(toy_edition(), (change("pact-by-2025", deadline="2026-01-01"),))
    hint = "'pact-by-2025.asks={occurs: pact-signed, by: YYYY-MM-DD}'"
    assert f"its deadline is 'by' inside 'asks', 2025-12-31: write {hint}" in str(caught.value)
    setting = parse_setting(hint.strip("'").replace("YYYY-MM-DD", "2026-06-30"))
    assert str(edited(toy_edition(), (setting,)).dossier.questions["pact-by-2025"].asks.by) == "2026-06-30"  # type: ignore[union-attr]


def test_the_interval_of_an_answer_that_an_edit_leaves_alone_is_that_of_its_forecast() -> None:
    table = update(toy_fit(), change("n-001", wording="unlikely")).table
    assert (table["low"] <= table["after"]).all()
    assert (table["after"] <= table["high"]).all()
    got = toy_fit().posterior.answers["toll-by-2025"]
    equal = edits.weighted_interval(np.full(len(got.p), 1 / len(got.p)), got)
    assert equal[:, 0] == pytest.approx(got.interval(0), abs=0.002)  # quantiles of 4,000 draws, interpolated there
    half = np.where(got.p[:, 0] > np.median(got.p[:, 0]), 1.0, 0.0)
    assert (edits.weighted_interval(half / half.sum(), got)[0] > equal[0]).all()  # the upper half of the draws has no lower end
