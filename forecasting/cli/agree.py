"""``forecast agree``: how far two coders of the same articles agree, and where they do not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from forecasting.cli.terminal import HERE_PRIORS, Priors, out, plain_errors
from forecasting.errors import DossierError

if TYPE_CHECKING:
    from forecasting.coding.agreement import Agreement, Disagreement
    from forecasting.dossier.codings import CodedClaim, Coding

RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff's customary bounds


def agree(
    a: Annotated[Path, typer.Argument(metavar="A", help="A coder's file or folder of codings or claims.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The other coder's.")],
    seed: Annotated[int, typer.Option("--seed", help="Seed of the bootstrap.")] = 0,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Compare two coders: Krippendorff's alpha per field with its interval, and every disagreement.

    Records are paired by the overlap of their anchors. Lexicons and grades of --priors read the words.

    Example: forecast agree priors/codings/coder-1 priors/codings/coder-2
    """
    from forecasting.coding.agreement import agreement
    from forecasting.dossier.codings import read_coding
    from forecasting.dossier.load import read_dossier

    with plain_errors():
        dossier, failures = read_dossier(priors)
        codings: list[Coding] = []
        for path in (a, b):
            coding, broken = read_coding(path)
            codings.append(coding)
            failures += broken
        if failures:
            raise DossierError(failures)
        found = agreement(codings[0], codings[1], dossier, random_seed=seed)
    for line in summary(found):
        out.print(line, markup=False)
    out.print(alpha_table(found))
    for item in found.disagreements:
        for line in disagreement_lines(found, item):
            out.print(line, markup=False)


def summary(found: Agreement) -> list[str]:
    """Return what each coder found and how much of it both have."""
    lines = []
    for name, coding in (("A", found.a), ("B", found.b)):
        claims = sum(claim.kind != "background" for claim in coding.claims)
        lines.append(f"{name}  {coding.name}: {len(coding.claims)} records, {claims} of them claims")
    both = f"both have {found.n_pairs} clauses; in {found.n_claims} of them both see a claim"
    alone_a, alone_b = (sum(getattr(item, side) is None for item in found.disagreements) for side in ("b", "a"))
    return [*lines, f"{both}; {alone_a} records are A's alone, {alone_b} are B's alone"]


def alpha_table(found: Agreement) -> Table:
    """Return alpha per field as a table for a terminal."""
    table = Table(title="Krippendorff's alpha (90 % bootstrap interval over paragraphs)", title_justify="left")
    for name, right in (("field", False), ("pairs", True), ("same", True), ("alpha", True), ("90 %", True), ("", False)):
        table.add_column(name, justify="right" if right else "left")
    for field in found.fields:
        value = "–" if field.alpha is None else f"{field.alpha:.2f}"
        span = "–" if field.interval is None else f"{field.interval[0]:.2f} to {field.interval[1]:.2f}"
        table.add_row(field.field, str(field.n), str(field.same), value, span, read_alpha(field.alpha))
    return table


def read_alpha(alpha: float | None) -> str:
    """Return what an alpha allows, by Krippendorff's customary bounds.

    Examples
    --------
    >>> read_alpha(0.7)
    'for tentative conclusions'
    """
    if alpha is None:
        return "not defined: fewer than two values"
    return "reliable" if alpha >= RELIABLE else "for tentative conclusions" if alpha >= TENTATIVE else "not reliable"


def disagreement_lines(found: Agreement, item: Disagreement) -> list[str]:
    """Return one disagreement in words: where, which fields, and what either side took the clause to say."""
    fields = [f"  {name}: A {a}; B {b}" for name, (a, b) in item.fields.items()]
    sides = [
        f"  {name} {coding.places[claim.id]} {claim.id} ({claim.kind}): {claim.paraphrase}"
        for name, coding, claim in (("A", found.a, item.a), ("B", found.b, item.b))
        if claim is not None
    ]
    return [_head(item.a, item.b), *fields, *sides]


def _head(a: CodedClaim | None, b: CodedClaim | None) -> str:
    claim = a or b
    assert claim is not None  # a disagreement has at least one side
    alone = "" if a and b else ", A alone" if a else ", B alone"
    return f"{claim.source}, paragraph {claim.anchor.paragraph}, {claim.anchor.start}–{claim.anchor.end}{alone}"
