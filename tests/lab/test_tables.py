"""The tables of notebooks say how a claim enters, and under which condition it is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from toy import made_up_run, toy_dossier

from forecasting.dossier.claims import Target
from forecasting.lab.tables import claim_table, influence_table


def test_a_condition_stands_where_a_table_says_how_a_judgement_enters(tmp_path: Path) -> None:
    dossier = toy_dossier()
    target = Target(event=("pact-signed",), given={"toll-raised": False})
    given = dossier.claims["n-001"].model_copy(update={"target": target})
    conditional = replace(dossier, claims={**dossier.claims, "n-001": given})
    condition = "given that “What happens to toll-raised” has not happened"
    rows = influence_table(made_up_run(tmp_path), conditional, "pact-by-2025").rows
    entered = {row["claim"]: row["how it enters"] for row in rows}
    assert entered["n-001"] == f"reads the hazard through its wording, {condition}"
    assert entered["n-003"] == "signal that shifts the hazard"
    about = {row["field"]: row["n-001"] for row in claim_table(conditional, given).rows}["about"]
    assert about == f"pact-signed, {condition}"
