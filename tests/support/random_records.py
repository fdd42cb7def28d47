"""Dossiers changed at random, as an analyst might: fields set, dropped and taken from elsewhere, records added and removed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

from builders import write_dossier
from hypothesis import strategies as st
from toy import CHANGES, PROJECT

from forecasting.dossier.parse import parse_csv, parse_yaml, plain_number
from forecasting.project.begin import project_files

type Tree = dict[str, Any]  # what every file holds: lists of records, one record, or rows of a table

DAYS = (
    "2019-01-01", "2023-12-31", "2024-01-01", "2024-03-04", "2024-06-30", "2024-07-01", "2024-07-02", "2024-12-31", "2025-03-31",
    "2025-12-31", "2026-12-31", "2031-01-01",
)  # fmt: skip
NUMBERS = (0, 1, 2, 3, 7, 30, 40, 1000, 5_000_000, 0.01, 0.25, 0.5, 0.9, 1.0, 1.5, 3.0, 10.0, 29.9, 0.000001)
WORDS = (
    "multiplies", "enables", "blocks", "leads_to", "implies", "raises", "lowers", "weak", "moderate", "strong", "decisive",
    "occurs", "does-not-occur", "judgement", "fact", "effect", "driver", "quantity", "occurred", "survived", "signal", "year",
    "trial", "level", "at_least", "at_most", "likely", "unlikely", "plain", "A", "F", "cases", "table", "good", "week",
)  # fmt: skip


def draws_few(tree: Tree) -> Tree:
    """Return a tree whose editions draw as little as they may."""
    for name, value in tree.items():
        if name.startswith("editions/"):
            value |= {"draws": 100, "chains": 2, "paths_per_draw": 4}
    return tree


@cache
def bases(folder: Path) -> tuple[Tree, ...]:
    """Return the small dossier with every kind of record, and the worked example of a new project."""
    ferry = write_dossier(folder / "ferry", PROJECT, CHANGES)
    mira = folder / "mira" / "priors"
    for name, text in project_files(example=True).items():
        if name.startswith("priors/") and name.endswith((".yaml", ".csv")):
            (folder / "mira" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "mira" / name).write_text(text, "utf-8")
    return draws_few(read_tree(ferry)), draws_few(slim(read_tree(mira)))


def slim(tree: Tree) -> Tree:
    """Return a tree without the counted classes that nothing names, so that reading it takes no time."""
    named = {text for _, text in leaves({name: value for name, value in tree.items() if not name.endswith(".csv")}, ())}
    for name, rows in tree.items():
        if name.startswith("reference_classes"):
            keep = {row["id"] for row in rows if row["id"] in named}
            keep |= {other for row in rows if row["id"] in keep for other in str(row.get("borrows", "")).split()}
            tree[name] = [row for row in rows if row["id"] in keep]
    return {name: value for name, value in tree.items() if not name.startswith("cases/")}


def read_tree(root: Path) -> Tree:
    """Return what the files of a dossier hold."""
    tree: Tree = {}
    for path in sorted(root.rglob("*.yaml")):
        tree[path.relative_to(root).as_posix()] = _plain(parse_yaml(path, path.name).value)
    for path in sorted(root.rglob("*.csv")):
        rows = parse_csv(path, path.name).value
        tree[path.relative_to(root).as_posix()] = [{key: plain_number(cell) for key, cell in row.items()} for row in rows]
    return tree


def write_tree(tree: Tree, root: Path) -> Path:
    """Write the files of a dossier; JSON is YAML of the plain kind that records are read in."""
    for name, value in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_table(value) if name.endswith(".csv") else json.dumps(value, indent=0), "utf-8")
    return root


def _table(rows: list[dict[str, Any]]) -> str:
    columns = list(dict.fromkeys(key for row in rows for key in row)) or ["id"]
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def leaves(value: Any, path: tuple) -> Iterator[tuple[tuple, Any]]:
    """Yield every single value in a tree with the keys that lead to it."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if parts is None:
        yield path, value
    for key, part in parts or ():
        yield from leaves(part, (*path, key))


def places(tree: Tree) -> list[tuple[tuple, Any]]:
    """Return the values that are worth changing; titles, reasons and surveys say nothing that a fit reads."""
    return [(path, value) for path, value in leaves(tree, ()) if not _is_dull(path) or path[-1] in ("spread", "p50", "reads")]


DULL = {"title", "why", "note", "citation", "paraphrase", "sha256", "text_sha256", "licence", "publisher", "author", "held_by"}


def _is_dull(path: tuple) -> bool:
    return bool((DULL | {"resolution", "grades.csv"}).intersection(path)) or str(path[0]).startswith("lexicons")


