"""What is refused of a zip archive before anything of it is unpacked: a few kilobytes can unpack to gigabytes."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence

from forecasting.coding.texts.extracted import Refused
from forecasting.coding.texts.limits import LIMITS


def hold_to_sizes(entries: Sequence[zipfile.ZipInfo], fix: str, smaller: str, before: str = "") -> None:
    """Refuse an archive of too many files, one that is locked, and one that is too large once unpacked.

    Parameters
    ----------
    fix, smaller : str
        What to do about too many files, and about too large ones.
    before : str, optional
        How the finding begins.

    Raises
    ------
    Refused
        If it is one of these.
    """
    if len(entries) > LIMITS.parts:
        raise Refused(f"{before}a zip archive of {len(entries):,} files; {LIMITS.parts:,} are read", fix)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(f"{before}a zip archive that is locked by a password", "save it without one")
    if (total := sum(entry.file_size for entry in entries)) > LIMITS.expanded:
        raise Refused(f"{before}a zip archive of {total:,} bytes once unpacked; {LIMITS.expanded:,} are read", smaller)
