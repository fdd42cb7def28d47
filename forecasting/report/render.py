"""Render a run as one HTML file that needs nothing else: no network, no script, every text escaped."""

from __future__ import annotations

from pathlib import Path

from forecasting.coding.texts.whole import page_text
from forecasting.dossier.edition import EditionDossier
from forecasting.dossier.signatures import signature_lines
from forecasting.errors import DossierError
from forecasting.files import write_file
from forecasting.forecasts import Forecast
from forecasting.report.assumptions import assumptions_of
from forecasting.report.below import below_of
from forecasting.report.brief.brief import brief_of
from forecasting.report.brief.choose import key_forecasts, row_forecasts
from forecasting.report.brief.watching import watch_tables
from forecasting.report.changes import changed_since
from forecasting.report.compared import Compared, compared_in, compared_name
from forecasting.report.context import overview, themes_of, titled, without_intervals
from forecasting.report.environment import environment
from forecasting.report.formatting import GLOSSARY, INTERVAL_MEANING, NO_INTERVAL_NOTE, day, skew_note, weighs
from forecasting.report.labels import SOURCE, Labels
from forecasting.report.network import network_of
from forecasting.report.outcomes import outcomes_of
from forecasting.report.paper import paper_overview
from forecasting.report.provenance import provenance_of
from forecasting.report.said import briefly_quoted
from forecasting.report.sharing import notes_in, private_in
from forecasting.report.watch_list import watch_list
from forecasting.runs.manifest import DRAFT
from forecasting.runs.store import Run
from forecasting.scoring.record import Record


def render_report(
    run: Run, edition: EditionDossier, record: Record | None = None, *, public: bool = False, language: str = SOURCE,
    compare: Compared | None = None,
) -> str:  # fmt: skip
    """Return a run as one self-contained HTML page.

    Parameters
    ----------
    run : Run
        From `forecasting.runs.store.read_run`.
    edition : EditionDossier
        The edition it was made from: ``dossier.edition(id)``.
    record : Record, optional
        What the ledger says; with it the report has a section on outcomes and on how earlier forecasts did.
    public : bool
        For readers outside: without the notes of coders, and with no wording of more than eight words.
    language : str, default "en"
        Of headings, column heads and notes on how to read (`forecasting.report.labels.languages`); texts of records, and
        sentences with numbers, stay in English.
    compare : Compared, optional
        The earlier edition to say what changed since (`forecasting.report.compared.compared_with`); by default the one that the
        record names as the previous one, from the run's own table.

    Returns
    -------
    str
        The page; the same run and edition give the same characters. It loads nothing, runs nothing, and shows every
        text of the dossier literally.

    Raises
    ------
    ValueError
        If the run was made from another edition.
    UsageError
        If there are no labels in the language.
    """
    label = Labels(language)
    forecasts, wanted = _forecasts(run, edition), edition.edition.id
    below = below_of(run, edition, forecasts, compare)
    key = key_forecasts(edition, forecasts)
    shown = (*key, *row_forecasts(edition, forecasts, key))
    watched = watch_tables(run, edition, [forecast.question for forecast in shown])
    return environment().get_template("report.html.j2").render(
        edition=edition.edition,
        blocked=run.warning,
        draft=bool(run.manifest.draft),
        signed=[line[0].upper() + line[1:] for line in signature_lines(edition.edition, day)],
        n_sources=len(edition.edition.sources),
        n_claims=len(edition.claims),
        forecasts=forecasts,
        brief=brief_of(run, edition, forecasts, record, watched, compare),
        themes=(themes := themes_of(forecasts)),
        skewed=skew_note(f"“{line.title}”" for theme in themes for line in theme.lines if line.skewed),
        overview=overview(forecasts),
        on_paper=paper_overview(forecasts),
        changed=changed_since(compare or compared_in(run, edition), edition, forecasts),
        below=below,
        said=below.said,
        once=below.once,
        further=below.further,
        public=public,
        quoted=briefly_quoted if public else str,
        _=label,
        network=network_of(edition, label),
        came=outcomes_of(record, wanted, edition.dossier, forecasts) if record else None,
        assumptions=assumptions_of(run, edition, below.families),
        provenance=provenance_of(run, edition, below),
        watch_list=watch_list(edition, shown, watched, below.said),
        interval_meaning=INTERVAL_MEANING,
        no_interval="" if all(weighs(o.low, o.high) for one in forecasts for o in one.outcomes) else NO_INTERVAL_NOTE,
        glossary=GLOSSARY,
        titles={forecast.question: forecast.title for forecast in forecasts},
    )  # fmt: skip


def render_brief(
    run: Run, edition: EditionDossier, record: Record | None = None, *, language: str = SOURCE, compare: Compared | None = None
) -> str:
    """Return page one of a report as a page of its own, which links into the report beside it; otherwise as `render_report`."""
    forecasts = _forecasts(run, edition)
    key = key_forecasts(edition, forecasts)
    watched = watch_tables(run, edition, [forecast.question for forecast in key])
    return environment().get_template("brief_page.html.j2").render(
        edition=edition.edition, blocked=run.warning, draft=bool(run.manifest.draft),
        brief=brief_of(run, edition, forecasts, record, watched, compare),
        target=_name(run, edition, language=language, compare=compare), _=Labels(language),
    )  # fmt: skip


def _forecasts(run: Run, edition: EditionDossier) -> tuple[Forecast, ...]:
    """Return the run's forecasts as they are shown; `ValueError` if the run was made from another edition."""
    made, wanted = run.manifest.edition, edition.edition.id
    if made != wanted:
        raise ValueError(f"the run is of edition {made}, not {wanted}; read the run of the same edition")
    return without_intervals(edition.dossier, titled(edition, run.forecasts))


def _name(run: Run, edition: EditionDossier, kind: str = "", *, language: str, compare: Compared | None) -> str:
    suffix = "" if language == SOURCE else f"-{language}"
    return f"{compared_name(edition, compare)}{kind}{suffix}{DRAFT if run.manifest.draft else ''}.html"


def write_brief(
    run: Run, edition: EditionDossier, directory: Path, record: Record | None = None, *, language: str = SOURCE,
    compare: Compared | None = None,
) -> Path:  # fmt: skip
    """Write a run's brief to ``directory/<edition>-brief.html``, otherwise named as `write_report` does; return its path."""
    path = Path(directory) / _name(run, edition, "-brief", language=language, compare=compare)
    write_file(path, render_brief(run, edition, record, language=language, compare=compare))
    return path


def write_report(
    run: Run, edition: EditionDossier, directory: Path, record: Record | None = None, *, public: bool = False,
    language: str = SOURCE, compare: Compared | None = None,
) -> Path:  # fmt: skip
    """Write a run's report to ``directory/<edition>.html``, and return its path.

    That of a draft is ``<edition>.draft.html``, that for readers outside ``<edition>-public.html``, that with labels in
    German ``<edition>-de.html``, that compared with another edition than the previous one ``<edition>-since-<other>.html``.

    Raises
    ------
    DossierError
        If a report for readers outside would show a secret, a path of a home folder or a note of a coder; nothing is written.
    """
    path = Path(directory) / _name(run, edition, "-public" if public else "", language=language, compare=compare)
    page = render_report(run, edition, record, public=public, language=language, compare=compare)
    if public:
        text = page_text(page)
        if found := (*private_in(text, str(path)), *notes_in(text, edition.dossier, str(path))):
            raise DossierError(found)
    write_file(path, page)
    return path
