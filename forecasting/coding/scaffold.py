"""Begin a record of any kind in the right file, with every field that it needs."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from forecasting.coding.claim_templates import accepted_stub, claim_stub
from forecasting.coding.ids import check_form, check_free, next_claim_id, next_in_series, records_in, taken_ids
from forecasting.coding.quoted import events_of, lexicons_of, read_quotation
from forecasting.coding.suggest import MIN_SCORE, Proposal
from forecasting.coding.templates import (
    CLASS_CELLS,
    HISTORY_CELLS,
    assumption_stub,
    driver_stub,
    edition_stub,
    effect_stub,
    event_stub,
    question_stub,
    source_stub,
)
from forecasting.coding.texts.extracted import Extracted
from forecasting.coding.texts.read import read_file
from forecasting.coding.write import append_record, append_row, insert_record, inside, locked, write_file
from forecasting.dossier.anchors import digest, find_quote
from forecasting.dossier.defaults import SourceDefaults, read_defaults
from forecasting.dossier.load import read_dossier
from forecasting.dossier.location import no_records
from forecasting.dossier.parse import Parsed, ParseError, parse_yaml
from forecasting.errors import CheckResult, DossierError, EmptyField, FileError, UsageError, near


@dataclass(frozen=True)
class Begun:
    """A record that was begun: its file, the line it starts on, what is still to be filled in, and what else is to be said."""

    id: str
    path: Path
    line: int
    open: tuple[CheckResult, ...]
    remarks: tuple[str, ...] = ()


def read_text(path: Path) -> str:
    """Return an article's normalised text, or raise `DossierError` saying what the file is instead."""
    return _article(path).text


def _article(path: Path) -> Extracted:
    try:
        return read_file(path, str(path))
    except ParseError as error:
        raise DossierError((error.result,)) from None


def begin_source(root: Path, ident: str, text: Path | None = None, plain: Path | None = None) -> Begun:
    """Write ``sources/<id>.yaml``; the fingerprint and the length are computed where the text is at hand.

    Parameters
    ----------
    root : Path
        The ``priors`` folder.
    ident : str
        Id of the source.
    text : Path, optional
        The file of the article. What it says of title, author, publisher and day is proposed, and marked as not checked.
    plain : Path, optional
        Where to write the article as plain text, as anchors count on it. It must not be there yet.

    Raises
    ------
    UsageError
        If the id is malformed or taken, by any kind of record and in whatever case; if ``plain`` is given without a text.
    DossierError
        If the file is no article that can be read.
    """
    if plain and not text:
        raise UsageError("--plain writes the text of an article; name its file with --text")
    article = _article(text) if text else None
    lines = _text_lines(article, plain or text) if article and text else ""
    with _writing(root):
        check_free(root, ident)
        path = inside(root, root / "sources" / f"{ident}.yaml")
        if article and plain:
            write_file(plain, article.text)
        try:
            write_file(path, source_stub(ident, lines, article))
        except FileError:
            if plain:
                plain.unlink()  # all of it or nothing
            raise
    remarks = article.remarks if article else ()
    if article and article.reader and not plain:
        other = "another version may read it otherwise: --plain FILE keeps it as plain text"
        remarks = (*remarks, f"the text is as {article.reader} reads it; {other}")
    return replace(_begun(root, ident, path, 1), remarks=remarks)


def _text_lines(article: Extracted, file: Path) -> str:
    """Return what a record says of its text: the file, the digest, the length, and what read it."""
    lines = [f"text_file: {file.name}", f"text_sha256: {digest(article.text)}", f"text_length: {len(article.text)}"]
    return "\n".join([*lines, *([f"text_read_by: {article.reader}"] if article.reader else []), ""])


def begin_claim(
    root: Path, source: str, ident: str | None = None, *, quote: str | None = None, text: Path | None = None
) -> Begun:
    """Append a claim to ``claims/<source>.yaml``; a quote that stands in the text once becomes its anchor.

    What `forecast suggest` reads in the quote's sentence is filled in: kind, wording and lexicon, speaker, horizon, value.
    Where it finds nothing that makes it a claim, its kind is left open.

    Parameters
    ----------
    root : Path
        The ``priors`` folder.
    source : str
        Id of a source that is there.
    ident : str, optional
        Id of the claim; the next free one of its source if left out.
    quote, text : optional
        The words that the claim is taken from, and the file of the article. The words are looked up, not stored.

    Raises
    ------
    UsageError
        If the source is not there, the id is malformed or taken, only one of quote and text is given, the text is not
        the source's, or the quote does not stand in it exactly once (the nearest passage is shown).
    DossierError
        If the file is no article that can be read.
    """
    if bool(quote) != bool(text):
        raise UsageError("--quote and --text go together: the words, and the file of the article that holds them")
    with _writing(root):
        ids = taken_ids(root)
        _known_source(root, source)
        read = _quoted(root, source, quote, text) if quote and text else None
        ident = ident or next_claim_id(root, source, ids)
        check_free(root, ident, ids)
        path = inside(root, root / "claims" / f"{source}.yaml")
        defaults = defaults_in(root, source)
        if read and _knows_kind(read):
            stub = accepted_stub(ident, read, source, day_of(root, source), defaults, quoted=True)
        else:
            stub = claim_stub(ident, source, read.anchor if read else None, defaults=defaults)
        line = append_record(path, stub)
    return replace(_begun(root, ident, path, line), remarks=_what_was_read(read) if read else ())


