"""``forecast whatif``: change records and see every answer before and after."""

from __future__ import annotations

from typing import Annotated

import typer

from forecasting.cli.terminal import HERE_PRIORS, HERE_RUNS, EditionId, Priors, Runs, out, plain_errors, progress_bars, say


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
    from forecasting.analysis.what_if import updated
    from forecasting.cli.answers import answer_table, answers_of
    from forecasting.cli.fits import fit_of
    from forecasting.dossier.edits import parse_setting
    from forecasting.inference.noticeable import ERRORS
    from forecasting.report.formatting import LEAST_MOVE
    from forecasting.rules.edit import edited
    from forecasting.rules.load import load_dossier

    with plain_errors():
        selected = load_dossier(priors).edition(edition)
        changes = [parse_setting(setting) for setting in settings]
        changed = edited(selected, tuple(changes))  # this refuses before the fit, not after it
        if changed.dossier == selected.dossier:
            say("nothing is changed: every field named has that value already, so every answer stays as it is")
            return
        with progress_bars() as progress:
            fitted = fit_of(selected, runs, progress)
            progress(edition, "weighing its draws anew", 0.5)
            found = updated(fitted, changed)
        if found.how == "nothing":
            say("no number that the model reads has changed, so every answer stays as it is")
            return
        title = f"{edition}, with {', '.join(settings)}; {found.gate.words}"
        if found.moved.empty:
            say(f"{title}\nno answer moves noticeably: by {LEAST_MOVE} and {ERRORS:g} Monte Carlo errors")
        else:
            answers = answers_of(selected, found.moved, "before", "after")
            out.print(answer_table(answers, title, ("before", "after (90 %\ninterval)"), selected.edition.standard))
        least = f"changes below {LEAST_MOVE} or {ERRORS:g} Monte Carlo errors are left out"
        say(f"found by {found.how} (k-hat {found.k_hat:.2f}); {least}")
