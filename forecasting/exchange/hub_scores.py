"""Scores of the model output of any Hubverse folder against its oracle output, without R."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from forecasting.errors import UsageError
from forecasting.files import plain_bytes, strict_json
from forecasting.scoring.rules import brier, crps_of_quantiles, log_score, ranked

OUTPUT = ["output_type", "output_type_id", "value"]
SCORES = ["brier", "log_score", "rps", "wis", "coverage_50", "coverage_90"]
SCORED = ("pmf", "quantile")


def score_hub(folder: Path) -> pd.DataFrame:
    r"""Return proper scores of every forecast of a hub whose outcome its oracle output has.

    Parameters
    ----------
    folder : Path
        With ``model-output/<team-model>/*.csv`` and ``target-data/oracle-output.csv`` (column ``oracle_value``).

    Returns
    -------
    DataFrame
        A row per model and task: ``model_id``, the task's columns, ``output_type``, and

        - of a *pmf* ``brier`` (half the squared distance: even odds on yes or no give 0.25) and ``log_score`` (nats); ``rps``,
          from 0 to 1, where ``tasks.json`` calls the target ordinal, with categories in the order that is written there;
        - of *quantiles* ``wis``, the weighted interval score, in units of the target, and whether the central 50 and 90 %
          intervals held the value, bounds included (1 or 0).

        What does not apply is NaN. Lower scores are better; coverage should be near its nominal share over many tasks, and says
        little over few. ``attrs["open"]`` counts tasks without an outcome, ``attrs["left_out"]`` rows of output types that are
        not scored here. Compare two models on the tasks that both have.

    Raises
    ------
    UsageError
        If there is no model output or oracle output, a column is missing, a number is none, a pmf does not sum to 1, names a
        category twice, or does not have the one that came.

    References
    ----------
    Bracher, J. et al. (2021), Evaluating epidemic forecasts in an interval format, *PLOS Computational Biology* 17, e1008618.
    With K central intervals and the median, their weighted interval score is twice the mean pinball loss over the 2K + 1 levels.

    Examples
    --------
    >>> import tempfile
    >>> said = "target,output_type,output_type_id,value\nrain,pmf,yes,0.75\nrain,pmf,no,0.25\n"
    >>> came = "target,output_type,output_type_id,oracle_value\nrain,pmf,yes,0\nrain,pmf,no,1\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, text in (("model-output/us-net/a.csv", said), ("target-data/oracle-output.csv", came)):
    ...         (Path(folder) / name).parent.mkdir(parents=True)
    ...         n_characters = (Path(folder) / name).write_text(text)
    ...     scores = score_hub(Path(folder))
    >>> scores.loc[0, "model_id"], float(scores.loc[0, "brier"])
    ('us-net', 0.5625)
    """
    said, came = _model_output(folder), _table(folder / "target-data" / "oracle-output.csv", ["oracle_value"])
    about = [name for name in came if name in said and name not in OUTPUT]
    if not about:
        raise UsageError(f"{folder}: model output and oracle output have no task column in common, such as target")
    task = ["model_id", *(name for name in said if name not in (*OUTPUT, "model_id"))]
    observed = {_key(key): rows for key, rows in came.groupby(about, dropna=False)}
    order, unscored = _ordinal(folder), said[~said["output_type"].isin(SCORED)]
    rows: list[dict[str, Any]] = []
    still_open = 0
    for key, own in said[said["output_type"].isin(SCORED)].groupby([*task, "output_type"], dropna=False, sort=False):
        named = dict(zip([*task, "output_type"], _key(key), strict=True))
        seen = observed.get(tuple(named[name] for name in about))
        if seen is not None and "output_type" in seen:
            seen = seen[seen["output_type"] == named["output_type"]]
        if seen is None or seen.empty:
            still_open += 1
            continue
        where = " ".join(f"{name}={named[name]}" for name in task)
        categories = order.get(str(named.get("target")), ())
        score = _pmf(own, seen, categories, where) if named["output_type"] == "pmf" else _quantiles(own, seen, where)
        rows.append({**named, **score})
    found = pd.DataFrame(rows, columns=[*task, "output_type", *SCORES])
    found.attrs |= {"open": still_open, "left_out": unscored["output_type"].value_counts().to_dict()}
    return found


def _key(key: Any) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)


def _table(path: Path, needed: Sequence[str]) -> pd.DataFrame:
    """Return a CSV file as texts: what a category or a level is called is not to be taken for a number."""
    if not path.is_file():
        raise UsageError(f"{path}: no such file; name the folder of a hub that has it")
    try:
        found = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (ValueError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: no table that can be read ({error})") from None
    if missing := [name for name in needed if name not in found]:
        raise UsageError(f"{path}: no column '{missing[0]}'; it has {', '.join(found)}")
    return found


def _model_output(folder: Path) -> pd.DataFrame:
    paths = sorted((folder / "model-output").glob("*/*.csv"))
    if not paths:
        raise UsageError(f"{folder}: no model-output/TEAM-MODEL/*.csv; name the folder of a hub")
    return pd.concat([_table(path, OUTPUT).assign(model_id=path.parent.name) for path in paths], ignore_index=True)


