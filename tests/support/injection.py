"""Everything that is shared, made from a dossier whose every text field holds a payload, and what comes alive in a browser."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from browser import Browser
from builders import write_dossier
from ledgers import clock
from markdown_it import MarkdownIt
from poison import PAYLOADS, fields_of, poison

from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.load import read_dossier
from forecasting.lab.reprs import forecast_html, table_html
from forecasting.ledger.issue import Origin, issue_model
from forecasting.ledger.resolve import settled_by_history
from forecasting.ledger.standing import Standing
from forecasting.ledger.store import append, read_ledger
from forecasting.report.formats.documents import markdown_of, word_of
from forecasting.report.formats.names import Paper
from forecasting.report.plausibility import plausibility
from forecasting.report.record import record_page
from forecasting.report.render import render_brief, render_report
from forecasting.runs.store import Run
from forecasting.scoring.record import record_of
from forecasting.shown.html import small_table

NOW = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
ASSUMED = {
    "assumptions.yaml": "- {id: a-001, statement: So it is., held_by: analyst, why: So it was., would_change: A proof.,\n"
    "   holds: {p: {occurs: pact-signed}, by: 2025-06-30, at_least: 0.5}}\n",
    "history.csv": "on,event,what,likelihood_ratio,source,status,note\n"
    "2024-06-30,pact-signed,survived,,Gazette,confirmed,no pact\n"
    "2024-06-30,toll-raised,survived,,Gazette,confirmed,old toll\n2025-03-01,pact-signed,occurred,,Gazette,confirmed,signed\n",
}
HEAD = "<!doctype html><meta charset=utf-8><link rel=icon href='data:,'><title>Shared</title>"
ALIVE = """(() => {
  const all = [...document.querySelectorAll('*')];
  const scripts = [...document.scripts].filter(one => !one.hasAttribute('data-own'));
  return {
    scripts: scripts.length,
    handlers: all.filter(one => [...one.attributes].some(a => /^on/i.test(a.name))).length,
    frames: document.querySelectorAll('iframe, frame, object, embed, base, form, meta[http-equiv=refresh]').length,
    links: all.filter(one => /^\\s*(javascript|vbscript|data|file):/i.test(one.getAttribute('href') || '')
      && !(one.tagName === 'LINK' && one.getAttribute('href') === 'data:,')).length,
    typeset: document.querySelectorAll('mjx-container, .MathJax, math').length,
  };
})()"""


@dataclass
class Alive:
    """What came alive, of how many pages."""

    pages: int = 0
    scripts: int = 0
    handlers: int = 0
    requests: int = 0
    other: int = 0

    def found(self) -> int:
        """Return how much came alive."""
        return self.scripts + self.handlers + self.requests + self.other

    def look(self, browser: Browser, page: Path) -> None:
        """Open a page, everything that it folds away unfolded, and count what lives in it."""
        browser.open(page)
        browser.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
        browser.evaluate("document.querySelectorAll('a, summary, [tabindex]').forEach(part => { part.focus(); part.dispatchEvent("
                         "new MouseEvent('mouseover', {bubbles: true})) })")  # fmt: skip
        said: dict[str, Any] = browser.evaluate(ALIVE)
        self.pages += 1
        self.scripts += said["scripts"]
        self.handlers += said["handlers"]
        self.requests += len(browser.requests())
        self.other += said["frames"] + said["links"] + said["typeset"] + len(browser.complaints())


@cache
def edition() -> EditionDossier:
    """Return the small edition, with an assumption."""
    import tempfile

    from bad_input import PROJECT

    dossier, failures = read_dossier(write_dossier(Path(tempfile.mkdtemp()), PROJECT, ASSUMED))
    assert not failures
    return dossier.edition("2024-07-ferry")


def turned(turn: int, payloads: Sequence[str] = PAYLOADS) -> list[str]:
    """Return the payloads beginning with another one: after as many turns as there are, each has stood in each field."""
    return [*payloads[turn:], *payloads[:turn]]


def n_fields() -> int:
    """Return in how many text fields payloads stand."""
    return fields_of(edition())


def surfaces(turn: int) -> Iterator[tuple[str, str]]:
    """Yield every form in which a poisoned edition is shared, as a page that a browser opens."""
    run, nasty = poison(edition(), turned(turn))
    record = _record(run, nasty)
    report = render_report(run, nasty, record)
    yield "report", report
    yield "report for readers outside", render_report(run, nasty, record, public=True)
    yield "report in German", render_report(run, nasty, record, language="de")
    yield "brief", render_brief(run, nasty, record)
    yield "record page", record_page(record, nasty.dossier, {nasty.edition.id: run})
    yield "report as Markdown", _markdown(markdown_of(report, "figures"))
    yield "page of all answers", _markdown(plausibility([run], nasty.dossier))
    title, warning = run.forecasts[0].title, turned(turn)[0]
    yield "Word", _word(word_of(report, title=title, head=title, warning=warning, paper=Paper.a4))
    yield "notebook", _notebook(run, nasty, turned(turn))


def _record(run: Run, nasty: EditionDossier) -> Any:
    """Return the record of a ledger with the run's forecasts, one of them settled; titles are as poisoned as the run's."""
    import tempfile

    folder = Path(tempfile.mkdtemp())
    passed = [dataclasses.replace(forecast, gate=run.mark) for forecast in run.forecasts]
    issued = dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC)
    append(folder, issue_model(passed, nasty, Origin("a" * 64, "b" * 64, "0", 1), Standing(()), issued.date()).drafts,
           clock=clock(issued))  # fmt: skip
    standing = Standing(read_ledger(folder, now=NOW).entries)
    append(folder, list(settled_by_history(nasty.dossier, standing, by="<b onclick=alert(1)>Ann</b>", today=NOW.date())),
           clock=clock(NOW))  # fmt: skip
    return record_of(read_ledger(folder, now=NOW), nasty.dossier, NOW.date())


def _markdown(text: str) -> str:
    """Return Markdown as a page, by a renderer that lets HTML of the text through; the report's own pictures are left out."""
    html = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table").render(text)
    html = re.sub(r'<img src="(?:figures/[a-z0-9-]+|images/2024-07-ferry)\.svg"[^>]*>', "", html)
    return HEAD + html


