"""Read the text of a PDF, with pypdf."""

from __future__ import annotations

import io

from forecasting.coding.texts.extracted import AS_TEXT, Extracted, Refused
from forecasting.coding.texts.limits import LIMITS

_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
_OCR = "have its text recognised (ocrmypdf, or the scanner's program), or copy it into a .txt file"
_UNLOCKED = "print it to a new PDF without a password, or copy the text into a .txt file"


def read(raw: bytes) -> Extracted:
    """Return the text of all pages, in order.

    A PDF holds letters and their places and no paragraphs: lines end where they end on the page, headings stand among them, and
    what is printed on every page is among the text. The day on which the file was made is told in a remark: it is not the day on
    which the text appeared.
    """
    import pypdf
    from pypdf import errors, filters

    for name in ("ZLIB", "LZW", "RUN_LENGTH"):
        setattr(filters, f"{name}_MAX_OUTPUT_LENGTH", LIMITS.expanded)
    try:
        pdf = pypdf.PdfReader(io.BytesIO(raw))
        if pdf.is_encrypted and not pdf.decrypt(""):
            raise Refused("a PDF that is locked by a password", _UNLOCKED)
        n_pages = len(pdf.pages)
        if n_pages > LIMITS.pages:
            raise Refused(
                f"a PDF of {n_pages} pages; {LIMITS.pages} are read", "take out the pages of the article, into a PDF of their own"
            )
        pages = [page.extract_text() for page in pdf.pages]
        said = pdf.metadata
    except errors.DependencyError:
        raise Refused(
            "a PDF that is encrypted (AES)", f"{_UNLOCKED}; or pip install cryptography, if it opens without one"
        ) from None
    except errors.LimitReachedError as error:
        raise Refused(f"a PDF that expands beyond {LIMITS.expanded:,} bytes ({error})", AS_TEXT) from None
    except errors.PyPdfError as error:
        raise Refused(f"a damaged PDF ({error})", f"save it anew, or {AS_TEXT}") from None
    empty = [number for number, page in enumerate(pages, 1) if not page.strip()]
    if len(empty) == len(pages):
        raise Refused(f"a PDF of {n_pages} pages without any text: pictures of pages, from a scanner perhaps", _OCR)
    remarks = [f"no text on {len(empty)} of {n_pages} pages ({_some(empty)}): pictures, perhaps; {_OCR}"] if empty else []
    if made := _made_on(said):
        remarks.append(f"the file was made on {made}, which need not be the day the text appeared")
    return Extracted(
        "\n".join(page.strip("\n") for page in pages).translate(_LIGATURES),
        _said(said, "/Title"),
        _said(said, "/Author"),
        reader=f"pypdf {pypdf.__version__}",
        remarks=tuple(remarks),
    )


def _some(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers[:8])) + (", …" if len(numbers) > 8 else "")


def _said(said: object, key: str) -> str:
    value = said.get(key) if isinstance(said, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _made_on(said: object) -> str:
    """Return the day in a PDF's date, ``D:20240503…``, or nothing."""
    digits = _said(said, "/CreationDate").removeprefix("D:")[:8]
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == 8 and digits.isascii() and digits.isdigit() else ""