def table_of(tree: Tree, kind: str) -> list[dict[str, Any]]:
    """Return the list with the records of a kind, of the first file that has them."""
    if kind in ("effects", "drivers"):
        return tree["effects.yaml"].setdefault(kind, [])
    name = next(name for name in tree if name.split(".")[0].split("/")[0] == kind)
    return tree[name]


def ids(tree: Tree, kind: str) -> list[str]:
    """Return the ids of the records of a kind."""
    if kind in ("effects", "drivers"):
        return [str(record.get("id")) for record in table_of(tree, kind)]
    files = [value for name, value in tree.items() if name.split(".")[0].split("/")[0] == kind]
    records = [record for value in files for record in (value if isinstance(value, list) else [value])]
    return list(dict.fromkeys(str(record.get("id")) for record in records))


def of(tree: Tree, kind: str) -> st.SearchStrategy[str]:
    """Return a strategy for an id of a kind."""
    return st.sampled_from(ids(tree, kind) or ["none"])


days, numbers = st.sampled_from(DAYS), st.sampled_from(NUMBERS)


def statements(tree: Tree, dated: bool = True) -> st.SearchStrategy[dict]:
    """Return a strategy for yes/no statements of every form."""
    events = of(tree, "events")
    by = days if dated else st.none()
    leaf = st.one_of(
        st.builds(lambda e, d: {"occurs": e, "by": d}, events, by),
        st.builds(lambda e, d: {"holds": e, "until": d}, events, by),
        st.builds(lambda e, o, d: {"before": [e, o], "by": d}, events, events, by),
        st.builds(lambda e, o, d: {"same": [e, o], "by": d}, events, events, by),
    )
    heads = st.sampled_from(("all_of", "any_of", "none_of", "one_of"))
    some = st.builds(lambda head, parts: {head: parts}, heads, st.lists(leaf, min_size=1, max_size=3))
    return st.one_of(leaf, some).map(_without_none)


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(part) for key, part in value.items() if part is not None}
    return [_without_none(part) for part in value] if isinstance(value, list) else value


def add_question(draw: Callable, tree: Tree) -> None:
    """Add a question of some form, and ask it."""
    name = f"q-{len(table_of(tree, 'questions'))}"
    form = draw(st.sampled_from(("asks", "stages", "first_of", "scenarios", "void")))
    record: dict[str, Any] = {"id": name, "title": "Made up", "at": draw(days)}
    if form in ("stages", "first_of"):
        record[form] = draw(st.lists(of(tree, "events"), min_size=2, max_size=3, unique=True))
    elif form == "scenarios":
        members = draw(st.lists(statements(tree, dated=False), min_size=1, max_size=3))
        record["scenarios"] = [{"id": f"s-{i}", "title": "Made up", **one} for i, one in enumerate(members)]
        record["scenarios"].append({"id": "rest", "title": "The rest", "other": True})
    else:
        record["asks"] = draw(statements(tree))
    if form == "void":
        record["void"] = draw(statements(tree))
    table_of(tree, "questions").append(record)
    for edition in [value for file, value in tree.items() if file.startswith("editions/")]:
        edition["questions"] = [*edition["questions"], name]


def add_effect(draw: Callable, tree: Tree) -> None:
    """Add an effect of some kind between two events."""
    acts = draw(st.sampled_from(("multiplies", "enables", "blocks", "leads_to", "implies")))
    events = of(tree, "events")
    record = {"id": f"x-{len(table_of(tree, 'effects'))}", "from": draw(events), "to": draw(events), "acts": acts}
    record["why"] = "Made up."
    if acts == "multiplies":
        record |= {"sign": draw(st.sampled_from(("raises", "lowers"))), "grade": draw(st.sampled_from(("weak", "decisive")))}
        record |= draw(st.sampled_from(({}, {"half_life_years": 0.5})))
    if acts == "leads_to":
        record |= {"lexicon": draw(of_lexicons(tree)), "wording": "likely", "lag_years": draw(st.sampled_from((0.01, 0.5, 30.0)))}
    if acts in ("multiplies", "blocks"):
        record |= draw(st.sampled_from(({}, {}, {"until": draw(days)}, {"begins_on": draw(days)})))
    table_of(tree, "effects").append(record)


def of_lexicons(tree: Tree) -> st.SearchStrategy[str]:
    """Return a strategy for the lexicons that list *likely*."""
    return st.sampled_from([
        name.split("/")[1][:-4] for name, rows in tree.items()
        if name.startswith("lexicons/") and any(row.get("wording") == "likely" for row in rows)
    ])  # fmt: skip


