"""The commands that begin a record or take one out: ``forecast new`` and ``forecast remove``."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.cli.terminal import HERE_PRIORS, Priors, out, plain_errors

if TYPE_CHECKING:
    from forecasting.coding.scaffold import Begun
    from forecasting.coding.wordings import Placed

PROPOSED = 3  # classes of the library that are shown for a new event
new = typer.Typer(no_args_is_help=True, help="Begin a record: every field it needs, with what belongs there.")
Id = Annotated[str, typer.Option("--id", help="Id of the record: lower-case letters, digits and hyphens.")]
Theme = Annotated[str, typer.Option("--theme", help="File it goes into, without .yaml; a new one is begun.")]
OwnFile = Annotated[str | None, typer.Option("--theme", help="A file of its own beside the common one, without suffix.")]
Article = Annotated[Path | None, typer.Option("--text", help="The article: .txt, .html, .pdf, .docx or .eml.")]
Plain = Annotated[Path | None, typer.Option("--plain", help="Also write the article here as plain text, as anchors count on it.")]


class Form(StrEnum):
    """The forms of a question."""

    asks = "asks"
    stages = "stages"
    first_of = "first_of"
    scenarios = "scenarios"


class Acts(StrEnum):
    """What an effect does to its target."""

    multiplies = "multiplies"
    enables = "enables"
    blocks = "blocks"
    leads_to = "leads_to"
    implies = "implies"


class Bound(StrEnum):
    """How a wording bounds the probability of what it is said of."""

    level = "level"
    at_least = "at_least"
    at_most = "at_most"


class What(StrEnum):
    """What a row of history says of an event."""

    occurred = "occurred"
    survived = "survived"
    signal = "signal"


def remove(
    ident: Annotated[str, typer.Argument(metavar="ID", help="Id of the record, or with --lexicon a wording.")],
    yes: Annotated[bool, typer.Option("--yes", help="Remove it; without this nothing is written.")] = False,
    lexicon: Annotated[str | None, typer.Option(help="Lexicon of your own, of a wording that you placed.")] = None,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Say what hangs on a record; with --yes remove it, if every rule holds without it.

    Example: forecast remove c-017
    Example: forecast remove "very unlikely" --lexicon my-hedges
    """
    from forecasting.coding.remove import plan_removal, plan_wording_removal
    from forecasting.coding.remove import remove as remove_record

    with plain_errors():
        removal = plan_wording_removal(priors, lexicon, ident) if lexicon else plan_removal(priors, ident)
        again = f'"{removal.id}" --lexicon {lexicon}' if lexicon else ident
        state = ", unfinished" if removal.unfinished else ""
        out.print(f"{removal.kind.replace('_', ' ')} {ident} ({removal.where}{state})", markup=False)
        for hanging in removal.hanging:
            out.print(f"  named by {hanging}", markup=False)
        if not removal.hanging:
            out.print("  nothing names it")
        if yes:
            remove_record(priors, removal)
            out.print("removed; no rule fails for want of it", markup=False)
        else:
            out.print(f"nothing is written; to remove it: forecast remove {again} --yes", markup=False)


def _report(begun: Begun) -> None:
    out.print(f"{begun.path}:{begun.line}  begun: {begun.id}", markup=False)
    for result in begun.open:
        out.print(f"  line {result.where.line}: {result.found.partition(': ')[2]}; {result.fix}", markup=False)
    for remark in begun.remarks:
        out.print(f"  {remark}", markup=False)
    out.print("then: forecast check", markup=False)


@new.command("source")
def new_source(ident: Id, text: Article = None, plain: Plain = None, priors: Priors = HERE_PRIORS) -> None:
    """Begin priors/sources/<id>.yaml; --text computes its fingerprint, and proposes what the file says of itself.

    Example: forecast new source --id gazette-2024-05 --text article.html --plain article.txt
    """
    from forecasting.coding.scaffold import begin_source

    with plain_errors():
        _report(begin_source(priors, ident, text, plain))


