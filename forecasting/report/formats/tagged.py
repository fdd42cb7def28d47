"""Finish a PDF that Chromium printed: what PDF/UA-1 asks for beyond its tags, and nothing on when or where it was made.

References
----------
ISO 14289-1:2014, *Document management applications: Electronic document file format enhancement for accessibility (PDF/UA-1)*.
ISO 32000-1:2008, *Portable document format, Part 1: PDF 1.7*, 14.6 to 14.8. PDF Association, *Matterhorn Protocol 1.1*.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any

from forecasting.errors import ForecastingError, UsageError
from forecasting.report.formats.artifacts import mark_artifacts
from forecasting.report.formats.printing import CHOSEN

_ANOTHER = f"name another browser, or a newer one, in {CHOSEN}"
ROLES = {"/Strong": "/Span", "/Em": "/Span"}  # of PDF 2.0; a reader of PDF 1.7 is told what they are
_HEADING = re.compile(r'<(section|article|div)[^>]*\sid="([^"]+)"[^>]*>\s*<h[1-6][^>]*>(.*?)</h[1-6]>', re.DOTALL)
_OWN_ID = re.compile(r'<h[1-6][^>]*\sid="([^"]+)"[^>]*>(.*?)</h[1-6]>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def finished(printed: bytes, page: str) -> bytes:
    """Return a printed page as a PDF that a screen reader finds its way in, the same bytes for the same page.

    What is added to what Chromium writes: the bodies of list items; the name of each link, for those who hear it; one figure
    where there were two, one inside the other; running heads and feet as artifacts, which a screen reader passes over; metadata.
    Dates are taken out, and links to files beside the page name the file alone.

    Parameters
    ----------
    printed : bytes
        From `forecasting.report.formats.printing.print_page`.
    page : str
        The page that was printed.

    Raises
    ------
    UsageError
        If pikepdf is not installed.
    ForecastingError
        If the browser printed what is no PDF, or one without tags.
    """
    try:
        import pikepdf
    except ImportError:
        raise UsageError("a PDF needs pikepdf; install it with: pip install 'forecasting[formats]'") from None
    try:
        pdf = pikepdf.open(io.BytesIO(printed))
    except pikepdf.PdfError as error:
        raise ForecastingError(f"the browser printed a damaged PDF ({error}); try again, or {_ANOTHER}") from None
    with pdf:
        if lacking := [name for name in ("/StructTreeRoot", "/Lang") if name not in pdf.Root]:
            raise ForecastingError(f"the browser printed a PDF without tags (it has no {lacking[0]}); {_ANOTHER}")
        _metadata(pdf)
        root = pdf.Root.StructTreeRoot
        root.RoleMap = pikepdf.Dictionary({name: pikepdf.Name(role) for name, role in ROLES.items()})
        elements = list(_elements(root))
        for element in elements:
            _mend(pdf, element)
        _renumber(root, elements)
        titles = headings_of(page)
        for sheet in pdf.pages:
            _name_links(sheet, titles)
            mark_artifacts(pdf, sheet)
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, min_version="1.7")
    return out.getvalue()


def headings_of(page: str) -> dict[str, str]:
    """Return the heading that each anchor of a page leads to.

    Examples
    --------
    >>> headings_of('<section id="gas"><h2>Gas &amp; oil</h2>')
    {'gas': 'Gas & oil'}
    """
    found = [(name, text) for _, name, text in _HEADING.findall(page)] + _OWN_ID.findall(page)
    return {name: " ".join(unescape(_TAG.sub("", text)).split()) for name, text in found}


def _metadata(pdf: Any) -> None:
    title = str(pdf.docinfo.get("/Title", ""))
    for name in list(pdf.docinfo.keys()):
        if name not in ("/Title", "/Producer"):
            del pdf.docinfo[name]
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["dc:title"] = title
        metadata["dc:language"] = {str(pdf.Root.Lang)}


def _children(element: Any) -> list[Any]:
    import pikepdf

    kids = element.get("/K")
    return [] if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _elements(root: Any) -> Iterator[Any]:
    """Yield every structure element below a root, the outer ones first."""
    import pikepdf

    waiting = _children(root)
    while waiting:
        element = waiting.pop()
        if isinstance(element, pikepdf.Dictionary) and "/S" in element:
            yield element
            waiting += _children(element)


def _kind(element: Any) -> str:
    import pikepdf

    return str(element.get("/S", "")) if isinstance(element, pikepdf.Dictionary) else ""


def _mend(pdf: Any, element: Any) -> None:
    import pikepdf

    kind, kids = _kind(element), _children(element)
    if kind == "/Figure" and "/Alt" not in element:  # <figure> around the picture, which has the words
        element.S = pikepdf.Name.Div
        for kid in kids:
            if _kind(kid) == "/Caption":
                kid.S = pikepdf.Name.P
    if kind == "/LI":
        labels = [kid for kid in kids if _kind(kid) in ("/Lbl", "/LBody")]
        rest = [kid for kid in kids if _kind(kid) not in ("/Lbl", "/LBody")]
        if rest:
            made = pikepdf.Dictionary(Type=pikepdf.Name.StructElem, S=pikepdf.Name.LBody, P=element, K=pikepdf.Array(rest))
            if "/Pg" in element:
                made.Pg = element.Pg
            body = pdf.make_indirect(made)
            for kid in rest:
                if _kind(kid):
                    kid.P = body
            element.K = pikepdf.Array([*labels, body])


def _renumber(root: Any, elements: list[Any]) -> None:
    """Count the ids of header cells from one: Chromium counts from where it happens to be."""
    import pikepdf

    names = sorted(str(element.ID) for element in elements if "/ID" in element)
    new = {old: pikepdf.String(f"cell-{n:08d}") for n, old in enumerate(names, 1)}
    for element in elements:
        if "/ID" in element:
            element.ID = new[str(element.ID)]
        attributes = element.get("/A")
        for part in attributes if isinstance(attributes, pikepdf.Array) else []:
            if "/Headers" in part:
                part.Headers = pikepdf.Array([new[str(name)] for name in part.Headers])
    waiting = [root.IDTree] if "/IDTree" in root else []
    while waiting:
        node = waiting.pop()
        waiting += list(node.get("/Kids", []))
        if "/Limits" in node:
            node.Limits = pikepdf.Array([new[str(name)] for name in node.Limits])
        if "/Names" in node:
            pairs = list(node.Names)
            node.Names = pikepdf.Array([new[str(entry)] if n % 2 == 0 else entry for n, entry in enumerate(pairs)])


def _name_links(sheet: Any, titles: Mapping[str, str]) -> None:
    for annotation in sheet.get("/Annots", []):
        if annotation.get("/Subtype") != "/Link":
            continue
        action = annotation.get("/A", {})
        if "/URI" in action:
            address = str(action.URI)
            if address.startswith("file:"):
                address = address.rpartition("/")[2]
                action.URI = address
            annotation.Contents = address
        else:
            target = str(annotation.get("/Dest", action.get("/D", ""))).removeprefix("/")
            annotation.Contents = titles.get(target, target)
