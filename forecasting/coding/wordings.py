"""Place a wording that no lexicon lists among surveyed phrases, and add it to a lexicon with its quantiles computed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from forecasting.coding.chances import read_chance
from forecasting.coding.ids import check_form
from forecasting.coding.write import append_row, inside, locked, replace_row
from forecasting.dossier.fields import Reads
from forecasting.dossier.load import read_dossier
from forecasting.dossier.location import no_records
from forecasting.dossier.similar_wordings import with_percent
from forecasting.dossier.wordings import Wording
from forecasting.elicitation.hedges import read_draws
from forecasting.elicitation.placed_rows import COLUMNS, TO_COMPUTE, cells_of, reader_counts
from forecasting.elicitation.placements import PHRASES
from forecasting.elicitation.wording import event_reads
from forecasting.errors import UsageError

SEED = 1  # as `python -m forecasting.fitting.hedges` takes, which gives the same figures


@dataclass(frozen=True)
class Placed:
    """A wording that was added to a lexicon: file, line, and the row with its quantiles."""

    path: Path
    line: int
    row: Wording


def place_wording(
    root: Path, wording: str, lexicon: str, *, at: str, why: str, towards: str = "", share: float | None = None,
    reads: Reads | None = None, replace: bool = False,
) -> Placed:  # fmt: skip
    """Append a wording to ``lexicons/<lexicon>.csv``, which is begun if it is not there.

    Parameters
    ----------
    root : Path
        The ``priors`` folder.
    wording : str
        The whole wording; it is written in lower case.
    lexicon : str
        Id of the lexicon.
    at, towards : str
        The surveyed phrases at, or between, which it stands; "not " before both where they are said of the event and the
        wording of its absence.
    why : str
        The reason for the place, for the citation.
    share : float, optional
        Which part of the way from ``at`` to ``towards`` is gone, between 0 and 1.
    reads : {"level", "at_least", "at_most"}, optional
        How the wording bounds the probability; as ``at`` is read, if left out.
    replace : bool
        Whether a wording that a coder has placed in the lexicon before is placed anew.

    Raises
    ------
    UsageError
        If the lexicon lists the wording, a phrase was not surveyed, or the place is malformed; nothing is written then.
    """
    if not root.is_dir():
        raise no_records(root)
    check_form(lexicon, "lexicon")
    said = " ".join(wording.casefold().split())
    with locked(root):
        lexicons = read_dossier(root)[0].lexicons
        there = lexicons[lexicon].get(said) if lexicon in lexicons else None
        if there and not replace:
            anew = "; --replace places it anew" if there.at else ""
            raise UsageError(f"lexicon '{lexicon}' lists '{said}' already; write lexicon: {lexicon} in the claim{anew}")
        if there and not there.at:
            raise UsageError(f"'{said}' in {lexicon} was not placed by a coder, and stays; place it in a lexicon of your own")
        if replace and not there:
            raise UsageError(f"lexicon '{lexicon}' does not list '{said}', so there is nothing to replace; leave --replace out")
        rows = [row for entries in lexicons.values() for row in entries.values()]
        surveyed = {row.wording: row for row in rows if row.wording in PHRASES and row.n}
        for phrase in (phrase.removeprefix("not ") for phrase in (at, towards) if phrase):
            if phrase not in PHRASES:
                known = with_percent(surveyed[name] for name in sorted(surveyed, key=lambda name: surveyed[name].p50))
                raise UsageError(f"no survey asked about '{phrase}'; place '{said}' at one of {known or ', '.join(PHRASES)}")
        row_at = surveyed.get(at.removeprefix("not "))
        of_place = event_reads(row_at.reads if row_at else "level", "does-not-occur" if at.startswith("not ") else "occurs")
        place = {"at": at, "towards": towards, "share": share, "citation": _citation(why, at, towards, share)}
        try:
            row = Wording.model_validate({"wording": said, **TO_COMPUTE, "reads": reads or of_place, **place})
        except ValidationError as error:
            raise UsageError(f"'{said}': " + str(error.errors()[0]["msg"]).removeprefix("Value error, ")) from None
        (cells,) = cells_of([row], read_draws(), reader_counts(), SEED)
        path = inside(root, root / "lexicons" / f"{lexicon}.csv")
        row_cells = {name: cells[name] for name in COLUMNS}
        line = replace_row(path, "wording", said, row_cells) if there else append_row(path, row_cells)
    return Placed(path, line, read_dossier(root)[0].lexicons[lexicon][said])


def place_number(root: Path, wording: str, lexicon: str, *, reads: Reads | None = None) -> Placed:
    """Append a chance that is said in numbers to ``lexicons/<lexicon>.csv``: every probability that is rounded to it alike.

    Parameters
    ----------
    root : Path
        The ``priors`` folder.
    wording : str
        The number as the text has it, such as "60 per cent chance" or "one in three"; it is written in lower case.
    lexicon : str
        Id of the lexicon; a new one is begun.
    reads : {"level", "at_least", "at_most"}, optional
        How it bounds the probability; else as its words say.

    Raises
    ------
    UsageError
        If the wording is no chance in numbers, or the lexicon lists it; nothing is written then.
    """
    if not root.is_dir():
        raise no_records(root)
    check_form(lexicon, "lexicon")
    said, chance = " ".join(wording.casefold().split()), read_chance(wording)
    if chance is None or chance.low is None or chance.high is None:
        raise UsageError(f"'{said}' is no chance in numbers; write per cent or so many in so many (odds leave open of what)")
    span = f"{100 * chance.low:.3g} to {100 * chance.high:.3g} %"
    citation = f"Coder: said in numbers; stands for {span} (docs/codebook.md, step 6.4)"
    quantiles = dict(zip(COLUMNS[1:6], (f"{value:g}" for value in chance.quantiles), strict=True))
    cells = {"wording": said, **quantiles, "reads": reads or chance.reads, "n": "0", "citation": citation}
    with locked(root):
        lexicons = read_dossier(root)[0].lexicons
        if said in lexicons.get(lexicon, {}):
            raise UsageError(f"lexicon '{lexicon}' lists '{said}' already; write lexicon: {lexicon} in the claim")
        path = inside(root, root / "lexicons" / f"{lexicon}.csv")
        line = append_row(path, {**dict.fromkeys(COLUMNS, ""), **cells})
    return Placed(path, line, read_dossier(root)[0].lexicons[lexicon][said])


def _citation(why: str, at: str, towards: str, share: float | None) -> str:
    place = f"{share:.0%} of the way from {at} to {towards}".replace("%", " %") if towards and share else f"at {at}"
    return f"Coder: placed {place}: {why}"
