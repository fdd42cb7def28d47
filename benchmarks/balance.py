"""Calibrate the model of a balance on the generated edition of the tests; writes docs/balance-calibration.md.

Run it as ``python -m benchmarks.balance``.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.balance_calibration import FAULTS, KEPT, calibrate_balance
from benchmarks.counts import calibration_line
from benchmarks.trust import PROJECT

sys.path.insert(0, str(PROJECT / "tests" / "support"))

from town_balance import MANY, town_edition

from forecasting.models.balance.model import BalanceModel

PAGE = PROJECT / "docs" / "balance-calibration.md"
SIMULATIONS, FAULT_SIMULATIONS = 1000, 300
HEAD = f"""\
# The model of a balance, held to itself

`python -m benchmarks.balance` writes this page. Levels of two theatres and grades of eight observations are drawn from the model,
the grades are refitted, and every quantity is ranked among {KEPT} of its posterior draws. If all is right the ranks are uniform;
the smallest p-value of two tests over all quantities must exceed 0.01 divided by their number. A planted fault must fail.

| what is refitted | simulations | smallest p | bound | worst quantity | verdict |
| --- | --- | --- | --- | --- | --- |
"""


def main(
    simulations: Annotated[int, typer.Option(help="Simulations of the model as it is.")] = SIMULATIONS,
    fault_simulations: Annotated[int, typer.Option(help="Simulations of each planted fault.")] = FAULT_SIMULATIONS,
) -> None:
    """Calibrate and write the page."""
    with tempfile.TemporaryDirectory() as folder:
        edition = town_edition(Path(folder), PROJECT, MANY)
        inputs, scale = BalanceModel().inputs(edition).data, edition.dossier.balances["upper-hand"].scale
    rows = [calibration_line("the model as it is", calibrate_balance(inputs, scale, simulations), False)]
    print(rows[-1], flush=True)
    for name, fault in FAULTS.items():
        rows.append(calibration_line(name, calibrate_balance(inputs, scale, fault_simulations, fault=fault), True))
        print(rows[-1], flush=True)
    PAGE.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    if any(row.endswith(("| MISSED |", "| FAILED |")) for row in rows):
        sys.exit(1)


if __name__ == "__main__":
    typer.run(main)
