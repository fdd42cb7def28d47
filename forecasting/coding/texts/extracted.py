"""What is read from a file: the text, and what the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass

AS_TEXT = "save the article as plain UTF-8 text (.txt)"


class Refused(Exception):
    """A file that is not read: what was found, and what to do."""

    def __init__(self, found: str, fix: str = AS_TEXT):
        self.found, self.fix = found, fix
        super().__init__(found)


@dataclass(frozen=True)
class Extracted:
    """The text of an article, and what its file says of itself, which nobody has checked.

    Parameters
    ----------
    text : str
        As it was found; `forecasting.dossier.anchors.normalise` makes of it what anchors count on.
    title, author, publisher : str
        Empty where the file names none.
    published_on : str
        ``YYYY-MM-DD``, the day on which the text appeared, or empty. The day on which a file was made is not that day.
    published_how : str
        Where in the file the day stands.
    reader : str
        The library that read it and its version; empty for plain text, which needs none.
    remarks : tuple of str
        What was left out.
    """

    text: str
    title: str = ""
    author: str = ""
    publisher: str = ""
    published_on: str = ""
    published_how: str = ""
    reader: str = ""
    remarks: tuple[str, ...] = ()