def _word(content: bytes) -> str:
    """Return a Word file as a page, by pandoc; fields, macros and links out of it but to the web are noted as a form."""
    import tempfile

    import pypandoc

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("word/document.xml").decode("utf-8")
        relations = archive.read("word/_rels/document.xml.rels").decode("utf-8")
        live = [name for name in archive.namelist() if re.search("vba|embeddings|activeX", name)]
    live += re.findall(r'w:instr="[^"]*"|<w:instrText[^>]*>[^<]*', xml)
    outside = re.findall(r"<Relationship [^>]*TargetMode=\"External\"[^>]*>", relations)
    live += [one for one in outside if not re.search(r'Target="(https?://|record\.html")', one)]
    path = Path(tempfile.mkdtemp()) / "report.docx"
    path.write_bytes(content)
    html = pypandoc.convert_file(str(path), "html", format="docx")
    shown = re.sub(r"<img [^>]*>", "", html)  # pictures lie beside the page
    return HEAD + shown + "<form></form>" * len(live)


def _notebook(run: Run, nasty: EditionDossier, payloads: Sequence[str]) -> str:
    """Return what a notebook shows of every object and table, without what a notebook's own page would forbid."""
    dossier = nasty.dossier
    shown: list[Any] = [run, nasty, dossier, *run.forecasts]
    for name in ("sources", "claims", "events", "effects", "questions", "reference_classes", "editions", "assumptions"):
        shown += [getattr(dossier, name), *getattr(dossier, name).values()]
    parts = [one._repr_html_() or "" for one in shown if hasattr(one, "_repr_html_")]
    parts += [forecast_html(forecast) for forecast in run.forecasts]
    parts += [small_table((p, p), [((p, p), p)], caption=p, more=p) + table_html([{p: p}], caption=p) for p in payloads]
    return HEAD + "".join(parts)


def look_at(
    browser: Browser, turns: Sequence[int], folder: Path, say: Callable[[str], None] = lambda text: None
) -> dict[str, Alive]:
    """Return what comes alive in each form over some turns of the payloads."""
    found: dict[str, Alive] = {}
    for turn in turns:
        for name, page in surfaces(turn):
            path = folder / "page.html"
            path.write_text(page, "utf-8")
            found.setdefault(name, Alive()).look(browser, path)
        say(f"turn {turn}: {sum(alive.found() for alive in found.values())} alive so far")
    return found
