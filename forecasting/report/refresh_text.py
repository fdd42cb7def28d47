"""What a refresh found as a short text: plain for a mail, Markdown for a pull request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from forecasting.forecasts import likelihood_words
from forecasting.ledger.refreshed import Moved, Refresh
from forecasting.report.formatting import LEAST_MOVE, percent, plain, points

MOST = 30
STILL = f"within {LEAST_MOVE} or what chance can do"


def refresh_markdown(found: Sequence[Refresh], due: Sequence[str], today: dt.date) -> str:
    """Return the text for a pull request or an issue: what moved, edition by edition, as a table with old and new number."""
    lines = [f"## Refresh of {today}: {_verdict(found)}", "", _fits(found), ""]
    for one in found:
        if not (one.moved or one.failed or one.not_said_before):
            continue
        lines += [f"### {plain(one.edition)}: {plain(one.title)}, as of {one.as_of}", ""]
        if one.failed:
            lines += [f"**No new numbers: {plain(one.failed)}**", ""]
        if acting := [each for each in one.moved if not each.stays]:
            rows = [_row(each, one.standard) for each in acting[:MOST]]
            lines += ["| answer | said | now | change (points) |", "|---|---|---|--:|", *rows, ""]
        lines += [f"{plain(text)}\n" for text in _notes(one)]
    lines += [plain(_due(due)), ""] if due else []
    return "\n".join(lines)


def refresh_lines(found: Sequence[Refresh], due: Sequence[str], today: dt.date) -> list[str]:
    """Return the same as lines of plain text, for a mail."""
    lines = [f"Refresh of {today}: {_verdict(found)}", _fits(found)]
    for one in found:
        if one.failed:
            lines.append(f"{one.edition}: no new numbers: {one.failed}")
        acting = [each for each in one.moved if not each.stays]
        notes = _notes(one) if one.moved or one.not_said_before else []
        lines += [f"{one.edition}, as of {one.as_of}:"] if notes else []
        said = partial(_in_words, standard=one.standard)
        lines += [f"  {_name(each)}: {said(each.before)}{_where(each)}, now {said(each.after)}; "
                  f"{points(each.after - each.before)} points" for each in acting[:MOST]]  # fmt: skip
        lines += [f"  {text}" for text in notes]
    return [*lines, _due(due)] if due else lines


def _verdict(found: Sequence[Refresh]) -> str:
    moved = sum(not each.stays for one in found for each in one.moved)
    failed = [one.edition for one in found if one.failed]
    text = f"{moved} answer{' has' if moved == 1 else 's have'} moved" if moved else "no answer has moved"
    return text + (f"; no new numbers of {', '.join(failed)}" if failed else "")


def _fits(found: Sequence[Refresh]) -> str:
    fitted = [one.edition for one in found if one.fitted]
    still = [one.edition for one in found if not one.fitted and not one.failed]
    parts = ["All rules hold."]
    parts += [f"Fitted anew: {', '.join(fitted)}."] if fitted else []
    parts += [f"Nothing changed since the run of: {', '.join(still)}."] if still else []
    return " ".join(parts)


def _row(one: Moved, standard: str) -> str:
    before, after = plain(_in_words(one.before, standard) + _where(one)), plain(_in_words(one.after, standard))
    other = likelihood_words(one.before, standard) != likelihood_words(one.after, standard)
    change = points(one.after - one.before)
    return f"| {plain(_name(one))} | {before} | {f'**{after}**' if other else after} | {change} |"


def _notes(one: Refresh) -> list[str]:
    """Return what is to be said of an edition besides its table."""
    acting, stay = [m for m in one.moved if not m.stays], [m for m in one.moved if m.stays]
    notes = []
    if len(acting) > MOST:
        notes.append(f"And {len(acting) - MOST} more.")
    if one.what and one.moved:
        notes.append(f"Why: {one.what}.")
    if one.n_compared:
        notes.append(f"{one.n_compared - len(one.moved)} of {one.n_compared} answers stay as they were, {STILL}.")
    if stay:
        reasons = ", ".join(dict.fromkeys(f"{each.question} ({each.stays})" for each in stay))
        notes.append(f"Moved too, and stay as they were said: {reasons}.")
    if one.not_said_before and one.n_compared:
        notes.append(f"Not said before, so not compared: {', '.join(one.not_said_before)}.")
    elif one.not_said_before:
        notes.append("There is no earlier number to compare with: neither on record nor in a run.")
    if one.recorded:
        notes.append(f"Corrected in the ledger: records {', '.join(map(str, one.recorded))}.")
    acted = {each.question for each in acting}
    notes += [f"Not corrected: {question}, {why}." for question, why in one.left_out.items() if question in acted]
    if one.open and not one.left_out and not one.recorded:
        notes.append(f"To put it on record: forecast refresh {one.edition} --issue")
    return notes


def _name(one: Moved) -> str:
    return f"{one.title}: {one.outcome}" if one.outcome else one.title


def _where(one: Moved) -> str:
    return f" (record {one.entry.number} of {one.entry.day})" if one.entry else " (run before)"


def _in_words(p: float, standard: str) -> str:
    return f"{percent(p)}, {likelihood_words(p, standard)}"


def _due(due: Sequence[str]) -> str:
    more = f" and {len(due) - MOST} more" if len(due) > MOST else ""
    return f"Past their deadline, without an outcome in the ledger: {', '.join(due[:MOST])}{more}. Settle them: forecast resolve"
