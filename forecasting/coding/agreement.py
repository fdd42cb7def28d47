"""How far two coders agree, field by field, and where they do not."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from forecasting.coding.alignment import align
from forecasting.coding.comparable import STRENGTHS, Comparable
from forecasting.coding.reliability import Level, alpha, alpha_interval
from forecasting.dossier.codings import CodedClaim, Coding
from forecasting.dossier.edition import Dossier

SAME_HEDGE = 0.1  # medians that lie no farther apart count as the same hedge
type Value = Callable[[CodedClaim, Comparable], Hashable | None]
type Pair = tuple[CodedClaim, CodedClaim]


@dataclass(frozen=True)
class Field:
    """One thing that coders are compared on.

    Parameters
    ----------
    name : str
        What it is called.
    level : {"nominal", "ordinal", "interval", "sets"}
        Level of measurement, which says how far two values are apart.
    value : callable
        The value in one record; ``None`` if it has none.
    among : {"all", "claims", "shared target"}
        Which pairs are asked: all, those in which neither record is background, or those of them with a target in common
        as read (on different targets a direction or a hedge cannot differ, they are about different things).
    order : tuple
        The values of an ordinal scale, rising.
    """

    name: str
    level: Level
    value: Value
    among: str
    order: tuple[Hashable, ...] = ()


_BOTH = "shared target"
FIELDS = (
    Field("kind", "nominal", lambda claim, _: claim.kind, "all"),
    Field("target", "sets", lambda claim, _: frozenset(claim.target), "claims"),
    Field("target as read", "sets", lambda claim, read: read.targets(claim), "claims"),
    Field("given", "sets", lambda claim, _: frozenset(f"{key}={value}" for key, value in claim.given.items()), _BOTH),
    Field("direction", "nominal", lambda claim, read: read.side(claim), _BOTH),
    Field("hedge", "interval", lambda claim, read: read.hedge(claim), _BOTH),
    Field("reads", "nominal", lambda claim, read: read.reads(claim), _BOTH),
    Field("grade", "ordinal", lambda claim, read: read.strength(claim), _BOTH, STRENGTHS),
    Field("reliability", "ordinal", lambda claim, _: claim.reliability, "claims", tuple("ABCDE")),
    Field("credibility", "ordinal", lambda claim, _: claim.credibility, "claims", (1, 2, 3, 4, 5)),
)  # fmt: skip


@dataclass(frozen=True)
class FieldAgreement:
    """Agreement on one field.

    Parameters
    ----------
    field : str
        Its name.
    n : int
        Pairs in which both coders gave a value.
    same : int
        Those with the same value; of hedges, with medians at most 0.10 apart.
    alpha : float or None
        Krippendorff's alpha; None if fewer than two values occur.
    interval : tuple of float or None
        Its 90 % bootstrap interval over paragraphs; None if it is not defined.
    """

    field: str
    n: int
    same: int
    alpha: float | None
    interval: tuple[float, float] | None


@dataclass(frozen=True)
class Disagreement:
    """Two records of one clause that differ, with the value of each side in every field that does.

    ``b`` is None where the second coder has no record of the clause, ``a`` where the first has none; ``fields`` is then empty.
    """

    a: CodedClaim | None
    b: CodedClaim | None
    fields: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Agreement:
    """What two coders found, how far they agree, and where they do not.

    Parameters
    ----------
    a, b : Coding
        The two codings.
    n_pairs : int
        Records in pairs; of these ``n_claims`` in which neither side is background.
    n_claims : int
        See ``n_pairs``.
    fields : tuple of FieldAgreement
        One per entry of `FIELDS`.
    disagreements : tuple of Disagreement
        In the order of the text, then what only one coder has.
    """

    a: Coding
    b: Coding
    n_pairs: int
    n_claims: int
    fields: tuple[FieldAgreement, ...]
    disagreements: tuple[Disagreement, ...]


def agreement(
    a: Coding, b: Coding, dossier: Dossier, *, random_seed: int, read_as: Mapping[str, str] | None = None, n_resamples: int = 1000
) -> Agreement:
    """Compare two coders.

    Parameters
    ----------
    a, b : Coding
        The two codings; only sources that both have coded are compared.
    dossier : Dossier
        Its lexicons and grades read the words.
    random_seed : int
        Seed of the bootstrap.
    read_as : mapping, optional
        Targets without a record of their own, and the driver that stands for each; *target as read* compares these.
    n_resamples : int
        Resamples of the bootstrap.

    Returns
    -------
    Agreement
        How to read it: kind and target decide whether two dossiers would look alike; the rest is compared where they do.

    References
    ----------
    Krippendorff, K. (2019), *Content Analysis*, 4th edition, chapter 12.
    """
    shared = {claim.source for claim in a.claims} & {claim.source for claim in b.claims}
    found = align([x for x in a.claims if x.source in shared], [y for y in b.claims if y.source in shared])
    read = Comparable(dossier, read_as or {})
    fields = tuple(_agreed(field, found.pairs, read, random_seed, n_resamples) for field in FIELDS)
    differ = [Disagreement(x, y, values) for x, y in found.pairs if (values := _differences((x, y), read))]
    alone = [*(Disagreement(x, None, {}) for x in found.only_a), *(Disagreement(None, y, {}) for y in found.only_b)]
    claims = sum(_asked(pair, "claims", read) for pair in found.pairs)
    return Agreement(a, b, len(found.pairs), claims, fields, (*differ, *alone))


def _asked(pair: Pair, among: str, read: Comparable) -> bool:
    if among == "all":
        return True
    a, b = pair
    both = "background" not in (a.kind, b.kind)
    return both if among == "claims" else both and not read.targets(a).isdisjoint(read.targets(b))


def _values(field: Field, pair: Pair, read: Comparable) -> tuple[Hashable, Hashable] | None:
    """Return what both coders say, or None if the pair is not asked or one of them says nothing."""
    if not _asked(pair, field.among, read):
        return None
    a, b = (field.value(claim, read) for claim in pair)
    unranked = field.level == "ordinal" and not {a, b} <= set(field.order)  # "cannot be judged" is no step of a scale
    return None if a is None or b is None or unranked else (a, b)


def _agreed(field: Field, pairs: Sequence[Pair], read: Comparable, random_seed: int, n_resamples: int) -> FieldAgreement:
    said = [(values, pair[0]) for pair in pairs if (values := _values(field, pair, read))]
    units = [values for values, _ in said]
    paragraphs = [(claim.source, claim.anchor.paragraph) for _, claim in said]
    interval = alpha_interval(
        units, field.level, field.order, clusters=paragraphs, random_seed=random_seed, n_resamples=n_resamples
    )  # fmt: skip
    return FieldAgreement(
        field.name, len(units), sum(_same(field, *unit) for unit in units), alpha(units, field.level, field.order), interval
    )  # fmt: skip


def _same(field: Field, a: Hashable, b: Hashable) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return abs(a - b) <= SAME_HEDGE + 1e-9
    return a == b


def _differences(pair: Pair, read: Comparable) -> dict[str, tuple[str, str]]:
    found = {}
    for field in FIELDS:
        values = _values(field, pair, read)
        if values and not _same(field, *values):
            found[field.name] = (_shown(values[0]), _shown(values[1]))
    return found


def _shown(value: Hashable) -> str:
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
