"""The command that executes notebooks says what it cannot do before it begins."""

from __future__ import annotations

import pytest
from toy import EDITION, toy_priors
from typer.testing import CliRunner

from forecasting.cli.main import app


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([EDITION, "--runs", "nowhere"], "forecast run"),
        (["2024-07-fery"], "did you mean '2024-07-ferry'"),
        ([EDITION, "--set", "THEME"], "no NAME=VALUE; write for example --set THEME=Gas"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(arguments, said):
    result = CliRunner().invoke(app, ["notebook", *arguments, "--priors", str(toy_priors())])
    assert result.exit_code == 2
    assert said in result.output