def _numbers(texts: pd.Series, where: str) -> np.ndarray:
    try:
        values = texts.to_numpy(dtype=float)
    except ValueError:
        values = np.array([np.nan])
    if not np.isfinite(values).all():
        raise UsageError(f"{where}: {', '.join(texts)} are not all numbers")
    return values


def _pmf(said: pd.DataFrame, seen: pd.DataFrame, order: Sequence[str], where: str) -> dict[str, float]:
    """Return the scores of probabilities of categories."""
    if "output_type_id" not in seen:
        raise UsageError(f"{where}: oracle output of a pmf needs a column output_type_id")
    p = dict(zip(said["output_type_id"], _numbers(said["value"], where), strict=True))
    (came, *more) = [*seen["output_type_id"][_numbers(seen["oracle_value"], where) == 1]] or [""]
    if len(p) < len(said) or more or came not in p:
        found = "a category twice" if len(p) < len(said) else f"no category '{came}', which came" if not more else "two that came"
        raise UsageError(f"{where}: found {found}; mend the files of the hub")
    names = list(order) if set(order) == p.keys() else list(p)
    values, place = [p[name] for name in names], names.index(came)
    try:
        scores = {"brier": brier(values, place), "log_score": log_score(values, place)}
        return {**scores, "rps": ranked(values, place)} if names == list(order) else scores
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None


def _quantiles(said: pd.DataFrame, seen: pd.DataFrame, where: str) -> dict[str, float]:
    """Return the weighted interval score, and whether the central intervals held the value."""
    levels, values = _numbers(said["output_type_id"], where), _numbers(said["value"], where)
    rising = np.argsort(levels)
    levels, values, observed = levels[rising], values[rising], _numbers(seen["oracle_value"], where)
    if len(observed) != 1:
        raise UsageError(f"{where}: oracle output has {len(observed)} values; a number is observed once")
    try:
        wis = crps_of_quantiles(levels.tolist(), values.tolist(), float(observed[0]))
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None
    held = {f"coverage_{100 * share:.0f}": _held(levels, values, float(observed[0]), share) for share in (0.5, 0.9)}
    return {"wis": wis, **held}


def _held(levels: np.ndarray, values: np.ndarray, observed: float, share: float) -> float:
    """Return 1 if the central interval of a share of the probability holds a value, 0 if not, NaN if it was not given."""
    low, high = (np.flatnonzero(np.isclose(levels, level, rtol=0, atol=1e-9)) for level in ((1 - share) / 2, (1 + share) / 2))
    if not (len(low) and len(high)):
        return float("nan")
    return float(values[low[0]] <= observed <= values[high[0]])


def _ordinal(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """Return the categories of ordinal targets in their order, by target, as ``tasks.json`` has them."""
    path = folder / "hub-config" / "tasks.json"
    try:
        return dict(_categories(strict_json(plain_bytes(path)))) if path.is_file() else {}
    except ValueError as error:
        raise UsageError(f"{path}: found {error}; mend it, or take the hub's own") from None
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path}: not built as the schema of tasks says (at {error}); take the hub's own") from None


def _categories(tasks: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in (task for item in tasks["rounds"] for task in item["model_tasks"]):
        for about in one["target_metadata"]:
            if about["target_type"] == "ordinal" and "pmf" in one["output_type"]:
                target = next(iter((about["target_keys"] or {"": about["target_id"]}).values()))
                yield target, tuple(one["output_type"]["pmf"]["output_type_id"]["required"])
