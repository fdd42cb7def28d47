"""What holds many things shows how many, and what to ask it next: dossiers, editions of them, runs, fits, lists of results."""

from __future__ import annotations

import textwrap
from collections.abc import Container
from typing import Any

from forecasting.shown.html import small_table
from forecasting.shown.records import counted
from forecasting.shown.text import WIDTH, shorten

KINDS = {
    "sources": "source", "claims": "claim", "events": "event", "effects": "effect", "drivers": "driver",
    "reference_classes": "reference class", "questions": "question", "history": "history row", "assumptions": "assumption",
    "series": "series of counts", "counts": "published count", "observations": "observation", "lexicons": "lexicon",
}  # fmt: skip
PLURAL = {"series of counts": "series of counts"}
NO_BREAK = "\N{NO-BREAK SPACE}"


def counts_of(holder: Any, without: Container[str] = ()) -> list[str]:
    """Return how many records of each kind something holds, without kinds that are named or of which there are none."""
    found = []
    for name, kind in KINDS.items():
        n = 0 if name in without else len(getattr(holder, name, ()))
        found += [f"{n} {PLURAL[kind]}" if kind in PLURAL else counted(n, kind)] if n else []
    return found


def dossier_text(dossier: Any) -> str:
    """Return what a dossier holds, a line for each edition, and how to go on."""
    lines = [f"Dossier {shorten(dossier.root, 70)}:", *_folded(counts_of(dossier))]
    for edition in dossier.editions.values():
        head = f"  edition {edition.id}, as of {edition.as_of}: "
        lines.append(head + shorten(edition.title, 80 - len(head)))
    return "\n".join([*lines, "  one of them: dossier.claims[ID], dossier.edition(ID)"])


def dossier_html(dossier: Any) -> str:
    """Return the editions of a dossier as a small table, under a caption with what it holds."""
    rows = [
        ((edition.title, edition.id), str(edition.as_of), str(len(edition.questions)), str(len(edition.sources)))
        for edition in dossier.editions.values()
    ]
    caption = f"Dossier {dossier.root}: {', '.join(counts_of(dossier))}"
    return small_table(("edition", "as of", "questions", "sources"), rows, caption=caption)


def edition_text(selected: Any) -> str:
    """Return what an edition of a dossier may see, and how to go on."""
    record = selected.edition
    made = ", reconstructed" if record.reconstructed else ""
    lines = [f"EditionDossier {record.id}, as of {record.as_of}{made}:", f"  {shorten(record.title, 78)}"]
    return "\n".join([*lines, *_folded(_asked(selected)), "  next: fc.open_fit(ID), or fc.fit(edition)"])


def edition_html(selected: Any) -> str:
    """Return the questions of an edition as a small table, under a caption with what it may see."""
    record = selected.edition
    rows = [((one.title, one.id), one.form.kind, str(one.deadline)) for one in selected.asked]
    caption = f"{record.title} ({record.id}, as of {record.as_of}): {', '.join(_asked(selected))}"
    return small_table(("question", "form", "deadline"), rows, caption=caption, more="edition.asked")


def _asked(selected: Any) -> list[str]:
    return [counted(len(selected.asked), "question"), *counts_of(selected, without=("questions",))]


def _folded(parts: list[str], width: int = WIDTH) -> list[str]:
    """Return parts with commas between them on as many lines as they take."""
    text = ", ".join(part.replace(" ", NO_BREAK) for part in parts)
    lines = textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return [line.replace(NO_BREAK, " ") for line in lines]


def run_text(run: Any) -> str:
    """Return what a run is of, what the gate found of it, and how to go on."""
    manifest, n = run.manifest, len(run.forecasts)
    head = f"Run of {manifest.edition}, as of {manifest.as_of}{', reconstructed' if manifest.reconstructed else ''}"
    tables = [name for name, table in run.tables.items() if len(table)]
    return "\n".join([
        f"{head}: {counted(n, 'forecast')}, seed {manifest.seed}, {shorten(run.warning or 'gate passed', 200)}",
        *_folded([f"tables: {tables[0]}" if tables else "no tables", *tables[1:]]),
        "  next: run.forecast(ID), run.forecasts, run.<table>",
    ])  # fmt: skip


def run_html(run: Any) -> str:
    """Return the forecasts of a run as a small table, under a caption with what the gate found."""
    manifest = run.manifest
    rows = [
        ((one.title, one.question), "" if one.kind == "yes/no" else one.headline.title, one.headline.percent, one.headline.words)
        for one in run.forecasts
    ]
    made = ", reconstructed" if manifest.reconstructed else ""
    caption = f"{manifest.edition}, as of {manifest.as_of}{made}; {run.warning or 'gate passed'}"
    return small_table(("question", "likeliest outcome", "probability", "in words"), rows, caption=caption, more="run.forecasts")


def results_text(results: tuple[Any, ...]) -> str:
    """Return what a check found: how many failures and warnings, and the first of them in full."""
    failed = sum(one.status == "failure" for one in results)
    warned = sum(one.status == "warning" for one in results)
    if not results:
        return "all rules hold"
    head = ", ".join(counted(n, what) for n, what in ((failed, "failure"), (warned, "warning")) if n) or "nothing amiss"
    shown: list[str] = []
    for n, one in enumerate(results):
        if sum(map(len, shown)) + len(str(one)) > 4500:
            return "\n".join([head, *shown, f"… and {len(results) - n} more: forecast check prints all"])
        shown.append(str(one))
    return "\n".join([head, *shown])


def results_html(results: tuple[Any, ...]) -> str:
    """Return what a check found as a small table: place, what stands there, what to write."""
    rows = [((str(one.where), one.rule), one.status, one.found, one.fix) for one in results]
    caption = results_text(results).split("\n", 1)[0]
    return small_table(("where", "", "found", "what to write"), rows, caption=caption, more="forecast check")
