"""Read a dossier: every file under ``priors/`` becomes frozen records that know their file and line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from forecasting.dossier.dated_classes import DatedRows, dated_rows, latest, row_key
from forecasting.dossier.defaults import read_defaults
from forecasting.dossier.edition import Dossier
from forecasting.dossier.layout import unread_files
from forecasting.dossier.learned import LearnedRow
from forecasting.dossier.location import no_records
from forecasting.dossier.parse import parse_yaml
from forecasting.dossier.reader import Reader
from forecasting.dossier.reference_classes import Case, LifeTableRow, ReferenceClass
from forecasting.dossier.unread import Unread
from forecasting.dossier.wordings import Wording
from forecasting.errors import CheckResult
from forecasting.shown.records import RecordRows, Records


def _in_lexicon(lexicon: str, record: Wording) -> tuple[str, str]:
    return lexicon, record.wording


def _of_class(name: str, record: Case) -> tuple[str, str, dt.date | None]:
    return name, record.case, record.started_on


def _parameter(table: str, row: LearnedRow) -> tuple[str, str, str]:
    return table, row.parameter, row.name


def _interval(row: LifeTableRow) -> tuple[str, dt.date | None, float]:
    return row.reference_class, row.counted_until, row.until_years


def read_dossier(root: str | Path) -> tuple[Dossier, tuple[CheckResult, ...]]:
    """Read every file under ``root``; return what could be read and every failure of form.

    Rules that look at several records at once are in `forecasting.rules.check`.

    Parameters
    ----------
    root : path
        The ``priors`` folder.

    Raises
    ------
    UsageError
        If ``root`` is not a folder.
    """
    root = Path(root)
    if not root.is_dir():
        raise no_records(root)
    got = Reader(root)
    got.failures += unread_files(root, got.name)
    for kind in ("source", "edition"):
        for path in got.files(f"{kind}s/*.yaml"):
            if (parsed := got.read(kind, path, parse_yaml)) is not None:
                got.add(kind, parsed, (), parsed.value)
                if kind == "source" and (said := read_defaults(parsed)):
                    got.defaults[said.source] = said
    for path in got.files("balances/*.yaml"):
        if (parsed := got.read("balance", path, parse_yaml)) is not None:
            got.add("balance", parsed, (), parsed.value)
    for kind in ("claim", "event", "question", "observation", "series"):
        for path in got.files("series/*.yaml" if kind == "series" else f"{kind}s/*.yaml"):
            if (parsed := got.read(kind, path, parse_yaml)) is not None:
                got.add_list(kind, parsed, (), parsed.value)
    for path in got.one_or_many("effects.yaml"):
        got.add_effects(path)
    for path in got.one_or_many("assumptions.yaml"):
        if path.exists() and (parsed := got.read("assumption", path, parse_yaml)) is not None:
            got.add_list("assumption", parsed, (), parsed.value)
    for path in got.one_or_many("reference_classes.csv"):
        got.add_table("reference_class", path, row_key)
    for path in got.files("counts/*.csv"):
        got.add_table("count", path)
    for path in got.files("cases/*.csv"):
        got.add_table("case", path, partial(_of_class, path.stem))
    for path in got.one_or_many("life_tables.csv"):
        got.add_table("life_table", path, _interval)
    got.add_table("grade", root / "grades.csv", lambda record: (record.scale, record.grade))
    for path in got.files("lexicons/*.csv"):
        got.add_table("wording", path, partial(_in_lexicon, path.stem))
    for path in got.one_or_many("history.csv"):
        got.add_table("history", path, lambda _: len(got.table("history")))
    for path in got.files("learned/*.csv"):
        got.add_table("learned", path, partial(_parameter, path.stem))
    # what is out of place comes first: most of what is found besides follows from it
    return _dossier(got), tuple(sorted(got.failures, key=lambda result: result.rule != "file-place"))


def _dossier(got: Reader) -> Dossier:
    lexicons: dict[str, dict[str, Wording]] = {}
    for (lexicon, wording), record in got.table("wording").items():
        lexicons.setdefault(lexicon, {})[wording] = record
    rows, cases = _with_life_tables(got), _by_class(got)
    return Dossier(
        root=got.root,
        sources=got.table("source"),
        claims=got.table("claim"),
        lexicons=MappingProxyType(Records((name, MappingProxyType(Records(table))) for name, table in lexicons.items())),
        grades=got.table("grade"),
        reference_classes=latest(rows),
        dated_rows=rows,
        cases=cases,
        life_tables=got.table("life_table"),
        events=got.table("event"),
        effects=got.table("effect"),
        drivers=got.table("driver"),
        questions=got.table("question"),
        editions=got.table("edition"),
        assumptions=got.table("assumption"),
        balances=got.table("balance"),
        observations=got.table("observation"),
        history=RecordRows(got.table("history").values()),
        series=got.table("series"),
        counts=RecordRows(got.table("count").values()),
        places=MappingProxyType(Records(got.places)),
        digests=MappingProxyType(Records(got.digests)),
        unread=Unread(frozenset(got.unread), frozenset(got.nameless)),
        inherited=MappingProxyType(Records(got.inherited)),
        learned=MappingProxyType(Records(_grouped(got.table("learned")))),
    )


def _with_life_tables(got: Reader) -> DatedRows:
    """Return the rows of the reference classes, each with the rows of its life table in the order of time."""
    tables: dict[tuple[str, dt.date | None], list[LifeTableRow]] = {}
    for row in sorted(got.table("life_table").values(), key=lambda row: row.until_years):
        tables.setdefault((row.reference_class, row.counted_until), []).append(row)

    def own_table(record: ReferenceClass) -> tuple[LifeTableRow, ...]:
        return tuple(tables.get((record.id, record.counted_until)) or tables.get((record.id, None)) or ())

    records = got.table("reference_class").values()
    return dated_rows(record.model_copy(update={"life_table": own_table(record)}) for record in records)


def _by_class(got: Reader) -> MappingProxyType[str, tuple[Case, ...]]:
    """Return the cases of each class that ships them, in the order of its file."""
    return MappingProxyType(Records(_grouped(got.table("case"))))


def _grouped(table: Mapping[tuple[str, Any, Any], Any]) -> dict[str, tuple[Any, ...]]:
    """Return the records of several files by the name of the file, which their keys begin with, each in the order of its file."""
    found: dict[str, list[Any]] = {}
    for (name, _, _), record in table.items():
        found.setdefault(name, []).append(record)
    return {name: tuple(own) for name, own in found.items()}
