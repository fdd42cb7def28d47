"""Every kind of claims has one entry, a reader if it is a number of its own, and a model that reads it."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from builders import write_dossier
from pydantic import ValidationError

from forecasting.dossier.claim_kinds import CLAIM_KINDS, ClaimKind, KindName, TargetField
from forecasting.dossier.claims import Claim, Horizon, Target
from forecasting.dossier.questions import FORMS
from forecasting.elicitation.quantify import READERS
from forecasting.rules.load import load_dossier
from tools.docs.architecture import model_classes

KINDS = list(CLAIM_KINDS.values())


def test_the_entries_are_the_kinds_that_a_claim_may_have() -> None:
    assert tuple(CLAIM_KINDS) == get_args(KindName)
    assert Claim.model_fields["kind"].annotation is KindName


def test_a_kind_that_is_a_number_of_its_own_has_a_reader_and_no_other_has_one() -> None:
    assert set(READERS) == {kind.name for kind in KINDS if kind.read}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_a_kind_needs_and_bears_on_are_fields_of_a_claim(kind: ClaimKind) -> None:
    assert {*kind.needs, *(kind.needs_seen_if or ())} <= set(Claim.model_fields)
    assert kind.target is None or kind.target in get_args(TargetField)
    assert set(get_args(TargetField)) <= set(Target.model_fields)


def test_every_kind_that_bears_on_something_is_read_by_a_model_and_models_read_no_other() -> None:
    read = {kind for model in model_classes().values() for kind in model.claim_kinds}
    assert {kind.name for kind in KINDS if kind.target} <= read <= set(CLAIM_KINDS)


def test_every_form_of_a_question_is_answered_by_a_model() -> None:
    models = model_classes()
    for name, form in FORMS.items():
        assert [model for model in models if name in models[model].question_forms] == [form.model]


def test_a_horizon_that_the_text_does_not_state_needs_no_years_and_is_one_year() -> None:
    assert Horizon.model_validate({"stated": False}).years == 1.0
    assert Horizon.model_validate({"stated": False, "years": 3.0}).years == 3.0
    with pytest.raises(ValidationError, match=r"states a term and has no years; write years"):
        Horizon.model_validate({"stated": True})


def test_a_claim_coded_as_the_codebook_says_passes_and_is_read_as_over_one_year(tmp_path: Path, project_dir: Path) -> None:
    root = write_dossier(tmp_path, project_dir)
    path = root / "claims" / "norland-times.yaml"
    text = path.read_text("utf-8")
    assert "{years: 1.0, stated: false, why: the article speaks of this year}" in text
    before = load_dossier(root).claims
    path.write_text(text.replace("{years: 1.0, stated: false, why: the article speaks of this year}", "{stated: false}"), "utf-8")
    after = load_dossier(root).claims
    changed = [name for name in before if before[name] != after[name]]
    assert [(after[name].horizon.years, before[name].horizon.years) for name in changed] == [(1.0, 1.0)]  # type: ignore[union-attr]
