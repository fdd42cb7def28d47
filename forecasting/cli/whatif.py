"""``forecast whatif``: change records and see every answer before and after."""

from __future__ import annotations

from typing import Annotated

import typer

from forecasting.cli.tables import change_table
from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, EditionId, Priors, Runs, out, plain_errors, progress_bars


def whatif(
    edition: EditionId,
    settings: Annotated[list[str], typer.Option("--set", help="ID.field=value; may be given several times.")],
    priors: Priors = HERE_PRIORS,
    runs: Runs = HERE_RUNS,
) -> None:
    """Change records and show every answer before and after; nothing is written.

    What the answers are without the change is read from the edition's run; if there is none, from its draft;
    if neither is current, it is fitted first.

    Example: forecast whatif 2024-12-syria --set c-045.credibility=5
    """
    from forecasting.analysis.what_if import update
    from forecasting.dossier.edits import parse_setting
    from forecasting.fitting.fit import fit
    from forecasting.rules.edit import edited
    from forecasting.rules.load import load_dossier
    from forecasting.runs.freshness import is_current
    from forecasting.runs.manifest import draft_of
    from forecasting.runs.reopen import reopen

    with plain_errors():
        selected = load_dossier(priors).edition(edition)
        changes = [parse_setting(setting) for setting in settings]
        if edited(selected, tuple(changes)).dossier == selected.dossier:  # this refuses before the fit, not after it
            out.print("nothing is changed: every field named has that value already, so every answer stays as it is")
            return
        draft = not is_current(selected, runs / edition) and is_current(selected, draft_of(runs / edition))
        if draft or is_current(selected, runs / edition):
            fitted = reopen(selected, runs, draft=draft)
        else:
            with progress_bars() as progress:
                fitted = fit(selected, progress=lambda stage, share: progress(edition, stage, share))
        found = update(fitted, *changes)
        if found.how == "nothing":
            out.print("no number that the model reads has changed, so every answer stays as it is")
            return
        shown = change_table(found.moved, f"{edition}: {', '.join(settings)}; {found.gate.words}")
        out.print(shown if shown.row_count else "no answer moves noticeably: by 0.05 points and three Monte Carlo errors")
        least = "changes below 0.05 points or three Monte Carlo errors are left out"
        out.print(f"found by {found.how} (k-hat {found.k_hat:.2f}); {least}")
