"""From an article to records, step by step in Python: a project in a folder of its own, with a text to try it on."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forecasting.arguments import ID, PATH, PLACE, TEXT, WHOLE, takes
from forecasting.coding.proposals import accepted_records, chosen, propose
from forecasting.coding.scaffold import Begun, begin_claims, begin_edition, begin_event, begin_question
from forecasting.coding.splice import with_fields
from forecasting.dossier.load import read_dossier
from forecasting.dossier.parse import ParseError, parse_yaml
from forecasting.errors import UsageError, near
from forecasting.files import write_file
from forecasting.lab.classes import classes
from forecasting.lab.tables import Table
from forecasting.project.begin import begin_project, example_files

BLOCKS = {"resolution"}  # fields below which a template has lines of its own, each with what belongs there
_temporary: list[tempfile.TemporaryDirectory[str]] = []  # removed when Python ends
SOURCE, TEXT_FILE = "observer-2024-03", "eight-months-of-quiet.txt"


@dataclass(frozen=True)
class Place:
    """A project that was begun to code one article: its folder, the article's text, and the id of its source."""

    folder: Path
    article: Path
    source: str

    @property
    def priors(self) -> Path:
        """The folder of the records."""
        return self.folder / "priors"

    @property
    def runs(self) -> Path:
        """The folder of the runs."""
        return self.folder / "runs"

    def __repr__(self) -> str:
        return f"<Place with {self.article.name}, source {self.source}>"


@takes(folder=PATH)
def begin(folder: Path | str | None = None) -> Place:
    """Return a new project with the article of the worked example and its source, and nothing coded yet.

    Parameters
    ----------
    folder : path, optional
        A new or empty folder; by default a temporary one, which is removed when Python ends.

    Raises
    ------
    UsageError
        If there is anything in the folder.

    Examples
    --------
    >>> begin()
    <Place with eight-months-of-quiet.txt, source observer-2024-03>
    """
    if not folder:
        _temporary.append(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    root = Path(folder) if folder else Path(_temporary[-1].name) / "project"
    begin_project(root)
    for name in (f"texts/{TEXT_FILE}", f"priors/sources/{SOURCE}.yaml"):
        write_file(root / name, example_files()[name])
    return Place(root, root / "texts" / TEXT_FILE, SOURCE)


@takes(place=PLACE)
def source_table(place: Place) -> Table:
    """Return what the source's record says of the article."""
    record = read_dossier(place.priors)[0].sources[place.source]
    fields = ("title", "publisher", "published_on", "published_how", "licence", "text_sha256", "note")
    return Table([{"field": name, place.source: getattr(record, name)} for name in fields])


@takes(place=PLACE)
def proposals(place: Place) -> Table:
    """Return what may be claims in the article, the best first: what ``forecast suggest`` shows."""
    found = propose(place.article, place.priors, place.source).proposals
    rows = [
        {"place": one.place, "looks like": one.kind, "sentence": " ".join(one.sentence.text.split()), "words": one.wording or "",
         "says": one.attribution.speaker or "the author"}
        for one in found
    ]  # fmt: skip
    return Table(rows, f"{len(rows)} proposals; a proposal is a place to look, not yet a claim")


@takes(words=TEXT, most=WHOLE)
def counted(words: str, most: int = 4) -> Table:
    """Return the counted classes of the package that fit some words best, with their known bias; see `forecasting.classes`."""
    rows = [
        {"class": one.Index, "what is counted": one.title, "counted cases": f"{one.events:g} in {one.exposure:g} {one.unit}s",
         "rate": f"{one.rate:.2g}", "known bias": one.known_bias}
        for one in classes(words).head(most).itertuples()
    ]  # fmt: skip
    return Table(rows, f"The {len(rows)} nearest of the counted classes to “{words}”")


@takes(place=PLACE, sentences=TEXT)
def accept(place: Place, sentences: str) -> Table:
    """Write proposals as claims, and return what only a person can fill in.

    Parameters
    ----------
    sentences : str
        The places of the sentences, as for ``forecast suggest --accept``: "2.1,9.2", or "all".

    Returns
    -------
    Table
        A row per empty field, with what to write.

    Raises
    ------
    UsageError
        If a place is none of those proposed.
    """
    kept = chosen(proposed := propose(place.article, place.priors, place.source), sentences)
    return _open(begin_claims(place.priors, place.source, lambda: accepted_records(proposed, kept)))


@takes(place=PLACE, kind=ID, ident=ID)
def add(place: Place, kind: str, ident: str, **fields: Any) -> Table:
    """Begin an event, a question or an edition with some of its fields, and return what is still to be filled in.

    Returns
    -------
    Table
        A row per empty field, with what to write.

    Raises
    ------
    UsageError
        If the kind is none of these, or the id is malformed or taken.
    """
    made = {"event": begin_event, "question": begin_question}
    if kind == "edition":
        begin_edition(place.priors, ident)
    elif kind in made:
        made[kind](place.priors, ident, "own")
    else:
        raise UsageError(f"no kind '{kind}' to add; write 'event', 'question' or 'edition'")
    return fill(place, ident, **fields)


@takes(place=PLACE, ident=ID)
def fill(place: Place, ident: str, **fields: Any) -> Table:
    """Set fields of a record in its file, and return what is still to be filled in; the rest of the file stays as it is.

    Returns
    -------
    Table
        A row per empty field, with what to write.

    Raises
    ------
    UsageError
        If there is no such record.
    """
    for path in sorted(place.priors.rglob("*.yaml")):
        if (where := _place(path, ident)) is not None:
            write_file(path, _filled(path.read_text("utf-8"), where, fields))
            return still_open(place, ident)
    dossier = read_dossier(place.priors)[0]
    known = [*dossier.claims, *dossier.events, *dossier.questions, *dossier.editions]
    raise UsageError(f"no record '{ident}' in the project; {near(ident, known, 'there are')}")


def _place(path: Path, ident: str) -> tuple[int, ...] | None:
    """Return where in a file the record with an id stands; None if it is in another one, or this one cannot be read."""
    try:
        records = parse_yaml(path, path.name).value
    except ParseError:
        return None
    if isinstance(records, Mapping):
        return () if str(records.get("id")) == ident else None
    ids = [str(one.get("id")) if isinstance(one, Mapping) else "" for one in records or ()]
    return (ids.index(ident),) if ident in ids else None


def _filled(text: str, where: tuple[str | int, ...], fields: Mapping[str, Any]) -> str:
    """Return a file's text with fields of a record set; what stands in a block below a field is set line by line."""
    for name, value in fields.items():
        if name in BLOCKS and isinstance(value, Mapping):
            text = _filled(text, (*where, name), value)
        else:
            text = with_fields(text, where, {name: value}, tuple(fields))
    return text


@takes(place=PLACE, ident=ID)
def still_open(place: Place, ident: str) -> Table:
    """Return what a record still lacks, as ``forecast check`` would say it."""
    failures = [one for one in read_dossier(place.priors)[1] if f" {ident}:" in one.found]
    return _table(ident, [(one.found.partition(": ")[2], one.fix) for one in failures])


def _open(begun: Begun) -> Table:
    return _table(begun.path.name, [(one.found.partition(" ")[2], one.fix) for one in begun.open])


def _table(name: str, lines: list[tuple[str, str]]) -> Table:
    if not lines:
        return Table([{"record": name, "state": "complete"}])
    rows = [{"found": found, "what to write": fix} for found, fix in lines]
    return Table(rows, f"{name}: {len(rows)} fields are still to be filled in")
