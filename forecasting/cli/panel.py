"""``forecast panel``: the live panel as a page for colleagues, on this machine only."""

from __future__ import annotations

from typing import Annotated

import typer

from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, EditionId, Priors, Runs, out, plain_errors, progress_bars, say


def panel(
    edition: EditionId,
    question: Annotated[str | None, typer.Option("--question", help="The question to begin with.")] = None,
    write: Annotated[bool, typer.Option("--write", help="Let the page write into priors/; else it only reads.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port of 127.0.0.1; 0 takes a free one.")] = 0,
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """Serve the live panel as a page on this machine until Ctrl-C: move a record, and every answer follows.

    It asks the edition's run, or its draft; if neither is current, the edition is fitted first. The page listens on 127.0.0.1
    alone, and opens for whoever has the token in the address that is printed.

    Example: forecast panel 2024-12-syria --question khmeimim-held-2025
    """
    import asyncio
    import secrets

    from forecasting.cli.fits import fit_of
    from forecasting.lab.panel.behind import Behind
    from forecasting.lab.panel.follow import Follower
    from forecasting.lab.panel.moved import NOTHING, Tables
    from forecasting.lab.panel.serve import serve
    from forecasting.lab.panel.session import Session
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import is_current
    from forecasting.runs.store import read_run

    with plain_errors():
        selected = load_dossier(priors).edition(edition)
        if question is not None:
            Behind.of(selected, question)  # this refuses before the fit, not after it
        with progress_bars() as progress:
            follower = Follower(fit_of(selected, runs, progress))
            run = read_run(runs / edition) if is_current(selected, runs / edition) else None
            tables = Tables(run.influence, run.classes) if run else NOTHING
            progress(edition, "reading what changes are compared with", 0.5)
            follower.prepare()

        def ready(address: str) -> None:
            out.print(f"Open {address}", markup=False)
            say(f"in a browser of this machine; the page {'reads and writes' if write else 'only reads'}. Ctrl-C ends it.")

        asyncio.run(
            serve(
                lambda show: Session(follower, show, question=question, write=write, tables=tables),
                title=f"{selected.edition.title}: what would change the answers",
                token=secrets.token_urlsafe(24), port=port, ready=ready,
            )
        )  # fmt: skip
        say("the panel has ended")
