"""Codings: an article coded by somebody apart from the dossier's own claims, so that the two can be compared.

``docs/codebook.md`` says how a sentence becomes a record. A coding has what a claim has, but for what the dossier adds; it
has a kind more, *background*, so that a clause which one coder passed over and another took for a claim is a disagreement
that can be counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from forecasting.dossier.claim_kinds import CLAIM_KINDS, RAISES, KindName
from forecasting.dossier.claims import Anchor, Claim, SeenIf
from forecasting.dossier.fields import Credibility, Grade, Id, Reads, Record, Reliability, Text
from forecasting.dossier.messages import failures_of
from forecasting.dossier.parse import Parsed, ParseError, parse_csv, parse_yaml
from forecasting.errors import CheckResult, DossierError, Where

Why = Literal[
    "definition", "history", "contract", "counted", "unknown", "hypothetical", "feeling", "present only", "comment", "no target"
]  # fmt: skip
TARGETS = "codings/targets.csv"
_GRADED = ("reliability", "credibility", "origin")
_NEEDS: dict[str, tuple[str, ...]] = {
    "judgement": ("wording", "lexicon", "target", "direction", "horizon", *_GRADED),
    "fact": ("target", *_GRADED),
    "effect": ("target", *_GRADED),
    "driver": ("target", "direction", "grade", *_GRADED),
    "quantity": ("value", "unit", "reliability", "credibility", "origin"),
    "background": ("why",),
}


def _many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class CodedHorizon(Record):
    """The term of a judgement: stated by the text, argued by it, or neither (then without years)."""

    stated: bool
    years: Annotated[float, Field(gt=0, le=100)] | None = None
    why: str = ""


class CodedClaim(Record):
    """One clause of an article as one coder reads it; ``target`` lists ids of events, effects, drivers or balances.

    ``nearest`` is the entry of the lexicon that says the same as ``wording``; without it the lexicon has the wording itself.
    """

    id: Id
    source: Id
    anchor: Anchor
    paraphrase: Text
    speaker: Text
    kind: Literal[KindName, "background"]
    why: Why | None = None
    wording: Text | None = None
    nearest: Text | None = None
    lexicon: Id | None = None
    reads: Reads | None = None
    target: Annotated[tuple[Id, ...], BeforeValidator(_many)] = ()
    given: dict[Id, bool] = Field(default={})
    direction: Literal["occurs", "does-not-occur", "raises", "lowers"] | None = None
    horizon: CodedHorizon | None = None
    grade: Grade | None = None
    seen_if: SeenIf | None = None
    value: float | None = None
    unit: str | None = None
    reliability: Reliability | None = None
    credibility: Credibility | None = None
    origin: Id | None = None
    note: str = ""

    @model_validator(mode="after")
    def _complete(self) -> CodedClaim:
        missing = [name for name in _NEEDS[self.kind] if getattr(self, name) in (None, ())]
        if missing:
            raise ValueError(f"is a {self.kind} without {', '.join(missing)}; write them, or code the clause as background")
        if self.kind == "fact" and (self.grade is None) == (self.seen_if is None):
            raise ValueError("is a fact and needs one of seen_if and grade; write seen_if: {comes: …, stays_away: …}")
        if self.grade and self.direction is None:
            raise ValueError("has a grade without direction; write direction: raises or lowers")
        allowed = CLAIM_KINDS[self.kind].directions if self.kind in CLAIM_KINDS else RAISES
        if self.direction is not None and self.direction not in allowed:
            raise ValueError(f"has direction {self.direction!r}; of a {self.kind} write {' or '.join(allowed)}")
        return self


@dataclass(frozen=True)
class Coding:
    """What one coder made of some articles, in the order of the files, and where each record stands."""

    name: str
    claims: tuple[CodedClaim, ...]
    places: dict[str, Where]


@dataclass(frozen=True)
class ListedTarget:
    """One thing that coders may name; ``read_as`` is the driver that stands for it as long as it has no record of its own."""

    group: str
    title: str
    read_as: str


def read_targets(root: Path, called: str | None = None) -> dict[str, ListedTarget]:
    """Return the targets that coders of a dossier were given, by id; none if the dossier has no list.

    Raises
    ------
    ParseError
        If the list cannot be read.
    """
    path = root / TARGETS
    rows = parse_csv(path, called or str(path)).value if path.is_file() else ()
    return {row.get("id", ""): ListedTarget(row.get("group", ""), row.get("title", ""), row.get("read_as", "")) for row in rows}


def read_as(root: Path) -> dict[str, str]:
    """Return the targets without a record of their own, each with the driver that stands for it.

    Raises
    ------
    DossierError
        If the list of targets cannot be read.
    """
    try:
        return {name: listed.read_as for name, listed in read_targets(root).items() if listed.read_as}
    except ParseError as error:
        raise DossierError((error.result,)) from None


def coded(claim: Claim) -> CodedClaim:
    """Return a claim of the dossier as a coding; one that moves nothing by its own word is background, unless it has a number."""
    target = claim.target
    names = (*(target.event or ()), *(target.effect or ()), *((target.driver,) if target.driver else ()))
    shared = {"id", "source", "paraphrase", "speaker", "note", "wording", "lexicon", "reliability", "credibility", "origin"}
    fields = claim.model_dump(include=shared) | {"anchor": claim.anchor}
    if claim.moves_nothing:
        if claim.kind == "quantity" and claim.value is not None and claim.unit:
            return CodedClaim(**fields, kind="quantity", value=claim.value, unit=claim.unit)
        return CodedClaim(**fields, kind="background", why="no target")
    term = claim.horizon
    years = term.years if term and "years" in term.model_fields_set else None
    horizon = CodedHorizon(stated=term.stated, years=years, why=term.why) if term else None
    return CodedClaim(
        **fields, kind=claim.kind, reads=claim.reads, target=names, given=target.given, direction=claim.direction,
        horizon=horizon, grade=claim.grade, seen_if=claim.seen_if, value=claim.value, unit=claim.unit,
    )  # fmt: skip


def read_coding(path: Path, called: str | None = None) -> tuple[Coding, tuple[CheckResult, ...]]:
    """Read one coder's file, or all YAML files of a folder; records may be codings or claims of a dossier.

    Parameters
    ----------
    path : Path
        A YAML file, or a folder of them (``priors/claims``, ``priors/codings/coder-1``).
    called : str, optional
        The name of ``path`` in messages; by default the path itself.

    Returns
    -------
    coding : Coding
        What could be read.
    failures : tuple of CheckResult
        What could not, with file and line; also a path at which there is nothing to read.
    """
    name = called or str(path)
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        nothing = CheckResult("coding-form", Where(name), "no .yaml file in it", "name a coder's folder or file")
        return Coding(name, (), {}), (nothing,)
    claims: dict[str, CodedClaim] = {}
    places: dict[str, Where] = {}
    failures: list[CheckResult] = []
    for file in files:
        for found in _records(file, f"{name}/{file.name}" if path.is_dir() else name):
            if isinstance(found, CheckResult):
                failures.append(found)
            elif found[0].id in claims:
                first = f"coding '{found[0].id}' again (first at {places[found[0].id]})"
                failures.append(CheckResult("coding-unique", found[1], first, "give each its own id"))
            else:
                claims[found[0].id], places[found[0].id] = found
    return Coding(name, tuple(claims.values()), places), tuple(failures)


def _records(file: Path, name: str) -> Iterator[tuple[CodedClaim, Where] | CheckResult]:
    """Yield the records of one file with their places, or why they cannot be read."""
    try:
        parsed = parse_yaml(file, name)
    except ParseError as error:
        yield error.result
        return
    if not isinstance(parsed.value, tuple):
        yield CheckResult("coding-form", Where(name), "not a list", "write '- id: …' for each clause")
        return
    for position, value in enumerate(parsed.value):
        yield from _record(parsed, position, value)


def _record(parsed: Parsed, position: int, value: Any) -> Iterator[tuple[CodedClaim, Where] | CheckResult]:
    where = parsed.where(position)
    if not isinstance(value, dict):
        yield CheckResult("coding-form", where, f"{value!r} instead of a record", "write the fields of a coding")
        return
    kind, model = ("claim", Claim) if "made_on" in value else ("coding", CodedClaim)  # a coding is not dated: its article is
    try:
        record = model.model_validate(value)
        yield (coded(record) if isinstance(record, Claim) else record), where
    except ValidationError as error:
        yield from failures_of(kind, model, parsed, (position,), error, value)