def begin_claims(root: Path, source: str, records: Callable[[], Sequence[str]]) -> Begun:
    """Append claims that somebody accepted to ``claims/<source>.yaml``, all of them or none.

    Parameters
    ----------
    root : Path
        The ``priors`` folder.
    source : str
        Id of a source that is there, finished or not.
    records : callable
        Returns the claims, each as it will stand in the file. It is called while nobody else writes, so that their ids are free.

    Raises
    ------
    UsageError
        If the source is not there, or the file cannot be written; nothing is written then.
    """
    with _writing(root):
        _known_source(root, source)
        path = inside(root, root / "claims" / f"{source}.yaml")
        line = append_record(path, "\n".join(texts := records()), len(texts))
    return _begun(root, source, path, line)


def defaults_in(root: Path, source: str) -> SourceDefaults | None:
    """Return the defaults that a source states for its claims, finished or not; None if it states none."""
    parsed = _source_in(root, source)
    return read_defaults(parsed) if parsed else None


def day_of(root: Path, source: str) -> str | None:
    """Return the day on which a source appeared, if its record, finished or not, knows it to the day."""
    parsed = _source_in(root, source)
    record = parsed.value if parsed and isinstance(parsed.value, dict) else {}
    day = str(record.get("published_on"))
    return day if record.get("published_precision") == "day" and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) else None


def _source_in(root: Path, source: str) -> Parsed | None:
    path = root / "sources" / f"{source}.yaml"
    try:
        return parse_yaml(path, path.name) if path.is_file() else None
    except ParseError:
        return None  # forecast check says what is wrong with the file


def begin_event(root: Path, ident: str, theme: str, title: str | None = None) -> Begun:
    """Append an event to ``events/<theme>.yaml``, with its title if that is given; raises as `begin_source` does."""
    return _listed(root, ident, "events", theme, event_stub(ident, title))


def begin_question(root: Path, ident: str, theme: str, form: str = "asks") -> Begun:
    """Append a question of one form to ``questions/<theme>.yaml``; raises as `begin_source` does."""
    return _listed(root, ident, "questions", theme, question_stub(ident, form))


def begin_effect(
    root: Path, source: str, target: str, ident: str | None = None, *, acts: str = "multiplies", theme: str | None = None
) -> Begun:
    """Append an effect between two events to ``effects.yaml``, or to ``effects/<theme>.yaml``; no id takes the next free one.

    Raises
    ------
    UsageError
        As `begin_source` does, and if an event is not there.
    """
    with _writing(root):
        ids = taken_ids(root)
        for event in (source, target):
            _known_event(root, event)
        ident = ident or next_in_series([known for known in ids if known.startswith("e-")], "e-", ids)
        check_free(root, ident, ids)
        path = _file(root, "effects", ".yaml", theme)
        stub = effect_stub(ident, source, target, acts)
        line = insert_record(path, "effects", stub)
    return _begun(root, ident, path, line, stub.count("\n"))


def begin_driver(root: Path, ident: str, title: str | None = None, theme: str | None = None) -> Begun:
    """Append a driver to the drivers of ``effects.yaml``, or of ``effects/<theme>.yaml``; raises as `begin_source` does."""
    with _writing(root):
        check_free(root, ident)
        path = _file(root, "effects", ".yaml", theme)
        stub = driver_stub(ident, title)
        line = insert_record(path, "drivers", stub)
    return _begun(root, ident, path, line, stub.count("\n"))


def begin_assumption(root: Path, ident: str | None = None, theme: str | None = None) -> Begun:
    """Append an assumption to ``assumptions.yaml``, or to ``assumptions/<theme>.yaml``; no id takes the next free one.

    Raises
    ------
    UsageError
        As `begin_source` does.
    """
    with _writing(root):
        ids = taken_ids(root)
        ident = ident or next_in_series([known for known in ids if known.startswith("a-")], "a-", ids)
        check_free(root, ident, ids)
        path = _file(root, "assumptions", ".yaml", theme)
        line = append_record(path, assumption_stub(ident))
    return _begun(root, ident, path, line)


def begin_edition(root: Path, ident: str) -> Begun:
    """Write ``editions/<id>.yaml``; raises as `begin_source` does."""
    with _writing(root):
        check_free(root, ident)
        path = inside(root, root / "editions" / f"{ident}.yaml")
        write_file(path, edition_stub(ident))
    return _begun(root, ident, path, 1)


