"""What one asks a dossier for: what it lacks, where a record stands, entries of lexicons, rows and relatives of classes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import MappingProxyType

import pytest
from broken_dossiers import line_of
from pydantic import ValidationError
from tables import with_table
from toy import EDITION, toy_dossier, toy_edition

from forecasting.dossier.defaults import Inherited
from forecasting.dossier.edition import Edition
from forecasting.dossier.unread import Unread
from forecasting.errors import UsageError, Where
from forecasting.rules.check import check_dossier
from forecasting.standards.tables import DEFAULT

CLAIMS, CLASSES = "claims/norland-times.yaml", "reference_classes.csv"


@pytest.mark.parametrize(
    ("kind", "name", "lacks"),
    [
        ("event", "pact-signed", False),
        ("event", "pact-broken", True),
        ("claim", "pact-signed", True),
        ("lexicon", "plain", False),
        ("lexicon", "ornate", True),
        ("wording", ("plain", "likely"), False),
        ("wording", ("plain", "certain"), True),
        ("wording", ("ornate", "likely"), True),
        ("wording", ("likely", "plain"), True),
    ],
)
def test_a_record_is_lacking_where_there_is_none_under_its_id(kind: str, name: object, lacks: bool) -> None:
    assert toy_dossier().lacks(kind, name) is lacks


def test_a_record_that_could_not_be_read_is_not_lacking() -> None:
    named = frozenset({("event", "pact-broken"), ("wording", ("plain", "certain")), ("event", "pact-signed")})
    unread = replace(toy_dossier(), unread=Unread(named, frozenset({"driver"})))
    there = [("event", "pact-broken"), ("event", "pact-signed"), ("wording", ("plain", "certain")), ("driver", "wind")]
    assert not any(unread.lacks(kind, name) for kind, name in there)
    assert unread.lacks("event", "toll-broken")
    assert unread.lacks("wording", ("plain", "perhaps"))
    with pytest.raises(UsageError, match="no kind of record 'evnt'; did you mean 'event'"):
        unread.lacks("evnt", "pact-signed")


def test_where_a_record_or_a_field_of_it_stands() -> None:
    dossier = toy_dossier()
    record = line_of(dossier.root / CLAIMS, "id: n-002")
    field = line_of(dossier.root / CLAIMS, "id: n-002", "credibility:")
    assert [dossier.where("claim", "n-002").line, dossier.where("claim", "n-002", "credibility").line] == [record, field]
    row = dossier.where("reference_class", "tolls-raised")
    assert (row.file, row.line) == (f"priors/{CLASSES}", line_of(dossier.root / CLASSES, "tolls-raised,"))
    with pytest.raises(UsageError, match="no 'claim' 'n-999'; write for example where"):
        dossier.where("claim", "n-999")


def test_an_inherited_field_stands_where_its_default_does() -> None:
    plain = toy_dossier()
    default = Inherited("source norland-times", Where("priors/sources/norland-times.yaml", 7))
    dossier = replace(plain, inherited=MappingProxyType({"n-002": MappingProxyType({"credibility": default})}))
    assert dossier.where("claim", "n-002", "credibility") == default.where
    assert dossier.where("claim", "n-002") == plain.where("claim", "n-002")
    assert dossier.where("claim", "n-002", "reliability") == plain.where("claim", "n-002", "reliability")
    assert dossier.where("claim", "n-001", "credibility") == plain.where("claim", "n-001", "credibility")


def test_a_row_that_is_tried_stands_where_the_last_row_of_its_class_does() -> None:
    dossier = toy_dossier()
    row = dossier.reference_classes["tolls-raised"]
    line = line_of(dossier.root / CLASSES, "tolls-raised,")
    tried = row.model_copy(update={"counted_until": dt.date(2023, 1, 1)})
    assert [dossier.where_counted(one).line for one in (row, tried)] == [line, line]


def test_the_entry_of_a_lexicon_is_none_where_lexicon_or_wording_is_not_there() -> None:
    dossier = toy_dossier()
    assert dossier.wording("plain", "likely").p50 == 0.75
    assert dossier.wording("plain", "unlikely").p50 == 0.20
    for lexicon, wording in (("plain", "certain"), ("plain", None), ("ornate", "likely"), (None, "likely"), (None, None)):
        assert dossier.wording(lexicon, wording) is None


def test_relatives_of_a_class_are_those_from_which_it_borrows_in_their_order() -> None:
    classes = toy_dossier().reference_classes
    borrows = classes["pacts-signed"].model_copy(update={"borrows": ("tolls-raised", "deadlines-kept")})
    dossier = with_table(toy_dossier(), "reference_classes", borrows)
    assert dossier.relatives("pacts-signed") == (classes["tolls-raised"], classes["deadlines-kept"])
    assert dossier.relatives("tolls-raised") == ()
    with pytest.raises(UsageError, match="no reference class 'pact-signed'; did you mean 'pacts-signed'"):
        dossier.relatives("pact-signed")


def test_every_class_of_the_toy_has_one_dated_row() -> None:
    assert list(toy_dossier().class_rows()) == list(toy_dossier().reference_classes.values())


def test_a_notebook_shows_a_dossier_and_an_edition_as_tables() -> None:
    shown = toy_dossier()._repr_html_()
    assert EDITION in shown
    assert "<table" in shown
    questions = toy_edition()._repr_html_()
    assert all(question.title in questions for question in toy_edition().asked)


STATED = {
    "id": "2024-07-ferry", "title": "The ferry", "as_of": dt.date(2024, 7, 1), "as_of_how": "the day of the article",
    "sources": ("norland-times",), "questions": ("pact-by-2025",), "seed": 1,
}  # fmt: skip


def test_an_edition_that_says_nothing_of_its_size_has_the_defaults_of_the_format() -> None:
    """`priors/README.md`: the defaults of draws, chains and paths_per_draw are 3000, 4 and 64."""
    edition = Edition.model_validate(STATED)
    assert (edition.draws, edition.chains, edition.paths_per_draw) == (3000, 4, 64)


@pytest.mark.parametrize(
    ("field", "low", "high"), [("draws", 100, 20_000), ("chains", 2, 16), ("paths_per_draw", 2, 1024), ("seed", 0, 2**32 - 1)]
)
def test_the_size_of_an_edition_has_limits(field: str, low: int, high: int) -> None:
    for value in (low, high):
        assert getattr(Edition.model_validate(STATED | {field: value}), field) == value
    for value in (low - 1, high + 1):
        with pytest.raises(ValidationError, match=field):
            Edition.model_validate(STATED | {field: value})


def test_a_written_edition_leaves_out_what_it_does_not_say_and_keeps_what_it_does() -> None:
    """A digest of an edition of before stays what it was when the format learns a field."""
    said = {
        "previous": "2024-01-ferry", "reconstructed": "Coded afterwards.", "learned": "panel-2025",
        "key_questions": ("pact-by-2025",),
    }  # fmt: skip
    standard = "phia"
    bare = Edition.model_validate(STATED).model_dump()
    assert not bare.keys() & {*said, "standard"}
    full = Edition.model_validate(STATED | said | {"standard": standard}).model_dump()
    assert {name: full[name] for name in (*said, "standard")} == said | {"standard": standard}
    assert "standard" not in Edition.model_validate(STATED | {"standard": DEFAULT}).model_dump()


def test_six_key_questions_are_one_too_many() -> None:
    names = toy_edition().edition.questions
    assert len(names) >= 6
    for n, refused in ((5, False), (6, True)):
        record = toy_dossier().editions[EDITION].model_copy(update={"key_questions": names[:n]})
        found = [one.found for one in check_dossier(with_table(toy_dossier(), "editions", record))]
        assert (f"edition {EDITION}: 6 key questions" in found) is refused
