"""``forecast trace``: from a number back to its sentences, or from a source forward to every number it moves."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from forecasting.cli.compare import compare
from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, Draft, Priors, Runs, err, plain_errors, say


def trace(
    record: Annotated[str, typer.Argument(help="Id of any record, or an origin.")],
    since: Annotated[str | None, typer.Option("--since", hidden=True)] = None,
    since_priors: Annotated[Path | None, typer.Option("--since-priors", hidden=True)] = None,
    since_run: Annotated[Path | None, typer.Option("--since-run", hidden=True)] = None,
    depth: Annotated[int, typer.Option("--depth", min=1, max=3, help="1: the answer; 2: claims and base rates; 3: all.")] = 2,
    json_: Annotated[bool, typer.Option("--json", help="The same as data, with every number in full.")] = False,
    draft: Draft = False,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """Walk from a question back to its sentences, or from a source or an origin to every number it moves.

    An event, an effect and a reference class show what they rest on and the answers that stand on them; an edition shows its
    answers and its claims by influence.

    What changed in an edition since another one is shown by `forecast compare`.

    Example: forecast trace khmeimim-held-2025
    Example: forecast trace c-004 --depth 3
    Example: forecast trace carnegie-2024-12 --json
    """
    if since or since_priors or since_run:
        err.print("trace --since is now: forecast compare EDITION --with OTHER")
        compare(record, since, since_priors, since_run, priors, runs)
        return
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import current_run
    from forecasting.runs.manifest import draft_of
    from forecasting.trace.trace import goes_deeper, trace_record

    with plain_errors():
        dossier = load_dossier(priors)
        folder = draft_of if draft else Path
        there = [name for name in dossier.editions if (folder(runs / name) / "manifest.json").is_file()]
        current = [current_run(dossier.edition(name), runs, draft=draft) for name in there]
        if json_:
            from forecasting.trace.data import trace_data

            sys.stdout.write(json.dumps(trace_data(current, dossier, record), indent=1, ensure_ascii=False) + "\n")
            return
        text = trace_record(current, dossier, record, depth)
        say(text)
        if goes_deeper(current, dossier, record, depth, text):
            say(f"\nmore: forecast trace {record} --depth {depth + 1}")
