"""One field that cannot be read brings one finding: nothing is said of records that are there, and the other rules look on."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
from random_records import Tree, bases, write_tree

from forecasting.dossier.load import read_dossier
from forecasting.errors import CheckResult, gather_empty
from forecasting.rules.check import check_read


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """The small dossier with every kind of record, and what few records have."""
    made = deepcopy(bases(tmp_path_factory.mktemp("bases"))[0])
    classes = made["reference_classes.csv"]
    own = {"id": "quays-closed", "events": 2, "exposure": 30.0, "basis": "cases", "borrows": "tolls-raised"}
    classes.append(classes[1] | own)
    quays, begun = ((5, 1), (10, 1), (15, 0)), {"started_on": "2000-01-01", "source": "A"}
    made["cases/quays-closed.csv"] = [
        {"case": f"quay {years}", "ended_on": f"{2000 + years}-01-01", "happened": happened, **begun} for years, happened in quays
    ]
    made["life_tables.csv"] = [
        {"reference_class": "quays-closed", "until_years": until, "at_risk": left, "failed": 1, "citation": "Made up"}
        for until, left in ((8, 3), (15, 2))
    ]
    quay = next(event for event in made["events/ferry.yaml"] if event["id"] == "quay-closed")
    quay |= {"reference_class": "quays-closed", "clock_starts_on": "2023-01-01"}
    return made


def found_in(tree: Tree, root: Path) -> tuple[CheckResult, ...]:
    dossier, failures = read_dossier(write_tree(tree, root / "priors"))
    return gather_empty((*failures, *check_read(dossier, failures)))


def broken(tree: Tree, root: Path, file: str) -> dict[str, tuple[CheckResult, ...]]:
    """Return what is found with each field of each record of a file made unreadable in turn."""
    found = {}
    for table in ("effects", "drivers") if file == "effects.yaml" else ("",):
        count = len(tree[file][table] if table else tree[file]) if isinstance(tree[file], list) or table else 1
        for n in range(count):
            for field in list(_record(tree, file, table, n)):
                changed = deepcopy(tree)
                record = _record(changed, file, table, n)
                if file.endswith(".csv"):
                    record[field] = "~" if isinstance(record[field], int | float) or field not in TEXTS else ""
                else:
                    record[field] = [[[0]]]
                found[f"{table} {record.get('id', n)}.{field}"] = found_in(changed, root)
    return found


def _record(tree: Tree, file: str, table: str, n: int) -> dict:
    held = tree[file][table] if table else tree[file]
    return held[n] if isinstance(held, list) else held


TEXTS = ("citation", "note", "source", "wording", "case")  # of a table: anything may stand in them but nothing
FREE = ("note", "source")  # of a case either may be empty; a case without a source is another rule's


def test_the_dossier_itself_breaks_no_rule(tree: Tree, tmp_path: Path) -> None:
    assert found_in(tree, tmp_path) == ()


FILES = (
    "assumptions.yaml", "cases/quays-closed.csv", "claims/norland-times.yaml", "editions/2024-07-ferry.yaml", "effects.yaml",
    "events/ferry.yaml", "grades.csv", "history.csv", "life_tables.csv", "lexicons/plain.csv", "questions/ferry.yaml",
    "reference_classes.csv", "sources/norland-times.yaml",
)  # fmt: skip


def test_every_file_of_records_is_tried(tree: Tree) -> None:
    assert sorted(FILES) == sorted(tree)


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_one_field_that_cannot_be_read_brings_one_finding(file: str, tree: Tree, tmp_path: Path) -> None:
    wrong = {
        place: [str(result) for result in results]
        for place, results in broken(tree, tmp_path, file).items()
        if len(results) != 1 and not (not results and place.rpartition(".")[2] in FREE)
    }
    assert not wrong, "\n".join(f"{place}:\n  " + "\n  ".join(said) for place, said in wrong.items())


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_cannot_be_read_brings_one_finding(file: str, tree: Tree, tmp_path: Path) -> None:
    root = write_tree(tree, tmp_path / "priors")
    (root / file).write_text('"never closed\n', "utf-8")
    dossier, failures = read_dossier(root)
    (result,) = (*failures, *check_read(dossier, failures))
    assert result.where.file == f"priors/{file}"