@new.command("claim")
def new_claim(
    source: Annotated[str, typer.Option(help="Id of the source.")],
    ident: Annotated[str | None, typer.Option("--id", help="Id of the claim; else the next free one.")] = None,
    quote: Annotated[str | None, typer.Option(help="Words of the article; the anchor is made from them.")] = None,
    text: Article = None,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Append a claim to priors/claims/<source>.yaml; --quote and --text make its anchor and fill in what its sentence says.

    Example: forecast new claim --source gazette-2024-05 --quote "will probably leave" --text article.txt
    """
    from forecasting.coding.scaffold import begin_claim

    with plain_errors():
        _report(begin_claim(priors, source, ident, quote=quote, text=text))


@new.command("event")
def new_event(
    ident: Id,
    theme: Theme,
    title: Annotated[str | None, typer.Option(help="What happens, as a sentence; classes are proposed from it.")] = None,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Append an event, with its resolution contract, to priors/events/<theme>.yaml, and propose three counted classes.

    Example: forecast new event --id base-lost --theme syria --title "The holder loses the base"
    """
    from forecasting.coding.scaffold import begin_event

    with plain_errors():
        begun = begin_event(priors, ident, theme, title)
        _propose_classes(title, ident, theme, priors)
        _report(begun)


def _propose_classes(title: str | None, ident: str, theme: str, priors: Path) -> None:
    """Show the project's own classes and three of the library whose words are nearest to an event's title or id.

    A new event has no day yet, so these are counted per year; classes counted per occasion are named in one line.
    """
    from forecasting.coding.class_search import propose_classes
    from forecasting.coding.library import fits, own_classes
    from forecasting.dossier.library.records import figures

    said_of = title or ident.replace("-", " ")
    for row in own_classes(priors, said_of)[:PROPOSED]:
        out.print(f"in your project: {row.id}: {row.note.partition('. ')[0].rstrip('.')}; {figures(row)}", markup=False)
    words = [said for said in (title, ident.replace("-", " "), theme) if said]
    found = next((classes for said in words if (classes := propose_classes(said, PROPOSED, "year"))), [])
    occasions = next((classes for said in words if (classes := propose_classes(said, PROPOSED, "trial"))), [])
    if not (found or occasions):
        out.print('counted classes of the package: forecast classes "what happens to whom" searches them', markup=False)
        return
    if found:
        if fits(found, said_of):
            out.print("counted classes of the package that may fit (forecast classes --add ID copies one):", markup=False)
        else:
            out.print("nothing in the package fits well: see docs/choosing-a-class.md; the nearest by their words:", markup=False)
    for one in found:
        out.print(f"  {one.id}: {one.title}; {figures(one.latest)}", markup=False)
        out.print(f"    bias: {one.known_bias}", markup=False)
    if occasions:
        names = ", ".join(one.id for one in occasions)
        out.print(f"per occasion, only for an event with scheduled_on: {names} (forecast classes ID shows one)", markup=False)
    if not title:
        out.print('  (found by the id; --title "what happens" finds better)', markup=False)


@new.command("question")
def new_question(
    ident: Id,
    theme: Theme,
    form: Annotated[Form, typer.Option(help="Yes or no, stages in order, which comes first, or scenarios.")] = Form.asks,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Append a question to priors/questions/<theme>.yaml.

    Example: forecast new question --id base-held-2025 --theme syria --form asks
    """
    from forecasting.coding.scaffold import begin_question

    with plain_errors():
        _report(begin_question(priors, ident, theme, form.value))


@new.command("effect")
def new_effect(
    source: Annotated[str, typer.Option("--from", help="Id of the event that changes the other one.")],
    target: Annotated[str, typer.Option("--to", help="Id of the event that is changed.")],
    ident: Annotated[str | None, typer.Option("--id", help="Id of the effect; else the next free one.")] = None,
    acts: Annotated[Acts, typer.Option(help="What it does to the other event.")] = Acts.multiplies,
    theme: OwnFile = None,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Append an effect from one event to another to priors/effects.yaml, or with --theme to priors/effects/<theme>.yaml.

    Example: forecast new effect --from base-deal --to base-lost
    """
    from forecasting.coding.scaffold import begin_effect

    with plain_errors():
        _report(begin_effect(priors, source, target, ident, acts=acts.value, theme=theme))


@new.command("driver")
def new_driver(
    ident: Id,
    title: Annotated[str | None, typer.Option(help="The pressure, in a few words.")] = None,
    theme: OwnFile = None,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Append a pressure that several events share to priors/effects.yaml, or with --theme to priors/effects/<theme>.yaml.

    Example: forecast new driver --id capacity-abroad --title "The holder's capacity abroad"
    """
    from forecasting.coding.scaffold import begin_driver

    with plain_errors():
        _report(begin_driver(priors, ident, title, theme))


@new.command("assumption")
def new_assumption(
    ident: Annotated[str | None, typer.Option("--id", help="Id of the assumption; else the next free one.")] = None,
    theme: OwnFile = None,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Append what somebody holds to priors/assumptions.yaml, or with --theme to priors/assumptions/<theme>.yaml.

    Example: forecast new assumption --id a-101
    """
    from forecasting.coding.scaffold import begin_assumption

    with plain_errors():
        _report(begin_assumption(priors, ident, theme))


@new.command("edition")
def new_edition(ident: Id, priors: Priors = HERE_PRIORS) -> None:
    """Begin priors/editions/<id>.yaml: what is asked, as of when, from which sources.

    Example: forecast new edition --id 2024-05-syria
    """
    from forecasting.coding.scaffold import begin_edition

    with plain_errors():
        _report(begin_edition(priors, ident))


@new.command("class")
def new_class(ident: Id, theme: OwnFile = None, priors: Priors = HERE_PRIORS) -> None:
    """Append a counted base rate to priors/reference_classes.csv, or with --theme to priors/reference_classes/<theme>.csv.

    Example: forecast new class --id bases-after-coups
    """
    from forecasting.coding.scaffold import begin_class

    with plain_errors():
        _report(begin_class(priors, ident, theme))


@new.command("history")
def new_history(
    event: Annotated[str, typer.Option("--event", help="Id of the event.")],
    what: Annotated[What | None, typer.Option(help="It happened, it had not happened by then, or a signal.")] = None,
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day.")] = None,
    theme: OwnFile = None,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Append what became of an event to priors/history.csv, or with --theme to priors/history/<theme>.csv.

    Example: forecast new history --event base-lost --what survived --on 2024-08-31
    """
    from forecasting.coding.scaffold import begin_history

    with plain_errors():
        day = on.date().isoformat() if on else ""
        _report(begin_history(priors, event, what=what.value if what else "", on=day, theme=theme))


@new.command("wording")
def new_wording(
    wording: Annotated[str, typer.Argument(metavar="WORDING", help="The whole wording, as the text has it.")],
    at: Annotated[
        str, typer.Option("--at", help="Surveyed phrase at which it stands ('not …': of its absence); else the codebook's.")
    ] = "",
    why: Annotated[str, typer.Option("--why", help="The reason for the place.")] = "",
    lexicon: Annotated[str, typer.Option(help="Lexicon it goes into; a new one is begun.")] = "my-hedges",
    towards: Annotated[str, typer.Option(help="A second phrase, if it stands between two.")] = "",
    share: Annotated[float | None, typer.Option(help="Part of the way to --towards, between 0 and 1.")] = None,
    reads: Annotated[Bound | None, typer.Option(help="How it bounds the probability; else as --at does.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Place a wording anew that you have placed before.")] = False,
    priors: Priors = HERE_PRIORS,
) -> None:
    """Place a wording that no lexicon lists among surveyed phrases; its quantiles are computed and written with it.

    A chance in numbers needs no place: it stands for what is rounded to it.

    Example: forecast new wording "very unlikely" --at "highly unlikely" --why "the same said otherwise"
    Example: forecast new wording "60 per cent chance"
    Example: forecast new wording "cannot be ruled out"
    """
    from forecasting.coding.chances import read_chance
    from forecasting.coding.wordings import place_number, place_wording
    from forecasting.dossier.unknown_wordings import place_command, recommended_place
    from forecasting.errors import UsageError

    with plain_errors():
        if not at and not replace and read_chance(wording):
            _report_wording(place_number(priors, wording, lexicon, reads=reads.value if reads else None), lexicon)
            return
        known = recommended_place(wording)
        if not at and known:
            at, why, reads = known[0], why or known[1], reads or Bound.at_least
        if not (at and why):
            lacking = "--why says for what reason" if at else "--at names the surveyed phrase at which it stands"
            example = f"; the codebook (step 6.3) has: {place_command(wording)}" if known else ""
            raise UsageError(f"new wording '{wording}': {lacking}{example}")
        if known and (at, reads) != (known[0], Bound.at_least):
            out.print(f"the codebook (step 6.3) has another place: {place_command(wording)}", markup=False)
        placed = place_wording(
            priors, wording, lexicon,
            at=at, why=why, towards=towards, share=share, reads=reads.value if reads else None, replace=replace,
        )  # fmt: skip
        _report_wording(placed, lexicon)


def _report_wording(placed: Placed, lexicon: str) -> None:
    row = placed.row
    low, middle, high = (f"{100 * value:.0f}" for value in (row.p05, row.p50, row.p95))
    out.print(f"{placed.path}:{placed.line}  '{row.wording}': {middle} % ({low}-{high}), read as {row.reads}", markup=False)
    out.print(f"in the claim write  wording: {row.wording}  and  lexicon: {lexicon}; then: forecast check", markup=False)
