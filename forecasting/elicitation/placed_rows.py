"""The rows of a lexicon whose wordings are placed among surveyed phrases, with their quantiles computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from forecasting.dossier.messages import cells
from forecasting.dossier.parse import parse_csv
from forecasting.dossier.wordings import Wording
from forecasting.elicitation.hedges import PlacedDraws, hedge_quantiles, placement_of, readers_behind
from forecasting.elicitation.survey_traits import read_traits

COLUMNS = ("wording", "p05", "p25", "p50", "p75", "p95", "reads", "at", "towards", "share", "instead", "n", "citation")
TO_COMPUTE = {"p05": 0.1, "p25": 0.2, "p50": 0.3, "p75": 0.4, "p95": 0.5, "n": 0}  # stand-ins, which the computed figures replace
READERS = "; readers: "


def reader_counts() -> dict[str, dict[str, int]]:
    """Return how many readers of each survey were fitted who answered each of its phrases."""
    return {survey: dict.fromkeys(found[0].phrases, found[0].n) for survey, found in read_traits().items()}


def rows_of(file: Path) -> list[Wording]:
    """Return the rows of a lexicon; those of placed wordings may have no quantiles and no ``n``, which are to be computed.

    Raises
    ------
    ParseError
        If the file is no table.
    pydantic.ValidationError
        If a row is malformed otherwise.
    """
    rows = []
    for row in parse_csv(file, file.name).value:
        given = {name: value for name, value in cells(Wording, row).items() if value not in (None, "")}
        rows.append(Wording(**({**TO_COMPUTE, **given} if given.get("at") else given)))
    return rows


def cells_of(
    rows: Sequence[Wording], draws: PlacedDraws, n_readers: Mapping[str, Mapping[str, int]], random_seed: int
) -> Iterator[dict[str, str]]:
    """Yield each row as the cells of `COLUMNS`, those that are placed with their quantiles computed, the others as they are.

    Parameters
    ----------
    rows : sequence of Wording
        The rows.
    draws : PlacedDraws
        Of `forecasting.elicitation.hedges.read_draws`.
    n_readers : mapping
        How many readers each survey asked about each of its phrases.
    random_seed : int
        Of the noise of places.
    """
    found = hedge_quantiles(draws, {row.wording: placement_of(row) for row in rows if row.at}, random_seed=random_seed)
    for row in rows:
        who = readers_behind(row, n_readers)
        n = sum(who.values()) if row.at else row.n
        citation = row.citation.partition(READERS)[0] + (f"{READERS}{', '.join(who)}" if row.at else "")
        figures = [f"{value:.4f}".rstrip("0") for value in found.get(row.wording, row.quantiles)]
        place = [row.at, row.towards, "" if row.share is None else f"{row.share:g}"]
        yield dict(zip(COLUMNS, [row.wording, *figures, row.reads, *place, row.instead, str(n), citation], strict=True))
