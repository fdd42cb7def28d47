"""Workbooks and Word files are zip archives: written so that the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip archive can hold
STAMP = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def stable_zip(content: bytes) -> bytes:
    """Return a zip archive with the same members, none of which says when it was written.

    Parameters
    ----------
    content : bytes
        An archive; an Office file also says in ``docProps/core.xml`` when it was made.

    Returns
    -------
    bytes
        Members in the order of the archive, each with the first time that a zip archive knows.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = old.read(name)
            if name == "docProps/core.xml":
                member = STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", member)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, member)
    return out.getvalue()
