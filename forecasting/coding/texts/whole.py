"""Read all that stands in a file of any form, part by part, whatever of it a reader is shown: for a look before it is shared.

An article is what `forecasting.coding.texts.read` reads. Here are the headers and attachments of a mail, the comments of a
document, the attributes of a page and the cells of a notebook as well.
"""

from __future__ import annotations

import json
import re
from pathlib import PurePath

from markupsafe import Markup

from forecasting.coding.texts.extracted import Refused
from forecasting.coding.texts.kinds import kind_of
from forecasting.coding.texts.mail import MAILS, is_mail, parts_of_mail
from forecasting.coding.texts.package import UNSEEN, ZIP, decoded, is_picture, package_parts, skimmed
from forecasting.coding.texts.read import in_own_process

PACKED = frozenset({".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".zip"})  # zip archives, whatever is in them
PAGES = (".html", ".htm", ".xhtml", ".svg")
# a tag with its attributes, to the next bracket and no further: a page may have a million brackets that nothing closes
_TAG = re.compile(r"""<[/!]?[A-Za-z][^\s<>"']*+((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>""")
_STYLE = "<style", "</style>"
MAX_NESTED = 3  # files within files: archives, mails


def whole_parts(name: str, raw: bytes, nested: int = 0) -> dict[str, str]:
    """Return the text of a file by its parts; a file that has none is one part without a name.

    Of a page it is what the page shows, of a notebook its cells and what it says of itself, of a mail its headers and each part
    of it, decoded, of a document of Word, Excel or the like each part of it: comments, headers, names of sheets and properties;
    of a PDF its notes, links, forms, scripts and properties as well.

    Parameters
    ----------
    name : str
        The file's name; its ending says what somebody takes it for.
    raw : bytes
        Its content.
    nested : int, optional
        How many files it lies in.

    Raises
    ------
    Refused
        If it cannot be looked through.

    Examples
    --------
    >>> whole_parts("note.txt", b"a"), whole_parts("page.html", b"<p>b &amp; c</p>")[""].split()
    ({'': 'a'}, ['b', '&', 'c'])
    """
    if nested >= MAX_NESTED:
        raise Refused(f"{UNSEEN}files within files within files ({name})", "take them out")
    suffix = PurePath(name).suffix.lower()
    if ZIP.match(raw):
        return package_parts(raw, nested, whole_parts)
    if suffix == ".pdf" or raw.startswith(b"%PDF-"):
        kind_of(f"{PurePath(name).stem}.pdf", raw)
        found = in_own_process("pdf_parts", raw)
        return {"": "\n".join((found.text, found.title, found.author))}
    if suffix in PACKED:
        raise Refused(f"{UNSEEN}no {suffix} document, whatever its name says", "name it after what it is")
    if suffix == ".ipynb":
        return {"": _cells(raw)}
    if suffix in MAILS or is_mail(raw):
        return _mail(raw, nested)
    text = skimmed(raw) if is_picture(raw) else decoded(raw)
    return {"": page_text(text) if suffix in PAGES else text}


def _mail(raw: bytes, nested: int) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part, content in parts_of_mail(raw):
        try:
            found = whole_parts(part, content, nested + 1)
        except Refused as refused:
            raise Refused(f"{UNSEEN}{part}: {refused.found.removeprefix(UNSEEN)}", refused.fix) from None
        for inner, text in found.items():
            name = f"{part}!{inner}" if inner else part
            parts[name] = f"{parts[name]}\n{text}" if name in parts else text
    return parts


def page_text(html: str) -> str:
    """Return what a page says, line by line as it is written, tags and styles left out and attributes kept.

    Examples
    --------
    >>> page_text('<p title="a">b &amp; c</p>').split()
    ['title="a"', 'b', '&', 'c']
    """
    attributes = _TAG.sub(r" \1 ", _without_styles(html))
    return str(Markup(attributes).unescape())


def _without_styles(html: str) -> str:
    r"""Return a page without its sheets of styles, each line of which is an empty one.

    Examples
    --------
    >>> _without_styles("a<style>\nb</style>c<style>d")
    'a\nc<style>d'
    """
    kept, at = [], 0
    while (start := html.find(_STYLE[0], at)) >= 0 and (end := html.find(_STYLE[1], start)) >= 0:
        kept += [html[at:start], "\n" * html.count("\n", start, end)]
        at = end + len(_STYLE[1])
    return "".join([*kept, html[at:]])


def _cells(raw: bytes) -> str:
    try:
        notebook = json.loads(raw)
        return json.dumps([notebook["cells"], notebook.get("metadata")], ensure_ascii=False, indent=1)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused("no notebook", "name it after what it is") from None
