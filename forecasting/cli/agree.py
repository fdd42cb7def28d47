"""``forecast agree``: how far two coders of the same articles agree, and where they do not."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from forecasting.cli.terminal import HERE_PRIORS, Priors, out, plain_errors, progress_bars
from forecasting.errors import DossierError

if TYPE_CHECKING:
    from forecasting.coding.agreement import Agreement, Disagreement
    from forecasting.dossier.codings import CodedClaim, Coding
    from forecasting.dossier.edition import Dossier
    from forecasting.forecasts import Forecast

RELIABLE, TENTATIVE = 0.8, 0.667  # Krippendorff's customary bounds


def agree(
    a: Annotated[Path, typer.Argument(metavar="A", help="A coder's file or folder of codings or claims.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The other coder's.")],
    answers: Annotated[
        str | None, typer.Option("--answers", metavar="EDITION", help="Also fit it with each coder's claims.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the bootstrap.")] = 0,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Compare two coders: Krippendorff's alpha per field with its interval, and every disagreement.

    Records are paired by the overlap of their anchors. Lexicons and grades of --priors read the words. With --answers an
    edition is fitted as it is, with A's claims, and with B's, everything else being equal; nothing is written.

    Example: forecast agree priors/codings/coder-1 priors/codings/coder-2
    """
    from forecasting.coding.agreement import agreement
    from forecasting.dossier.codings import read_as, read_coding
    from forecasting.dossier.load import read_dossier

    with plain_errors():
        dossier, failures = read_dossier(priors)
        balances = read_as(priors)
        codings: list[Coding] = []
        for path in (a, b):
            coding, broken = read_coding(path)
            codings.append(coding)
            failures += broken
        if failures:
            raise DossierError(failures)
        found = agreement(codings[0], codings[1], dossier, random_seed=seed, read_as=balances)
    for line in summary(found):
        out.print(line, markup=False)
    out.print(alpha_table(found))
    for item in found.disagreements:
        for line in disagreement_lines(found, item):
            out.print(line, markup=False)
    if answers:
        with plain_errors():
            fitted, notes = fitted_answers(dossier, codings, answers, balances)
        out.print(answers_table(answers, fitted))
        for line in notes:
            out.print(line, markup=False)


def fitted_answers(
    dossier: Dossier, codings: list[Coding], edition: str, read_as: Mapping[str, str]
) -> tuple[list[tuple[Forecast, ...]], list[str]]:
    """Return the forecasts of an edition as it is and with each coder's claims, and what of the coders' could not be read."""
    from forecasting.coding.recoded import recoded
    from forecasting.fitting.fit import fit

    selected = dossier.edition(edition)
    fitted: list[tuple[Forecast, ...]] = []
    notes: list[str] = []
    with progress_bars() as progress:
        for name, made in (("as it is", None), *zip("AB", codings, strict=True)):
            changed = recoded(selected, made, read_as) if made else None
            got = fit(changed.edition if changed else selected, progress=partial(progress, name))
            fitted.append(got.all_forecasts())
            notes.append(f"{name}: {got.gate.mark.words}")
            if changed:
                used = f"{notes.pop()}; {len(changed.edition.claims)} claims read, {len(changed.left_out)} not"
                notes.append("; ".join((used, *(f"{claim}: {why}" for claim, why in changed.left_out))))
    return fitted, notes


def answers_table(edition: str, fitted: list[tuple[Forecast, ...]]) -> Table:
    """Return the answers of an edition in percent: as it is, and with the claims of either coder."""
    from forecasting.report.formatting import number

    table = Table(title=f"{edition}: p (90 % interval) as it is, with A's claims, with B's", title_justify="left")
    for name in ("question", "outcome"):
        table.add_column(name, overflow="fold")
    blocked = ["" if forecasts[0].gate.passed else " BLOCKED" for forecasts in fitted]
    for name, state in zip(("base", "as it is", "A", "B"), ("", *blocked), strict=True):
        table.add_column(name + state, justify="right", no_wrap=True)
    for forecasts in zip(*fitted, strict=True):
        for outcomes in zip(*(forecast.outcomes for forecast in forecasts), strict=True):
            outcome = "" if forecasts[0].kind == "yes/no" else outcomes[0].id
            shown = (f"{number(o.p)} ({number(o.low)}-{number(o.high)})" for o in outcomes)
            table.add_row(forecasts[0].question, outcome, number(outcomes[0].base_p), *shown)
    return table


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
    'tentatively reliable'
    """
    if alpha is None:
        return "fewer than two values"
    return "reliable" if alpha >= RELIABLE else "tentatively reliable" if alpha >= TENTATIVE else "not reliable"


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
