"""The parts of a change add up, each moves what it should and nothing else, and closed forms agree."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manifests import DIGEST, made_up_manifest
from toy import EDITION, event_yaml, made_up_run, small_edition, toy_dossier, toy_edition, toy_fit, toy_priors
from typer.testing import CliRunner

from forecasting.analysis import coalitions
from forecasting.analysis.change_decomposition import NOISE, Changes
from forecasting.analysis.shapley import coefficients
from forecasting.analysis.what_if import update
from forecasting.cli.main import app
from forecasting.dossier.differences import PARTS, differences
from forecasting.dossier.edition import EditionDossier, select_edition
from forecasting.dossier.edits import change
from forecasting.dossier.events import HistoryRow
from forecasting.errors import UsageError
from forecasting.fitting.layers import answer_layer
from forecasting.models.network.engine import QUICK
from forecasting.rules.edit import edited
from forecasting.runs.compare import what_changed
from forecasting.runs.manifest import Manifest

ONE_CLASS = """\
    id,borrows,events,exposure,unit,spread,counted_from,counted_until,citation,note
    pacts-signed,,{events},{exposure},year,0,1990-01-01,2020-12-31,Made up for a test,counted
    """
OPENED, SEEN, BY = dt.date(2022, 1, 1), dt.date(2024, 6, 30), dt.date(2025, 12, 31)


def years(start: dt.date, end: dt.date) -> float:
    return (end - start).days / 365.25


def pair(root: Path, events: float, exposure: float) -> tuple[EditionDossier, EditionDossier]:
    """Return an edition with one event on the day it opened, and one that knows that it has not happened since."""
    event = {"pact-signed": event_yaml("pact-signed", "pacts-signed", "2022-01-01", rivals="[]")}
    counted = ONE_CLASS.format(events=events, exposure=exposure)
    row = f"{SEEN},pact-signed,survived,,Test Gazette,confirmed,not yet\n"
    before = small_edition(root / "before", event, classes=counted)
    after = small_edition(root / "after", event, classes=counted, history=row)
    return before, after


def parts_of(found: Changes, question: str = "pact-signed-asked", outcome: str = "yes") -> dict[str, tuple[float, float]]:
    rows = found.table[(found.table["question"] == question) & (found.table["outcome"] == outcome)]
    return {row.part: (row.change, row.mcse) for row in rows.itertuples()}


def assert_adds_up(found: Changes) -> None:
    total = found.table.groupby(["question", "outcome"])["change"].sum()
    ends = found.ends.set_index(["question", "outcome"])
    assert np.abs(total - (ends["after"] - ends["before"])).max() < 1e-12


def test_time_and_no_news_are_what_the_closed_form_says(tmp_path: Path) -> None:
    # λ ~ Gamma(2.5, 3): P(T ≤ t) = 1 − (3 / (3 + t))^2.5; a quiet span x makes it Gamma(2.5, 3 + x)
    x, t = years(OPENED, SEEN), years(OPENED, BY)

    def p(quiet: float, window: float) -> float:
        return 1 - ((3 + quiet) / (3 + quiet + window)) ** 2.5

    nothing, time, quiet, both = p(0, t), p(0, t - x), p(x, t), p(x, t - x)
    found = what_changed(*pair(tmp_path, 2, 3))
    parts = parts_of(found)
    expected = {
        "time": ((time - nothing) + (both - quiet)) / 2,
        "no-news": ((quiet - nothing) + (both - time)) / 2,
    }
    for part, value in expected.items():
        change, error = parts.pop(part)
        assert change == pytest.approx(value, abs=4 * error)
        assert 0 < error < 0.01
    assert set(parts.values()) == {(0.0, 0.0)}
    assert found.ends.iloc[0]["before"] == pytest.approx(nothing, abs=0.02)
    assert found.ends.iloc[0]["after"] == pytest.approx(both, abs=0.02)
    assert_adds_up(found)


def test_where_the_pace_is_known_only_time_moves(tmp_path: Path) -> None:
    rate, x, t = 0.3, years(OPENED, SEEN), years(OPENED, BY)
    parts = parts_of(what_changed(*pair(tmp_path, 300_000, 1_000_000)))
    assert parts["time"][0] == pytest.approx(np.exp(-rate * t) - np.exp(-rate * (t - x)), abs=5e-4)
    assert abs(parts["no-news"][0]) < 5e-4
    assert {parts[part] for part in (*PARTS[2:], NOISE)} == {(0.0, 0.0)}


@pytest.mark.slow
def test_nothing_changed_moves_nothing_and_needs_no_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = toy_fit()
    monkeypatch.setattr(coalitions, "compile_network", lambda *_: pytest.fail("fitted again"))
    found = what_changed(fit, toy_edition())
    assert not found.table["change"].any()
    assert not found.table["mcse"].any()
    assert [f.headline.p for f in fit.all_forecasts()] == list(found.ends.groupby("question", sort=False)["after"].max())


CLAIM = {"claims": MappingProxyType({k: v for k, v in toy_dossier().claims.items() if k != "n-001"})}
SIGNAL = HistoryRow(on=dt.date(2024, 6, 30), event="quay-closed", what="signal", likelihood_ratio=6.0,
                    source="Test Gazette 2024-06-30", status="confirmed", note="The quay is fenced off.")  # fmt: skip
QUIET = SIGNAL.model_copy(update={"what": "survived", "likelihood_ratio": None, "on": dt.date(2024, 7, 1)})


def selected(**tables) -> EditionDossier:
    dossier = replace(toy_dossier(), **tables)
    return select_edition(dossier, dossier.editions[EDITION])


ONE_AT_A_TIME = {
    "regrades": lambda: edited(toy_edition(), (change("n-001", wording="unlikely"),)),
    "model": lambda: edited(toy_edition(), (change("tolls-raised", events=4.0, exposure=28.0),)),
    "claims": lambda: selected(**CLAIM),
    "news": lambda: selected(history=(*toy_dossier().history, SIGNAL)),
}
MOVED = {"regrades": ("pact-by-2025", -1), "model": ("toll-by-2025", 1), "claims": ("pact-by-2025", -1),
         "news": ("quay-by-2025", 1)}  # fmt: skip


@cache
def only(part: str) -> Changes:
    return what_changed(toy_fit(), ONE_AT_A_TIME[part]())


@pytest.mark.parametrize("part", ONE_AT_A_TIME)
def test_what_changes_alone_moves_alone(part: str) -> None:
    found = only(part)
    moved = found.table.groupby("part")["change"].apply(lambda changes: np.abs(changes).max())
    assert list(moved.index[moved > 0]) == [part]
    question, sign = MOVED[part]
    change, error = parts_of(found, question)[part]
    assert sign * change > 0.02
    assert sign * change > 4 * error
    assert found.behind[part]
    assert_adds_up(found)


@pytest.mark.parametrize("part", ["regrades", "model"])
def test_a_lone_edit_moves_what_an_update_of_the_fit_says(part: str) -> None:
    edits = {"regrades": change("n-001", wording="unlikely"), "model": change("tolls-raised", events=4.0, exposure=28.0)}
    again = update(toy_fit(), edits[part]).table.set_index(["question", "outcome"])
    own = only(part).table.query("part == @part").set_index(["question", "outcome"])
    difference = np.abs(own["change"] - again["change"])
    assert (difference <= 4 * np.hypot(own["mcse"], again["mcse_change"])).all()


def test_the_earlier_edition_says_the_same_whether_it_is_asked_then_or_now() -> None:
    """A later date alone, with nothing known of it, moves no answer: what is not known is forecast."""
    fit, later = toy_fit(), toy_edition().edition.model_copy(update={"as_of": dt.date(2024, 12, 1)})
    after = select_edition(replace(toy_dossier(), history=(*toy_dossier().history, QUIET)), later)
    setting = coalitions._setting(differences(toy_edition(), after), frozenset())
    assert setting.key == coalitions.model_key(fit.structure, fit.posterior.evidence)
    posterior = fit.posterior.trace["posterior"].to_dataset()
    now = coalitions._ask(setting, posterior, toy_edition().questions, 3)
    then = answer_layer(toy_edition(), fit.structure, "prior", fit.posterior.evidence, fit.posterior.trace, 3)
    for question, answers in then.answers.items():
        assert np.abs(answers.p - now[question].p).max() < 1e-9


@pytest.mark.slow
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sets(st.sampled_from(["wording", "claim", "signal", "quiet"]), min_size=1, max_size=3), st.data())
def test_small_changes_of_any_kind_add_up(kinds: set[str], data: st.DataObject) -> None:
    claims, rows = dict(toy_dossier().claims), list(toy_dossier().history)
    if "wording" in kinds:
        claims["n-002"] = claims["n-002"].model_copy(update={"credibility": data.draw(st.sampled_from([1, 4, 6]))})
    if "claim" in kinds:
        del claims[data.draw(st.sampled_from(["n-003", "n-020"]))]
    if "signal" in kinds:
        rows.append(SIGNAL.model_copy(update={"likelihood_ratio": data.draw(st.sampled_from([0.2, 3.0]))}))
    if "quiet" in kinds:
        rows.append(QUIET)
    after = selected(claims=MappingProxyType(claims), history=tuple(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coalitions, "COMPARED", QUICK)
        found = what_changed(toy_fit(), after, random_seed=5)
    assert_adds_up(found)
    assert set(found.table["part"]) == {*PARTS, NOISE}
    expected = {"wording": {"regrades"}, "claim": {"claims"}, "signal": {"news"}, "quiet": {"no-news", "time"}}
    wanted = set().union(*(expected[kind] for kind in kinds))
    assert set(found.table.loc[found.table["change"].abs() > 0, "part"]) == wanted


def test_a_split_that_counts_one_order_only_would_be_seen(tmp_path: Path) -> None:
    # the control of the closed form: its two orders differ by far more than its error
    x, t = years(OPENED, SEEN), years(OPENED, BY)
    first, last = (1 - ((3 + q) / (3 + q + t - x)) ** 2.5 - (1 - ((3 + q) / (3 + q + t)) ** 2.5) for q in (0, x))
    assert abs(first - last) > 0.04
    assert coefficients(("time", "no-news"), "time")[frozenset({"time"})] == 0.5


def shifted(tmp_path: Path, by: float):
    """Return the toy's run as published, with one number off."""
    forecasts = list(toy_fit().all_forecasts())
    outcome = replace(forecasts[0].outcomes[0], p=forecasts[0].outcomes[0].p + by)
    forecasts[0] = replace(forecasts[0], outcomes=(outcome,))
    return replace(made_up_run(tmp_path), forecasts=tuple(forecasts))


