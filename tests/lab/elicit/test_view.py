"""What an elicitation shows: handles within their limits, axes, drawings and words."""

from __future__ import annotations

import re

import numpy as np
import pytest
from elicitations import WHO, chipped, quartered, ranged, shared

import forecasting as fc
from forecasting.lab.elicit.axis import axis_of
from forecasting.lab.elicit.handles import handles, most_chips
from forecasting.lab.elicit.picture import density, picture
from forecasting.lab.elicit.session import Session
from forecasting.lab.elicit.view import families, handles_view, hazard, range_words


def positive(**changed) -> fc.ElicitedPrior:
    return fc.maxent("Gamma", 2.0, 9.0, 0.8, **{"id": "returns", **WHO, "about": "Returns in thousands", **changed})


def real() -> fc.ElicitedPrior:
    return fc.maxent("Normal", -3.0, 2.0, 0.8, id="balance", **{**WHO, "about": "Change of the balance"})


@pytest.mark.parametrize("make", [ranged, positive, real])
def test_no_handle_can_cross_another_or_leave_the_range(make) -> None:
    prior = make()
    axis = axis_of(prior, prior, prior.asked)
    lower, upper, mass = handles_view(prior, prior.asked, axis, 10)
    assert lower["low"] <= lower["value"] <= lower["high"] < upper["value"]
    assert lower["value"] < upper["low"] <= upper["value"] <= upper["high"]
    assert (mass["low"], mass["high"], mass["drawn"]) == (0.01, 0.99, False)
    ends = {"probability": (0, 1), "positive": (0, np.inf), "real": (-np.inf, np.inf)}[prior.support]
    assert ends[0] < lower["low"]
    assert upper["high"] < ends[1]
    assert axis.low <= lower["low"] < upper["high"] <= axis.high


def test_families_are_those_of_the_method_where_the_quantity_lives() -> None:
    assert families(ranged()) == ["Beta", "LogitNormal"]
    assert families(positive()) == ["Gamma", "LogNormal"]
    assert families(real()) == ["Normal"]


@pytest.mark.parametrize(
    ("lower", "upper"), [(0.0001, 0.0004), (0.001, 0.01), (0.02, 0.1), (0.1, 0.4), (0.9, 0.98), (0.49, 0.51), (0.97, 0.999)]
)
def test_an_axis_shows_what_is_asked_and_stays_in_the_range_of_a_probability(lower: float, upper: float) -> None:
    prior = fc.maxent("LogitNormal", lower, upper, 0.8, id="rare", **WHO)
    axis = axis_of(prior, prior, prior.asked)
    assert 0 <= axis.low < lower < upper < axis.high <= 1
    assert (upper - lower) / (axis.high - axis.low) > 0.12
    assert 4 <= len(axis.ticks) <= 12
    assert axis.ticks[0] == axis.low
    assert axis.ticks[-1] == axis.high


@pytest.mark.parametrize("parameters", [(0.3, 0.4), (0.5, 3.0), (2.0, 9.0), (400.0, 600.0)])
def test_a_density_is_finite_and_holds_its_probability_also_where_it_runs_off(parameters: tuple[float, float]) -> None:
    from scipy.stats import beta

    axis = axis_of(ranged(), ranged(), ranged().asked)
    x, found = density(beta(*parameters), axis)
    assert np.isfinite(found).all()
    assert found.sum() * (x[1] - x[0]) == pytest.approx(1.0, abs=1e-9)


def test_a_logit_normal_is_drawn_from_end_to_end() -> None:
    prior = fc.maxent("LogitNormal", 0.1, 0.4, 0.8, id="deal-a", **WHO)
    drawn = picture(prior, prior, prior.asked, axis_of(prior, prior, prior.asked), 10)
    assert "nan" not in drawn["now"] + drawn["inside"]
    assert drawn["now"] == drawn["was"]


def test_every_point_lies_in_the_picture() -> None:
    rare = fc.maxent("Beta", 0.001, 0.002, 0.95, id="deal-b", **WHO)
    for first, now in ((ranged(), rare), (rare, ranged()), (ranged(), ranged())):
        check_points(first, now)


def check_points(first: fc.ElicitedPrior, now: fc.ElicitedPrior) -> None:
    drawn = picture(first, now, now.asked, axis_of(now, first, now.asked), 10)
    for line in (drawn["now"], drawn["was"], drawn["inside"]):
        points = np.array([[float(part) for part in pair.split()] for pair in re.split("[ML]", line.strip("Z"))[1:]])
        assert ((points[:, 0] >= drawn["left"]) & (points[:, 0] <= drawn["right"])).all()
        assert ((points[:, 1] >= drawn["top"]) & (points[:, 1] <= drawn["bottom"])).all()


def test_words_and_hazard_go_with_years_alone() -> None:
    dated = Session(ranged(), lambda view: None).view()
    assert dated["answer"]["words"] == fc.likelihood_words(float(ranged().mean()))
    p = float(ranged().mean())
    row = next(row for row in dated["answer"]["rows"] if row["label"] == "Hazard per year")
    assert row["now"] == hazard(p, 1.0) == f"{-np.log(1 - p):.3g}"
    plain = Session(ranged(years=None), lambda view: None).view()
    assert plain["answer"]["words"] == ""
    assert not [row for row in plain["answer"]["rows"] if row["label"] == "Hazard per year"]
    assert hazard(0.5, 2.0) == f"{np.log(2) / 2:.3g}"


def test_a_positive_quantity_has_no_per_cent() -> None:
    view = Session(positive(), lambda view: None).view()
    assert "%" not in view["answer"]["quote"] + view["answer"]["rows"][0]["now"] + view["handles"][0]["shown"]
    assert view["answer"]["what"] == "the mean"
    assert view["handles"][0]["scale"] == 1


def test_intervals_have_no_more_digits_than_they_are_worth() -> None:
    assert range_words([0.0963, 0.4834], ranged()) == "9.6 to 48 %"
    assert range_words([0.00123, 0.9987], ranged()) == "0.12 to 99.9 %"


@pytest.mark.slow
def test_bars_stand_on_their_bins_and_the_curve_is_in_chips() -> None:
    prior = chipped()
    view = Session(prior, lambda view: None).view()
    assert len(view["picture"]["bars"]) == len(view["handles"]) == 10
    assert view["handles"][2]["words"] == "4 of 10 chips, 40 %"
    assert view["handles"][2]["label"] == "20 % to 30 %"
    assert (view["handles"][2]["low"], view["handles"][2]["high"], most_chips(prior)) == (0, 10, 10)


@pytest.mark.slow
def test_borders_stand_where_shares_end() -> None:
    prior = shared()
    found = handles(prior, prior.asked, 10)
    assert [handle.base + handle.value for handle in found[:2]] == pytest.approx([0.5, 0.8])
    view = Session(prior, lambda view: None).view()
    assert [row["name"] for row in view["picture"]["rows"]] == ["1 talks", "2 open border", "3 relations"]
    assert view["handles"][0]["words"] == "50 %, which leaves 30 % to open border"


@pytest.mark.slow
def test_quarters_say_what_each_has() -> None:
    words = Session(quartered(), lambda view: None).view()["parts"]
    shares = [float(x) for x in re.findall(r"\d+\.\d", words)]
    assert sum(shares) == pytest.approx(100, abs=0.2)
    assert words.endswith("where 25 % each were asked.")
