"""The answers and curves of a fit on disk: P(outcome | draw), so that a fit read back need not simulate its paths again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import RLock
from types import MappingProxyType
from typing import Any

import numpy as np
import xarray as xr

from forecasting.fitting.layers import LayerFit
from forecasting.paths.curves import Curves
from forecasting.paths.questions import Answer

CURVES = ("p", "low", "high")
NOTHING: Mapping[str, Any] = MappingProxyType({})
NETCDF = RLock()  # netCDF4 is not safe to be called by two threads


def layer_answers(fitted: LayerFit, event_ids: tuple[str, ...]) -> xr.Dataset:
    """Return a layer's answers and curves as one data set.

    Returns
    -------
    xr.Dataset
        ``p`` and ``noise`` (draw, outcome) as in `forecasting.paths.questions.Answer`, outcomes of all questions side by
        side; ``curve_p``, ``curve_low``, ``curve_high`` (event, grid) as in `forecasting.paths.curves.Curves`.
    """
    curves = {f"curve_{name}": (("event", "grid"), getattr(fitted.curves, name)) for name in CURVES}
    return answer_set(fitted.answers, curves, {"event": list(event_ids), "grid": fitted.curves.grid})


def answer_set(
    answers: Mapping[str, Answer], more: Mapping[str, Any] = NOTHING, coords: Mapping[str, Any] = NOTHING
) -> xr.Dataset:
    """Return answers as one data set, outcomes of all questions side by side, with further variables and coordinates."""
    told = [(name, *both) for name, got in answers.items() for both in zip(got.outcomes, got.titles, strict=True)]
    questions, outcomes, titles = (list(column) for column in zip(*told, strict=True))
    return xr.Dataset(
        {name: (("draw", "outcome"), np.hstack([getattr(got, name) for got in answers.values()])) for name in ("p", "noise")}
        | dict(more),
        coords={
            "question": ("outcome", questions), "outcome_id": ("outcome", outcomes), "title": ("outcome", titles), **coords,
        },
    )  # fmt: skip


def read_answers(path: Path, layer: str) -> tuple[dict[str, Answer], Curves]:
    """Return the answers and curves of one layer."""
    saved = read_group(path, layer)
    return _answers(saved), Curves(saved["grid"].values, *(saved[f"curve_{name}"].values for name in CURVES))


def read_outcomes(path: Path, layer: str) -> dict[str, Answer]:
    """Return the answers of one layer of a model that has no curves."""
    return _answers(read_group(path, layer))


def read_group(path: Path, name: str) -> xr.Dataset:
    """Return a group of a NetCDF file, in memory; one thread at a time, or the library behind it ends the process."""
    with NETCDF, xr.open_dataset(path, group=name, engine="netcdf4") as file:
        return file.load()


def _answers(saved: xr.Dataset) -> dict[str, Answer]:
    questions, outcomes, titles = (saved[name].values.astype(str) for name in ("question", "outcome_id", "title"))
    p, noise = saved["p"].values, saved["noise"].values
    answers = {}
    for name in dict.fromkeys(questions.tolist()):
        at = np.flatnonzero(questions == name)
        some = slice(at[0], at[-1] + 1)
        answers[name] = Answer(tuple(outcomes[some].tolist()), tuple(titles[some].tolist()), p[:, some], noise[:, some])
    return answers
