"""``forecast learn``: what the record would change, and how sure it is."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from forecasting.arguments import iso_day
from forecasting.cli.ledger import HERE_LEDGER, LedgerFolder
from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, Priors, Runs, out, plain_errors
from forecasting.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from forecasting.learning.learned import Learned


def learn(
    before: Annotated[
        str, typer.Option("--before", metavar="DAY", help="Only what was settled before this day; by default today.")
    ] = "",
    write: Annotated[
        str, typer.Option("--write", metavar="NAME", help="Write what readings can take into learned/NAME.csv of the records.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print everything for machines.")] = False,
    random_seed: Annotated[int, typer.Option("--random-seed", min=0, help="Seed of the sampler.")] = 1,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
    ledger: LedgerFolder = HERE_LEDGER,
) -> None:
    """Print what settled judgements and questions would change in readings and weights, and how sure that is.

    Questions are those of the ledger; where it has none, those of runs that the dossier's history settles. Nothing is changed by
    it. With --write, biases and spreads of readings go into a table, and an edition that names it (``learned: NAME``) reads its
    judgements by them; its as-of date must not lie before --before.

    Example: forecast learn
    Example: forecast learn --before 2025-12-31
    Example: forecast learn --before 2026-02-28 --write until-2026-02
    """
    from forecasting.learning.evidence import lessons
    from forecasting.learning.gather import judgements, questions_of_ledger, questions_of_runs
    from forecasting.learning.table import new_table, write_learned
    from forecasting.ledger.standing import Standing
    from forecasting.ledger.store import read_ledger, utc_now
    from forecasting.rules.load import load_dossier
    from forecasting.runs.store import read_run

    with plain_errors():
        day = _day(before) if before else utc_now().date()
        table = new_table(priors, write) if write else None
        kept = read_ledger(ledger)
        dossier, entries = load_dossier(priors), kept.entries
        folders = sorted(path.parent for path in runs.glob("*/manifest.json")) if runs.is_dir() else []
        found = [run for run in (read_run(folder) for folder in folders) if run.manifest.edition in dossier.editions]
        if entries:
            asked, whence = questions_of_ledger(Standing(entries), dossier, found, day), f"the ledger {ledger}"
        else:
            asked, whence = questions_of_runs(found, dossier, day), f"runs in {runs}, as the history settles them"
        said = judgements(dossier, day)
        if not said and not asked:
            raise UsageError(f"before {day} there is no judgement in {priors}, and no settled question in {ledger} or {runs}")
        from forecasting.learning.learned import learn as fit

        result = fit(lessons(said, asked), random_seed=random_seed)
        if table:
            write_learned(table, result.table, day, str(kept.head) if entries else "")
        if as_json:
            rows = json.loads(result.table.to_json(orient="records"))
            record = {"before": day.isoformat(), "questions_from": whence, "sentence": result.sentence, "parameters": rows}
            out.print(json.dumps(record, indent=1, ensure_ascii=False), markup=False, soft_wrap=True)
            return
        _print(result, day, whence)
        if table:
            out.print(f"{table}: name it in an edition as of {day} or later: learned: {write}", markup=False)


def _day(text: str) -> dt.date:
    try:
        return iso_day(text)
    except ValueError:
        raise UsageError(f"--before is '{text}'; write a day as 2025-12-31") from None


def _print(result: Learned, day: dt.date, whence: str) -> None:
    from forecasting.learning.learned import TITLES

    table = Table(title=f"Learned from what was settled before {day}", title_justify="left", title_style="bold")
    for name in ("parameter", "settled", "assumed", "found (90 %)", "learned", "it would change"):
        table.add_column(name, justify="right" if name in ("settled", "learned") else "left", overflow="fold")
    rows: pd.DataFrame = result.table
    for _, row in rows.iterrows():
        said = f"{TITLES[row['parameter']]} {row['name']}".strip()
        span = f"{row['mean']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
        told = row["learned"] > 2 * row["noise"]  # from nothing, by draws as many as these
        learned = (
            f"{100 * row['learned']:.0f} %" if told else f"< {100 * max(0.01, 2 * row['noise'] + max(0.0, row['learned'])):.0f} %"
        )
        table.add_row(said, str(row["n"]), f"{row['prior_mean']:.0f} ± {row['prior_sd']:g}", span, learned, row["would"])
    out.print(table)
    out.print(result.sentence, markup=False)
    out.print(f"Questions are from {whence}. No edition's numbers change by this.", markup=False)
