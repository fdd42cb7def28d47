"""``forecast suggest``: show what may be claims in an article, write them as records, or take some into the dossier."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.cli.terminal import HERE_PRIORS, Priors, err, out, plain_errors, progress_bars

if TYPE_CHECKING:
    from forecasting.coding.suggest import Proposal


def suggest(
    text: Annotated[Path, typer.Argument(help="The article: .txt, .html, .pdf, .docx or .eml.")],
    source: Annotated[str | None, typer.Option(help="Id of the source; its coded claims are left out.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Show only the best so many.")] = None,
    output: Annotated[Path | None, typer.Option("--out", help="File for the records.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_yaml: Annotated[bool, typer.Option("--yaml", help="Write the records on the terminal too.")] = False,
    accept: Annotated[str | None, typer.Option(help="Take as claims: places such as 9.2,5.1, or all.")] = None,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Read an article and propose claims: hedged sentences, news, attributions, amounts, dates, each with an anchor.

    The sentences are shown on the terminal alone; the records hold their offsets, and go to --out, to a pipe or file, or with
    --yaml to the terminal.

    Example: forecast suggest article.txt --source gazette-2024-05
    Example: forecast suggest article.txt --source gazette-2024-05 --accept 2.1,9.2
    """
    from forecasting.coding.proposals import propose, records_of
    from forecasting.coding.write import write_file

    with plain_errors():
        with progress_bars() as bars:
            proposed = propose(text, priors, source, limit, lambda share: bars(text.name, "reading sentences", share))
        if accept:
            _accept(text, priors, source, limit, accept)
            return
        for proposal in proposed.proposals:
            _show(proposal)
        for remark in proposed.remarks:
            err.print(remark, markup=False)
        if not proposed.proposals:
            return
        records = records_of(proposed)
        if output:
            write_file(output, records, force=force)
            out.print(f"wrote {output}; keep what is a claim, fill in its empty fields, delete the others", markup=False)
        elif as_yaml or not out.is_terminal:
            out.print(records, markup=False, end="")
        else:
            first = proposed.proposals[0].place
            out.print(f"take some as claims: --accept {first}; the records of all: --out FILE, or --yaml", markup=False)


def _accept(text: Path, priors: Path, source: str | None, limit: int | None, places: str) -> None:
    """Write accepted proposals into the claims of their source, and name what is still to be filled in."""
    from forecasting.coding.proposals import accepted_records, chosen, propose
    from forecasting.coding.scaffold import begin_claims
    from forecasting.errors import UsageError, gather_empty

    if not source:
        raise UsageError("--accept writes the claims of a source; name it with --source")
    proposed = propose(text, priors, source, limit)
    kept = chosen(proposed, places)
    for proposal in kept:
        _show(proposal)
    for remark in proposed.remarks:
        err.print(remark, markup=False)
    begun = begin_claims(priors, source, lambda: accepted_records(propose(text, priors, source, limit), kept))
    out.print(f"{begun.path}:{begun.line}  {len(kept)} claims begun, from {proposed.ids[0]} on", markup=False)
    for result in gather_empty(begun.open):
        out.print(f"  {result.found}", markup=False)
    out.print("fill these in (docs/codebook.md), then: forecast check", markup=False)


def _show(proposal: Proposal) -> None:
    """Show a proposal with its sentence on standard error; control characters are shown as escapes."""
    from forecasting.dossier.parse import INVISIBLE

    sentence = proposal.sentence
    says = f"; says: {proposal.attribution.speaker}" if proposal.attribution.speaker else ""
    wording = f"; wording: {proposal.wording or proposal.caution}" if proposal.wording or proposal.caution else ""
    head = f"[{proposal.place}] score {proposal.score}, {sentence.start}-{sentence.end}, {proposal.kind}?"
    bears = f"; may bear on {', '.join(proposal.events)}" if proposal.events else ""
    for line in (f"{head} {', '.join(proposal.families)}{wording}{says}{bears}", f"  {' '.join(sentence.text.split())}"):
        err.print(INVISIBLE.sub(lambda match: f"\\u{ord(match.group()):04x}", line), markup=False)