def begin_class(root: Path, ident: str, theme: str | None = None) -> Begun:
    """Append a row to ``reference_classes.csv``, or to ``reference_classes/<theme>.csv``; raises as `begin_source` does."""
    with _writing(root):
        check_form(ident)
        taken = {name.casefold(): name for name in read_dossier(root)[0].reference_classes}
        if ident.casefold() in taken:
            raise UsageError(f"reference class '{taken[ident.casefold()]}' is there already; choose another id")
        path = _file(root, "reference_classes", ".csv", theme)
        line = append_row(path, {**dict.fromkeys(CLASS_CELLS, ""), "id": ident}, optional=("basis", "watched_years"))
    return _with_hints(_begun(root, ident, path, line), CLASS_CELLS)


def begin_history(root: Path, event: str, *, what: str = "", on: str = "", theme: str | None = None) -> Begun:
    """Append a row on an event to ``history.csv``, or to ``history/<theme>.csv``.

    Raises
    ------
    UsageError
        If the event is not there, or the theme is malformed.
    """
    with _writing(root):
        _known_event(root, event)
        path = _file(root, "history", ".csv", theme)
        line = append_row(path, {**dict.fromkeys(HISTORY_CELLS, ""), "on": on, "event": event, "what": what})
    return _with_hints(_begun(root, event, path, line), HISTORY_CELLS)


def _file(root: Path, table: str, suffix: str, theme: str | None) -> Path:
    """Return the file of a table: the one of that name, or one beside it for a theme."""
    if theme:
        check_form(theme, "theme")
    return inside(root, root / table / f"{theme}{suffix}" if theme else root / f"{table}{suffix}")


def _with_hints(begun: Begun, hints: Mapping[str, str]) -> Begun:
    """Return a row that was begun with what belongs into each of its empty cells."""
    empty = [result for result in begun.open if isinstance(result, EmptyField) and result.field in hints]
    others = [result for result in begun.open if result not in empty]
    return replace(begun, open=(*(replace(result, fix=f"write {hints[result.field]}") for result in empty), *others))


def _known_event(root: Path, event: str) -> None:
    known = [str(record.get("id")) for record in records_in(root, "events")]
    if event not in known:
        hint = near(event, known, "known events")
        raise UsageError(f"no event '{event}'; {hint}; or begin it: forecast new event --id {event} --theme …")


def _listed(root: Path, ident: str, folder: str, theme: str, record: str) -> Begun:
    check_form(theme, "theme")
    with _writing(root):
        check_free(root, ident)
        path = inside(root, root / folder / f"{theme}.yaml")
        line = append_record(path, record)
    return _begun(root, ident, path, line)


def _writing(root: Path) -> Any:
    if not root.is_dir():
        raise no_records(root)
    return locked(root)


def _begun(root: Path, ident: str, path: Path, line: int, n_lines: int = 1_000_000) -> Begun:
    name = f"{root.name or root.resolve().name}/{path.relative_to(root).as_posix()}"
    _, failures = read_dossier(root)
    return Begun(ident, path, line, tuple(r for r in failures if r.where.file == name and line <= r.where.line < line + n_lines))


def _known_source(root: Path, source: str) -> None:
    known = [path.stem for path in root.glob("sources/*.yaml")]
    if source not in known:
        hint = near(source, known, "known sources")
        raise UsageError(f"no source '{source}'; {hint}; or begin it: forecast new source --id {source}")


def _quoted(root: Path, source: str, quote: str, path: Path) -> Proposal:
    """Return what is read in the sentence of a quote, after holding the text to the source's fingerprint."""
    text = read_text(path)
    record = parse_yaml(root / "sources" / f"{source}.yaml", f"sources/{source}.yaml").value
    coded = record.get("text_sha256") if isinstance(record, dict) else None
    if coded and coded != digest(text):
        found = f"{path} is not the text of {source}: its fingerprint is {digest(text)}"
        raise UsageError(f"{found}; name the text that was coded")
    dossier, day = read_dossier(root)[0], day_of(root, source)
    dated = dt.date.fromisoformat(day) if day else None
    anchor = find_quote(text, quote).anchor
    return read_quotation(text, anchor, lexicons_of(dossier), events=events_of(dossier), published_on=dated)


def _knows_kind(read: Proposal) -> bool:
    """Return whether a kind can be proposed: everything that is nothing else is a fact, so a fact needs what makes it a claim."""
    return bool(read.cues) and (read.kind != "fact" or read.score >= MIN_SCORE)


def _what_was_read(read: Proposal) -> tuple[str, ...]:
    place = f"found in paragraph {read.anchor.paragraph}, {read.anchor.start}-{read.anchor.end}"
    if not _knows_kind(read):
        return (f"{place}; nothing in its sentence makes it a claim, so its kind is left open",)
    says = f"; says: {read.attribution.speaker}" if read.attribution.speaker else ""
    words = f"; wording: {read.wording or read.caution}" if read.wording or read.caution else ""
    bears = f"; may bear on {', '.join(read.events)}" if read.events else ""
    return (f"{place}; looks like {'an' if read.kind == 'effect' else 'a'} {read.kind}{words}{says}{bears}",)
