"""``forecast issue``, ``resolve`` and ``retract``: append to the ledger what is said, what came of it, and what is taken back."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forecasting.arguments import iso_day
from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, EditionId, Priors, Runs, err, out, own_folder, plain_errors
from forecasting.errors import UsageError

if TYPE_CHECKING:
    from forecasting.dossier.edition import Dossier
    from forecasting.ledger.store import Appended
    from forecasting.scoring.record import Record

HERE_LEDGER = Path("ledger")
LedgerFolder = Annotated[Path, typer.Option("--ledger", callback=own_folder, help="Folder of the ledger.")]
Correct = Annotated[str, typer.Option("--correct", metavar="WHY", help="Replace what is in the ledger, for this reason.")]
By = Annotated[str, typer.Option("--by", help="Who says so.")]


def issue(
    edition: EditionId,
    judgement: Annotated[
        list[str],
        typer.Option("--judgement", metavar="QUESTION=P", help="Your own number beside the model's; QUESTION:OUTCOME=P."),
    ] = [],  # noqa: B006  (typer reads the default and does not change it)
    why: Annotated[str, typer.Option("--why", help="The reason for the judgement.")] = "",
    by: By = "",
    correct: Correct = "",
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Append an edition's forecasts to the ledger, or with --judgement your own number beside them.

    Only forecasts that passed the gate are issued, from a run that is current. What is in the ledger stays there: a correction
    is a new record with a reason.

    Example: forecast issue 2026-02-outlook
    Example: forecast issue 2026-02-outlook --judgement border-opens-2026=0.3 --why "the law is drafted" --by "A. Analyst"
    """
    from forecasting.ledger.issue import Issue, Origin, issue_model
    from forecasting.ledger.others import issue_judgement
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import append, utc_now
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import current_run

    with plain_errors():
        selected = load_dossier(priors).edition(edition)
        done: list[Issue] = []
        if judgement:
            said = _judgements(judgement)

            def drafts(found: Any) -> list[dict[str, Any]]:
                standing, today = Standing(found.entries), utc_now().date()  # the day of writing, once no other command writes
                done.extend(
                    issue_judgement(q, p, selected, standing, today, by=by, why=why, reason=correct) for q, p in said.items()
                )
                return [draft for part in done for draft in part.drafts]
        else:
            if why or by:
                raise UsageError("--why and --by go with a judgement: add --judgement QUESTION=P")
            run = current_run(selected, runs)
            origin = Origin(run.manifest.digest, run.manifest.code, run.manifest.packages["forecasting"], run.manifest.seed)

            def drafts(found: Any) -> list[dict[str, Any]]:
                today = utc_now().date()
                done.append(issue_model(run.forecasts, selected, origin, Standing(found.entries), today, reason=correct))
                return list(done[0].drafts)

        appended = append(ledger, drafts)
        said_of(appended, ledger)
        for question, reason in ((q, r) for part in done for q, r in part.left_out.items()):
            out.print(f"{question}: not issued, {reason}", markup=False)
        first = next((entry for entry in appended.entries if entry.entry == "forecast"), None)
        if first and first.standing == "reconstructed":
            out.print(f"as reconstructed, and scored apart from live ones: {first.why}", markup=False)
        if first and any(entry.entry == "forecast" and entry.late for entry in appended.entries):
            out.print("some are late, after their question's deadline, and will not be scored")


def _judgements(given: list[str]) -> dict[str, dict[str, float]]:
    """Return P(outcome) by outcome by question, from QUESTION=P and QUESTION:OUTCOME=P."""
    from forecasting.dossier.parse import plain_number

    said: dict[str, dict[str, float]] = {}
    for item in given:
        name, equals, value = item.partition("=")
        question, _, outcome = name.partition(":")
        number = plain_number(value)
        if not (question and equals) or isinstance(number, str):
            found = "write QUESTION=P with a plain number (no exponent, no per cent sign, no comma)"
            raise UsageError(f"--judgement {item}: {found}, as in border-opens-2026=0.3")
        own = said.setdefault(question, {})
        if (outcome or "yes") in own:
            raise UsageError(f"--judgement {item}: another number for the same answer; write one of the two")
        own[outcome or "yes"] = float(number)
    return said


