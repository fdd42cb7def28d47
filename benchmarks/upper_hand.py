"""What the thesis of an article is worth as evidence; writes docs/upper-hand.md: ``python -m benchmarks.upper_hand``.

The balance of an edition is fitted anew with parts of its observations, and P(ahead) of every theatre is read off on the as-of
date. A fit that the gate blocks is shown, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from forecasting.dossier.observed import Look, Observed
from forecasting.fitting.model_fit import ModelFit, fit_model
from forecasting.forecasts import percent
from forecasting.models.balance.future import beyond_line
from forecasting.models.balance.levels import drawn
from forecasting.models.balance.model import FIRST, BalanceInputs, BalanceModel
from forecasting.rules.load import load_dossier

PAGE, EDITION, THESIS, ARTICLE = Path("docs/upper-hand.md"), "2024-12-syria", "c-012", "carnegie-2024-12"
OURS = "this dossier"  # the speaker of its own sentences on where the two stand

LENGTH = replace(FIRST, draws=6000)  # fewer observations leave more open, and more draws are needed for the same error

HEAD = """\
# Who has the upper hand: what the thesis is worth

`python -m benchmarks.upper_hand` writes this page. What it means is in [the decisions](decisions/balance.md).

P(Ankara ahead of Moscow) as of {as_of}, by which observations are used:

| observations | number | {titles} | gate |
|---|--:|{bars}---|
"""


def kept_by(seen: Observed, keep: Callable[[Look], bool]) -> frozenset[str]:
    """Return the ids of the observations that are left out so that those remain for which ``keep`` holds."""
    return frozenset(one.record.id for one in seen.looks if not keep(one))


def variants(seen: Observed, sources: dict[str, str]) -> dict[str, frozenset[str]]:
    """Return what to leave out, by the words of the table; ``sources`` has the source of each claim."""
    return {
        "all": frozenset(),
        f"without the thesis ({THESIS})": kept_by(seen, lambda one: one.record.claim != THESIS),
        "without the article": kept_by(seen, lambda one: sources.get(one.record.claim or "") != ARTICLE),
        "without this dossier’s own sentences": kept_by(seen, lambda one: one.speaker != OURS),
        "events alone": kept_by(seen, lambda one: one.speaker is None),
        "what was said alone": kept_by(seen, lambda one: one.speaker is not None),
    }


def row(words: str, fit: ModelFit, seen: Observed, without: frozenset[str]) -> str:
    """Return a row of the table: P(ahead) of every field in the last month."""
    inputs = fit.inputs
    assert isinstance(inputs, BalanceInputs)
    levels = drawn(fit.posterior, inputs.data).level[:, :, -1]
    even = seen.balance.scale.level[0]
    found = [percent(float(np.mean(beyond_line(levels[:, i], even)))) for i in range(levels.shape[1])]
    return f"| {words} | {len(seen.looks) - len(without)} | {' | '.join(found)} | {fit.gate.mark.words} |\n"


def main(out: Annotated[Path, typer.Option(help="Where to write the page.")] = PAGE) -> None:
    """Fit the balance six times and write the page."""
    dossier, model = load_dossier("priors"), BalanceModel()
    edition = dossier.edition(EDITION)
    full = model.inputs(edition)
    sources = {claim.id: claim.source for claim in dossier.claims.values()}
    seen = full.seen
    titles = [seen.balance.titles[name] for name in seen.balance.fields]
    lines = [HEAD.format(as_of=f"{edition.as_of:%-d %B %Y}", titles=" | ".join(titles), bars="--:|" * len(titles))]
    first: ModelFit | None = None
    for words, without in variants(seen, sources).items():
        if first is None:
            first = fit = fit_model(model, edition, length=LENGTH, random_seed=edition.edition.seed)
        else:
            fit = first.refit(model.inputs(edition, without=without))
        lines.append(row(words, fit, seen, without))
        print(lines[-1], end="")
    out.write_text("".join(lines), "utf-8")
    print(out)


if __name__ == "__main__":
    typer.run(main)