def test_what_was_published_otherwise_is_noise_with_its_error(tmp_path: Path) -> None:
    found = what_changed(toy_fit(), toy_edition(), runs=(None, shifted(tmp_path, 0.003)))
    first = found.table[found.table["part"] == NOISE].iloc[0]
    assert first["change"] == pytest.approx(0.003)
    assert 0.002 < first["mcse"] < 0.02
    assert found.table["change"].ne(0).sum() == 1
    assert_adds_up(found)


def manifest(seed: int = 1, **changes: object) -> Manifest:
    return made_up_manifest(toy_edition(), seed=seed, **changes)


@pytest.mark.parametrize(
    ("other", "part", "remark"),
    [
        (manifest(2), "noise", "seeds 1 and 2"),
        (manifest(records={"claims": "f" * 64, "history": DIGEST[::-1]}), "records", "records that differ: claims"),
        (manifest(packages={"pymc": "6.5.0", "nutpie": "0.16.1"}), "program", "made by other versions of pymc"),
        (manifest(records={}, code="d" * 64), "records and program", "made by other versions of the program"),
    ],
)
def test_of_runs_alone_the_total_is_known_and_what_differs(tmp_path: Path, other: Manifest, part: str, remark: str) -> None:
    run = made_up_run(tmp_path)
    moved = replace(run, forecasts=(replace(run.forecasts[0], outcomes=(replace(run.forecasts[0].outcomes[0], p=0.5),)),))
    found = what_changed(replace(run, manifest=other), replace(moved, manifest=manifest()))
    if part == "noise":
        found = what_changed(replace(run, manifest=manifest()), replace(moved, manifest=other))
    assert len(found.table) == 1
    row = found.table.iloc[0]
    assert (row["question"], row["part"]) == ("pact-by-2025", part)
    assert row["change"] == pytest.approx(0.03)
    assert row["mcse"] == pytest.approx(0.0028 * np.sqrt(2))
    assert any(remark in said for said in found.remarks)


