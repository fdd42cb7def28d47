"""Crowds: read strictly, mapped and pooled on the past only; the page of the real ones says what is computed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from forecasting.errors import FileError
from forecasting.learning.crowds import base_rates, gain, pooled, read_crowds, recalibrated, with_earlier
from forecasting.learning.recalibration import fit_map

ROW = "a,manifold,t,0.3,1,2025-01-01,2025-02-01"
HEAD = "id,source,question,crowd_prob,outcome,freeze_date,resolution_date"


def rounds(n: int, *, slope: float, seed: int = 8) -> pd.DataFrame:
    """Made-up questions in rounds a month apart, settled three weeks later, true log odds ``slope`` times those said."""
    rng = np.random.default_rng(seed)
    said_on = pd.Timestamp("2025-01-01") + pd.to_timedelta(30 * (np.arange(n) % 12), unit="D")
    p = rng.uniform(0.05, 0.95, n)
    came = (rng.random(n) < expit(slope * logit(p))).astype(float)
    return pd.DataFrame({
        "id": [f"q-{i}" for i in range(n)], "source": "x", "title": "t", "p": p, "came": came,
        "said_on": said_on, "resolved_on": said_on + pd.Timedelta(days=21),
    }).sort_values("said_on", kind="stable").reset_index(drop=True)  # fmt: skip


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (ROW.replace("0.3", "1.0"), "a probability that is not strictly between 0 and 1"),
        (ROW.replace("0.3", ""), "a probability that is not strictly between 0 and 1"),
        (ROW.replace(",1,", ",0.5,"), "an outcome other than 0 or 1"),
        (ROW.replace("2025-02-01", "2024-12-31"), "a resolution before the probability"),
    ],
)  # fmt: skip
def test_a_faulty_row_is_named_by_its_line(tmp_path: Path, row: str, fault: str):
    path = tmp_path / "crowds.csv"
    path.write_text("\n".join([HEAD, ROW, row]) + "\n", "utf-8")
    with pytest.raises(FileError, match=f"crowds.csv:3: {fault}"):
        read_crowds(path)
    path.write_text(HEAD.replace(",outcome", "") + "\n", "utf-8")
    with pytest.raises(FileError, match="has no column outcome"):
        read_crowds(path)


def test_the_base_rate_of_a_question_does_not_know_its_own_outcome():
    table = pd.DataFrame({"source": ["x"] * 4, "id": ["a", "a", "b", "c"], "came": [1.0, 1.0, 0.0, 1.0]})
    # of three questions two came true; without a: (1 + ½) / 3, without b: (2 + ½) / 3, without c: as a
    assert base_rates(table) == pytest.approx([0.5, 0.5, 2.5 / 3, 0.5])


def test_a_map_of_a_round_knows_only_what_was_resolved_before_it():
    table = rounds(240, slope=0.3)
    said = recalibrated(table, ("log-odds",))["log-odds"]
    first = table["said_on"] == table["said_on"].min()
    assert np.isnan(said[first]).all()
    assert not np.isnan(said[~first]).any()
    changed = table.assign(came=np.where(table["said_on"] >= pd.Timestamp("2025-06-01"), 1 - table["came"], table["came"]))
    before = (table["said_on"] < pd.Timestamp("2025-06-30")).to_numpy()
    again = recalibrated(changed, ("log-odds",))["log-odds"]
    np.testing.assert_array_equal(said[before], again[before])
    assert not np.allclose(said[~before], again[~before])


@pytest.mark.parametrize("form", ["log-odds", "beta", "by source"])
def test_a_crowd_that_overstates_is_put_right_and_a_calibrated_one_is_left_alone(form: str):
    for slope, helps in ((0.3, True), (1.0, False)):
        table = rounds(1200, slope=slope)
        said = recalibrated(table, (form,))[form]
        ok = ~np.isnan(said)
        came, ids = table["came"].to_numpy()[ok], table["id"].to_numpy()[ok]
        found = gain("", said[ok], table["p"].to_numpy()[ok], came, ids)
        assert (found.gain.low > 0) is helps
        assert found.gain.mean > -0.002
        assert (found.more == 0) is helps


@pytest.mark.parametrize("form", ["log-odds", "beta"])
def test_on_real_crowds_a_distortion_is_found_and_undone(form: str, shared_dir: Path):
    # half the log odds of what the crowd said: the map has to give back about twice
    table = read_crowds(real(shared_dir))
    table = table.assign(p=expit(logit(table["p"]) / 2))
    assert fit_map(form, table["p"], table["came"], table["id"]).theta[1] > 1.5
    said = recalibrated(table, (form,))[form]
    ok = ~np.isnan(said)
    arrays = (table[name].to_numpy()[ok] for name in ("p", "came", "id"))
    assert gain("", said[ok], *arrays).gain.low > 0


def test_pools_take_only_questions_that_were_asked_before():
    table = rounds(60, slope=1.0)
    later = table.assign(said_on=table["said_on"] + pd.Timedelta(days=14), p=0.5)
    both = with_earlier(pd.concat([table, later]).sort_values("said_on", kind="stable").reset_index(drop=True))
    assert len(both) == 60
    assert sorted(both["before"]) == pytest.approx(sorted(table["p"]))
    said = pooled(both)["linear"]
    ok = ~np.isnan(said)
    assert said[ok] == pytest.approx((both["before"].to_numpy()[ok] + 0.5) / 2)


def real(shared: Path) -> Path:
    path = shared / "data" / "forecastbench_market" / "resolved_nongeopolitical.csv"
    if not path.is_file():
        pytest.skip(f"no file {path}")
    return path


@pytest.mark.slow
def test_the_page_of_real_crowds_has_the_figures_that_are_computed(shared_dir: Path, project_dir: Path, measured):
    from tools.docs.crowds import PAGE, PICTURE, curve_of, page, picture

    table = read_crowds(real(shared_dir))
    assert len(table) == 1459
    assert page(table) == PAGE.read_text("utf-8"), "run: python -m tools.docs.crowds FILE"
    curve = curve_of(table)
    assert picture(curve).alt in PAGE.read_text("utf-8")
    assert PICTURE.is_file()
    measured(f"crowds: Brier {curve.brier:.4f} over {len(curve.p)} questions")