def resolve(
    question: Annotated[str, typer.Argument(help="Question id; with --history none is needed.")] = "",
    outcome: Annotated[str, typer.Argument(help="yes, no, a stage or scenario, void, or ambiguous.")] = "",
    source: Annotated[str, typer.Option("--source", help="What settles it: a title and an address.")] = "",
    on: Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD", help="The day since which it is so.")] = "",
    by: By = "",
    no_report: Annotated[bool, typer.Option("--no-report", help="It is so because no report of the contrary was found.")] = False,
    note: Annotated[str, typer.Option("--note", help="What a reader should know.")] = "",
    value: Annotated[
        float | None, typer.Option("--value", help="Of a question about a number: how large it was, in its unit.")
    ] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Resolve all that the dossier's history settles.")
    ] = False,
    why: Annotated[str, typer.Option("--why", help="Why it was certain before the deadline, if it could still change.")] = "",
    correct: Correct = "",
    priors: Priors = HERE_PRIORS,
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Append what became of a question, with its source.

    Example: forecast resolve ceasefire-holds-2025 no --on 2023-09-19 --source "bne IntelliNews" --by "A. Analyst"
    Example: forecast resolve --history --by "A. Analyst"
    """
    from forecasting.ledger.early import taken_out
    from forecasting.ledger.resolve import resolve as one_outcome
    from forecasting.ledger.resolve import settled_by_history
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import append, utc_now
    from forecasting.rules.load import load_dossier

    with plain_errors():
        if len(by.strip()) < 3:
            raise UsageError("an outcome names who settled it; add --by NAME, of three letters or more")
        if history is bool(question):
            raise UsageError("name a question and its outcome, or write --history for all that the history settles")
        if history and value is not None:
            raise UsageError("--value is the number of one question; with --history it is the published count")
        if history and why:
            raise UsageError("--why is the reason for the day of one question; leave it out with --history")
        if question and not (outcome and on and len(source.strip()) >= 3):
            raise UsageError(f'write: forecast resolve {question} OUTCOME --on YYYY-MM-DD --source "TITLE; ADDRESS" --by NAME')
        dossier = load_dossier(priors)
        before: list[Standing] = []

        def drafts(found: Any) -> list[dict[str, Any]]:
            standing, today = Standing(found.entries), utc_now().date()
            before.append(standing)
            if history:
                return list(settled_by_history(dossier, standing, by=by, today=today))
            day = _day(on)
            return [
                one_outcome(
                    dossier, standing, question, outcome, on=day, source=source, by=by, today=today, no_report=no_report,
                    note=note, correct=correct, value=value, why=why,
                )
            ]  # fmt: skip

        appended = append(ledger, drafts)
        for entry in appended.entries:
            if entry.entry == "outcome":
                number = "" if entry.value is None else f" ({entry.value:,.10g})"
                out.print(f"{entry.question}: {entry.outcome}{number}, since {entry.on}", markup=False)
                n, every = taken_out(before[-1], entry)
                if n:
                    found = f"{n} of {every} forecast{'s' if every > 1 else ''} of it said on that day or later"
                    out.print(f"{entry.question}: this day takes {found} out of scoring", markup=False)
        said_of(appended, ledger)


def _day(text: str) -> dt.date:
    try:
        return iso_day(text)
    except ValueError:
        raise UsageError(f"--on {text}: no day of the calendar; write YYYY-MM-DD") from None


def retract(
    record: Annotated[int, typer.Argument(help="Number of the record.")],
    reason: Annotated[str, typer.Option("--reason", help="Why it is taken back.")],
    by: By = "",
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Take a forecast or an outcome back: it stays in the ledger, with a record that says why.

    A forecast whose outcome is in the ledger is scored all the same.

    Example: forecast retract 12 --reason "issued from a draft" --by "A. Analyst"
    """
    from forecasting.ledger.store import append

    with plain_errors():
        if len(by.strip()) < 3 or len(reason.strip()) < 3:
            raise UsageError("a retraction names who takes it back and why; add --by NAME --reason WHY, of three letters or more")

        def drafts(found: Any) -> list[dict[str, Any]]:
            if not 1 <= record <= len(found.entries):
                raise UsageError(f"the ledger has records 1 to {len(found.entries)}, and no {record}")
            taken = found.entries[record - 1]
            if taken.entry == "retraction":
                raise UsageError(f"record {record} is a retraction; issue the forecast, or resolve the question, anew")
            return [{"entry": "retraction", "retracts": taken.digest, "by": by, "reason": reason}]

        said_of(append(ledger, drafts), ledger)


def said_of(appended: Appended, ledger: Path) -> None:
    """Say what an append did: how many records, and the new head."""
    if appended.set_aside:
        err.print(
            f"a writer was killed in the middle of a record; the part is in {appended.set_aside}, and was never acknowledged",
            markup=False,
        )
    if not appended.entries:
        out.print("nothing was written")
        return
    last = appended.entries[-1]
    count = len(appended.entries)
    out.print(f"{count} record{'s' if count > 1 else ''} in {ledger}, head {last.number}:{last.digest}", markup=False)


def kept_record(folder: Path, dossier: Dossier) -> Record | None:
    """Return what a ledger says of how good its forecasts were, or None if it holds none.

    Raises
    ------
    LedgerError
        If it is not as it was written: a page that shows a score shows it from a ledger that holds.
    """
    from forecasting.ledger.store import read_ledger, utc_now
    from forecasting.scoring.record import record_of

    kept = read_ledger(folder)
    return record_of(kept, dossier, utc_now().date()) if kept.entries else None


def verified_ledger(folder: Path, heads: list[str]) -> str:
    """Return what was found of a ledger, held to its chain, to heads that were given and to those of tags.

    Raises
    ------
    LedgerError
        Naming the first record that is not as it was written; or if there are records, and no head beside them.
    """
    from forecasting.ledger.anchors import given_heads, tagged_heads
    from forecasting.ledger.chain import NOTHING, RESTORE, LedgerError
    from forecasting.ledger.store import HEAD, LEDGER, noted_head, read_ledger

    anchors = [*given_heads(heads), *tagged_heads(folder)]
    if not (folder / LEDGER).exists() and not (folder / HEAD).exists() and not anchors:
        return f"{folder}: no ledger, and no tag or head that knows of one"
    ledger = read_ledger(folder, anchors=anchors)
    if ledger.entries and noted_head(folder) == NOTHING:
        raise LedgerError(f"{folder / HEAD}: not there, so that nobody can say whether {folder / LEDGER} was cut; {RESTORE}")
    known = f"; it holds {len(anchors)} head{'s' if len(anchors) > 1 else ''} known from elsewhere" if anchors else ""
    torn = "; a writer was killed in the middle of a record, and the next one sets that part aside" if ledger.torn else ""
    return f"{folder}: {len(ledger.entries)} records, each as it was written, head {ledger.head}{known}{torn}"
