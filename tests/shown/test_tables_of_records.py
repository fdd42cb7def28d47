"""Tables of records answer a wrong id with near ones, and behave as any mapping besides."""

from __future__ import annotations

from pathlib import Path

import pytest

from forecasting.dossier.load import read_dossier
from forecasting.errors import UnknownRecordError
from forecasting.shown.records import Records


def test_a_wrong_id_is_answered_with_near_ones() -> None:
    table = Records({"c-004": 1, "r-017": 2})
    with pytest.raises(UnknownRecordError, match=r"^there is no 'c-04' here; did you mean 'c-004'\?$"):
        table["c-04"]
    with pytest.raises(KeyError):
        table["nothing like it"]
    assert table.get("c-04") is None
    assert "c-04" not in table
    assert table["c-004"] == 1


TABLES = ["sources", "claims", "events", "effects", "questions", "editions", "lexicons", "reference_classes"]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_of_a_dossier_answers_so(name: str, project_dir: Path) -> None:
    dossier, _ = read_dossier(project_dir / "priors")
    with pytest.raises(UnknownRecordError, match="there is no 'no-such-id' here; "):
        getattr(dossier, name)["no-such-id"]


def test_an_id_that_differs_in_capitals_and_zeros_alone_comes_first() -> None:
    table = Records(dict.fromkeys(["c-004", "c-049", "c-064", "c-104"]))
    with pytest.raises(UnknownRecordError, match="did you mean 'c-004' or "):
        table["C-04"]