def test_what_cannot_be_compared_is_refused(tmp_path: Path) -> None:
    run = made_up_run(tmp_path)
    with pytest.raises(UsageError, match="give the records of both"):
        what_changed(run, toy_edition())
    with pytest.raises(UsageError, match="no question in common"):
        what_changed(run, replace(run, forecasts=()))
    with pytest.raises(UsageError, match=r"no question of both editions 'pact-by-2052'.*pact-by-2025"):
        what_changed(toy_fit(), toy_edition(), "pact-by-2052")


def test_it_shows_itself_in_words() -> None:
    found = only("regrades")
    assert repr(found).startswith(f"What changed from {EDITION} (earlier records) to {EDITION}")
    assert list(found.wide().columns) == ["question", "outcome", "before", "regrades", "after"]


@pytest.mark.slow
def test_the_command_compares_with_an_older_copy_of_the_records(tmp_path: Path) -> None:
    import shutil

    older = tmp_path / "older" / "priors"
    shutil.copytree(toy_priors(), older)
    claims = older / "claims" / "norland-times.yaml"
    claims.write_text(claims.read_text("utf-8").replace("wording: likely", "wording: unlikely", 1), "utf-8")
    options = ["--priors", str(toy_priors()), "--runs", str(tmp_path / "runs")]
    ran = CliRunner().invoke(app, ["compare", EDITION, "--with-priors", str(older), *options])
    assert ran.exit_code == 0, ran.output
    assert f"From {EDITION} (earlier records) to {EDITION}" in ran.output
    assert "Regrades (claims read anew): n-001" in ran.output
    first = next(line for line in ran.output.splitlines() if "pact-by-2025" in line)
    assert "+" in first
    assert not (tmp_path / "runs").exists()


def test_the_command_refuses_what_is_not_there(tmp_path: Path) -> None:
    options = ["--priors", str(toy_priors()), "--runs", str(tmp_path)]
    wrong = CliRunner().invoke(app, ["compare", EDITION, "--with", "2024-06-ferry", *options])
    assert wrong.exit_code == 2
    assert "no edition '2024-06-ferry'" in wrong.output
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "manifest.json").write_text(json.dumps({"schema": 2, "outputs": {}}))
    damaged = CliRunner().invoke(app, ["trace", EDITION, "--since-run", str(tmp_path / "old"), *options])
    assert damaged.exit_code == 2
    assert "schema 2, of an older version of this program" in damaged.output.replace("\n", " ")
