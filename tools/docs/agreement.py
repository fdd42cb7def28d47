"""The table of agreement in ``docs/decisions/coding.md``: ``python -m tools.docs.agreement`` computes it anew."""

from __future__ import annotations

import re
from pathlib import Path

from forecasting.coding.agreement import Agreement, agreement
from forecasting.dossier.codings import read_as, read_coding
from forecasting.dossier.load import read_dossier

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "decisions" / "coding.md"
PAIRS = (("coder-1", "coder-2"), ("coder-1", "claims"), ("coder-2", "claims"))
COLUMNS = ("kind", "target", "target as read", "direction", "grade", "credibility")
MARKED = re.compile(r"(<!-- agreement -->\n).*?(<!-- end of agreement -->)", re.DOTALL)


def compared(priors: Path) -> dict[tuple[str, str], Agreement]:
    """Return how far the two coders agree with each other, and each with the dossier's claims, as ``forecast agree`` has it."""
    dossier, _ = read_dossier(priors)
    places = {"claims": priors / "claims"}
    codings = {name: read_coding(places.get(name, priors / "codings" / name))[0] for name in ("coder-1", "coder-2", "claims")}
    return {
        (a, b): agreement(codings[a], codings[b], dossier, random_seed=0, read_as=read_as(priors)) for a, b in PAIRS
    }


def table(found: dict[tuple[str, str], Agreement]) -> str:
    """Return the table: alpha with its interval per pair of coders and field."""
    lines = [f"| A | B | pairs | claims | {' | '.join(COLUMNS)} |", f"|{' --- |' * (4 + len(COLUMNS))}"]
    for (a, b), one in found.items():
        fields = {field.field: field for field in one.fields}
        cells = [_cell(fields[name].alpha, fields[name].interval) for name in COLUMNS]
        lines.append(f"| {a} | {b} | {one.n_pairs} | {one.n_claims} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(alpha: float | None, interval: tuple[float, float] | None) -> str:
    if alpha is None:
        return ""
    return f"{alpha:.2f} ({interval[0]:.2f} to {interval[1]:.2f})" if interval else f"{alpha:.2f}"


def page(found: dict[tuple[str, str], Agreement]) -> str:
    """Return the page with the table computed anew."""
    return MARKED.sub(lambda marks: marks.group(1) + table(found) + marks.group(2), PAGE.read_text("utf-8"))


if __name__ == "__main__":
    PAGE.write_text(page(compared(PROJECT / "priors")), "utf-8")
