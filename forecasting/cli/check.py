"""``forecast check`` and ``forecast verify``: hold records to the rules, anchors to the articles, runs to their manifests."""

from __future__ import annotations

from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecasting.cli.ledger import HERE_LEDGER, LedgerFolder, verified_ledger
from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, Priors, Runs, err, out, plain_errors, show_results
from forecasting.errors import DossierError, ForecastingError, UsageError, gather_empty

if TYPE_CHECKING:
    from forecasting.dossier.edition import Dossier


class Listing(StrEnum):
    """What ``forecast check --list`` can list."""

    questions = "questions"
    editions = "editions"
    events = "events"
    claims = "claims"
    sources = "sources"
    classes = "classes"


def check(
    listing: Annotated[Listing | None, typer.Option("--list", help="List ids instead of the summary.")] = None,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """Hold every record under priors/ to the rules: all errors at once, with file, line and fix.

    Where an edition has a run of these records, its answers that one claim takes far beyond what counted cases say are named.

    Example: forecast check --list questions
    """
    from forecasting.dossier.load import read_dossier
    from forecasting.rules.check import check_read

    with plain_errors():
        dossier, failures = read_dossier(priors)
        results = gather_empty((*failures, *check_read(dossier, failures)))
        console = err if listing else out  # what is found is the result of a check, and no part of a list
        show_results(results, console)
        failed = sum(result.status == "failure" for result in results)
        if failed:
            alone = "; the rules run once every file is in its place" if any(r.rule == "file-place" for r in failures) else ""
            console.print(f"{failed} failure{'s' if failed > 1 else ''}{alone}", style="red")
            raise typer.Exit(2)
        if listing:
            if listing is Listing.classes:
                from forecasting.dossier.library.records import figures

                for name, counted in dossier.reference_classes.items():
                    out.print(f"{name}\t{figures(counted)}\t{counted.note}", markup=False)
                return
            for name, record in getattr(dossier, listing.value).items():
                title = getattr(record, "title", None) or getattr(record, "paraphrase", "")
                out.print(f"{name}\t{title}", markup=False)
            return
        out.print(
            f"{len(dossier.sources)} sources, {len(dossier.claims)} claims, {len(dossier.events)} events, "
            f"{len(dossier.effects)} effects, {len(dossier.questions)} questions, {len(dossier.editions)} editions, "
            f"{len(dossier.history)} history rows: all rules hold"
        )
        if n := sum(len(fields) for fields in dossier.inherited.values()):
            sources = len({dossier.claims[name].source for name in dossier.inherited})
            out.print(
                f"{len(dossier.inherited)} claims inherit {n} fields from the defaults of {sources} "
                f"source{'s' if sources > 1 else ''}; forecast trace CLAIM shows which"
            )
        if not dossier.sources:
            out.print("nothing is coded yet: forecast new source --id SOURCE --text ARTICLE.txt begins", markup=False)
        for line in _lone_claims(dossier, runs):
            out.print(line, markup=False)


def _lone_claims(dossier: Dossier, runs: Path) -> list[str]:
    """Return what is to be said of claims that carry answers far, run by run; one that is damaged says nothing."""
    from forecasting.cli.compare import run_at_hand
    from forecasting.trace.lone_claims import lone_claims

    lines = []
    for name in dossier.editions:
        with suppress(ForecastingError, OSError, ValueError, KeyError, TypeError, AttributeError):
            if run := run_at_hand(dossier.edition(name), runs):
                lines += [f"{name}: {one.line}" for one in lone_claims(run)]
    return lines


def verify(
    texts: Annotated[Path | None, typer.Option("--texts", help="Folder with the articles.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Seal the anchors that the articles confirm.")] = False,
    head: Annotated[
        list[str], typer.Option("--head", metavar="NUMBER:DIGEST", help="A head of the ledger, as a report prints it.")
    ] = [],  # noqa: B006  (typer reads the default and does not change it)
    shared: Annotated[
        list[Path], typer.Option("--shared", metavar="FILE", help="Look through a file before it is shared, and do nothing else.")
    ] = [],  # noqa: B006
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Hold anchors to the articles, where the articles are at hand, runs to their manifests, the ledger to its chain.

    With --shared a file is looked through before it is shared: secrets, paths of a home folder, with --texts passages of an
    article of more than eight words, and in a file whose name ends in -public notes of coders.

    Example: forecast verify --texts ~/articles
    Example: forecast verify --head 71:0c1d…
    Example: forecast verify --shared notebooks/mine.ipynb --texts ~/articles
    """
    from forecasting.coding.verify import seal_verified, verify_texts
    from forecasting.dossier.load import read_dossier
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import changed_records
    from forecasting.runs.store import read_run

    with plain_errors():
        if shared:
            _look_through(shared, priors, texts)
            return
        if write and not texts:
            raise UsageError("--write seals what the articles confirm; name their folder with --texts DIR")
        dossier, failures = read_dossier(priors) if write else (load_dossier(priors), ())
        if failures:
            raise DossierError(failures)
        results = (seal_verified if write else verify_texts)(dossier, texts) if texts else ()
        for result in results:
            if result.status == "passed":
                out.print(f"{result.where}  {result.found}", markup=False)
        show_results(tuple(result for result in results if result.status != "passed"), out)
        if not texts:
            out.print("no texts given: anchors were held to their seals only (forecast verify --texts DIR reads the articles)")
        damaged = False
        for name in dossier.editions:
            if (runs / name / "manifest.json").is_file():
                try:
                    changed = changed_records(dossier.edition(name), read_run(runs / name).manifest)
                except ForecastingError as error:
                    damaged = True
                    err.print(str(error), style="red", markup=False)
                    continue
                since = f", but {', '.join(changed)} have changed since: forecast run {name}" if changed else ""
                out.print(f"{runs / name}: every file is as its manifest says{since}", markup=False)
        try:
            if found := verified_ledger(ledger, head):
                out.print(found, markup=False)
        except ForecastingError as error:
            damaged = True
            err.print(str(error), style="red", markup=False)
        if damaged or any(result.status == "failure" for result in results):
            raise typer.Exit(2)


def _look_through(files: list[Path], priors: Path, texts: Path | None) -> None:
    from forecasting.report.sharing import articles_in, look_through
    from forecasting.rules.load import load_dossier

    if found := look_through(files, load_dossier(priors), articles_in(texts) if texts else None):
        raise DossierError(found)
    passages = "no long passage of an article" if texts else "articles were not looked at (--texts DIR)"
    out.print(f"{', '.join(map(str, files))}: no secret, no path of a home folder, no note of a coder; {passages}", markup=False)
