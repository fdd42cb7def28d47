"""The records and pages that come with the package: grades, lexicons, counted classes, life tables, documentation."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
PACKED = HERE / "shipped"  # in an installed package (pyproject.toml puts it there); a checkout has the originals
CHECKOUT = HERE.parents[1]
PAGES = (
    "priors/README.md", "docs/decisions/*.md", "docs/articles.md", "docs/backtest.md", "docs/checks.md",
    "docs/choosing-a-class.md", "docs/codebook.md", "docs/elicited-priors.md", "docs/exchange.md", "docs/glossary.md",
    "docs/install.md", "docs/keeping-score.md", "docs/panel.md", "docs/quickstart.md", "docs/reading-a-report.md",
    "docs/refresh.md", "docs/run-tables.md", "docs/sharing.md", "docs/tutorial.md", "docs/what-ifs.md",
)  # fmt: skip
CLASSES, LIFE_TABLES = "priors/reference_classes/library.csv", "priors/life_tables/library.csv"
# what makes a row of each table the one that it is
KEYS = {"priors/grades.csv": ("scale", "grade"), CLASSES: ("id", "counted_until"),
        LIFE_TABLES: ("reference_class", "counted_until", "until_years")}  # fmt: skip
LEXICON_KEY = ("wording",)

type Row = Mapping[str, str]


def shipped_folder() -> Path:
    """Return the folder with ``priors/`` and ``docs/`` as they come with the package."""
    return PACKED if PACKED.is_dir() else CHECKOUT


@cache
def shipped_tables() -> Mapping[str, str]:
    """Return the tables that every project gets, as text by their path in the project."""
    folder = shipped_folder()
    lexicons = sorted((folder / "priors" / "lexicons").glob("*.csv"))
    tables = {f"priors/lexicons/{path.name}": path.read_text("utf-8") for path in lexicons}
    tables["priors/grades.csv"] = (folder / "priors" / "grades.csv").read_text("utf-8")
    classes = read_rows((folder / "priors" / "reference_classes.csv").read_text("utf-8"))
    counted = published(classes)
    ids = {row["id"] for row in counted}
    ages = read_rows((folder / "priors" / "life_tables.csv").read_text("utf-8"))
    tables[CLASSES] = write_rows(counted)
    tables[LIFE_TABLES] = write_rows([row for row in ages if row["reference_class"] in ids])
    return tables


def published(classes: Iterable[Row]) -> list[Row]:
    """Return the classes that stand on a published table, and on nothing but such classes.

    Those that stand on cases come with a region's own list of cases, and unverified ones are no library.
    """
    found = [row for row in classes if row["basis"] == "table"]
    while True:
        ids = {row["id"] for row in found}
        kept = [row for row in found if ids.issuperset(row["borrows"].split())]
        if len(kept) == len(found):
            return kept
        found = kept


@cache
def shipped_pages() -> Mapping[str, str]:
    """Return the pages of documentation that every project gets, by their path in it."""
    folder = shipped_folder()
    paths = sorted(path for pattern in PAGES for path in folder.glob(pattern))
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in paths}


def key_of(name: str) -> tuple[str, ...]:
    """Return the columns that tell the rows of a table apart."""
    return KEYS.get(name, LEXICON_KEY)


def read_rows(text: str) -> list[Row]:
    """Return the rows of a CSV text."""
    return [{name: value or "" for name, value in row.items()} for row in csv.DictReader(io.StringIO(text))]


def write_rows(rows: Iterable[Row], columns: Iterable[str] = ()) -> str:
    """Return rows as CSV text, with the columns of the first unless others are named."""
    rows = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns) or list(rows[0]), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
