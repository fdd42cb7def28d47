"""Whether a file lies where it is read, and whether what stands in it is what its folder is for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from forecasting.dossier.assumptions import Assumption
from forecasting.dossier.balances import Balance, Observation
from forecasting.dossier.claims import Claim, Source
from forecasting.dossier.counts import Count, Series
from forecasting.dossier.edition import Edition
from forecasting.dossier.effects import Driver, Effect
from forecasting.dossier.events import Event, HistoryRow
from forecasting.dossier.fields import Record
from forecasting.dossier.learned import LearnedRow
from forecasting.dossier.questions import Question
from forecasting.dossier.reference_classes import Case, LifeTableRow, ReferenceClass
from forecasting.dossier.wordings import GradeRow, Wording
from forecasting.errors import CheckResult, UsageError, Where

TABLES = (
    "effects.yaml", "assumptions.yaml", "reference_classes.csv", "life_tables.csv", "grades.csv", "history.csv",
    "codings/targets.csv",
)  # fmt: skip
FOLDERS = {
    "sources": ".yaml",
    "claims": ".yaml",
    "events": ".yaml",
    "questions": ".yaml",
    "balances": ".yaml",
    "observations": ".yaml",
    "editions": ".yaml",
    "lexicons": ".csv",
    "effects": ".yaml",
    "assumptions": ".yaml",
    "reference_classes": ".csv",
    "life_tables": ".csv",
    "cases": ".csv",
    "series": ".yaml",
    "counts": ".csv",
    "history": ".csv",
    "learned": ".csv",
}
_OTHER_SUFFIX = {".yaml": {".yml", ".YAML", ".YML"}, ".csv": {".CSV"}}
MODELS: dict[str, type[Record]] = {
    "source": Source,
    "claim": Claim,
    "event": Event,
    "effect": Effect,
    "driver": Driver,
    "question": Question,
    "edition": Edition,
    "reference_class": ReferenceClass,
    "life_table": LifeTableRow,
    "case": Case,
    "grade": GradeRow,
    "wording": Wording,
    "history": HistoryRow,
    "series": Series,
    "count": Count,
    "assumption": Assumption,
    "balance": Balance,
    "observation": Observation,
    "learned": LearnedRow,
}
# what a file of each form can hold, and where that belongs
_HOMES = {
    ".yaml": {
        "source": "sources/",
        "claim": "claims/",
        "event": "events/",
        "question": "questions/",
        "edition": "editions/",
        "effect": "effects.yaml or effects/, below the line effects:",
        "assumption": "assumptions.yaml or assumptions/",
        "balance": "balances/",
        "observation": "observations/",
        "series": "series/",
    },
    ".csv": {
        "reference_class": "reference_classes.csv or reference_classes/",
        "life_table": "life_tables.csv or life_tables/",
        "case": "cases/",
        "grade": "grades.csv",
        "wording": "lexicons/",
        "history": "history.csv or history/",
        "count": "counts/",
        "learned": "learned/",
    },
}
_PLURALS = {"reference_class": "reference classes", "life_table": "life tables", "history": "rows of history", "series": "series",
            "learned": "tables of what was learned"}  # fmt: skip
MOST_FILES = 100_000  # below a folder of records; a root folder that somebody named by mistake has more
MIN_FIELDS = 2  # of another kind, before a file is taken for one of it


def unread_files(root: Path, called: str) -> Iterator[CheckResult]:
    """Yield one result per YAML or CSV file that no reader looks for; ``called`` is the name of the root in messages."""
    found = list(islice(root.rglob("*"), MOST_FILES + 1))
    if len(found) > MOST_FILES:
        raise UsageError(f"{root}: more than {MOST_FILES:,} files below it; name the folder that holds the records alone")
    for path in sorted(found):
        local = path.relative_to(root)
        if path.suffix.lower() not in (".yaml", ".yml", ".csv") or any(part.startswith(".") for part in local.parts):
            continue
        of_a_coder = len(local.parts) == 3 and local.parts[0] == "codings"
        suffix = ".yaml" if of_a_coder else FOLDERS.get(local.parent.as_posix())
        if local.as_posix() not in TABLES and path.suffix != suffix:
            slip = suffix and path.suffix in _OTHER_SUFFIX[suffix]
            where = "write .yaml for records and .csv for tables, in the folders that priors/README.md lists"
            fix = f"rename it to {path.with_suffix(suffix or '').name}" if slip else where
            yield CheckResult("file-place", Where(f"{called}/{local.as_posix()}"), "this file is not read", fix)


def stranger(kind: str, path: Path, value: Any) -> tuple[str, str] | None:
    """Return what was found and where it belongs, if a file holds records of another kind than the one read there.

    The fields that its records name decide, whatever stands in them: a file is taken for one of another kind if it has at
    least two fields of that kind, and less than half as many of its own.

    Examples
    --------
    >>> stranger("event", Path("events/x.yaml"), ({"id": "c-1", "paraphrase": None, "speaker": "author"},))
    ('records that look like claims, where events are read', 'move the file to claims/')
    """
    tables = isinstance(value, dict) and value.keys() & {"effects", "drivers"}
    if tables and kind != "effect":
        return _found("effect", kind, path)
    rows = [value] if isinstance(value, dict) and not tables else value if isinstance(value, tuple) else ()
    named = {key for row in rows if isinstance(row, dict) for key in row} - {"id", "title", "note"}
    shared = {other: len(named & _fields(MODELS[other])) for other in _HOMES[path.suffix]}
    likest = max(shared, key=lambda other: (shared[other], other == kind))
    return _found(likest, kind, path) if shared[likest] >= MIN_FIELDS and 2 * shared.get(kind, 0) < shared[likest] else None


def _found(likest: str, kind: str, path: Path) -> tuple[str, str]:
    looks, read = (_PLURALS.get(name, f"{name.replace('_', ' ')}s") for name in (likest, kind))
    return f"records that look like {looks}, where {read} are read", f"move the file to {_HOMES[path.suffix][likest]}"


def _fields(model: type[Record]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}
