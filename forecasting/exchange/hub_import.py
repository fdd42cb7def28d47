"""The model output of a Hubverse folder as numbers of others, held to the questions of an edition."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from forecasting.dossier.edition import EditionDossier
from forecasting.errors import CheckResult, DossierError, UsageError, Where, near
from forecasting.exchange.hub_names import hub_id
from forecasting.exchange.hub_settings import Target, read_settings
from forecasting.exchange.rows import Row, day_in, number_in, read_rows
from forecasting.ledger.contracts import contract_digest
from forecasting.ledger.others import Imported
from forecasting.ledger.outcomes import distribution, outcome_titles

NEEDED = ("origin_date", "target", "output_type", "output_type_id", "value")


@dataclass(frozen=True)
class ModelOutput:
    """What one model of a hub said of the questions of an edition."""

    model: str
    numbers: tuple[Imported, ...]


@dataclass(frozen=True)
class HubRead:
    """The models of a hub that were read, those left out, and how many rows of each target the edition does not ask."""

    models: tuple[ModelOutput, ...]
    own: tuple[str, ...] = ()
    not_asked: Counter[str] = field(default_factory=Counter)


@dataclass
class _Reading:
    """What is being read, against what, and what was found wrong or of no question so far."""

    edition: EditionDossier
    today: dt.date
    targets: dict[str, Target]
    results: list[CheckResult] = field(default_factory=list)
    not_asked: Counter[str] = field(default_factory=Counter)

    def question(self, target: str) -> str:
        """Return the id of the question that a target stands for."""
        if target in self.targets and self.targets[target].question:
            return self.targets[target].question
        return target if target in self.edition.edition.questions else target.replace("_", "-")


def read_hub(folder: Path, edition: EditionDossier, today: dt.date, models: Sequence[str] = ()) -> HubRead:
    """Return what the models of a hub say of the questions of an edition, each number as of its ``origin_date``.

    A target is the question that its metadata in ``tasks.json`` names, or else the one of its name. Where the metadata names a
    contract, it has to be the one that the dossier has now.

    Parameters
    ----------
    models : sequence of str
        ``team-model`` of those to read; by default all but those of the team that wrote the folder with ``forecast export``.

    Raises
    ------
    UsageError
        If there is no model output, a model is not there, or none has a target that the edition asks.
    DossierError
        With every row that is wrong.
    """
    output = folder / "model-output"
    there = sorted(path.name for path in output.glob("*") if path.is_dir()) if output.is_dir() else []
    if not there:
        raise UsageError(f"{folder}: no folder model-output with a folder for each model; name the hub's own folder")
    if unknown := [name for name in models if name not in there]:
        raise UsageError(f"{output} has no model '{unknown[0]}'; {near(unknown[0], there)}")
    settings = read_settings(folder)
    own = [] if models else [name for name in there if name.partition("-")[0] in settings.teams]
    read = _Reading(edition, today, settings.targets)
    found = []
    for model in models or [name for name in there if name not in own]:
        numbers = tuple(one for path in sorted((output / model).iterdir()) for one in _file(path, model, read))
        if numbers:
            found.append(ModelOutput(model, numbers))
    if read.results:
        raise DossierError(tuple(read.results))
    if not found:
        why = f"left out are those of the team that wrote it: {', '.join(own)}; name one with --model" if own else "none is asked"
        raise UsageError(f"{output}: no forecast of a question of edition {edition.edition.id}; {why}")
    return HubRead(tuple(found), tuple(own), read.not_asked)


def _file(path: Path, model: str, read: _Reading) -> Iterator[Imported]:
    """Yield what a file of model output says, one distribution for each target, and note what is wrong."""
    day = path.name[:10]
    if path.name != f"{day}-{model}.csv":
        fix = f"call it YYYY-MM-DD-{model}.csv" if path.suffix == ".csv" else "only .csv files are read: write it as one"
        read.results.append(CheckResult("hub", Where(f"{model}/{path.name}"), "a name that is not of a file of this model", fix))
        return
    said: dict[str, dict[str, tuple[float, Row]]] = {}
    before = len(read.results)
    for row in read_rows(path, NEEDED, None):
        target = str(row.cells.get("target", ""))
        question = read.question(target)
        if question not in read.edition.edition.questions:
            read.not_asked[target] += 1
            continue
        faults = list(_faults(row, day, question, read))
        read.results += faults
        if not faults:
            _take(row, _outcome(row, question, read.edition), said.setdefault(target, {}), read)
    if len(read.results) > before:
        return
    for target, rows in said.items():
        question, numbers = read.question(target), {outcome: p for outcome, (p, _) in rows.items()}
        if wrong := _no_forecast(target, question, numbers, list(rows.values())[-1][1], read):
            read.results.append(wrong)
        else:
            place = f"{model}/{next(iter(rows.values()))[1].at('target')} ({target})"
            yield Imported(question, numbers, dt.date.fromisoformat(day), place=place)


def _take(row: Row, outcome: str, own: dict[str, tuple[float, Row]], read: _Reading) -> None:
    """Note the value of a row that is right by itself, unless its category has one."""
    value = number_in(row, "value", exponent=True)
    assert isinstance(value, float)
    if outcome in own:
        first = own[outcome][1].at("target")
        read.results.append(row.refuse("output_type_id", f"the same target and category as in {first}", "keep one of them"))
    own[outcome] = value, row


def _no_forecast(target: str, question: str, numbers: dict[str, float], last: Row, read: _Reading) -> CheckResult | None:
    """Return why the rows of a target are no forecast of the question, if they are none."""
    asked = read.edition.dossier.questions[question]
    meant, possible = read.targets.get(target), tuple(outcome_titles(asked))
    if meant and meant.contract and meant.contract != contract_digest(read.edition.dossier, asked):
        found = f"{target}, which was asked under another contract than {question} has now"
        return last.refuse("target", found, "take the records that asked it, or leave its rows out")
    if missing := [hub_id(name) for name in possible if name not in numbers]:
        return last.refuse("output_type_id", f"no row for {', '.join(missing)}", "a pmf has all categories: add them")
    try:
        distribution(question, numbers, possible)
    except UsageError as error:
        found, _, fix = str(error).partition("; ")
        return last.refuse("value", found, fix)
    return None


def _outcome(row: Row, question: str, edition: EditionDossier) -> str:
    possible = outcome_titles(edition.dossier.questions[question])
    given = str(row.cells.get("output_type_id", ""))
    return next((name for name in possible if given in (name, hub_id(name))), given)


def _faults(row: Row, day: str, question: str, read: _Reading) -> Iterator[CheckResult]:
    """Yield what is wrong with one row by itself."""
    edition, today = read.edition, read.today
    kind, possible = row.cells.get("output_type"), outcome_titles(edition.dossier.questions[question])
    if kind != "pmf":
        yield row.refuse("output_type", f"'{kind}' of {question}, which has outcomes", "write pmf, a row for each outcome")
        return
    if _outcome(row, question, edition) not in possible:
        given = row.cells.get("output_type_id", "")
        yield row.refuse("output_type_id", f"'{given}'", f"write one of {', '.join(map(hub_id, possible))}")
    value = number_in(row, "value", exponent=True)
    if isinstance(value, CheckResult):
        yield value
    elif not 0 < value < 1:
        yield row.refuse("value", f"{value:g}", "write a probability above 0 and below 1: nothing open is certain")
    origin = day_in(row, "origin_date")
    if isinstance(origin, CheckResult):
        yield origin
    elif origin is None or origin.isoformat() != day:
        yield row.refuse("origin_date", f"{origin or 'an empty cell'} in the file of {day}", "write the day of the file's name")
    elif origin > today:
        yield row.refuse("origin_date", f"{day}, which is after today, {today}", "write the day on which it was said")
    elif origin > edition.dossier.questions[question].deadline:
        yield row.refuse("origin_date", f"{day}, which is after the deadline of {question}", "leave the rows out")
