"""A ledger as a Hubverse folder: model output of every forecaster, settings, and the outcomes as target data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from forecasting.errors import UsageError
from forecasting.exchange.hub_metadata import metadata, metadata_schema
from forecasting.exchange.hub_names import COLUMNS, TEAM, TEAM_PATTERN, exact, hub_id, model_id, once_each, target_names
from forecasting.exchange.hub_tasks import admin, json_file, target_data, tasks
from forecasting.files import plain_bytes
from forecasting.ledger.records import UNDECIDED, ForecastEntry, OutcomeEntry
from forecasting.ledger.standing import Standing
from forecasting.shown.inert import csv_bytes

ADMIN, METADATA = "hub-config/admin.json", "hub-config/model-metadata-schema.json"
KEPT = {ADMIN, METADATA}  # where a hub has its own, that one stays
ORACLE_COLUMNS = ("target", "target_date", "output_type", "output_type_id", "oracle_value")


@dataclass(frozen=True)
class HubFiles:
    """The files of a Hubverse folder by name, and what is not in them, in words."""

    files: Mapping[str, bytes]
    left_out: tuple[str, ...] = ()


def hub_files(
    forecasts: Sequence[ForecastEntry], standing: Standing, *, team: str = TEAM, name: str = "hub"
) -> HubFiles:
    """Return the files of a hub with some forecasts, and the outcomes that the ledger has for them.

    ``model-output/<team>-<model>/<as-of date>-<team>-<model>.csv`` holds probabilities to the last digit, one file for each
    forecaster and day; reconstructed forecasts are a model of their own, ``…_reconstructed``, so that no score mixes them with
    live ones. ``target-data/oracle-output.csv`` has 1 for the outcome that came and 0 for the others.

    Parameters
    ----------
    forecasts : sequence of ForecastEntry
        Those that stand, of the ledger or of a run that is not issued yet.
    standing : Standing
        Where the outcomes are.
    team : str
        The team's name: letters, digits and ``_``.
    name : str
        What the hub is called.

    Raises
    ------
    UsageError
        If there is nothing to export, or two forecasts of one forecaster, question and day would stand in one place.
    """
    if not TEAM_PATTERN.fullmatch(team):
        raise UsageError(f"--team {team}: a hub's names have letters, digits and _ alone; write {TEAM}")
    late = [entry for entry in forecasts if entry.late]
    kept, again = _once_a_day([entry for entry in forecasts if not entry.late], standing)
    if not kept:
        raise UsageError("there is no forecast to export; issue one first: forecast issue EDITION")
    names = target_names([*standing.all_forecasts, *kept])  # of all, so that no selection changes a name
    once_each({(e.forecaster, e.standing): model_id(e, team) for e in kept}, "models")
    files = {
        ADMIN: json_file(admin(name)),
        "hub-config/tasks.json": json_file(tasks(kept, names, team)),
        "hub-config/target-data.json": json_file(target_data()),
        METADATA: json_file(metadata_schema()),
        **metadata(kept, team),
        **_model_output(kept, names, team),
    }
    settled, undecided = _oracle(kept, standing, names)
    files["target-data/oracle-output.csv"] = csv_bytes(ORACLE_COLUMNS, settled)
    left_out = [f"{entry.question} by {entry.forecaster}, said after its deadline" for entry in late]
    left_out += [f"record {one.number}, {one.question} by {one.forecaster} as of {one.as_of}: record {other.number} says it, of "
                 f"the same edition and day" for one, other in again]  # fmt: skip
    left_out += [f"the outcome of {question}: {outcome}" for question, outcome in undecided]
    return HubFiles(files, tuple(left_out))


def _once_a_day(
    entries: Sequence[ForecastEntry], standing: Standing
) -> tuple[list[ForecastEntry], list[tuple[ForecastEntry, ForecastEntry]]]:
    """Return the forecasts, of one edition, forecaster, contract and day the one that is scored; and each other one with it."""

    def key(entry: ForecastEntry) -> tuple[object, ...]:
        return entry.edition, entry.forecaster, entry.standing, entry.question, entry.contract, entry.as_of

    # a correction that came too late counts for nothing, so it gives way to what it was to replace; else the last one counts
    ordered = sorted(entries, key=lambda entry: entry.digest not in standing.in_vain)
    counted = {key(entry): entry for entry in ordered}
    kept = [entry for entry in entries if counted[key(entry)] is entry]
    return kept, [(entry, counted[key(entry)]) for entry in entries if counted[key(entry)] is not entry]


def _model_output(
    entries: Sequence[ForecastEntry], names: Mapping[tuple[str, str], str], team: str
) -> dict[str, bytes]:
    rows: dict[str, list[tuple[str, ...]]] = {}
    placed: dict[tuple[str, str], ForecastEntry] = {}
    for entry in entries:
        model, target = model_id(entry, team), names[entry.question, entry.contract]
        path = f"model-output/{model}/{entry.as_of}-{model}.csv"
        if (path, target) in placed:
            other = placed[path, target]
            both = f"editions {other.edition} and {entry.edition}"
            found = f"{entry.question} by {entry.forecaster} as of {entry.as_of} stands in {both}"
            raise UsageError(f"{found}; a hub has one place for them: name one with --edition")
        placed[path, target] = entry
        task = entry.as_of.isoformat(), target, entry.deadline.isoformat()
        rows.setdefault(path, []).extend((*task, *output) for output in _outputs(entry))
    return {path: csv_bytes(COLUMNS, own) for path, own in rows.items()}


def _outputs(entry: ForecastEntry) -> list[tuple[str, str, str]]:
    pmf = [("pmf", hub_id(share.id), exact(share.p)) for share in entry.outcomes]
    return pmf + [("quantile", exact(quantile.level), exact(quantile.value)) for quantile in entry.quantiles]


def _oracle(
    entries: Sequence[ForecastEntry], standing: Standing, names: Mapping[tuple[str, str], str]
) -> tuple[list[tuple[str, ...]], list[tuple[str, str]]]:
    """Return the rows of what came, and the questions that were settled as void or ambiguous."""
    rows: list[tuple[str, ...]] = []
    undecided = []
    asked = {(entry.question, entry.contract): entry for entry in entries}
    for key, entry in asked.items():
        outcome = standing.settles(entry)
        if outcome is None:
            continue
        if outcome.outcome in UNDECIDED:
            undecided.append((entry.question, outcome.outcome))
            continue
        task = names[key], entry.deadline.isoformat()
        rows += [(*task, *cells) for cells in _observed(entry, outcome)]
    return rows, undecided


def _observed(entry: ForecastEntry, outcome: OutcomeEntry) -> list[tuple[str, str, str]]:
    if entry.quantiles:
        return [("quantile", "NA", exact(outcome.value))] if outcome.value is not None else []
    return [("pmf", hub_id(share.id), "1" if share.id == outcome.outcome else "0") for share in entry.outcomes]


def write_hub(folder: Path, hub: HubFiles, *, force: bool) -> list[str]:
    """Write the files of a hub, and return their names; files of other teams, and settings of its own, stay.

    Raises
    ------
    UsageError
        If a file is there with other content and ``force`` is not set, or a folder of the hub is a link that leads elsewhere;
        nothing is written then.
    """
    from forecasting.coding.write import inside, write_file

    there = {name: plain_bytes(path) for name in hub.files if inside(folder, path := folder / name).is_file()}
    kept = KEPT & there.keys()
    wanted = {name: content for name, content in hub.files.items() if name not in kept and there.get(name) != content}
    if not force and (changed := sorted(wanted.keys() & there)):
        raise UsageError(f"{folder / changed[0]} exists already with other content; name another folder, or add --force")
    for file, content in wanted.items():
        write_file(folder / file, content, force=True)
    return list(wanted)
