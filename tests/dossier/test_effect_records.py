"""An effect has the fields of its kind and no others, and says what to write where they are missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from forecasting.dossier.effects import Effect

PLAIN = {"id": "e-1", "from": "cause", "to": "target", "why": "For a test."}
LEADS = {"acts": "leads_to", "wording": "almost certain", "lexicon": "icd203", "lag_years": 0.25}
RAISES = {"sign": "raises", "grade": "moderate"}


def effect(**fields: Any) -> Effect:
    return Effect.model_validate({**PLAIN, **fields})


def test_every_kind_of_effect_is_built_from_its_own_fields() -> None:
    assert effect(**LEADS).lag_years == 0.25
    assert effect(acts="implies").acts == "implies"
    faded = effect(**RAISES, begins_on="2027-09-01", until="2028-03-01", half_life_years=0.5)
    assert (faded.begins_on, faded.until) == (dt.date(2027, 9, 1), dt.date(2028, 3, 1))
    assert effect(acts="blocks", begins_on="2027-09-01").begins_on == dt.date(2027, 9, 1)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"acts": "leads_to"}, "lacks wording, lexicon, lag_years; write for example wording: almost certain"),
        ({**LEADS, "lag_years": 0.0}, "greater than 0"),
        ({**LEADS, "lag_years": -1.0}, "greater than 0"),
        ({**LEADS, **RAISES}, "'leads_to' has no sign and no grade"),
        ({"acts": "implies", "lag_years": 0.5}, "has lag_years, which only 'leads_to' has; leave them out of 'implies'"),
        ({"acts": "implies", **RAISES}, "'implies' is exact"),
        ({**RAISES, "wording": "likely"}, "has wording, which only 'leads_to' has"),
        ({"acts": "blocks", "half_life_years": 1.0}, "only what multiplies can fade"),
        ({"acts": "enables", "begins_on": "2027-09-01"}, "'enables' has none"),
        ({**LEADS, "until": "2027-09-01"}, "'leads_to' has none"),
        ({**RAISES, "begins_on": "2027-09-01", "until": "2027-09-01"}, "until 2027-09-01 is not after begins_on"),
        ({**RAISES, "half_life_years": 0.0}, "greater than 0"),
        ({"kind": "leads_to", **LEADS}, "Extra inputs"),
        ({**RAISES, "stands_alone": True}, "cites no claim that it could stand without"),
    ],
)
def test_a_field_that_is_missing_or_of_another_kind_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        effect(**fields)


def test_fields_that_are_not_used_are_no_part_of_a_record() -> None:
    new = {"wording", "lexicon", "lag_years", "begins_on", "until", "half_life_years", "stands_alone"}
    assert not new & effect(**RAISES).model_dump().keys()
    assert new & effect(**LEADS).model_dump().keys() == {"wording", "lexicon", "lag_years"}
