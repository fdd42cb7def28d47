"""What only files behind the digits of a run can mend: sealed nonsense, numbers without size, leftovers of a clock set back."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from written_runs import vouch, written

from forecasting.errors import ForecastingError
from forecasting.files import remove_leftovers, strict_json
from forecasting.runs.store import read_run


@pytest.mark.parametrize("text", ['[]', '5', '"a"', "{", "[" * 100_000])
def test_forecasts_that_are_none_are_named_though_a_manifest_vouches_for_them(tmp_path: Path, text: str) -> None:
    run = written(tmp_path)
    (run / "forecasts.json").write_text(text)
    vouch(run)
    with pytest.raises(ForecastingError, match=r"forecasts\.json: found .*make the run again"):
        read_run(run)


@pytest.mark.parametrize("answers", [[{}], 5, [[]], {"a": 1}])
def test_answers_that_are_none_are_named_as_well(tmp_path: Path, answers: object) -> None:
    run = written(tmp_path)
    said = json.loads((run / "forecasts.json").read_text("utf-8"))
    (run / "forecasts.json").write_text(json.dumps(said | {"forecasts": answers}), "utf-8")
    vouch(run)
    with pytest.raises(ForecastingError, match=r"forecasts\.json: found no forecasts as this program writes them"):
        read_run(run)


def test_a_number_without_size_is_no_number() -> None:
    with pytest.raises(ValueError, match="1e999, which is no number"):
        strict_json(b'{"a": 1e999}')


def test_a_leftover_of_a_clock_that_has_been_set_back_is_removed(tmp_path: Path) -> None:
    left = tmp_path / ".x.1234.tmp"
    left.write_text("x")
    os.utime(left, (time.time() + 1e6,) * 2)
    assert remove_leftovers(tmp_path) == [left]
