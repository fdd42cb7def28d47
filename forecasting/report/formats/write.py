"""Write a page, that is there already, in other forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from forecasting.coding.write import inside
from forecasting.dossier.edition import EditionDossier
from forecasting.files import write_file
from forecasting.report.compared import Compared, compared_name
from forecasting.report.formats.documents import markdown_of, word_of
from forecasting.report.formats.figures import pictures_of, png_of
from forecasting.report.formats.names import Format, Paper
from forecasting.report.formats.printing import print_page
from forecasting.report.formats.tables import answers_csv, answers_xlsx
from forecasting.report.formats.tagged import finished
from forecasting.report.formats.twin import twin_of
from forecasting.report.formatting import day
from forecasting.runs.manifest import DRAFT
from forecasting.runs.store import Run

PICTURES = {".svg", ".png"}


def write_formats(
    page: Path,
    run: Run,
    edition: EditionDossier,
    formats: Iterable[Format],
    paper: Paper = Paper.a4,
    compare: Compared | None = None,
) -> list[Path]:
    """Write a page in other forms, beside it; return the files, and of pictures their folder.

    Parameters
    ----------
    page : Path
        A report or a brief that was written from the run.
    run : Run
    edition : EditionDossier
    formats : iterable of Format
        ``html`` is the page itself, and ``all`` is every form.
    paper : Paper
        What a PDF or a Word file is laid out for.
    compare : Compared, optional
        With what the page compares, where it was not left to the run (`forecasting.report.render.render_report`).

    Returns
    -------
    list of Path
        Tables and the twin hold the whole edition whatever the page shows; they are named after it. Pictures stand in a folder
        ``<page>-figures``. The same run gives the same bytes.

    Raises
    ------
    UsageError
        If a form needs a package or a program that is not installed, or the folder of pictures is a link that leads elsewhere.
    """
    wanted = set(Format) if Format.all in formats else set(formats)
    kinds = {f".{kind}" for kind in wanted}
    made = (_files(kind, page, run, edition, paper, compare) for kind in Format if kind in wanted)
    files = {path: content for one in made for path, content in one}
    for path, content in {inside(page.parent, path): content for path, content in files.items()}.items():
        write_file(path, content)
    folders = {path.parent for path in files if path.parent != page.parent}
    for old in (path for folder in folders for path in folder.iterdir() if path not in files and path.suffix in PICTURES & kinds):
        old.unlink()  # of a report that had more pictures
    return [*(path for path in files if path.parent == page.parent), *sorted(folders)]


def _files(
    kind: Format, page: Path, run: Run, edition: EditionDossier, paper: Paper, compare: Compared | None
) -> Iterator[tuple[Path, str | bytes]]:
    """Yield path and content of the files of one form."""
    tables = page.with_name(f"{compared_name(edition, compare)}{DRAFT if run.manifest.draft else ''}.{kind}")
    stem = page.name.removesuffix(".html")
    match kind:
        case Format.pdf:
            shown = page.read_text("utf-8")
            yield page.with_name(f"{stem}.pdf"), finished(print_page(shown, paper), shown)
        case Format.md:
            yield page.with_name(f"{stem}.md"), markdown_of(page.read_text("utf-8"), f"{stem}-figures", run.warning)
            yield from _files(Format.svg, page, run, edition, paper, compare)
        case Format.docx:
            own = edition.edition
            head = f"{own.title}, as of {day(own.as_of)}"
            shown = page.read_text("utf-8")
            yield page.with_name(f"{stem}.docx"), word_of(shown, title=head, head=head, warning=run.warning, paper=paper)
        case Format.json:
            yield tables, twin_of(run, edition, compare).text()
        case Format.csv:
            yield tables, answers_csv(twin_of(run, edition, compare))
        case Format.xlsx:
            yield tables, answers_xlsx(twin_of(run, edition, compare))
        case Format.svg | Format.png:
            for picture in pictures_of(page.read_text("utf-8"), run.warning):
                content = picture.svg if kind is Format.svg else png_of(picture)
                yield page.with_name(f"{stem}-figures") / f"{picture.name}.{kind}", content
