"""What the file of an article may be at the most, said once; `docs/articles.md` has the table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The limits that every file of an article is held to.

    An article is short. What is larger is not the article alone, or was made to keep a computer busy: a few kilobytes of a zip
    archive or of a PDF can expand to gigabytes.

    Parameters
    ----------
    n_bytes : int
        Of the file.
    expanded : int
        Bytes of everything in a Word document, once unpacked, and of any one stream of a PDF.
    parts : int
        Files in a Word document, parts in a mail.
    pages : int
        Of a PDF.
    depth : int
        Levels of elements within elements: tags of a page or of a Word document, parts of a mail.
    seconds : int
        For reading one file in a process of its own.
    memory : int
        Bytes for that process, where the system can hold it to a limit (Linux).
    """

    n_bytes: int = 50_000_000
    expanded: int = 75_000_000
    parts: int = 2_000
    pages: int = 500
    depth: int = 200
    seconds: int = 60
    memory: int = 2_000_000_000


LIMITS = Limits()
