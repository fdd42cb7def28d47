"""The number behind an outcome, and quantiles of it: what is taken, what is refused, and what counts say."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from ledgers import clock, forecast

from forecasting.dossier.questions import Question
from forecasting.dossier.resolution import outcome_of
from forecasting.errors import UsageError
from forecasting.ledger.contracts import contract_digest
from forecasting.ledger.outcomes import outcome_titles
from forecasting.ledger.quantiles import held_quantiles
from forecasting.ledger.resolve import resolve, settled_by_history
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.ledger.values import held_value, in_range, published_value
from forecasting.rules.load import load_dossier

GAS, PEOPLE, HELD = "turkstream-volume-2025", "syrians-in-turkey-2025", "khmeimim-held-2025"
TODAY = dt.date(2026, 3, 1)


@pytest.fixture(scope="module")
def dossier():
    return load_dossier("priors")


@pytest.mark.parametrize(
    ("outcome", "value", "lies"),
    [
        ("below", 13.99, True), ("below", 14.0, False), ("from-14", 14.0, True), ("from-14", 15.75, False),
        ("from-18-5", 18.5, True), ("from-18-5", 1e9, True), ("from-18-5", float("inf"), False), ("below", float("-inf"), False),
        ("below", float("nan"), False),
    ],
)  # fmt: skip
def test_a_range_begins_at_its_edge_and_ends_before_the_next(dossier, outcome, value, lies):
    assert in_range(dossier.questions[GAS], outcome, value) is lies


def test_a_value_is_of_a_number_and_in_its_range(dossier):
    gas = dossier.questions[GAS]
    assert held_value(gas, "from-17", 17.2) == 17.2
    with pytest.raises(UsageError, match=r"18.6 does not lie in from-17 \(17 to 18.5\); write the number that was published"):
        held_value(gas, "from-17", 18.6)
    with pytest.raises(UsageError, match="is void, which has no number"):
        held_value(gas, "void", 18.6)
    with pytest.raises(UsageError, match="asks for no number"):
        held_value(dossier.questions[HELD], "yes", 1.0)


def test_the_published_number_is_the_one_that_decides(dossier):
    gas, people = dossier.questions[GAS], dossier.questions[PEOPLE]
    assert published_value(dossier, people, "from-2200000", TODAY) == 2_329_547
    assert published_value(dossier, people, "from-2200000", dt.date(2026, 2, 6)) is None  # it is of 7 February
    assert published_value(dossier, gas, "from-17", TODAY) == 18.0
    assert published_value(dossier, gas, "from-17", dt.date(2026, 2, 1)) is None
    assert published_value(dossier, gas, "below", TODAY) is None  # no count lies there
    assert published_value(dossier, gas, "void", TODAY) is None
    assert published_value(dossier, dossier.questions[HELD], "yes", TODAY) is None
    assert published_value(dataclasses.replace(dossier, series={}), gas, "from-17", TODAY) is None


@pytest.mark.parametrize("name", [GAS, PEOPLE])
def test_each_published_number_lies_in_the_range_that_the_same_counts_settle(dossier, name):
    """The rule here and that of the dossier, whatever was counted: for each day and each count made larger or smaller."""
    asked = dossier.questions[name]
    for times in (0.5, 0.8, 0.9, 1.0, 1.1, 1.3):
        counts = tuple(count.model_copy(update={"value": count.value * times}) for count in dossier.counts)
        other = dataclasses.replace(dossier, counts=counts)
        came = outcome_of(other, asked, TODAY)
        value = published_value(other, asked, came, TODAY)
        assert value is not None
        assert [name for name in outcome_titles(asked) if in_range(asked, name, value)] == [came]


def test_of_a_stock_the_nearest_count_within_a_month_decides(dossier):
    asked = dossier.questions[PEOPLE]
    (base,) = [count for count in dossier.counts if count.id == "sy-016"]

    def with_counts(*counts):
        made = tuple(base.model_copy(update={"until": day, "value": value}) for day, value in counts)
        return published_value(dataclasses.replace(dossier, counts=made), asked, "from-2200000", TODAY)

    near, far = dt.date(2025, 12, 30), dt.date(2026, 1, 6)
    assert with_counts((far, 2_300_000.0), (near, 2_400_000.0)) == 2_400_000
    assert with_counts((dt.date(2025, 11, 30), 2_300_000.0)) == 2_300_000  # 31 days
    assert with_counts((dt.date(2025, 11, 29), 2_300_000.0)) is None
    foreign = tuple(c.model_copy(update={"counted_by": "unhcr"}) for c in dossier.counts)
    assert published_value(dataclasses.replace(dossier, counts=foreign), asked, "from-2200000", TODAY) is None


def test_of_a_total_the_sum_of_the_day_decides(dossier):
    series = dossier.series["syrian-returns"]
    own = [c for c in dossier.counts if c.series == series.id and c.counted_by == series.counted_by]
    (count,) = [c for c in own if c.until == dt.date(2025, 12, 7)]
    stated = {"quantity": series.id, "at": count.until, "edges": (1000.0, 1e9)}
    question = Question.model_validate({"id": "q-1", "title": "How many left?", "level": stated})
    assert published_value(dossier, question, "from-1000", TODAY) == count.value
    later = {**stated, "at": dt.date(2025, 12, 8)}
    question = Question.model_validate({"id": "q-1", "title": "How many left?", "level": later})
    assert published_value(dossier, question, "from-1000", TODAY) is None  # above what was counted the day before: no number


def standing_of(folder, dossier, name=GAS):
    titles = [{"id": o, "title": o, "p": 0.2} for o in ("below", "from-14", "from-15-75", "from-17", "from-18-5")]
    asked = dossier.questions[name]
    more = {"outcomes": titles, "kind": "level"} if name == GAS else {}
    draft = forecast(name, contract=contract_digest(dossier, asked), deadline=asked.deadline.isoformat(), **more)
    append(folder, [draft], clock=clock())
    return Standing(read_ledger(folder).entries)


def test_an_outcome_keeps_its_number(tmp_path, dossier):
    standing = standing_of(tmp_path, dossier)
    given = {"on": dt.date(2025, 12, 31), "source": "A gazette", "by": "Ann", "today": TODAY}
    assert resolve(dossier, standing, GAS, "from-17", value=17.5, **given)["value"] == 17.5
    assert "value" not in resolve(dossier, standing, GAS, "from-17", **given)
    with pytest.raises(UsageError, match="does not lie in from-14"):
        resolve(dossier, standing, GAS, "from-14", value=17.5, **given)
    (draft,) = settled_by_history(dossier, standing, by="Ann", today=TODAY)
    assert (draft["outcome"], draft["value"]) == ("from-17", 18.0)
    append(tmp_path, [draft], clock=clock(dt.datetime(2026, 3, 2, tzinfo=dt.UTC)))
    assert read_ledger(tmp_path).entries[-1].value == 18.0


def test_an_outcome_of_events_has_no_number(tmp_path, dossier):
    standing = standing_of(tmp_path, dossier, HELD)
    (draft,) = settled_by_history(dossier, standing, by="Ann", today=TODAY)
    assert "value" not in draft


QUANTILES = {
    "per cent": ([(5, 12.0), (50, 16.0), (95, 19.0)], "a level of 5; write a level above 0 and below 1: write 0.05, if per cent"),
    "level one": ([(0.1, 12.0), (0.5, 16.0), (1.0, 19.0)], r"a level of 1; write a level above 0 and below 1$"),
    "level zero": ([(0.0, 12.0), (0.5, 16.0), (0.9, 19.0)], "a level of 0"),
    "a level of 100": ([(0.1, 12.0), (0.5, 16.0), (100, 19.0)], "a level of 100; write a level above 0 and below 1$"),
    "no number": ([(0.1, float("nan")), (0.5, 16.0), (0.9, 19.0)], "a value of nan"),
    "no end": ([(0.1, 12.0), (0.5, 16.0), (0.9, float("inf"))], "a value of inf"),
    "nothing": ([(0.1, 0.0), (0.5, 16.0), (0.9, 19.0)], "a value of 0 at level 0.1; write a number above 0"),
    "twice": ([(0.1, 12.0), (0.5, 16.0), (0.5, 17.0), (0.9, 19.0)], "level 0.5 twice"),
    "falling": ([(0.1, 12.0), (0.5, 18.0), (0.9, 17.0)], "18 at level 0.5 and 17 at 0.9; write values that rise"),
    "flat": ([(0.1, 12.0), (0.5, 18.0), (0.9, 18.0)], "18 at level 0.5 and 18 at 0.9"),
    "two": ([(0.1, 12.0), (0.9, 18.0)], "quantiles at 2 levels; write 3 or more"),
    "no low end": ([(0.11, 12.0), (0.5, 16.0), (0.9, 18.0)], "levels from 0.11 to 0.9; write one of 0.1 or less"),
    "no high end": ([(0.1, 12.0), (0.5, 16.0), (0.89, 18.0)], "levels from 0.1 to 0.89"),
}


@pytest.mark.parametrize("name", QUANTILES)
def test_what_are_no_quantiles_is_refused(dossier, name):
    said, message = QUANTILES[name]
    with pytest.raises(UsageError, match=message):
        held_quantiles(dossier.questions[GAS], said)


def test_quantiles_are_of_a_number_and_come_in_their_order(dossier):
    said = [(0.9, 19.0), (0.1, 12.0), (0.5, 16.0)]
    assert held_quantiles(dossier.questions[GAS], said) == ((0.1, 12.0), (0.5, 16.0), (0.9, 19.0))
    with pytest.raises(UsageError, match="asks for no number in ranges"):
        held_quantiles(dossier.questions[HELD], said)