def add_history(draw: Callable, tree: Tree) -> None:
    """Add a row of history."""
    what = draw(st.sampled_from(("occurred", "occurred", "survived", "signal")))
    row = {"on": draw(days), "event": draw(of(tree, "events")), "what": what, "source": "Made up", "status": "confirmed"}
    if what == "signal":
        row["likelihood_ratio"] = draw(st.sampled_from((0.01, 0.5, 1.0, 2.0, 100.0)))
        row |= draw(st.sampled_from(({}, {"until": draw(days)}, {"half_life_years": 0.5})))
    table_of(tree, "history").append(row)


def add_assumption(draw: Callable, tree: Tree) -> None:
    """Add an assumption of one, two or three statements."""
    holds = {"p": draw(statements(tree)), "by": draw(days), "at_least": 0.2}
    if draw(st.booleans()):
        holds["given"] = draw(statements(tree))
        if draw(st.booleans()):
            holds["than_given"] = draw(statements(tree))
    tree.setdefault("assumptions.yaml", []).append({
        "id": f"a-{100 + len(tree['assumptions.yaml'])}", "statement": "So it is.", "holds": holds, "held_by": "analyst",
        "why": "So it was.", "would_change": "A proof.",
    })  # fmt: skip


def change_event(draw: Callable, tree: Tree) -> None:
    """Give an event a field that few have: an occasion, a date, a clock, a condition of its class, rivals."""
    record = draw(st.sampled_from(table_of(tree, "events")))
    number = draw(st.sampled_from(({"wording": "likely", "lexicon": draw(of_lexicons(tree))},
                                   {"reference_class": draw(of(tree, "reference_classes"))})))  # fmt: skip
    record |= draw(st.sampled_from((
        {"occasions": [{"on": draw(days), "why": "An election.", "source": "the law", **number}]},
        {"scheduled_on": draw(days)},
        {"clock_starts_on": draw(days)},
        {"class_given": {draw(of(tree, "events")): draw(st.booleans())}},
        {"rivals": [draw(of(tree, "reference_classes"))]},
        {"rivals": [bound := draw(of(tree, "reference_classes"))], draw(st.sampled_from(("ceilings", "floors"))): {bound: "So."}},
        {"reference_class": draw(of(tree, "reference_classes"))},
        {"opens_on": draw(days)},
    )))  # fmt: skip


def add_life_table(draw: Callable, tree: Tree) -> None:
    """Give a class a life table that agrees with its count."""
    row = draw(st.sampled_from(table_of(tree, "reference_classes")))
    failed = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
    first = draw(st.integers(5, 30))
    row |= {"events": sum(failed), "exposure": float(2 * first - failed[0])}
    tree["life_tables.csv"] = [
        {"reference_class": row["id"], "until_years": n + 1, "at_risk": left, "failed": out, "citation": "Made up"}
        for n, (left, out) in enumerate(zip((first, first - failed[0]), failed, strict=True))
    ]


def set_value(draw: Callable, tree: Tree) -> None:
    """Set a value to another of its sort, from a pool or from elsewhere in the dossier."""
    path, value = draw(st.sampled_from(places(tree)))
    key = next(part for part in reversed(path) if isinstance(part, str))
    same = [other for where, other in places(tree) if key in where and type(other) is type(value)]
    pool = st.sampled_from(same)
    if isinstance(value, bool):
        pool = st.booleans()
    elif isinstance(value, int | float):
        pool = pool | numbers
    elif isinstance(value, str):
        pool = pool | (days if value[:4].isdigit() and len(value) == 10 else st.sampled_from(WORDS))
    _set(tree, path, draw(pool))


def drop(draw: Callable, tree: Tree) -> None:
    """Drop a value, or the whole record that holds it."""
    path, _ = draw(st.sampled_from(places(tree)))
    part: Any = tree
    depth = draw(st.sampled_from((len(path), 2, 3)))
    for key in path[: min(depth, len(path)) - 1]:
        part = part[key]
    del part[path[min(depth, len(path)) - 1]]


def _set(tree: Tree, path: tuple, value: Any) -> None:
    part: Any = tree
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value


STEPS = (set_value, drop, add_question, add_question, add_effect, add_effect, add_history, add_assumption, change_event,
         change_event, add_life_table)  # fmt: skip


@st.composite
def changed(draw: Callable, some: tuple[Tree, ...], most: int = 4) -> Tree:
    """Return one of some dossiers after one to ``most`` changes."""
    tree = deepcopy(draw(st.sampled_from(some)))
    for _ in range(draw(st.integers(1, most))):
        draw(st.sampled_from(STEPS))(draw, tree)
    return tree
